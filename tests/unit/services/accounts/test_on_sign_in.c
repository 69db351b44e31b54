#include "tests/unit/services/accounts/people.h"

#include <sodium.h>

static struct sign_in_facts
facts_make (char person, bool good)
{
    struct sign_in_facts facts = {
        .login_id = login_id ("petugas"),
        .throttle_id = throttle_id ("petugas"),
        .home = HARNESS_TENANT,
        .password = "hash",
        .checked = true,
        .good = good,
        .lifetime = 3600 * (int64_t)CLOCK_SECOND,
    };
    if (person)
        facts.person_id = harness_id (person);
    return facts;
}

static enum rc
sign_in (struct harness *harness, char session, char token, struct sign_in_facts *facts)
{
    uint8_t hash[TOKEN_HASH];
    Padan__Accounts__V1__SignIn command = PADAN__ACCOUNTS__V1__SIGN_IN__INIT;
    memset (hash, token, sizeof hash);
    command.login = (char *)"petugas";
    command.token_sha256 = (ProtobufCBinaryData){ sizeof hash, hash };
    command.user_agent = (char *)"uji";
    struct message *message = from_service (harness_command (harness, harness_id (session), &command), "gateway");
    message->facts = facts;
    enum rc rc = harness_run (harness, on_sign_in, keys_sign_in);
    return rc == RC_OK ? harness->unit.refusal.rc : rc;
}

static void
test_a_session_starts (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    struct sign_in_facts facts = facts_make ('a', true), second = facts_make ('b', true);
    (void)state;
    person_row (harness, 'a', "1272:operator");
    person_row (harness, 'b', "1272:operator");
    assert_rc (sign_in (harness, 's', 't', &facts), RC_OK);
    const struct session *session = harness_find (harness, &session_table, harness_id ('s'));
    assert_int_equal (session->expires_at, HARNESS_NOW + facts.lifetime);
    const Padan__Accounts__V1__SessionStarted *started =
        harness_event (harness, 0, &padan__accounts__v1__session_started__descriptor);
    assert_false (started->key);
    assert_int_equal (harness_event_version (harness, 0), 5);
    const Padan__Accounts__V1__SessionReply *reply =
        harness_reply (harness, &padan__accounts__v1__session_reply__descriptor);
    assert_int_equal (reply->tenant, HARNESS_TENANT);
    const struct person *person = harness_find (harness, &person_table, harness_id ('a'));
    assert_int_equal (person->revision, 2); /* an administrator's form is not stale by it */
    assert_rc (sign_in (harness, 's', 't', &facts), RC_OK);
    assert_int_equal (harness_events (harness), 0); /* the same again */
    assert_refused (sign_in (harness, 's', 'u', &facts), RC_CONFLICT, "accounts.session_taken", NULL);
    assert_refused (sign_in (harness, 's', 't', &second), RC_CONFLICT, "accounts.session_taken", NULL);
}

static void
test_failures_are_counted_and_forgotten (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    struct sign_in_facts bad = facts_make ('a', false), good = facts_make ('a', true);
    (void)state;
    person_row (harness, 'a', "1272:operator");
    for (int i = 0; i < THROTTLE_FREE; i++) {
        assert_int_equal (sign_in (harness, 's', 't', &bad), RC_UNAUTHENTICATED);
        assert_string_equal (harness->unit.refusal.code, "accounts.credentials");
        assert_int_equal (harness_events (harness), 0);
    }
    assert_refused (sign_in (harness, 's', 't', &good), RC_BUSY, "accounts.throttled", NULL);
    harness_pass (harness, THROTTLE_FIRST * (int64_t)CLOCK_SECOND);
    assert_int_equal (sign_in (harness, 's', 't', &bad), RC_UNAUTHENTICATED);
    harness_pass (harness, THROTTLE_FIRST * (int64_t)CLOCK_SECOND); /* not enough: it doubled */
    assert_refused (sign_in (harness, 's', 't', &good), RC_BUSY, "accounts.throttled", NULL);
    harness_pass (harness, THROTTLE_FIRST * (int64_t)CLOCK_SECOND);
    assert_rc (sign_in (harness, 's', 't', &good), RC_OK);
    assert_int_equal (sign_in (harness, 'u', 'v', &bad), RC_UNAUTHENTICATED); /* counted from one again */
    assert_rc (sign_in (harness, 'u', 'v', &good), RC_OK);
}

static void
test_unknown_and_disabled_count_alike (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    struct sign_in_facts unknown = facts_make (0, false), disabled = facts_make ('d', true);
    (void)state;
    unknown.password = NULL;
    person_row (harness, 'd', "1272:operator")->state = "disabled";
    for (int i = 0; i < THROTTLE_FREE; i++) {
        assert_int_equal (sign_in (harness, 's', 't', i % 2 ? &unknown : &disabled), RC_UNAUTHENTICATED);
        assert_string_equal (harness->unit.refusal.code, "accounts.credentials");
    }
    assert_refused (sign_in (harness, 's', 't', &unknown), RC_BUSY, "accounts.throttled", NULL);
}

static void
test_what_changed_since_it_was_checked_is_tried_again (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    struct sign_in_facts facts = facts_make ('a', true), unchecked = facts_make ('a', true);
    (void)state;
    person_row (harness, 'a', "1272:operator")->password = "another hash";
    unchecked.checked = false;
    assert_refused (sign_in (harness, 's', 't', &facts), RC_BUSY, "common.busy", NULL);
    assert_refused (sign_in (harness, 's', 't', &unchecked), RC_BUSY, "common.busy", NULL);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_session_starts),
        cmocka_unit_test (test_failures_are_counted_and_forgotten),
        cmocka_unit_test (test_unknown_and_disabled_count_alike),
        cmocka_unit_test (test_what_changed_since_it_was_checked_is_tried_again),
    };
    if (sodium_init () < 0)
        return 1;
    return cmocka_run_group_tests (tests, NULL, NULL);
}
