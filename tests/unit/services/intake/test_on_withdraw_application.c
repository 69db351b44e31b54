#include "approval.pb-c.h"
#include "tests/unit/services/intake/fixture.h"

static enum rc
withdraw (struct harness *harness, struct family *family, char name, const char *reason)
{
    Padan__Intake__V1__WithdrawApplication command = PADAN__INTAKE__V1__WITHDRAW_APPLICATION__INIT;
    command.reason = (char *)reason;
    return family_command (harness, family, name, &command, on_withdraw_application, keys_application);
}

static void
sent (struct harness *harness, struct family *family)
{
    Padan__Intake__V1__SendApplication command = PADAN__INTAKE__V1__SEND_APPLICATION__INIT;
    family_ready (harness, family, 'a');
    assert_rc (family_judge (harness, family, 'a', CLEAR), RC_OK);
    assert_rc (family_command (harness, family, 'a', &command, on_send_application, keys_application), RC_OK);
}

static void
withdrawn_it_frees_everybody (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    assert_rc (withdraw (harness, &family, 'a', " Pemohon pindah\n"), RC_OK);
    const Padan__Intake__V1__ApplicationWithdrawn *event =
        harness_event (harness, 0, &padan__intake__v1__application_withdrawn__descriptor);
    assert_string_equal (event->reason, "Pemohon pindah");
    assert_int_equal (harness_event_version (harness, 0), 2);
    const Padan__Intake__V1__ApplicationReply *reply =
        harness_reply (harness, &padan__intake__v1__application_reply__descriptor);
    assert_string_equal (reply->state, "withdrawn");
    assert_string_equal (reply->held_by, "");
    const struct application *row = family_row (harness, 'a');
    assert_string_equal (row->ended_reason, "Pemohon pindah");
    assert_string_equal (row->act, "");
    assert_int_equal (row->due_at, 0);
    assert_rc (family_enter (harness, &family, 'b'), RC_OK);
}

static void
a_reason_is_asked_for (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    char long_one[300];
    memset (long_one, 'x', sizeof long_one - 1);
    long_one[sizeof long_one - 1] = '\0';
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    assert_refused (withdraw (harness, &family, 'a', " \t"), RC_UNPROCESSABLE, "common.required", "/reason");
    assert_refused (withdraw (harness, &family, 'a', long_one), RC_UNPROCESSABLE, "common.too_long", "/reason");
    assert_string_equal (family_row (harness, 'a')->state, "entered");
    assert_false (uuid_is_nil (claim_of (harness, 1272011201800001)->application_id));
}

/* Approval holds it: a withdrawal never crosses a signature. */
static void
what_was_sent_is_held_elsewhere (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    sent (harness, &family);
    assert_refused (withdraw (harness, &family, 'a', "Batal"), RC_CONFLICT, "common.held_elsewhere", NULL);
    assert_string_equal (harness->err.argument, "approval");
    assert_false (uuid_is_nil (claim_of (harness, 1272011201800001)->application_id));
    Padan__Approval__V1__ApplicationApproved approved = PADAN__APPROVAL__V1__APPLICATION_APPROVED__INIT;
    harness_entry (harness, "approval", harness_id ('a'), 12, &approved);
    assert_rc (harness_run (harness, on_application_approved, NULL), RC_OK);
    assert_refused (withdraw (harness, &family, 'a', "Batal"), RC_CONFLICT, "common.held_elsewhere", NULL);
    assert_string_equal (harness->err.argument, "batching");
}

static void
what_was_returned_may_be_withdrawn (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    sent (harness, &family);
    Padan__Approval__V1__ApplicationReturned returned = PADAN__APPROVAL__V1__APPLICATION_RETURNED__INIT;
    harness_entry (harness, "approval", harness_id ('a'), 9, &returned)->facts = family_facts (harness, &family, 'a');
    assert_rc (harness_run (harness, on_application_returned, NULL), RC_OK);
    assert_rc (withdraw (harness, &family, 'a', "Pemohon tidak jadi"), RC_OK);
    assert_int_equal (harness_event_version (harness, 0), 10); /* counts on from approval's */
    assert_string_equal (family_row (harness, 'a')->state, "withdrawn");
    assert_true (uuid_is_nil (claim_of (harness, 1272011201800001)->application_id));
    assert_rc (family_enter (harness, &family, 'b'), RC_OK);
}

static void
the_end_is_the_end (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    assert_rc (withdraw (harness, &family, 'a', "Batal"), RC_OK);
    assert_refused (withdraw (harness, &family, 'a', "Batal"), RC_CONFLICT, "intake.ended", NULL);
    assert_int_equal (family_row (harness, 'a')->version, 2);
}

static void
only_who_may_and_saw_the_newest (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    Padan__Intake__V1__WithdrawApplication command = PADAN__INTAKE__V1__WITHDRAW_APPLICATION__INIT;
    command.reason = (char *)"Batal";
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    struct message *message = harness_command (harness, harness_id ('a'), &command);
    message->facts = family_facts (harness, &family, 'a');
    harness_grant (harness, PADAN__ROLE__ROLE_KELURAHAN, OTHER_PLACE);
    assert_refused (harness_run (harness, on_withdraw_application, keys_application), RC_NOT_FOUND, "common.not_found",
                    NULL);
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    message->version = 7;
    assert_refused (harness_run (harness, on_withdraw_application, keys_application), RC_STALE, "common.stale", NULL);
    message->version = 1;
    family.facts.n_niks = 2; /* somebody was added since they were gathered */
    assert_rc (harness_run (harness, on_withdraw_application, keys_application), RC_RETRY);
    family.facts.n_niks = 3;
    assert_rc (harness_run (harness, on_withdraw_application, keys_application), RC_OK);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (withdrawn_it_frees_everybody),
        cmocka_unit_test (a_reason_is_asked_for),
        cmocka_unit_test (what_was_sent_is_held_elsewhere),
        cmocka_unit_test (what_was_returned_may_be_withdrawn),
        cmocka_unit_test (the_end_is_the_end),
        cmocka_unit_test (only_who_may_and_saw_the_newest),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
