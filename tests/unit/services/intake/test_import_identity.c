/* Newborns and people officers knew first: the same person under another row. */
#include "tests/unit/services/intake/pushing.h"

#define BABY_NIK(MOTHER, NAME, NIK)                                                                                    \
    "1272010101150004," NIK "," MOTHER "," NAME ",3,02/11/2026,P,1,Jl. B,12.72.01.1003,baru,081\n"
#define NIK_A "1272014211260007"
#define NIK_B "1272014211260008"

/* Who is in the family, by name, in order: "SITI,DOLI". */
static const char *
names_of (struct harness *harness, const char *row)
{
    const struct application *application = application_of (harness, row);
    char *text = arena_string (harness->arena, "");
    for (size_t i = 0; i < application->n_members; i++)
        if (!application->members[i].removed)
            text = arena_printf (harness->arena, "%s%s%s", text, *text ? "," : "", application->members[i].name);
    return text;
}

/* Named anew by a NIK or a name spelt right, the same child entered the family a second time. */
static void
a_newborn_that_gets_a_number_is_the_same (void **state)
{
    static const char *const rows[] = { BABY_NIK ("1272015203850002", "ROSA", NIK_A), BABY_NIK ("", "ROSA", NIK_A) };
    for (size_t i = 0; i < 2; i++) {
        HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
        char text[1024];
        push (harness, 'i', MOTHER BABY);
        struct uuid baby = application_of (harness, MOTHER)->members[1].member_id;
        snprintf (text, sizeof text, "%s%s", rows[i], MOTHER);
        for (const char *name = "jk"; *name; name++) {
            const struct import *import = push (harness, *name, text);
            assert_int_equal (import->changed, *name == 'j');
            assert_int_equal (import->unchanged, *name == 'j' ? 1 : 2);
            assert_string_equal (names_of (harness, MOTHER), "SITI,ROSA");
            const struct member *member = &application_of (harness, MOTHER)->members[1];
            assert_int_equal (member->nik, 1272014211260007);
            assert_int_equal (member->mother_nik, 0);
            assert_int_equal (uuid_compare (member->member_id, baby), 0);
            assert_non_null (claim_of (harness, 1272014211260007));
        }
    }
}

static void
a_newborn_of_another_spelling_is_the_same (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY_CALLED ("DOLI"));
    push (harness, 'j', MOTHER BABY_CALLED ("ROSA"));
    assert_string_equal (names_of (harness, MOTHER), "SITI,ROSA");
    const struct import *import = push (harness, 'k', MOTHER BABY_CALLED ("DOLI"));
    assert_int_equal (import->changed, 1);
    assert_string_equal (names_of (harness, MOTHER), "SITI,DOLI");
    import = push (harness, 'l', MOTHER BABY_CALLED ("DOLI"));
    assert_int_equal (import->unchanged, 2);
}

/* Both names in one file: the child that was known is there, so the other one is another child. */
static void
twins_are_two (void **state)
{
    static const char *const orders[] = { BABY_CALLED ("DOLI") BABY_CALLED ("DUMA"),
                                          BABY_CALLED ("DUMA") BABY_CALLED ("DOLI") };
    for (size_t i = 0; i < 2; i++) {
        HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
        push (harness, 'i', BABY_CALLED ("DOLI"));
        const struct import *import = push (harness, 'j', orders[i]);
        assert_int_equal (import->created, 1);
        assert_int_equal (import->unchanged, 1);
        assert_string_equal (names_of (harness, MOTHER), "DOLI,DUMA");
    }
}

static void
twins_that_get_numbers_are_known_by_name (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', BABY_CALLED ("DOLI") BABY_CALLED ("DUMA"));
    const struct import *import =
        push (harness, 'j', BABY_NIK ("", "DUMA SARI", NIK_B) BABY_NIK ("1272015203850002", "DOLI SARI", NIK_A));
    assert_int_equal (import->changed, 2);
    assert_string_equal (names_of (harness, MOTHER), "DOLI SARI,DUMA SARI");
    assert_int_equal (application_of (harness, MOTHER)->members[0].nik, 1272014211260007);
}

#define BABY_MOVED "1272010101150005," NIK_A ",1272015203850002,ROSA,3,02/11/2026,P,1,Jl. B,12.72.01.1003,baru,081\n"

/* Registered at last, into another KK. */
static void
a_newborn_may_get_a_number_and_move (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY);
    const struct import *import = push (harness, 'j', MOTHER BABY_MOVED);
    assert_int_equal (import->changed, 1);
    assert_string_equal (names_of (harness, MOTHER), "SITI");
    assert_string_equal (names_of (harness, BABY_MOVED), "ROSA");
}

/* The number was entered at the counter first: the row that brings it is about the same child. */
static void
a_number_that_an_officer_knew_first_is_nobody_new (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY);
    officer_numbers (harness, MOTHER, 1, 1272014211260007);
    const struct import *import = push (harness, 'j', MOTHER BABY_NIK ("", "ROSA", NIK_A));
    assert_int_equal (import->changed, 1);
    assert_string_equal (names_of (harness, MOTHER), "SITI,ROSA");
    import = push (harness, 'k', MOTHER BABY_NIK ("", "ROSA", NIK_A));
    assert_int_equal (import->unchanged, 2);
}

/* Whom an officer has added to an imported family comes with a later file. */
static void
whom_an_officer_added_is_nobody_new (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER);
    struct application *application = (struct application *)application_of (harness, MOTHER);
    struct member *member = harness_child (harness, &application_table, application, APPLICATION_MEMBERS);
    member->member_id = harness_id ('m');
    member->name = member->birth_place = member->phone = "";
    officer_numbers (harness, MOTHER, 1, 1272011201800001);
    const struct import *import = push (harness, 'j', MOTHER FATHER);
    assert_int_equal (import->changed, 1);
    assert_string_equal (names_of (harness, MOTHER), "SITI,BUDI");
    assert_int_equal (uuid_compare (application_of (harness, MOTHER)->members[1].member_id, harness_id ('m')), 0);
}

static void
a_newborn_officers_removed_stays_out (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY);
    ((struct application *)application_of (harness, MOTHER))->members[1].removed = true;
    push (harness, 'j', MOTHER BABY_NIK ("", "ROSA", NIK_A));
    assert_string_equal (problem_of (harness, 'j', 3), "import.removed");
    assert_string_equal (names_of (harness, MOTHER), "SITI");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_newborn_that_gets_a_number_is_the_same),
        cmocka_unit_test (a_newborn_of_another_spelling_is_the_same),
        cmocka_unit_test (twins_are_two),
        cmocka_unit_test (twins_that_get_numbers_are_known_by_name),
        cmocka_unit_test (a_newborn_may_get_a_number_and_move),
        cmocka_unit_test (a_number_that_an_officer_knew_first_is_nobody_new),
        cmocka_unit_test (whom_an_officer_added_is_nobody_new),
        cmocka_unit_test (a_newborn_officers_removed_stays_out),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
