/* The table of legal moves against its golden file: a change must be seen by whoever reviews it; and what an
 * application waits for between them. */
#include <stdio.h>

#include "approval.pb-c.h"
#include "tests/unit/services/intake/fixture.h"

static void
moves_are_those_of_the_golden_file (void **state)
{
    char drawn[8192], golden[8192] = "";
    size_t used = 0;
    for (int from = 0; from < APPLICATION_STATE_END; from++)
        for (int move = 0; move < MOVE_END; move++) {
            int to = application_move ((enum application_state)from, (enum application_move)move);
            if (to >= 0)
                used += (size_t)snprintf (drawn + used, sizeof drawn - used, "%-9s %-8s %s\n",
                                          application_state_word ((enum application_state)from),
                                          application_move_word ((enum application_move)move),
                                          application_state_word ((enum application_state)to));
        }
    FILE *file = fopen ("tests/unit/services/intake/application_moves.golden", "r");
    assert_non_null (file);
    golden[fread (golden, 1, sizeof golden - 1, file)] = '\0';
    fclose (file);
    assert_string_equal (drawn, golden);
}

/* The harness stands at 07.00 WIB on a Monday, the office opens half an hour later. */
#define OPEN(MINUTES) (HARNESS_NOW + (30 + (MINUTES)) * 60 * (int64_t)CLOCK_SECOND)

static void
waits (struct harness *harness, const char *act, int64_t due_at)
{
    const struct application *row = family_row (harness, 'a');
    assert_string_equal (row->act, act);
    assert_string_equal (row->role, *act ? "petugas_kelurahan" : "");
    assert_int_equal (row->due_at, due_at);
}

/* Each act's time is added to those before it, from when the family came. */
static void
what_waits_has_an_owner_and_a_deadline (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    const Padan__Intake__V1__ApplicationEntered *entered =
        harness_event (harness, 0, &padan__intake__v1__application_entered__descriptor);
    assert_string_equal (entered->next_act, "periksa");
    assert_string_equal (entered->next_role, "petugas_kelurahan");
    assert_int_equal (entered->due_at, OPEN (5));
    waits (harness, "periksa", OPEN (5));
    harness_pass (harness, 3600 * (int64_t)CLOCK_SECOND);
    assert_rc (family_attach (harness, &family, 'a', "sktm", NULL), RC_OK);
    assert_rc (family_attach (harness, &family, 'a', "kk", NULL), RC_OK);
    assert_rc (family_attach (harness, &family, 'a', "ktp", &family_row (harness, 'a')->members[0]), RC_OK);
    waits (harness, "periksa", OPEN (5));
    assert_rc (family_attach (harness, &family, 'a', "ktp", &family_row (harness, 'a')->members[1]), RC_OK);
    const Padan__Intake__V1__PaperAttached *attached =
        harness_event (harness, 0, &padan__intake__v1__paper_attached__descriptor);
    assert_string_equal (attached->next_act, "verifikasi");
    assert_int_equal (attached->due_at, OPEN (20));
    assert_rc (family_judge (harness, &family, 'a', CLEAR), RC_OK);
    waits (harness, "kirim", OPEN (25));
    family.people[1].name = (char *)"SITI RUMONDANG SINAGA"; /* to be judged anew: no time is won by it */
    assert_rc (
        family_command (harness, &family, 'a', &family.correct, on_correct_application, on_correct_application_keys),
        RC_OK);
    const Padan__Intake__V1__ApplicationCorrected *corrected =
        harness_event (harness, 0, &padan__intake__v1__application_corrected__descriptor);
    assert_string_equal (corrected->next_act, "verifikasi");
    assert_int_equal (corrected->due_at, OPEN (20));
}

static void
what_others_hold_waits_for_them (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    family_ready (harness, &family, 'a');
    assert_rc (family_judge (harness, &family, 'a', CLEAR), RC_OK);
    Padan__Intake__V1__SendApplication send = PADAN__INTAKE__V1__SEND_APPLICATION__INIT;
    assert_rc (family_command (harness, &family, 'a', &send, on_send_application, keys_application), RC_OK);
    waits (harness, "", 0);
    harness_pass (harness, 3600 * (int64_t)CLOCK_SECOND); /* 08.00: the clock begins anew when it is back */
    Padan__Approval__V1__ApplicationReturned returned = PADAN__APPROVAL__V1__APPLICATION_RETURNED__INIT;
    harness_entry (harness, "approval", harness_id ('a'), 8, &returned)->facts = family_facts (harness, &family, 'a');
    assert_rc (harness_run (harness, on_application_returned, NULL), RC_OK);
    waits (harness, "input", OPEN (30 + 35));
    assert_rc (family_attach (harness, &family, 'a', "kk", NULL), RC_OK);
    waits (harness, "input", OPEN (30 + 35));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (moves_are_those_of_the_golden_file),
        cmocka_unit_test (what_waits_has_an_owner_and_a_deadline),
        cmocka_unit_test (what_others_hold_waits_for_them),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
