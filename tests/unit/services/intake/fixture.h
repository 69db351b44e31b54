/* A family and its application by the procedure of Kota Pematangsiantar, for decisions of intake. Nobody in it exists.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include "services/intake/application_moves.h"
#include "services/intake/claim_store.h"
#include "services/intake/intake.h"
#include "tests/support/harness.h"
#include "tests/support/test.h"
#include "validation.pb-c.h"

#define FATHER_NIK  "1272011201800001"
#define MOTHER_NIK  "1272015203850002"
#define CHILD_NIK   "1272014505120003"
#define FAMILY_KK   "1272010101150004"
#define VILLAGE     "12.72.01.1003"
#define OTHER_PLACE "12.72.02.1001"
#define TODAY       calendar_day (&siantar ()->calendar, HARNESS_NOW)

struct family {
    Padan__Common__V1__Address address;
    Padan__Common__V1__Member people[4], *members[4];
    Padan__Intake__V1__EnterApplication enter;
    Padan__Intake__V1__CorrectApplication correct;
    struct intake_facts facts;
    int64_t niks[8];
};

static struct arena *siantar_arena;

static inline void
siantar_end (void)
{
    arena_destroy (&siantar_arena);
}

static inline const struct profile *
siantar (void)
{
    static struct profile *profile;
    struct profile_problems problems;
    struct err err;
    if (!profile) {
        siantar_arena = arena_new (8 << 20);
        atexit (siantar_end);
        if (profile_read ("deploy/profiles/pematangsiantar.yaml", siantar_arena, &profile, &problems, NULL, &err) !=
            RC_OK)
            fail_msg ("%s %s", err.field, err.text);
    }
    return profile;
}

/* The same procedure with a piece of its text made another, for what other offices ask. */
static inline const struct profile *
siantar_with (struct harness *harness, const char *from, const char *to)
{
    static char text[PROFILE_BYTES];
    FILE *file = fopen ("deploy/profiles/pematangsiantar.yaml", "r");
    struct profile *profile;
    struct profile_problems problems;
    struct err err;
    assert_non_null (file);
    text[fread (text, 1, sizeof text - 1, file)] = '\0';
    fclose (file);
    const char *at = strstr (text, from);
    assert_non_null (at);
    const char *other = arena_printf (harness->arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen (from));
    if (profile_parse ((struct bytes){ (const uint8_t *)other, strlen (other) }, harness->arena, &profile, &problems,
                       &err) != RC_OK)
        fail_msg ("%s %s", err.field, err.text);
    return profile;
}

static inline void
person (Padan__Common__V1__Member *member, const char *nik, const char *name, Padan__Common__V1__Relation relation,
        const char *birth_date, Padan__Common__V1__Sex sex)
{
    padan__common__v1__member__init (member);
    member->nik = (char *)nik;
    member->name = (char *)name;
    member->relation = relation;
    member->birth_date = (char *)birth_date;
    member->sex = sex;
    member->marital = PADAN__COMMON__V1__MARITAL__MARITAL_SINGLE;
}

/* Father, mother and child; EnterApplication and CorrectApplication say the same of them. */
static inline void
family_make (struct family *family)
{
    memset (family, 0, sizeof *family);
    padan__common__v1__address__init (&family->address);
    family->address.street = (char *)"Jalan Melati 4";
    family->address.village = (char *)VILLAGE;
    person (&family->people[0], FATHER_NIK, "BUDI SARAGIH", PADAN__COMMON__V1__RELATION__RELATION_HEAD, "1980-01-12",
            PADAN__COMMON__V1__SEX__SEX_MALE);
    person (&family->people[1], MOTHER_NIK, "SITI RUMONDANG", PADAN__COMMON__V1__RELATION__RELATION_WIFE, "1985-03-12",
            PADAN__COMMON__V1__SEX__SEX_FEMALE);
    person (&family->people[2], CHILD_NIK, "ROSA SARAGIH", PADAN__COMMON__V1__RELATION__RELATION_CHILD, "2012-05-05",
            PADAN__COMMON__V1__SEX__SEX_FEMALE);
    person (&family->people[3], "", "BAYI ROSA", PADAN__COMMON__V1__RELATION__RELATION_CHILD, "2026-11-02",
            PADAN__COMMON__V1__SEX__SEX_MALE);
    for (size_t i = 0; i < 4; i++)
        family->members[i] = &family->people[i];
    padan__intake__v1__enter_application__init (&family->enter);
    padan__intake__v1__correct_application__init (&family->correct);
    family->enter.track = family->correct.track = (char *)"baru";
    family->enter.kk = family->correct.kk = (char *)FAMILY_KK;
    family->enter.address = family->correct.address = &family->address;
    family->enter.members = family->correct.members = family->members;
    family->enter.n_members = family->correct.n_members = 3;
    family->facts.profile = siantar ();
    family->facts.niks = family->niks;
}

static inline enum rc
family_enter (struct harness *harness, struct family *family, char name)
{
    harness_command (harness, harness_id (name), &family->enter)->facts = &family->facts;
    harness_grant (harness, PADAN__ROLE__ROLE_KELURAHAN, VILLAGE);
    return harness_run (harness, on_enter_application, on_enter_application_keys);
}

static inline const struct application *
family_row (struct harness *harness, char name)
{
    return harness_find (harness, &application_table, harness_id (name));
}

/* What gather would find now. */
static inline struct intake_facts *
family_facts (struct harness *harness, struct family *family, char name)
{
    const struct application *row = family_row (harness, name);
    family->facts.n_niks = 0;
    for (size_t i = 0; i < row->n_members; i++)
        if (!row->members[i].removed && row->members[i].nik)
            family->niks[family->facts.n_niks++] = row->members[i].nik;
    family->facts.file_stored = family->facts.file_fits = true;
    return &family->facts;
}

static inline enum rc
family_command (struct harness *harness, struct family *family, char name, const void *command, decide_fn *decide,
                keys_fn *keys)
{
    harness_command (harness, harness_id (name), command)->facts = family_facts (harness, family, name);
    harness_grant (harness, PADAN__ROLE__ROLE_KELURAHAN, VILLAGE);
    return harness_run (harness, decide, keys);
}

/* An attachment that the profile takes: sktm, kk, or the ktp of a member. */
static inline enum rc
family_attach (struct harness *harness, struct family *family, char name, const char *kind, const struct member *member)
{
    static const uint8_t digest[32] = { 1 };
    Padan__Common__V1__Paper paper = PADAN__COMMON__V1__PAPER__INIT;
    Padan__Intake__V1__AttachPaper command = PADAN__INTAKE__V1__ATTACH_PAPER__INIT;
    command.paper = &paper;
    paper.kind = (char *)kind;
    paper.file_sha256 = (ProtobufCBinaryData){ sizeof digest, (uint8_t *)digest };
    paper.media_type = (char *)"application/pdf";
    paper.size = 1000;
    if (member)
        paper.member_id = uuid_field (&member->member_id);
    if (strcmp (kind, "sktm") == 0) {
        paper.signed_by = (char *)"Lurah Bah Kapul";
        paper.paper_date = (char *)"2026-11-20";
    }
    return family_command (harness, family, name, &command, on_attach_paper, NULL);
}

/* One verdict per member, in order; at the version the row was last entered or corrected. */
static inline enum rc
family_judge (struct harness *harness, struct family *family, char name, const Padan__Common__V1__Verdict *verdicts)
{
    const struct application *row = family_row (harness, name);
    Padan__Validation__V1__Judged judged = PADAN__VALIDATION__V1__JUDGED__INIT;
    Padan__Common__V1__MemberVerdict list[8], *pointers[8];
    for (size_t i = 0; i < row->n_members; i++) {
        padan__common__v1__member_verdict__init (&list[i]);
        list[i].member_id = uuid_field (&row->members[i].member_id);
        list[i].verdict = verdicts[i];
        list[i].payer = (char *)"provinsi";
        pointers[i] = &list[i];
    }
    judged.verdicts = pointers;
    judged.n_verdicts = row->n_members;
    harness_entry (harness, "validation", row->id, row->content_version, &judged)->facts =
        family_facts (harness, family, name);
    return harness_run (harness, on_judged, NULL);
}

#define CLEAR                                                                                                          \
    ((const Padan__Common__V1__Verdict[]){                                                                             \
        PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR, PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR,                          \
        PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR, PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR })

/* Entered with every paper it needs. */
static inline void
family_ready (struct harness *harness, struct family *family, char name)
{
    assert_rc (family_enter (harness, family, name), RC_OK);
    assert_rc (family_attach (harness, family, name, "sktm", NULL), RC_OK);
    assert_rc (family_attach (harness, family, name, "kk", NULL), RC_OK);
    assert_rc (family_attach (harness, family, name, "ktp", &family_row (harness, name)->members[0]), RC_OK);
    assert_rc (family_attach (harness, family, name, "ktp", &family_row (harness, name)->members[1]), RC_OK);
    assert_string_equal (family_row (harness, name)->missing, "");
}

static inline const struct claim *
claim_of (struct harness *harness, int64_t nik)
{
    return harness_find (harness, &claim_table, claim_id (HARNESS_TENANT, nik));
}
