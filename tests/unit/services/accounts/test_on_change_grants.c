#include "tests/unit/services/accounts/people.h"

static enum rc
change_run (struct harness *harness, char id, int64_t version, Padan__Grant *given, Padan__Role role)
{
    Padan__Accounts__V1__ChangeGrants change = PADAN__ACCOUNTS__V1__CHANGE_GRANTS__INIT;
    change.grants = &given;
    change.n_grants = given ? 1 : 0;
    struct message *message = harness_command (harness, harness_id (id), &change);
    message->version = version;
    harness_grant (harness, role, "");
    return harness_run (harness, on_change_grants, keys_person);
}

static void
test_replaces_those_of_the_tenant_only (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    Padan__Grant kabid = grant (HARNESS_TENANT, PADAN__ROLE__ROLE_KABID, "");
    (void)state;
    person_row (harness, 'a', "1272:operator 1273:auditor");
    assert_rc (change_run (harness, 'a', 2, &kabid, PADAN__ROLE__ROLE_ADMIN), RC_OK);
    const struct person *person = harness_find (harness, &person_table, harness_id ('a'));
    assert_string_equal (person->grants, "1272:kabid 1273:auditor");
    assert_int_equal (person->version, 5);
    assert_int_equal (person->revision, 3);
    const Padan__Accounts__V1__GrantsChanged *changed =
        harness_event (harness, 0, &padan__accounts__v1__grants_changed__descriptor);
    assert_int_equal (changed->n_grants, 2);
    assert_int_equal (harness_event_version (harness, 0), 5);
    assert_rc (change_run (harness, 'a', 3, &kabid, PADAN__ROLE__ROLE_ADMIN), RC_OK);
    assert_int_equal (harness_events (harness), 0); /* the same again */
    assert_rc (change_run (harness, 'a', 0, NULL, PADAN__ROLE__ROLE_ADMIN), RC_OK);
    assert_string_equal (person->grants, "1273:auditor");
}

static void
test_refusals (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    Padan__Grant admin = grant (HARNESS_TENANT, PADAN__ROLE__ROLE_ADMIN, "");
    (void)state;
    person_row (harness, 'a', "1272:operator");
    person_row (harness, 'p', "1272:admin"); /* who asks */
    assert_refused (change_run (harness, 'a', 1, &admin, PADAN__ROLE__ROLE_ADMIN), RC_STALE, "common.stale", NULL);
    assert_refused (change_run (harness, 'p', 0, &admin, PADAN__ROLE__ROLE_ADMIN), RC_FORBIDDEN, "accounts.own_grants",
                    NULL);
    assert_refused (change_run (harness, 'b', 0, &admin, PADAN__ROLE__ROLE_ADMIN), RC_NOT_FOUND, "common.not_found",
                    NULL);
    assert_refused (change_run (harness, 'a', 0, &admin, PADAN__ROLE__ROLE_KADIS), RC_FORBIDDEN, "common.forbidden",
                    NULL);
    struct person *gone = person_row (harness, 'd', "1272:operator");
    gone->state = "disabled";
    assert_refused (change_run (harness, 'd', 0, &admin, PADAN__ROLE__ROLE_ADMIN), RC_CONFLICT, "accounts.person_state",
                    NULL);
}

static void
test_disabling (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    Padan__Accounts__V1__DisablePerson disable = PADAN__ACCOUNTS__V1__DISABLE_PERSON__INIT;
    (void)state;
    struct person *person = person_row (harness, 'a', "1272:operator");
    person_row (harness, 'p', "1272:admin");
    harness_command (harness, harness_id ('p'), &disable);
    harness_grant (harness, PADAN__ROLE__ROLE_ADMIN, "");
    assert_refused (harness_run (harness, on_disable_person, keys_person), RC_FORBIDDEN, "accounts.own_grants", NULL);
    harness_command (harness, harness_id ('a'), &disable);
    harness_grant (harness, PADAN__ROLE__ROLE_ADMIN, "");
    assert_rc (harness_run (harness, on_disable_person, keys_person), RC_OK);
    assert_string_equal (person->state, "disabled");
    assert_int_equal (person->sessions_from, HARNESS_NOW);
    harness_event (harness, 0, &padan__accounts__v1__person_disabled__descriptor);
    assert_refused (harness_run (harness, on_disable_person, keys_person), RC_CONFLICT, "accounts.person_state", NULL);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_replaces_those_of_the_tenant_only),
        cmocka_unit_test (test_refusals),
        cmocka_unit_test (test_disabling),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
