/* journal as a program behind a real intake, over CURVE, on a real PostgreSQL. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/store.h"
#include "common/base/text.h"
#include "intake.pb-c.h"
#include "journal.pb-c.h"
#include "services/journal/event.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"

enum { TENANT = 1272, CALL_MS = 20000, ARENA_BYTES = 64 << 20, FAMILIES = 12, SEEN_MS = 20000 };

static struct fleet *fleet;

#define SQL(...) scratch_sql (fleet_scratch (fleet), __VA_ARGS__)

static struct arena *arena;
static struct fleet_person officer, operator, stranger, admin, elsewhere;
static struct uuid families[FAMILIES + 1]; /* the last one comes late */
static unsigned key_number;

static inline struct fleet_person
person_make (Padan__Role role, const char *place, int64_t tenant)
{
    struct fleet_person person = { .id = uuid_new (clock_now ()), .grant = PADAN__GRANT__INIT };
    person.grant.tenant = tenant;
    person.grant.role = role;
    person.grant.place = (char *)place;
    return person;
}

static inline void
tell (const struct fleet_person *person, struct uuid subject, int64_t version, const void *command)
{
    Padan__Reply *reply;
    struct err err = { 0 };
    char key[32];
    snprintf (key, sizeof key, "uji-%u", key_number++);
    if (fleet_command (fleet, "intake", person, TENANT, subject, version, key, command, CALL_MS, arena, &reply, &err) !=
            RC_OK ||
        reply->outcome != PADAN__OUTCOME__OUTCOME_OK)
        fail_msg ("%s %s\n%s", err.text, reply && reply->problem ? reply->problem->code : "",
                  child_output (fleet_child (fleet, "intake", 0)));
}

static inline const void *
ask_tenant (const struct fleet_person *person, int64_t tenant, struct uuid subject, const void *question,
            const ProtobufCMessageDescriptor *type, Padan__Outcome expected)
{
    Padan__Reply *reply;
    struct err err = { 0 };
    if (fleet_query (fleet, "journal", person, tenant, subject, question, CALL_MS, arena, &reply, &err) != RC_OK)
        fail_msg ("%s\n%s", err.text, child_output (fleet_child (fleet, "journal", 0)));
    if (reply->outcome != expected)
        fail_msg ("outcome %d %s\n%s", (int)reply->outcome, reply->problem ? reply->problem->code : "",
                  child_output (fleet_child (fleet, "journal", 0)));
    if (expected != PADAN__OUTCOME__OUTCOME_OK)
        return NULL;
    return protobuf_c_message_unpack (type, arena_protobuf (arena), reply->data.len, reply->data.data);
}

static inline const void *
ask (const struct fleet_person *person, struct uuid subject, const void *question,
     const ProtobufCMessageDescriptor *type)
{
    return ask_tenant (person, TENANT, subject, question, type, PADAN__OUTCOME__OUTCOME_OK);
}

static inline void
family_enter (int number)
{
    Padan__Common__V1__Address address = PADAN__COMMON__V1__ADDRESS__INIT;
    Padan__Common__V1__Member mother = PADAN__COMMON__V1__MEMBER__INIT, *members[] = { &mother };
    Padan__Intake__V1__EnterApplication enter = PADAN__INTAKE__V1__ENTER_APPLICATION__INIT;
    char nik[24], kk[24], name[64];
    snprintf (nik, sizeof nik, "127201520385%04d", number + 1);
    snprintf (kk, sizeof kk, "127201010115%04d", number + 1);
    snprintf (name, sizeof name, "SITI %s", number % 2 ? "RUMONDANG" : "MARLINA");
    address.street = (char *)"Jalan Melati 4";
    address.village = (char *)"12.72.01.1003";
    mother.nik = nik;
    mother.name = name;
    mother.relation = PADAN__COMMON__V1__RELATION__RELATION_HEAD;
    mother.birth_date = (char *)"1985-03-12";
    mother.sex = PADAN__COMMON__V1__SEX__SEX_FEMALE;
    enter.track = (char *)"baru";
    enter.kk = kk;
    enter.address = &address;
    enter.members = members;
    enter.n_members = 1;
    families[number] = uuid_new (clock_now ());
    tell (&officer, families[number], 0, &enter);
}

static inline int64_t
head_number (void)
{
    return atoll (scratch_sql (fleet_scratch (fleet),
                               "select coalesce (max (number), 0) from journal.head where tenant "
                               "= %d",
                               TENANT));
}

static inline void
head_wait (int64_t number)
{
    int64_t deadline = wait_deadline (SEEN_MS);
    while (head_number () < number)
        if (!wait_pause (deadline))
            fail_msg ("the journal stands at %lld, not %lld\n%s", (long long)head_number (), (long long)number,
                      child_output (fleet_child (fleet, "journal", 0)));
}

static inline void
profile_publish (void)
{
    Padan__Intake__V1__PublishProfile command = PADAN__INTAKE__V1__PUBLISH_PROFILE__INIT;
    char *text = arena_alloc (arena, 256 << 10);
    FILE *file = fopen ("deploy/profiles/pematangsiantar.yaml", "r");
    assert_non_null (file);
    command.yaml = (ProtobufCBinaryData){ fread (text, 1, 256 << 10, file), (uint8_t *)text };
    fclose (file);
    tell (&admin, (struct uuid){ 0 }, 0, &command);
}

static inline int
setup (void **state)
{
    static const char *const services[] = { "intake", "journal", NULL };
    char line[256];
    struct store *store;
    struct err err;
    fleet = fleet_new (NULL, services, "", "gateway");
    arena = arena_new (ARENA_BYTES);
    snprintf (line, sizeof line, "%s/store", fleet_dir (fleet));
    assert_int_equal (store_open (line, clock_now (), &store, &err), RC_OK);
    store_destroy (&store);
    snprintf (line, sizeof line, "store = %s/store", fleet_dir (fleet));
    fleet_set (fleet, "intake", line);
    snprintf (line, sizeof line, "checkpoints = %s/checkpoints", fleet_dir (fleet));
    fleet_set (fleet, "journal", line);
    officer = person_make (PADAN__ROLE__ROLE_KELURAHAN, "12.72.01.1003", TENANT);
    stranger = person_make (PADAN__ROLE__ROLE_KELURAHAN, "12.72.02.1001", TENANT);
    operator= person_make (PADAN__ROLE__ROLE_OPERATOR, "", TENANT);
    admin = person_make (PADAN__ROLE__ROLE_ADMIN, "", TENANT);
    elsewhere = person_make (PADAN__ROLE__ROLE_OPERATOR, "", TENANT + 1);
    fleet_start_all (fleet);
    profile_publish ();
    for (int i = 0; i < FAMILIES; i++)
        family_enter (i);
    head_wait (FAMILIES + 1);
    return 0;
}

static inline int
teardown (void **state)
{
    arena_destroy (&arena);
    fleet_destroy (&fleet);
    return 0;
}

static inline size_t
found (const struct fleet_person *person, const char *text, const char *state)
{
    Padan__Journal__V1__Search question = PADAN__JOURNAL__V1__SEARCH__INIT;
    question.text = (char *)text;
    question.state = (char *)state;
    question.limit = 100;
    const Padan__Journal__V1__Found *page =
        ask (person, (struct uuid){ 0 }, &question, &padan__journal__v1__found__descriptor);
    for (size_t i = 0; i < page->n_lines; i++)
        assert_non_null (strchr (page->lines[i]->nik, '*'));
    return page->n_lines;
}
