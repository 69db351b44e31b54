/* batching as a program, intake for the profile, approval played by the test, and an office that closes batches. Nobody
 * in it exists. */
#pragma once

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "approval.pb-c.h"
#include "batching.pb-c.h"
#include "common/base/clock.h"
#include "common/base/store.h"
#include "common/base/text.h"
#include "intake.pb-c.h"
#include "tests/support/feed.h"
#include "tests/support/test.h"

enum { TENANT = 1272, CALL_MS = 20000, OFFICE_ARENA = 64 << 20, FAMILY = 3 };

struct office {
    struct fleet *fleet;
    struct feed *approval;
    struct store *store;
    struct arena *arena;
    struct fleet_person operator, admin, officer, kabid;
    uint8_t profile[32];
    unsigned keys;
    char code[64]; /* of the last refusal */
};

static inline struct fleet_person
person_make (Padan__Role role, const char *place)
{
    struct fleet_person person = { .id = uuid_new (clock_now ()), .grant = PADAN__GRANT__INIT };
    person.grant.tenant = TENANT;
    person.grant.role = role;
    person.grant.place = (char *)place;
    return person;
}

static inline Padan__Outcome
office_tell (struct office *office, const char *service, const struct fleet_person *person, struct uuid subject,
             int64_t version, const void *command, const ProtobufCMessageDescriptor *type, const void **ret)
{
    Padan__Reply *reply;
    struct err err = { 0 };
    char key[32];
    snprintf (key, sizeof key, "uji-%u", office->keys++);
    enum rc rc = fleet_command (office->fleet, service, person, TENANT, subject, version, key, command, CALL_MS,
                                office->arena, &reply, &err);
    if (rc != RC_OK)
        fail_msg ("%s %s: %s", rc_name (rc), err.text, child_output (fleet_child (office->fleet, service, 0)));
    snprintf (office->code, sizeof office->code, "%s", reply->problem ? reply->problem->code : "");
    if (ret)
        *ret = reply->outcome == PADAN__OUTCOME__OUTCOME_OK
                   ? protobuf_c_message_unpack (type, arena_protobuf (office->arena), reply->data.len, reply->data.data)
                   : NULL;
    return reply->outcome;
}

static inline const void *
office_ask (struct office *office, const struct fleet_person *person, struct uuid subject, const void *question,
            const ProtobufCMessageDescriptor *type)
{
    Padan__Reply *reply;
    struct err err = { 0 };
    enum rc rc = fleet_query (office->fleet, "batching", person, TENANT, subject, question, CALL_MS, office->arena,
                              &reply, &err);
    if (rc != RC_OK)
        fail_msg ("%s %s: %s", rc_name (rc), err.text, child_output (fleet_child (office->fleet, "batching", 0)));
    snprintf (office->code, sizeof office->code, "%s", reply->problem ? reply->problem->code : "");
    return reply->outcome == PADAN__OUTCOME__OUTCOME_OK
               ? protobuf_c_message_unpack (type, arena_protobuf (office->arena), reply->data.len, reply->data.data)
               : NULL;
}

/* One value; for texts below 4 KB. */
#define office_sql(OFFICE, ...) scratch_sql (fleet_scratch ((OFFICE)->fleet), __VA_ARGS__)

static inline long
office_count (struct office *office, const char *sql)
{
    return strtol (office_sql (office, "%s", sql), NULL, 10);
}

static inline void
office_publish (struct office *office)
{
    static uint8_t content[1 << 20];
    Padan__Intake__V1__PublishProfile command = PADAN__INTAKE__V1__PUBLISH_PROFILE__INIT;
    FILE *file = fopen ("deploy/profiles/pematangsiantar.yaml", "r");
    const void *reply;
    assert_non_null (file);
    command.yaml = (ProtobufCBinaryData){ fread (content, 1, sizeof content, file), content };
    fclose (file);
    crypto_hash_sha256 (office->profile, content, command.yaml.len);
    assert_int_equal (office_tell (office, "intake", &office->admin, (struct uuid){ 0 }, 0, &command,
                                   &padan__intake__v1__profile_reply__descriptor, &reply),
                      PADAN__OUTCOME__OUTCOME_OK);
}

static inline void
office_open (struct office *office)
{
    static const char *const services[] = { "intake", "+approval", "batching", NULL };
    char line[256];
    struct err err;
    memset (office, 0, sizeof *office);
    office->fleet = fleet_new (NULL, services, "", "gateway");
    office->approval = feed_new (office->fleet, "approval");
    office->arena = arena_new (OFFICE_ARENA);
    snprintf (line, sizeof line, "%s/store", fleet_dir (office->fleet));
    assert_int_equal (store_open (line, clock_now (), &office->store, &err), RC_OK);
    snprintf (line, sizeof line, "store = %s/store", fleet_dir (office->fleet));
    fleet_set (office->fleet, "intake", line);
    fleet_set (office->fleet, "batching", line);
    fleet_set (office->fleet, "batching", "closing_chunk = 10"); /* many transactions, so that a kill falls between */
    fleet_set (office->fleet, "batching", "replies_chunk = 20");
    office->operator= person_make (PADAN__ROLE__ROLE_OPERATOR, "");
    office->admin = person_make (PADAN__ROLE__ROLE_ADMIN, "");
    office->kabid = person_make (PADAN__ROLE__ROLE_KABID, "");
    office->officer = person_make (PADAN__ROLE__ROLE_KELURAHAN, "12.72.01.1003");
    fleet_start (office->fleet, "intake", 0);
    office_publish (office);
    fleet_start (office->fleet, "batching", 0);
}

static inline void
office_close (struct office *office)
{
    feed_destroy (&office->approval);
    store_destroy (&office->store);
    arena_destroy (&office->arena);
    fleet_destroy (&office->fleet);
}

static inline struct uuid
family_id (int number)
{
    char name[32];
    return uuid_of (name, (size_t)snprintf (name, sizeof name, "keluarga %d", number));
}

static inline struct uuid
member_id (int number, int i)
{
    char name[32];
    return uuid_of (name, (size_t)snprintf (name, sizeof name, "warga %d %d", number, i));
}

/* Approves family `number`: father, mother and a child. The third person of every fiftieth is a newborn without NIK. */
static inline void
family_approve (struct office *office, const char *track, int number)
{
    static const Padan__Common__V1__Relation relations[FAMILY] = { PADAN__COMMON__V1__RELATION__RELATION_HEAD,
                                                                   PADAN__COMMON__V1__RELATION__RELATION_WIFE,
                                                                   PADAN__COMMON__V1__RELATION__RELATION_CHILD };
    Padan__Approval__V1__ApplicationApproved event = PADAN__APPROVAL__V1__APPLICATION_APPROVED__INIT;
    Padan__Common__V1__Dossier dossier = PADAN__COMMON__V1__DOSSIER__INIT;
    Padan__Common__V1__Address address = PADAN__COMMON__V1__ADDRESS__INIT;
    Padan__Common__V1__Member members[FAMILY], *list[FAMILY];
    struct uuid id = family_id (number), ids[FAMILY];
    char kk[32], ticket[32], niks[FAMILY][32], names[FAMILY][64];
    snprintf (kk, sizeof kk, "127201010115%04d", number);
    snprintf (ticket, sizeof ticket, "U-%04d", number);
    address.street = (char *)"=1+1, Jalan \"Melati\" 4"; /* what a spreadsheet would run, and what needs quotes */
    address.village = (char *)"12.72.01.1003";
    address.village_name = (char *)"Simalungun";
    for (int i = 0; i < FAMILY; i++) {
        ids[i] = member_id (number, i);
        snprintf (niks[i], sizeof niks[i], "12720%d%02d0385%04d", i + 1, 1 + i * 10, number);
        snprintf (names[i], sizeof names[i], "WARGA UJI %d %d", number, i);
        padan__common__v1__member__init (&members[i]);
        members[i].member_id = uuid_field (&ids[i]);
        members[i].nik = i == 2 && number % 50 == 0 ? (char *)"" : niks[i];
        members[i].mother_nik = i == 2 && number % 50 == 0 ? niks[1] : (char *)"";
        members[i].name = names[i];
        members[i].relation = relations[i];
        members[i].birth_date = (char *)"1985-03-12";
        members[i].sex = i == 1 ? PADAN__COMMON__V1__SEX__SEX_FEMALE : PADAN__COMMON__V1__SEX__SEX_MALE;
        list[i] = &members[i];
    }
    dossier.application_id = uuid_field (&id);
    dossier.ticket = ticket;
    dossier.track = (char *)track;
    dossier.kk = kk;
    dossier.address = &address;
    dossier.members = list;
    dossier.n_members = FAMILY;
    dossier.profile_sha256 = (ProtobufCBinaryData){ sizeof office->profile, office->profile };
    event.dossier = &dossier;
    event.letter_number = (char *)"400.9.14/1/DINSOS-P3A/2026";
    feed_add (office->approval, TENANT, id, 9, &event);
}

static inline Padan__Outcome
batch_close (struct office *office, struct uuid batch, const char *track, const char *reason)
{
    Padan__Batching__V1__CloseBatch command = PADAN__BATCHING__V1__CLOSE_BATCH__INIT;
    const void *reply;
    command.track = (char *)track;
    command.reason = (char *)reason;
    return office_tell (office, "batching", &office->operator, batch, 0, &command,
                        &padan__batching__v1__batch_reply__descriptor, &reply);
}

static inline const Padan__Batching__V1__BatchView *
batch_get (struct office *office, struct uuid batch)
{
    Padan__Batching__V1__GetBatch question = PADAN__BATCHING__V1__GET_BATCH__INIT;
    return office_ask (office, &office->operator, batch, &question, &padan__batching__v1__batch_view__descriptor);
}

static inline bool
batch_is (struct office *office, struct uuid batch, const char *state)
{
    char id[UUID_TEXT];
    return strcmp (office_sql (office, "select state from batching.batch where id = '%s'", uuid_format (batch, id)),
                   state) == 0;
}
