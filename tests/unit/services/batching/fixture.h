/* Decisions of batching on rows in memory, under the profile of Kota Pematangsiantar. Nobody in it exists. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "approval.pb-c.h"
#include "common/base/text.h"
#include "common/domain/nik.h"
#include "services/batching/batch_store.h"
#include "services/batching/claim_store.h"
#include "services/batching/import_store.h"
#include "services/batching/schedule.h"
#include "services/batching/waiting_store.h"
#include "tests/support/harness.h"
#include "tests/support/test.h"

enum { FIXTURE_PEOPLE = 8 };

static struct arena *profile_arena;
static struct profile *profile;

static inline int
profile_open (void **state)
{
    struct profile_problems problems;
    struct err err = { 0 };
    profile_arena = arena_new (8 << 20);
    if (profile_read ("deploy/profiles/pematangsiantar.yaml", profile_arena, &profile, &problems, NULL, &err) != RC_OK)
        fail_msg ("%s", err.text);
    return 0;
}

static inline int
profile_close (void **state)
{
    arena_destroy (&profile_arena);
    return 0;
}

static inline struct uuid
member_of (struct uuid application, int i)
{
    uint8_t name[17];
    memcpy (name, &application, 16);
    name[16] = (uint8_t)i;
    return uuid_of (name, sizeof name);
}

/* An application of people with these NIKs is approved; "" for a newborn. */
static inline enum rc
approve (struct harness *harness, struct uuid id, const char *track, const char *const *niks, size_t n,
         const char *condition)
{
    Padan__Approval__V1__ApplicationApproved event = PADAN__APPROVAL__V1__APPLICATION_APPROVED__INIT;
    Padan__Common__V1__Dossier dossier = PADAN__COMMON__V1__DOSSIER__INIT;
    Padan__Common__V1__Member members[FIXTURE_PEOPLE], *list[FIXTURE_PEOPLE];
    struct uuid ids[FIXTURE_PEOPLE];
    char *conditions[] = { (char *)condition };
    assert_true (n <= FIXTURE_PEOPLE);
    for (size_t i = 0; i < n; i++) {
        ids[i] = member_of (id, (int)i);
        padan__common__v1__member__init (&members[i]);
        members[i].member_id = uuid_field (&ids[i]);
        members[i].nik = (char *)niks[i];
        members[i].name = (char *)"WARGA UJI";
        members[i].conditions = conditions;
        members[i].n_conditions = condition && i == 0;
        list[i] = &members[i];
    }
    dossier.application_id = uuid_field (&id);
    dossier.track = (char *)track;
    dossier.members = list;
    dossier.n_members = n;
    dossier.profile_sha256 = (ProtobufCBinaryData){ PROFILE_HASH, profile->hash };
    event.dossier = &dossier;
    harness_entry (harness, "approval", id, 9, &event)->facts = profile;
    return harness_run (harness, on_application_approved, on_application_approved_keys);
}

static inline const struct waiting *
waiting_find (struct harness *harness, struct uuid id)
{
    return harness_find (harness, &waiting_table, id);
}

/* What collect's work would find: these applications, none after them. */
struct collected {
    Padan__Batching__V1__CollectResult result;
    Padan__Batching__V1__CollectedApplication *list[512], items[512];
    struct uuid ids[512];
};

static inline void
collected_init (struct collected *collected, const char *track, const char *quota, int limit)
{
    padan__batching__v1__collect_result__init (&collected->result);
    collected->result.applications = collected->list;
    collected->result.track = (char *)track;
    collected->result.year = 2026;
    collected->result.quota = (char *)quota;
    collected->result.quota_limit = limit;
    collected->result.profile_sha256 = (ProtobufCBinaryData){ PROFILE_HASH, profile->hash };
    collected->result.channel = (char *)"file";
    collected->result.send_due_at = HARNESS_NOW + 86400 * (int64_t)CLOCK_SECOND;
}

static inline void
collected_add (struct collected *collected, struct uuid id)
{
    size_t i = collected->result.n_applications++;
    assert_true (i < 512);
    collected->ids[i] = id;
    collected->list[i] = &collected->items[i];
    padan__batching__v1__collected_application__init (&collected->items[i]);
    collected->items[i].application_id = uuid_field (&collected->ids[i]);
    collected->items[i].next_due_at = HARNESS_NOW + 60 * 86400 * (int64_t)CLOCK_SECOND;
    collected->items[i].next_due_date = (char *)"2027-01-20";
}

/* Begins a batch and collects into it; gives the row. */
static inline const struct batch_row *
batch_make (struct harness *harness, struct uuid id, struct collected *collected)
{
    Padan__Batching__V1__CloseBatch command = PADAN__BATCHING__V1__CLOSE_BATCH__INIT;
    struct close_facts facts = { .known_track = true, .waiting = 1 };
    command.track = collected->result.track;
    command.reason = (char *)"Uji";
    harness_command (harness, id, &command)->facts = &facts;
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_rc (harness_run (harness, on_close_batch, NULL), RC_OK);
    harness_due (harness, id, 1, &collected->result);
    assert_rc (harness_run (harness, on_collect, on_collect_keys), RC_OK);
    return harness_find (harness, &batch_table, id);
}
