#include "tests/unit/services/intake/fixture.h"

struct attaching {
    struct family family;
    Padan__Common__V1__Paper paper;
    Padan__Intake__V1__AttachPaper command;
};
static const uint8_t digest[32] = { 1 };

/* A transfer of a family, and a paper the profile takes. */
static void
attaching_make (struct harness *harness, struct attaching *attaching)
{
    family_make (&attaching->family);
    attaching->family.enter.track = (char *)"pengalihan";
    assert_rc (family_enter (harness, &attaching->family, 'a'), RC_OK);
}

static void
paper_make (struct attaching *attaching, const char *kind)
{
    padan__common__v1__paper__init (&attaching->paper);
    padan__intake__v1__attach_paper__init (&attaching->command);
    attaching->command.paper = &attaching->paper;
    attaching->paper.kind = (char *)kind;
    attaching->paper.file_sha256 = (ProtobufCBinaryData){ sizeof digest, (uint8_t *)digest };
    attaching->paper.media_type = (char *)"image/jpeg";
    attaching->paper.size = 1000;
}

static enum rc
attach (struct harness *harness, struct attaching *attaching)
{
    return family_command (harness, &attaching->family, 'a', &attaching->command, on_attach_paper, NULL);
}

static void
a_paper_is_missed_no_more (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct attaching attaching;
    attaching_make (harness, &attaching);
    paper_make (&attaching, "kk");
    assert_rc (attach (harness, &attaching), RC_OK);
    const Padan__Intake__V1__PaperAttached *event =
        harness_event (harness, 0, &padan__intake__v1__paper_attached__descriptor);
    assert_string_equal (event->paper->kind, "kk");
    assert_int_equal (event->n_missing, 4); /* sktm, the statement, two KTP */
    assert_int_equal (harness_event_version (harness, 0), 2);
    assert_int_equal (family_row (harness, 'a')->content_version, 1); /* verdicts stay good */
}

static void
a_later_one_replaces_it (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct attaching attaching;
    attaching_make (harness, &attaching);
    paper_make (&attaching, "kk");
    assert_rc (attach (harness, &attaching), RC_OK);
    assert_rc (attach (harness, &attaching), RC_OK);
    const struct application *row = family_row (harness, 'a');
    assert_int_equal (row->n_papers, 2);
    assert_true (row->papers[0].replaced);
    assert_false (row->papers[1].replaced);
    assert_int_equal (application_dossier (row, true, harness->arena)->n_papers, 1);
}

static void
what_it_must_bear_is_asked_for (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct attaching attaching;
    attaching_make (harness, &attaching);
#define WRONG(KIND, CHANGE, CODE, FIELD)                                                                               \
    do {                                                                                                               \
        paper_make (&attaching, KIND);                                                                                 \
        CHANGE;                                                                                                        \
        assert_refused (attach (harness, &attaching), RC_UNPROCESSABLE, CODE, FIELD);                                  \
    } while (0)
    WRONG ("lain", , "intake.paper_kind", "/paper/kind");
    WRONG ("kk", attaching.paper.media_type = (char *)"text/html", "intake.paper_media", "/paper/media_type");
    WRONG ("kk", attaching.paper.size = 0, "intake.paper_file", "/paper/file_sha256");
    WRONG ("kk", attaching.paper.file_sha256.len = 31, "intake.paper_file", "/paper/file_sha256");
    WRONG ("ktp", , "intake.paper_of_person", "/paper/member_id");
    struct uuid nobody = harness_id ('z'), somebody = family_row (harness, 'a')->members[0].member_id;
    WRONG ("ktp", attaching.paper.member_id = uuid_field (&nobody), "intake.paper_of_person", "/paper/member_id");
    WRONG ("kk", attaching.paper.member_id = uuid_field (&somebody), "intake.paper_of_family", "/paper/member_id");
    WRONG ("sktm", attaching.paper.signed_by = (char *)"Lurah", "intake.paper_date_missing", "/paper/paper_date");
    WRONG ("sktm", attaching.paper.paper_date = (char *)"20-11-2026", "intake.paper_date", "/paper/paper_date");
    WRONG ("sktm", attaching.paper.paper_date = (char *)"2026-12-01", "intake.paper_date", "/paper/paper_date");
    WRONG ("sktm", attaching.paper.paper_date = (char *)"2026-01-01", "intake.paper_old", "/paper/paper_date");
    WRONG ("sktm", attaching.paper.paper_date = (char *)"2026-11-20", "intake.paper_signed_by", "/paper/signed_by");
    assert_string_equal (harness->err.argument, "Lurah");
    WRONG ("tidak_mampu_bayar", , "intake.paper_materai", "/paper/materai");
    attaching.paper.materai = true;
    assert_rc (attach (harness, &attaching), RC_OK);
}

static void
its_content_must_be_stored_and_of_its_type (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct attaching attaching;
    attaching_make (harness, &attaching);
    paper_make (&attaching, "kk");
    struct message *message = harness_command (harness, harness_id ('a'), &attaching.command);
    message->facts = family_facts (harness, &attaching.family, 'a');
    attaching.family.facts.file_stored = false;
    harness_grant (harness, PADAN__ROLE__ROLE_KELURAHAN, VILLAGE);
    assert_refused (harness_run (harness, on_attach_paper, NULL), RC_UNPROCESSABLE, "intake.paper_file",
                    "/paper/file_sha256");
    message = harness_command (harness, harness_id ('a'), &attaching.command);
    message->facts = family_facts (harness, &attaching.family, 'a');
    attaching.family.facts.file_fits = false;
    harness_grant (harness, PADAN__ROLE__ROLE_KELURAHAN, VILLAGE);
    assert_refused (harness_run (harness, on_attach_paper, NULL), RC_UNPROCESSABLE, "intake.paper_content",
                    "/paper/media_type");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_paper_is_missed_no_more),
        cmocka_unit_test (a_later_one_replaces_it),
        cmocka_unit_test (what_it_must_bear_is_asked_for),
        cmocka_unit_test (its_content_must_be_stored_and_of_its_type),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
