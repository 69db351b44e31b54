/* intake as a program of its own, and people of Kota Pematangsiantar who talk to it. Nobody in it exists. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/store.h"
#include "intake.pb-c.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"

enum { TENANT = 1272, CALL_MS = 20000, OFFICE_ARENA = 16 << 20 };

struct office {
    struct fleet *fleet;
    struct store *store;
    struct arena *arena;
    struct fleet_person officer, stranger, admin, auditor, integrator;
    unsigned keys;
};

struct family {
    Padan__Common__V1__Address address;
    Padan__Common__V1__Member mother, child, *members[2];
    Padan__Intake__V1__EnterApplication enter;
};

/* number: another one has other people. */
static inline void
family_make (struct family *family, int number)
{
    static char niks[100][2][24], kks[100][24];
    memset (family, 0, sizeof *family);
    snprintf (niks[number][0], sizeof niks[number][0], "127201520385%04d", number);
    snprintf (niks[number][1], sizeof niks[number][1], "127201050512%04d", number);
    snprintf (kks[number], sizeof kks[number], "127201010115%04d", number);
    padan__common__v1__address__init (&family->address);
    family->address.street = (char *)"Jalan Melati 4";
    family->address.village = (char *)"12.72.01.1003";
    padan__common__v1__member__init (&family->mother);
    family->mother.nik = niks[number][0];
    family->mother.name = (char *)"SITI RUMONDANG";
    family->mother.relation = PADAN__COMMON__V1__RELATION__RELATION_HEAD;
    family->mother.birth_date = (char *)"1985-03-12";
    family->mother.sex = PADAN__COMMON__V1__SEX__SEX_FEMALE;
    padan__common__v1__member__init (&family->child);
    family->child.nik = niks[number][1];
    family->child.name = (char *)"TOGAR";
    family->child.relation = PADAN__COMMON__V1__RELATION__RELATION_CHILD;
    family->child.birth_date = (char *)"2012-05-05";
    family->child.sex = PADAN__COMMON__V1__SEX__SEX_MALE;
    family->members[0] = &family->mother;
    family->members[1] = &family->child;
    padan__intake__v1__enter_application__init (&family->enter);
    family->enter.track = (char *)"baru";
    family->enter.kk = kks[number];
    family->enter.address = &family->address;
    family->enter.members = family->members;
    family->enter.n_members = 2;
}

static inline struct fleet_person
person_make (Padan__Role role, const char *place)
{
    struct fleet_person person = { .id = uuid_new (clock_now ()), .grant = PADAN__GRANT__INIT };
    person.grant.tenant = TENANT;
    person.grant.role = role;
    person.grant.place = (char *)place;
    return person;
}

static inline void
office_open (struct office *office)
{
    static const char *const services[] = { "intake", NULL };
    char line[256];
    struct err err;
    memset (office, 0, sizeof *office);
    office->fleet = fleet_new (NULL, services, "", "gateway");
    office->arena = arena_new (OFFICE_ARENA);
    snprintf (line, sizeof line, "%s/store", fleet_dir (office->fleet));
    assert_int_equal (store_open (line, clock_now (), &office->store, &err), RC_OK);
    snprintf (line, sizeof line, "store = %s/store", fleet_dir (office->fleet));
    fleet_set (office->fleet, "intake", line);
    snprintf (line, sizeof line, "%s/claim", fleet_dir (office->fleet));
    FILE *secret = fopen (line, "w");
    fputs ("rahasia uji", secret);
    fclose (secret);
    child_run ((const char *const[]){ "chmod", "600", line, NULL }, 5000);
    snprintf (line, sizeof line, "claim_key = %s/claim", fleet_dir (office->fleet));
    fleet_set (office->fleet, "intake", line);
    office->officer = person_make (PADAN__ROLE__ROLE_KELURAHAN, "12.72.01.1003");
    office->stranger = person_make (PADAN__ROLE__ROLE_KELURAHAN, "12.72.02.1001");
    office->admin = person_make (PADAN__ROLE__ROLE_ADMIN, "");
    office->auditor = person_make (PADAN__ROLE__ROLE_AUDITOR, "");
    office->integrator = person_make (PADAN__ROLE__ROLE_INTEGRATOR, "");
    fleet_start (office->fleet, "intake", 0);
}

static inline void
office_close (struct office *office)
{
    store_destroy (&office->store);
    arena_destroy (&office->arena);
    fleet_destroy (&office->fleet);
}

static inline const char *
office_sql (struct office *office, const char *text)
{
    return scratch_sql (fleet_scratch (office->fleet), "%s", text);
}

/* Outcome of a command under a fresh key; *ret NULL when refused, its code then in office_code. */
static char office_code[64], office_argument[96];
static const Padan__Problem *office_problem; /* all of it, NULL when it was not refused */

static inline Padan__Outcome
office_tell (struct office *office, const struct fleet_person *person, struct uuid subject, int64_t version,
             const void *command, const ProtobufCMessageDescriptor *type, const void **ret)
{
    Padan__Reply *reply;
    struct err err = { 0 };
    char key[32];
    snprintf (key, sizeof key, "uji-%u", office->keys++);
    enum rc rc = fleet_command (office->fleet, "intake", person, TENANT, subject, version, key, command, CALL_MS,
                                office->arena, &reply, &err);
    if (rc != RC_OK)
        fail_msg ("%s %s: %s", rc_name (rc), err.text, child_output (fleet_child (office->fleet, "intake", 0)));
    snprintf (office_code, sizeof office_code, "%s", reply->problem ? reply->problem->code : "");
    snprintf (office_argument, sizeof office_argument, "%s",
              reply->problem && reply->problem->n_arguments ? reply->problem->arguments[0] : "");
    office_problem = reply->problem;
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
    enum rc rc =
        fleet_query (office->fleet, "intake", person, TENANT, subject, question, CALL_MS, office->arena, &reply, &err);
    if (rc != RC_OK)
        fail_msg ("%s %s: %s", rc_name (rc), err.text, child_output (fleet_child (office->fleet, "intake", 0)));
    snprintf (office_code, sizeof office_code, "%s", reply->problem ? reply->problem->code : "");
    return reply->outcome == PADAN__OUTCOME__OUTCOME_OK
               ? protobuf_c_message_unpack (type, arena_protobuf (office->arena), reply->data.len, reply->data.data)
               : NULL;
}

static inline struct bytes
file_bytes (const char *path)
{
    static char content[1 << 20];
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    struct bytes bytes = { (uint8_t *)content, fread (content, 1, sizeof content, file) };
    fclose (file);
    return bytes;
}

static inline void
office_publish (struct office *office)
{
    Padan__Intake__V1__PublishProfile command = PADAN__INTAKE__V1__PUBLISH_PROFILE__INIT;
    struct bytes yaml = file_bytes ("deploy/profiles/pematangsiantar.yaml");
    const void *reply;
    command.yaml = (ProtobufCBinaryData){ yaml.size, (uint8_t *)yaml.data };
    assert_int_equal (office_tell (office, &office->admin, (struct uuid){ 0 }, 0, &command,
                                   &padan__intake__v1__profile_reply__descriptor, &reply),
                      PADAN__OUTCOME__OUTCOME_OK);
}
