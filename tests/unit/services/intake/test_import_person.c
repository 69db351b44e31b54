/* People who move between families, and whose number they hold. */
#include "tests/unit/services/intake/pushing.h"

static void
a_person_moves_to_another_family (void **state)
{
    static const char moved[] =
        "1272010101150005,1272015203850002,,SITI,1,12/03/1985,P,4,Jl. C,12.72.01.1003,baru,081\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER MOTHER);
    const struct import *import = push (harness, 'j', moved);
    assert_int_equal (import->changed, 1);
    assert_int_equal (harness_events (harness), 3); /* entered there, corrected here, finished */
    const struct application *left = application_of (harness, FATHER), *entered = application_of (harness, moved);
    assert_true (left->members[1].removed);
    assert_int_equal (entered->n_members, 1);
    assert_int_equal (uuid_compare (claim_of (harness, 1272015203850002)->application_id, entered->id), 0);
}

#define FATHER_IN(KK) KK ",1272011201800001,,BUDI,1,12/01/1980,L,2,Jl. A,12.72.01.1003,baru,081\n"
#define MOTHER_IN(KK) KK ",1272015203850002,,SITI,2,12/03/1985,P,2,Jl. B,12.72.01.1003,baru,081\n"
#define KK_A          "1272010101150004"
#define KK_B          "1272010101150005"

/* An application that everybody had left could neither be sent nor would it ever end. */
static void
a_family_that_moved_leaves_no_application_behind (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_IN (KK_A) MOTHER_IN (KK_A));
    const struct application *left = application_of (harness, FATHER_IN (KK_A));
    push (harness, 'j', FATHER_IN (KK_B) MOTHER_IN (KK_B));
    assert_int_equal (harness_events (harness), 4);
    harness_event (harness, 0, &padan__intake__v1__application_entered__descriptor);
    const Padan__Intake__V1__ApplicationCorrected *corrected =
        harness_event (harness, 1, &padan__intake__v1__application_corrected__descriptor);
    assert_int_equal (corrected->dossier->n_members, 0);
    harness_event (harness, 2, &padan__intake__v1__application_withdrawn__descriptor);
    assert_int_equal (harness_event_version (harness, 2), 3);
    assert_string_equal (left->state, "withdrawn");
    assert_string_equal (left->held_by, "");
    assert_int_equal (application_of (harness, FATHER_IN (KK_B))->n_members, 2);
}

/* The KK was right before: its application has ended, so that another one takes over, and again. */
static void
a_family_may_move_back (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_IN (KK_A) MOTHER_IN (KK_A));
    for (const char *name = "jklm"; *name; name++) {
        bool back = (*name - 'j') % 2 != 0;
        const struct import *import =
            push (harness, *name, back ? FATHER_IN (KK_A) MOTHER_IN (KK_A) : FATHER_IN (KK_B) MOTHER_IN (KK_B));
        assert_int_equal (import->changed, 2);
    }
    const struct application *application = application_of (harness, FATHER_IN (KK_A));
    assert_string_equal (application->state, "entered");
    assert_int_equal (application->n_members, 2);
    assert_int_equal (uuid_compare (claim_of (harness, 1272011201800001)->application_id, application->id), 0);
    const struct import *import = push (harness, 'n', MOTHER_IN (KK_A) FATHER_IN (KK_A));
    assert_int_equal (import->unchanged, 2);
}

/* Two families change places: neither is ever empty when the chunk ends. */
static void
families_may_change_places (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER_IN (KK_A) MOTHER_IN (KK_B));
    push (harness, 'j', FATHER_IN (KK_B) MOTHER_IN (KK_A));
    assert_int_equal (harness_events (harness), 3);
    assert_string_equal (application_of (harness, FATHER_IN (KK_A))->state, "entered");
    assert_string_equal (application_of (harness, FATHER_IN (KK_B))->state, "entered");
}

/* A newborn has got a number at the counter; the source does not know it and corrects something else. */
static void
a_number_an_officer_gave_stays (void **state)
{
    static const char called[] =
        "1272010101150004,,1272015203850002,BAYI SITI,3,02/11/2026,P,1,Jl. B,12.72.01.1003,baru,099\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY);
    officer_numbers (harness, MOTHER, 1, 1272014211260007);
    const struct import *import = push (harness, 'j', called);
    assert_int_equal (import->changed, 1);
    const struct application *application = application_of (harness, MOTHER);
    assert_string_equal (application->members[1].phone, "099");
    assert_int_equal (application->members[1].nik, 1272014211260007);
    assert_int_equal (application->members[1].mother_nik, 0);
    assert_int_equal (application->members[1].conditions, 0);
    assert_int_equal (uuid_compare (claim_of (harness, 1272014211260007)->application_id, application->id), 0);
}

static void
a_number_an_officer_gave_moves_with_its_person (void **state)
{
    static const char moved[] =
        "1272010101150005,,1272015203850002,BAYI SITI,3,02/11/2026,P,1,Jl. B,12.72.01.1003,baru,081\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER BABY);
    officer_numbers (harness, MOTHER, 1, 1272014211260007);
    const struct import *import = push (harness, 'j', moved);
    assert_int_equal (import->changed, 1);
    const struct application *entered = application_of (harness, moved);
    assert_true (application_of (harness, MOTHER)->members[1].removed);
    assert_int_equal (entered->members[0].nik, 1272014211260007);
    assert_int_equal (uuid_compare (claim_of (harness, 1272014211260007)->application_id, entered->id), 0);
}

/* The source's number comes back with what else it changed: the officer's is free again. */
static void
a_number_the_row_replaces_is_free (void **state)
{
    static const char called[] =
        "1272010101150004,1272015203850002,,SITI,2,12/03/1985,P,2,Jl. B,12.72.01.1003,baru,099\n";
    static const char moved[] =
        "1272010101150005,1272015203850002,,SITI,1,12/03/1985,P,4,Jl. C,12.72.01.1003,baru,081\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER MOTHER);
    officer_numbers (harness, FATHER, 1, 1272015203850009);
    push (harness, 'j', called);
    const struct application *application = application_of (harness, FATHER);
    assert_int_equal (application->members[1].nik, 1272015203850002);
    assert_int_equal (uuid_compare (claim_of (harness, 1272015203850009)->application_id, nobody), 0);
    assert_int_equal (uuid_compare (claim_of (harness, 1272015203850002)->application_id, application->id), 0);
    officer_numbers (harness, FATHER, 1, 1272015203850009);
    push (harness, 'k', moved);
    assert_int_equal (uuid_compare (claim_of (harness, 1272015203850009)->application_id, nobody), 0);
    assert_int_equal (
        uuid_compare (claim_of (harness, 1272015203850002)->application_id, application_of (harness, moved)->id), 0);
}

/* Somebody else has taken the row's number meanwhile: whoever is refused stays where they are. */
static void
who_may_not_enter_does_not_leave (void **state)
{
    static const char moved[] =
        "1272010101150005,1272011201800001,,BUDI,1,12/01/1980,L,2,Jl. A,12.72.01.1003,baru,081\n";
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    push (harness, 'i', FATHER);
    officer_numbers (harness, FATHER, 0, 1272011201800009);
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    const struct import *import = push (harness, 'j', moved);
    assert_int_equal (import->refused, 1);
    assert_string_equal (problem_of (harness, 'j', 2), "intake.claimed");
    assert_false (application_of (harness, FATHER)->members[0].removed);
    assert_null (application_of (harness, moved));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_person_moves_to_another_family),
        cmocka_unit_test (a_family_that_moved_leaves_no_application_behind),
        cmocka_unit_test (a_family_may_move_back),
        cmocka_unit_test (families_may_change_places),
        cmocka_unit_test (a_number_an_officer_gave_stays),
        cmocka_unit_test (a_number_an_officer_gave_moves_with_its_person),
        cmocka_unit_test (a_number_the_row_replaces_is_free),
        cmocka_unit_test (who_may_not_enter_does_not_leave),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
