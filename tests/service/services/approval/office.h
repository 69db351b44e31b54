/* approval as a program, intake played by the test, and the officers of Kota Pematangsiantar. Nobody in it exists. */
#pragma once

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "approval.pb-c.h"
#include "common/base/clock.h"
#include "common/base/store.h"
#include "common/base/text.h"
#include "intake.pb-c.h"
#include "tests/support/feed.h"
#include "tests/support/test.h"

enum { TENANT = 1272, CALL_MS = 20000, OFFICE_ARENA = 64 << 20, FAMILY = 2 };

struct office {
    struct fleet *fleet;
    struct feed *intake;
    struct arena *arena;
    struct fleet_person clerk, operator, kabid, sekdis, kadis;
    uint8_t profile[32];
    int fed;       /* applications sent so far */
    char code[64]; /* of the last refusal */
};

#define KADIS      "title: KEPALA DINAS SOSIAL P3A KOTA PEMATANGSIANTAR"
#define KADIS_NAME ", name: 'Dra. Tiolina Uji, M.Si', nip: '190001011990032001'"
#define TYPE(name) &padan__approval__v1__##name##__descriptor

static inline struct fleet_person
person_make (Padan__Role role)
{
    struct fleet_person person = { .id = uuid_new (clock_now ()), .grant = PADAN__GRANT__INIT };
    person.grant.tenant = TENANT;
    person.grant.role = role;
    person.grant.place = (char *)"";
    return person;
}

/* Safe from several threads, each with its own arena. */
static inline Padan__Reply *
office_send (struct office *office, const struct fleet_person *person, struct uuid subject, int64_t version,
             const void *command, struct arena *arena)
{
    Padan__Reply *reply;
    struct err err = { 0 };
    struct uuid id = uuid_new (clock_now ());
    char key[UUID_TEXT];
    enum rc rc = fleet_command (office->fleet, "approval", person, TENANT, subject, version, uuid_format (id, key),
                                command, CALL_MS, arena, &reply, &err);
    if (rc != RC_OK)
        fail_msg ("%s %s: %s", rc_name (rc), err.text, child_output (fleet_child (office->fleet, "approval", 0)));
    return reply;
}

/* NULL when refused: office->code says why. */
static inline const void *
office_tell (struct office *office, const struct fleet_person *person, struct uuid subject, int64_t version,
             const void *command, const ProtobufCMessageDescriptor *type)
{
    Padan__Reply *reply = office_send (office, person, subject, version, command, office->arena);
    snprintf (office->code, sizeof office->code, "%s", reply->problem ? reply->problem->code : "");
    return reply->outcome == PADAN__OUTCOME__OUTCOME_OK
               ? protobuf_c_message_unpack (type, arena_protobuf (office->arena), reply->data.len, reply->data.data)
               : NULL;
}

static inline const void *
office_ask (struct office *office, const struct fleet_person *person, struct uuid subject, const void *question,
            const ProtobufCMessageDescriptor *type)
{
    Padan__Reply *reply;
    struct err err = { 0 };
    enum rc rc = fleet_query (office->fleet, "approval", person, TENANT, subject, question, CALL_MS, office->arena,
                              &reply, &err);
    if (rc != RC_OK || reply->outcome != PADAN__OUTCOME__OUTCOME_OK)
        fail_msg ("%s %s %s: %s", rc_name (rc), err.text, rc == RC_OK && reply->problem ? reply->problem->code : "",
                  child_output (fleet_child (office->fleet, "approval", 0)));
    return protobuf_c_message_unpack (type, arena_protobuf (office->arena), reply->data.len, reply->data.data);
}

#define office_sql(OFFICE, ...)   scratch_sql (fleet_scratch ((OFFICE)->fleet), __VA_ARGS__)
#define office_count(OFFICE, ...) strtol (office_sql (OFFICE, __VA_ARGS__), NULL, 10)

/* What intake says is in force: the shipped procedure with `from` made `to`. */
static inline void
office_publish (struct office *office, const char *from, const char *to)
{
    static char content[1 << 20], yaml[1 << 20];
    Padan__Intake__V1__Profile profile = PADAN__INTAKE__V1__PROFILE__INIT;
    FILE *file = fopen ("deploy/profiles/pematangsiantar.yaml", "re");
    assert_non_null (file);
    content[fread (content, 1, sizeof content - 1, file)] = '\0';
    fclose (file);
    char *at = strstr (content, from);
    assert_non_null (at);
    int size = snprintf (yaml, sizeof yaml, "%.*s%s%s", (int)(at - content), content, to, at + strlen (from));
    profile.yaml = (ProtobufCBinaryData){ (size_t)size, (uint8_t *)yaml };
    crypto_hash_sha256 (office->profile, profile.yaml.data, profile.yaml.len);
    profile.profile_sha256 = (ProtobufCBinaryData){ sizeof office->profile, office->profile };
    feed_say (office->intake, &padan__intake__v1__get_profile__descriptor, &profile);
}

static inline void
office_open (struct office *office)
{
    static const char *const services[] = { "+intake", "approval", NULL };
    char line[256];
    memset (office, 0, sizeof *office);
    office->arena = arena_new (OFFICE_ARENA);
    office->fleet = fleet_new (NULL, services, "", "gateway");
    office->intake = feed_new (office->fleet, "intake");
    office_publish (office, KADIS, KADIS KADIS_NAME);
    snprintf (line, sizeof line, "store = %s/store", fleet_dir (office->fleet));
    fleet_set (office->fleet, "approval", line);
    office->clerk = person_make (PADAN__ROLE__ROLE_KELURAHAN);
    office->operator= person_make (PADAN__ROLE__ROLE_OPERATOR);
    office->kabid = person_make (PADAN__ROLE__ROLE_KABID);
    office->sekdis = person_make (PADAN__ROLE__ROLE_SEKDIS);
    office->kadis = person_make (PADAN__ROLE__ROLE_KADIS);
    fleet_start (office->fleet, "approval", 0);
}

static inline void
office_close (struct office *office)
{
    feed_destroy (&office->intake);
    arena_destroy (&office->arena);
    fleet_destroy (&office->fleet);
}

static inline struct uuid
file_id (int number)
{
    char name[32];
    return uuid_of (name, (size_t)snprintf (name, sizeof name, "berkas %d", number));
}

static inline struct uuid
letter_id (int number)
{
    char name[32];
    return uuid_of (name, (size_t)snprintf (name, sizeof name, "surat %d", number));
}

/* intake sends application `number`, a family of FAMILY, at version 4. */
static inline void
office_feed (struct office *office, int number)
{
    Padan__Intake__V1__ApplicationSent sent = PADAN__INTAKE__V1__APPLICATION_SENT__INIT;
    Padan__Common__V1__Dossier dossier = PADAN__COMMON__V1__DOSSIER__INIT;
    Padan__Common__V1__Address address = PADAN__COMMON__V1__ADDRESS__INIT;
    Padan__Common__V1__Member members[FAMILY], *pointers[FAMILY];
    struct uuid id = file_id (number), ids[FAMILY];
    char texts[FAMILY][2][40], kk[20], ticket[20];
    for (int i = 0; i < FAMILY; i++) {
        padan__common__v1__member__init (&members[i]);
        snprintf (texts[i][0], sizeof texts[i][0], "Rupina Sihotan %04d%d", number, i);
        snprintf (texts[i][1], sizeof texts[i][1], "12720141019%04d%d", number, i + 1);
        ids[i] = uuid_of (texts[i][0], strlen (texts[i][0]));
        members[i].member_id = uuid_field (&ids[i]);
        members[i].name = texts[i][0];
        members[i].nik = texts[i][1];
        pointers[i] = &members[i];
    }
    snprintf (kk, sizeof kk, "127201050510%04d", number);
    snprintf (ticket, sizeof ticket, "1272-%05d", number);
    address.street = (char *)"Jl. Melati No. 5";
    address.village = (char *)"12.72.01.1003";
    address.village_name = (char *)"Bane";
    dossier.application_id = uuid_field (&id);
    dossier.ticket = ticket;
    dossier.track = (char *)"baru";
    dossier.kk = kk;
    dossier.address = &address;
    dossier.n_members = FAMILY;
    dossier.members = pointers;
    dossier.profile_sha256 = (ProtobufCBinaryData){ sizeof office->profile, office->profile };
    dossier.entered_by_id = uuid_field (&office->clerk.id);
    sent.dossier = &dossier;
    feed_add (office->intake, TENANT, id, 4, &sent);
}

static inline void
office_receive (struct office *office, int first, int n)
{
    Padan__Approval__V1__ReceiveFile command = PADAN__APPROVAL__V1__RECEIVE_FILE__INIT;
    for (int i = first; i < first + n; i++)
        office_feed (office, i);
    office->fed += n;
    WAIT_UNTIL (office_count (office, "select count (*) from approval.file") == office->fed, CALL_MS);
    for (int i = first; i < first + n; i++) {
        const Padan__Approval__V1__FileReply *reply =
            office_tell (office, &office->operator, file_id (i), 4, &command, TYPE (file_reply));
        assert_non_null (reply);
        assert_int_equal (reply->version, 5);
        assert_string_equal (reply->act, "konsep");
    }
}

static inline void
office_draft (struct office *office, int letter, int first, int n)
{
    Padan__Approval__V1__DraftLetter command = PADAN__APPROVAL__V1__DRAFT_LETTER__INIT;
    ProtobufCBinaryData fields[200];
    struct uuid ids[200];
    assert_in_range (n, 1, 200);
    for (int i = 0; i < n; i++) {
        ids[i] = file_id (first + i);
        fields[i] = uuid_field (&ids[i]);
    }
    command.letter = (char *)"rekomendasi";
    command.n_application_id = (size_t)n;
    command.application_id = fields;
    if (!office_tell (office, &office->operator, letter_id (letter), 0, &command, TYPE (letter_reply)))
        fail_msg ("refused: %s", office->code);
}

static inline const Padan__Approval__V1__LetterView *
office_letter (struct office *office, int letter)
{
    Padan__Approval__V1__GetLetter question = PADAN__APPROVAL__V1__GET_LETTER__INIT;
    const Padan__Approval__V1__LetterView *view =
        office_ask (office, &office->kadis, letter_id (letter), &question, TYPE (letter_view));
    assert_non_null (view);
    return view;
}

/* The text of a stored PDF, as pdftotext reads it. Overwritten by the next call. */
static inline const char *
office_pdf (struct office *office, ProtobufCBinaryData sha256)
{
    static char text[1 << 20];
    char hex[65], command[512];
    assert_int_equal (sha256.len, 32);
    hex_encode (sha256.data, 32, hex);
    snprintf (command, sizeof command, "pdftotext -layout %s/store/%.2s/%.2s/%s -", fleet_dir (office->fleet), hex,
              hex + 2, hex);
    FILE *out = popen (command, "re");
    assert_non_null (out);
    text[fread (text, 1, sizeof text - 1, out)] = '\0';
    assert_int_equal (pclose (out), 0);
    return text;
}
