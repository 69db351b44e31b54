/* What is missing by procedures that ask for more than ours does: alternatives, photos, originals, proofs. */
#include "services/intake/completeness.h"
#include "tests/unit/services/intake/fixture.h"

#define KK  "{id: kk, name: Fotokopi KK, per: family}"
#define KTP "{id: ktp, name: Fotokopi KTP, per: person}"
#define TRACKS                                                                                                         \
    "\n\ntracks:\n  - id: baru\n    name: Pendaftaran baru\n    purpose: new\n    payer: kota # open\n    needs:\n"    \
    "      - {paper: sktm} # of everyone, DTKS or not\n      - {paper: kk}\n      - "

static const uint8_t digest[32] = { 1 };

struct asking {
    struct family family;
    Padan__Common__V1__Paper paper;
    Padan__Intake__V1__AttachPaper command;
};

/* A family entered under the procedure with `from` made `to`, and a paper that bears nothing in particular. */
static void
asking_make (struct harness *harness, struct asking *asking, const char *from, const char *to)
{
    family_make (&asking->family);
    asking->family.facts.profile = siantar_with (harness, from, to);
    assert_rc (family_enter (harness, &asking->family, 'a'), RC_OK);
}

static void
paper_make (struct asking *asking, const char *kind, size_t member, struct harness *harness)
{
    padan__common__v1__paper__init (&asking->paper);
    padan__intake__v1__attach_paper__init (&asking->command);
    asking->command.paper = &asking->paper;
    asking->paper.kind = (char *)kind;
    asking->paper.file_sha256 = (ProtobufCBinaryData){ sizeof digest, (uint8_t *)digest };
    asking->paper.media_type = (char *)"image/jpeg";
    asking->paper.size = 1000;
    if (member < 3)
        asking->paper.member_id = uuid_field (&family_row (harness, 'a')->members[member].member_id);
}

static enum rc
attach (struct harness *harness, struct asking *asking)
{
    return family_command (harness, &asking->family, 'a', &asking->command, on_attach_paper, NULL);
}

static const struct err_field *
lacking (struct harness *harness, const struct asking *asking, size_t index)
{
    assert_int_equal (completeness_check (family_row (harness, 'a'), asking->family.facts.profile, TODAY,
                                          harness->arena, &harness->err),
                      RC_CONFLICT);
    assert_true (index < harness->err.n_fields);
    return &harness->err.fields[index];
}

static void
of_alternatives_all_are_named (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct asking asking;
    char id[UUID_TEXT];
    asking_make (harness, &asking, KK "\n  - " KTP TRACKS "{paper: ktp, when: [adult]}",
                 KK "\n  - {id: akta, name: Akta kelahiran, per: person}\n  - " KTP TRACKS "{any_of: [ktp, akta]}");
    const struct member *members = family_row (harness, 'a')->members;
    const char *first = arena_printf (harness->arena, "sktm,kk,ktp|akta:%s,", uuid_format (members[0].member_id, id));
    assert_int_equal (strncmp (family_row (harness, 'a')->missing, first, strlen (first)), 0);
    assert_string_equal (lacking (harness, &asking, 4)->argument, "Fotokopi KTP atau Akta kelahiran");
    assert_string_equal (lacking (harness, &asking, 4)->field, "/dossier/members/2");
    paper_make (&asking, "akta", 2, harness);
    assert_rc (attach (harness, &asking), RC_OK);
    (void)lacking (harness, &asking, 3);
    assert_int_equal (harness->err.n_fields, 4);
}

static void
photos_are_asked_for_one_by_one (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct asking asking;
    asking_make (harness, &asking, KK, "{id: kk, name: Foto rumah, per: family, photos: [atap, lantai, dinding]}");
    assert_string_equal (lacking (harness, &asking, 1)->argument, "Foto rumah: atap, lantai, dinding");
    paper_make (&asking, "kk", 9, harness);
    assert_refused (attach (harness, &asking), RC_UNPROCESSABLE, "intake.paper_photo", "/paper/photo");
    assert_string_equal (harness->err.argument, "atap, lantai, dinding");
    asking.paper.photo = (char *)"Lantai";
    assert_rc (attach (harness, &asking), RC_OK);
    assert_string_equal (lacking (harness, &asking, 1)->argument, "Foto rumah: atap, dinding");
    asking.paper.photo = (char *)"atap";
    assert_rc (attach (harness, &asking), RC_OK);
    assert_false (family_row (harness, 'a')->papers[0].replaced); /* another photo replaces none */
    assert_int_equal (strncmp (family_row (harness, 'a')->missing, "sktm,kk,", 8), 0);
    asking.paper.photo = (char *)"dinding";
    assert_rc (attach (harness, &asking), RC_OK);
    assert_int_equal (strncmp (family_row (harness, 'a')->missing, "sktm,ktp:", 9), 0);
    assert_rc (attach (harness, &asking), RC_OK);
    assert_true (family_row (harness, 'a')->papers[2].replaced); /* the same one does */
    const Padan__Intake__V1__PaperAttached *event =
        harness_event (harness, 0, &padan__intake__v1__paper_attached__descriptor);
    assert_string_equal (event->paper->photo, "dinding");
}

static void
what_is_no_photo_is_not_taken_for_one (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct asking asking;
    asking_make (harness, &asking, KK, KK);
    paper_make (&asking, "kk", 9, harness);
    asking.paper.photo = (char *)"atap";
    assert_refused (attach (harness, &asking), RC_UNPROCESSABLE, "common.invalid", "/paper/photo");
}

static void
originals_and_paid_premiums_are_confirmed (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct asking asking;
    asking_make (harness, &asking, KK, "{id: kk, name: Bukti iuran, per: family, original: true, paid_up: true}");
    paper_make (&asking, "kk", 9, harness);
    assert_refused (attach (harness, &asking), RC_UNPROCESSABLE, "intake.paper_original", "/paper/original");
    asking.paper.original = true;
    assert_refused (attach (harness, &asking), RC_UNPROCESSABLE, "intake.paper_paid_up", "/paper/paid_up");
    asking.paper.paid_up = true;
    assert_rc (attach (harness, &asking), RC_OK);
    const struct paper *row = &family_row (harness, 'a')->papers[0];
    assert_true (row->original && row->paid_up);
}

/* A letter of pregnancy makes its bearer one of the pregnant, in the dossier others decide the order by. */
static void
what_a_paper_proves_holds_for_its_person (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct asking asking;
    asking_make (harness, &asking, KTP, "{id: ktp, name: Surat hamil, per: person, evidence: [pregnant]}");
    paper_make (&asking, "ktp", 1, harness);
    assert_rc (attach (harness, &asking), RC_OK);
    const struct application *row = family_row (harness, 'a');
    assert_int_equal (row->members[1].conditions, 0); /* what the officer entered stays as it is */
    const Padan__Common__V1__Dossier *dossier = application_dossier (row, true, harness->arena);
    assert_int_equal (dossier->members[0]->n_conditions, 0);
    assert_int_equal (dossier->members[1]->n_conditions, 1);
    assert_string_equal (dossier->members[1]->conditions[0], "pregnant");
    assert_true (member_conditions (&row->members[1], TODAY) & 1 << CONDITION_PREGNANT);
}

static void
a_familys_proof_holds_for_everybody_while_it_is_valid (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct asking asking;
    asking_make (harness, &asking, KK, "{id: kk, name: Survei, per: family, valid_days: 30, evidence: [poor]}");
    paper_make (&asking, "kk", 9, harness);
    asking.paper.paper_date = (char *)"2026-11-20";
    assert_rc (attach (harness, &asking), RC_OK);
    assert_true (family_row (harness, 'a')->members[2].evidence & 1 << CONDITION_POOR);
    harness_pass (harness, 40 * 86400 * (int64_t)CLOCK_SECOND);
    assert_rc (family_judge (harness, &asking.family, 'a', CLEAR), RC_OK);
    assert_int_equal (family_row (harness, 'a')->members[2].evidence, 0);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (of_alternatives_all_are_named),
        cmocka_unit_test (photos_are_asked_for_one_by_one),
        cmocka_unit_test (what_is_no_photo_is_not_taken_for_one),
        cmocka_unit_test (originals_and_paid_premiums_are_confirmed),
        cmocka_unit_test (what_a_paper_proves_holds_for_its_person),
        cmocka_unit_test (a_familys_proof_holds_for_everybody_while_it_is_valid),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
