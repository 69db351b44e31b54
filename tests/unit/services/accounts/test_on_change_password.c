/* ChangePassword has no stored reply: repeated, it must be harmless by itself. */
#include "tests/unit/services/accounts/people.h"

#define CHANGED_AT (HARNESS_NOW - 10 * (int64_t)CLOCK_SECOND)

/* From a person whose password changed at CHANGED_AT: with what was the old one then. What it is refused with, RC_OK
 * when it is not. */
static enum rc
change_again (struct harness *harness, int64_t issued_at, bool new_is_known)
{
    Padan__Accounts__V1__ChangePassword change = PADAN__ACCOUNTS__V1__CHANGE_PASSWORD__INIT;
    struct change_password_facts facts = { .known = "hash", .checked = true, .done = new_is_known };
    facts.throttle_id = throttle_id ("petugas");
    person_row (harness, 'p', "1272:operator")->sessions_from = CHANGED_AT;
    harness_command (harness, harness_id ('p'), &change)->facts = &facts;
    ((Padan__Principal *)harness->message.principal)->issued_at = issued_at;
    assert_rc (harness_run (harness, on_change_password, keys_change_password), RC_OK);
    assert_int_equal (harness_events (harness), 0);
    return harness->unit.refusal.rc;
}

static bool
is_counted (struct harness *harness)
{
    return unit_peek (&harness->unit, &throttle_table, 0, throttle_id ("petugas"));
}

static void
who_sent_it_before_the_change_is_answered_as_then (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    assert_int_equal (change_again (harness, CHANGED_AT - 1, true), RC_OK);
    const Padan__Accounts__V1__PersonReply *reply =
        harness_reply (harness, &padan__accounts__v1__person_reply__descriptor);
    assert_int_equal (reply->version, 2);
    assert_false (is_counted (harness));
}

/* Or somebody with a stolen session could try what the password is, as the new one. */
static void
who_signed_in_since_must_know_the_old_one (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    assert_int_equal (change_again (harness, CHANGED_AT + 1, true), RC_FORBIDDEN);
    assert_true (is_counted (harness));
}

static void
another_new_one_is_no_repeat (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    assert_int_equal (change_again (harness, CHANGED_AT - 1, false), RC_FORBIDDEN);
    assert_true (is_counted (harness));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (who_sent_it_before_the_change_is_answered_as_then),
        cmocka_unit_test (who_signed_in_since_must_know_the_old_one),
        cmocka_unit_test (another_new_one_is_no_repeat),
    };
    return cmocka_run_group_tests_name ("services/accounts/on_change_password", tests, NULL, NULL);
}
