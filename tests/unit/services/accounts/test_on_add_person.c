#include "tests/unit/services/accounts/people.h"

static struct add_person_facts facts = { .password = "hashed" };

static Padan__Accounts__V1__AddPerson
add_make (Padan__Grant **grants, size_t n)
{
    Padan__Accounts__V1__AddPerson add = PADAN__ACCOUNTS__V1__ADD_PERSON__INIT;
    add.login = (char *)"Lurah.Bane";
    add.name = (char *)"Lurah Bane";
    add.password = (char *)"kuda-laut-biru";
    add.grants = grants;
    add.n_grants = n;
    return add;
}

static enum rc
add_run (struct harness *harness, char id, const Padan__Accounts__V1__AddPerson *add, Padan__Role role)
{
    struct message *message = harness_command (harness, harness_id (id), add);
    message->facts = &facts;
    if (role)
        harness_grant (harness, role, "");
    else
        from_service (message, "padan");
    return harness_run (harness, on_add_person, keys_add_person);
}

static void
test_an_administrator_adds_somebody (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    Padan__Grant operator_ = grant (HARNESS_TENANT, PADAN__ROLE__ROLE_OPERATOR, ""), *grants[] = { &operator_ };
    Padan__Accounts__V1__AddPerson add = add_make (grants, 1);
    (void)state;
    tenant_row (harness);
    assert_rc (add_run (harness, 'a', &add, PADAN__ROLE__ROLE_ADMIN), RC_OK);
    const struct person *person = harness_find (harness, &person_table, harness_id ('a'));
    assert_string_equal (person->login, "lurah.bane");
    assert_string_equal (person->password, "hashed");
    assert_string_equal (person->grants, "1272:operator");
    assert_int_equal (person->version, 1);
    assert_int_equal (harness_event_version (harness, 0), 1);
    const Padan__Accounts__V1__PersonAdded *added =
        harness_event (harness, 0, &padan__accounts__v1__person_added__descriptor);
    assert_int_equal (added->n_grants, 1);
    /* the same again is answered the same and says nothing new */
    assert_rc (add_run (harness, 'a', &add, PADAN__ROLE__ROLE_ADMIN), RC_OK);
    assert_int_equal (harness_events (harness), 0);
    const Padan__Accounts__V1__PersonReply *reply =
        harness_reply (harness, &padan__accounts__v1__person_reply__descriptor);
    assert_int_equal (reply->version, 1);
    /* somebody else with that login, however it is written */
    add.login = (char *)"LURAH.bane";
    assert_refused (add_run (harness, 'b', &add, PADAN__ROLE__ROLE_ADMIN), RC_CONFLICT, "accounts.login_taken",
                    "/login");
}

static void
test_refusals (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    Padan__Grant good = grant (HARNESS_TENANT, PADAN__ROLE__ROLE_KADIS, ""), bad, *grants[] = { &good, &bad };
    Padan__Accounts__V1__AddPerson add = add_make (grants, 2);
    (void)state;
    tenant_row (harness);
    bad = grant (1273, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_refused (add_run (harness, 'a', &add, PADAN__ROLE__ROLE_ADMIN), RC_UNPROCESSABLE, "accounts.grant_foreign",
                    "/grants/1/tenant");
    assert_rc (add_run (harness, 'x', &add, 0), RC_OK); /* padan may: somebody of the province */
    add.login = (char *)"lain";
    bad = grant (HARNESS_TENANT, PADAN__ROLE__ROLE_KELURAHAN, "");
    assert_refused (add_run (harness, 'a', &add, PADAN__ROLE__ROLE_ADMIN), RC_UNPROCESSABLE, "accounts.grant_place",
                    "/grants/1/place");
    bad = grant (HARNESS_TENANT, PADAN__ROLE__ROLE_SERVICE, "");
    assert_refused (add_run (harness, 'a', &add, PADAN__ROLE__ROLE_ADMIN), RC_UNPROCESSABLE, "accounts.grant_invalid",
                    "/grants/1/role");
    add.n_grants = 0;
    assert_refused (add_run (harness, 'a', &add, PADAN__ROLE__ROLE_ADMIN), RC_UNPROCESSABLE, "accounts.grants_none",
                    "/grants");
    add.n_grants = 1;
    assert_refused (add_run (harness, 'a', &add, PADAN__ROLE__ROLE_OPERATOR), RC_FORBIDDEN, "common.forbidden", NULL);
    add.name = (char *)"";
    assert_refused (add_run (harness, 'a', &add, PADAN__ROLE__ROLE_ADMIN), RC_UNPROCESSABLE, "accounts.name", "/name");
    add.name = (char *)"Nama";
    add.login = (char *)"dua kata";
    assert_refused (add_run (harness, 'a', &add, PADAN__ROLE__ROLE_ADMIN), RC_UNPROCESSABLE, "accounts.login_invalid",
                    "/login");
}

static void
test_no_people_without_a_tenant_or_by_another_service (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&accounts_service);
    Padan__Grant admin = grant (HARNESS_TENANT, PADAN__ROLE__ROLE_ADMIN, ""), *grants[] = { &admin };
    Padan__Accounts__V1__AddPerson add = add_make (grants, 1);
    (void)state;
    assert_refused (add_run (harness, 'a', &add, 0), RC_NOT_FOUND, "accounts.tenant_unknown", NULL);
    tenant_row (harness);
    struct message *message = from_service (harness_command (harness, harness_id ('a'), &add), "intake");
    message->facts = &facts;
    assert_refused (harness_run (harness, on_add_person, keys_add_person), RC_FORBIDDEN, "common.forbidden", NULL);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_an_administrator_adds_somebody),
        cmocka_unit_test (test_refusals),
        cmocka_unit_test (test_no_people_without_a_tenant_or_by_another_service),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
