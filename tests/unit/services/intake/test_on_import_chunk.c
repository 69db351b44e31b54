/* Chunks of an import as decisions: which of several rows counts, what is touched, what is refused. */
#include "tests/unit/services/intake/pushing.h"

static void
a_family_becomes_one_application (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    const struct import *import = push (harness, 'i', MOTHER BABY FATHER);
    assert_int_equal (import->created, 3);
    assert_int_equal (harness_events (harness), 2); /* entered, finished */
    const Padan__Intake__V1__ApplicationEntered *event =
        harness_event (harness, 0, &padan__intake__v1__application_entered__descriptor);
    assert_int_equal (event->dossier->n_members, 3);
    assert_string_equal (event->source, "import");
    assert_string_equal (event->dossier->address->street, "Jl. A"); /* the head's, though it came last */
    assert_string_equal (event->dossier->members[1]->mother_nik, MOTHER_NIK);
    assert_int_equal (event->dossier->members[0]->relation, PADAN__COMMON__V1__RELATION__RELATION_WIFE);
    harness_event (harness, 1, &padan__intake__v1__import_finished__descriptor);
}

static void
again_in_another_order_nothing_is_touched (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY FATHER);
    const struct import *import = push (harness, 'j', FATHER MOTHER BABY);
    assert_int_equal (import->unchanged, 3);
    assert_int_equal (harness_events (harness), 1);
    assert_int_equal (application_of (harness, FATHER)->version, 1);
}

static void
a_changed_row_corrects_its_member (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER MOTHER);
    const struct import *import = push (
        harness, 'j', FATHER "1272010101150004,1272015203850002,,SITI,2,12/03/1985,P,2,Jl. B,12.72.01.1003,baru,099\n");
    assert_int_equal (import->changed, 1);
    assert_int_equal (import->unchanged, 1);
    const Padan__Intake__V1__ApplicationCorrected *event =
        harness_event (harness, 0, &padan__intake__v1__application_corrected__descriptor);
    assert_int_equal (event->n_changed_member_id, 1);
    assert_string_equal (event->dossier->members[1]->phone, "099");
}

static void
the_first_of_two_rows_counts_in_any_order (void **state)
{
    static const char other[] = "1272010101150004,1272011201800001,,BUDI,1,12/01/1980,L,2,Jl. A,12.72.01.1003,baru,0\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    char both[1024];
    snprintf (both, sizeof both, "%s%s", FATHER, other);
    const struct import *import = push (harness, 'i', both);
    assert_int_equal (import->created, 1);
    assert_int_equal (import->refused, 1);
    assert_string_equal (problem_of (harness, 'i', 3), "import.double");
    snprintf (both, sizeof both, "%s%s", other, FATHER);
    import = push (harness, 'j', both);
    assert_int_equal (import->unchanged, 1);
    assert_int_equal (import->refused, 1);
    assert_string_equal (application_of (harness, FATHER)->members[0].phone, "081");
}

#define FATHER_AT(PHONE) "1272010101150004,1272011201800001,,BUDI,1,12/01/1980,L,2,Jl. A,12.72.01.1003,baru," PHONE "\n"

/* The second row came in a later push only: it won, told nobody, and the next push of the same file changed it back. */
static void
a_second_row_in_a_later_push_is_double (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_AT ("081"));
    for (const char *name = "jk"; *name; name++) {
        const struct import *import = push (harness, *name, FATHER_AT ("081") FATHER_AT ("082"));
        assert_int_equal (import->unchanged, 1);
        assert_int_equal (import->refused, 1);
        assert_string_equal (problem_of (harness, *name, 3), "import.double");
        assert_string_equal (application_of (harness, FATHER)->members[0].phone, "081");
    }
}

static void
three_rows_of_a_person_count_in_any_order (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_AT ("081") FATHER_AT ("082") FATHER_AT ("083"));
    const struct import *import = push (harness, 'j', FATHER_AT ("083") FATHER_AT ("082") FATHER_AT ("081"));
    assert_int_equal (import->unchanged, 1);
    assert_int_equal (import->refused, 2);
    assert_int_equal (application_of (harness, FATHER)->version, 1);
}

/* The office has deleted the wrong one of two rows: the one that is left was refused for ever. */
static void
the_row_that_is_left_of_a_double_counts (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_AT ("081") FATHER_AT ("082"));
    const struct import *import = push (harness, 'j', FATHER_AT ("082"));
    assert_int_equal (import->changed, 1);
    assert_int_equal (import->refused, 0);
    assert_string_equal (application_of (harness, FATHER)->members[0].phone, "082");
    import = push (harness, 'k', FATHER_AT ("082"));
    assert_int_equal (import->unchanged, 1);
}

/* Of those that were put off the first one counts, if none of them is the one that was known. */
static void
the_first_of_the_rows_that_are_left_counts (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_AT ("081") FATHER_AT ("082"));
    const struct import *import = push (harness, 'j', FATHER_AT ("083") FATHER_AT ("082"));
    assert_int_equal (import->changed, 1);
    assert_int_equal (import->refused, 1);
    assert_string_equal (problem_of (harness, 'j', 3), "import.double");
    assert_string_equal (application_of (harness, FATHER)->members[0].phone, "083");
}

/* A file that breaks off decides nothing about what waited for its end. */
static void
what_waits_is_refused_when_the_file_breaks_off (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_AT ("081") FATHER_AT ("082"));
    struct pushing pushing = read_rows (harness, FATHER_AT ("082"));
    struct import *import = harness_row (harness, &import_table, harness_id ('j'));
    import->state = import->kind = import->source = import->period = import->layout = "";
    Padan__Intake__V1__ImportRow *rows[] = { &pushing.rows[0] };
    Padan__Intake__V1__ImportChunk chunk = PADAN__INTAKE__V1__IMPORT_CHUNK__INIT;
    chunk.rows = rows;
    chunk.n_rows = chunk.read = 1;
    chunk.finished = chunk.failed = true;
    harness_due (harness, harness_id ('j'), 0, &chunk)->facts = (void *)siantar ();
    assert_rc (harness_run (harness, on_import_chunk, on_import_chunk_keys), RC_OK);
    assert_string_equal (import->state, "failed");
    assert_int_equal (import->refused, 1);
    assert_int_equal (import->put_off, 0);
    assert_string_equal (application_of (harness, FATHER)->members[0].phone, "081");
}

static void
what_intake_no_longer_holds_stays (void **state)
{
    static const char changed[] =
        "1272010101150004,1272011201800001,,BUDI,1,12/01/1980,L,2,Jl. Z,12.72.01.1003,baru,081\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER);
    struct application *row = (struct application *)application_of (harness, FATHER);
    row->state = "sent";
    row->held_by = "approval";
    const struct import *import = push (harness, 'j', changed);
    assert_int_equal (import->refused, 1);
    assert_string_equal (problem_of (harness, 'j', 2), "import.held_elsewhere");
    const struct import_problem *problem =
        harness_find (harness, &import_problem_table, import_problem_id (harness_id ('j'), 2, 1000));
    assert_string_equal (problem->detail, "Sudah dikirim sehingga tidak dapat diubah. Sekarang permohonannya di dinas, "
                                          "menunggu persetujuan.");
    row->state = "entered";
    row->members[0].removed = true;
    push (harness, 'k', changed);
    assert_string_equal (problem_of (harness, 'k', 2), "import.removed");
}

static void
who_is_at_the_counter_is_not_imported (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    const struct import *import = push (harness, 'i', FATHER);
    assert_int_equal (import->refused, 1);
    assert_string_equal (problem_of (harness, 'i', 2), "intake.claimed");
    assert_null (application_of (harness, FATHER));
}

static void
a_late_result_is_dropped (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER);
    assert_rc (harness_run (harness, on_import_chunk, on_import_chunk_keys), RC_OK);
    assert_int_equal (harness_events (harness), 0);
    assert_int_equal (((const struct import *)harness_find (harness, &import_table, harness_id ('i')))->created, 1);
}

static void
bad_cells_are_named (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct pushing pushing =
        read_rows (harness, "1272010101150004,1272011201800001,,BUDI,1,12/01/2080,L,2,Jl. A,12.08.01.1003,lain,081\n");
    assert_int_equal (pushing.refused, 1);
    assert_string_equal (pushing.problems[0].code, "intake.track");
    assert_string_equal (pushing.problems[1].code, "intake.village");
    assert_string_equal (pushing.problems[1].column, "kode_kelurahan");
    assert_string_equal (pushing.problems[2].code, "intake.birth_date");
    pushing = read_rows (harness, "1272010101150004,,,BAYI,3,02/11/2026,P,1,Jl. B,12.72.01.1003,baru,081\n");
    assert_string_equal (pushing.problems[0].code, "intake.nik_missing");
    pushing =
        read_rows (harness, "1272010101150004,,1272015203850002,ANAK,3,02/11/2024,P,1,Jl. B,12.72.01.1003,baru,081\n");
    assert_string_equal (pushing.problems[0].code, "intake.newborn_old");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_family_becomes_one_application),
        cmocka_unit_test (again_in_another_order_nothing_is_touched),
        cmocka_unit_test (a_changed_row_corrects_its_member),
        cmocka_unit_test (the_first_of_two_rows_counts_in_any_order),
        cmocka_unit_test (a_second_row_in_a_later_push_is_double),
        cmocka_unit_test (three_rows_of_a_person_count_in_any_order),
        cmocka_unit_test (the_row_that_is_left_of_a_double_counts),
        cmocka_unit_test (the_first_of_the_rows_that_are_left_counts),
        cmocka_unit_test (what_waits_is_refused_when_the_file_breaks_off),
        cmocka_unit_test (what_intake_no_longer_holds_stays),
        cmocka_unit_test (who_is_at_the_counter_is_not_imported),
        cmocka_unit_test (a_late_result_is_dropped),
        cmocka_unit_test (bad_cells_are_named),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
