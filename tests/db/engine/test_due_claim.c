/* due_claim.sql: who is served first, and that no row is claimed twice. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "common/db/db.h"
#include "engine_sql.h"
#include "tests/support/scratch.h"

enum { LIMIT = 100, LOOK = 200, LEASE = 60, SMALL = 1, LARGE = 2, CLAIM_ARENA = 1 << 20 };

static struct scratch *scratch;
static struct db *worker, *other;

#define SQL(...) scratch_sql (scratch, __VA_ARGS__)

static int
setup (void **state)
{
    scratch = scratch_new (NULL, (const char *const[]){ "till", NULL });
    scratch_migrate (scratch, "till", (const char *const[]){ "common/engine/migrations", NULL });
    worker = db_new_keyed (scratch_login (scratch, "till"), "worker");
    other = db_new_keyed (scratch_login (scratch, "till"), "other");
    return 0;
}

static int
teardown (void **state)
{
    db_destroy (&worker);
    db_destroy (&other);
    scratch_destroy (&scratch);
    return 0;
}

static int
empty (void **state)
{
    SQL ("truncate till.due");
    return 0;
}

/* n rows of a tenant, due one second after the other; the newest is `age` seconds old. */
static void
rows_add (int tenant, int n, int priority, int age)
{
    SQL ("insert into till.due (id, tenant, kind, subject, input_version, priority, due_at, payload) "
         "select gen_random_uuid (), %d, 'audit', gen_random_uuid (), 1, %d, "
         "now () - make_interval (secs => %d + g), '' from generate_series (0, %d) g",
         tenant, priority, age, n - 1);
}

/* How many rows were claimed; the claim stays open until it is ended. */
static size_t
claim (struct db *db)
{
    ARENA_AUTO struct arena *arena = arena_new (CLAIM_ARENA);
    struct db_call calls[] = { { .sql = &db_begin },
                               { .sql = &sql_scope, .params = db_params (arena) },
                               { .sql = &sql_due_claim, .params = db_params (arena) } };
    struct err err = { 0 };
    db_param_text (calls[1].params, "*");
    db_param_text (calls[2].params, "audit");
    db_param_int8 (calls[2].params, LIMIT);
    db_param_int8 (calls[2].params, LOOK);
    db_param_uuid (calls[2].params, (struct uuid){ { 1 } });
    db_param_int4 (calls[2].params, LEASE);
    if (db_run (db, calls, 3, &err) != RC_OK)
        fail_msg ("%s", err.text);
    size_t n = db_count (calls[2].result);
    db_calls_clear (calls, 3);
    return n;
}

static size_t
claim_end (struct db *db)
{
    struct db_call commit = { .sql = &db_commit };
    struct err err;
    size_t n = claim (db);
    assert_int_equal (db_run (db, &commit, 1, &err), RC_OK);
    db_calls_clear (&commit, 1);
    return n;
}

static const char *
leased (const char *what)
{
    return SQL ("select count (*) from till.due where lease_until > now () and %s", what);
}

static void
a_small_kota_does_not_wait_behind_a_large_one (void **state)
{
    rows_add (LARGE, 1000, 5, 3600);
    rows_add (SMALL, 30, 5, 1);
    assert_int_equal (claim_end (worker), LIMIT);
    assert_string_equal (leased ("tenant = 1"), "30");
    assert_string_equal (leased ("tenant = 2"), "70");
    assert_string_equal (SQL ("select bool_and (due_at <= (select min (due_at) from till.due where tenant = 2 and "
                              "lease_until is null)) from till.due where tenant = 2 and lease_until is not null"),
                         "t"); /* its own oldest */
}

static void
what_is_urgent_is_first_whoever_has_it (void **state)
{
    rows_add (SMALL, 30, 5, 3600);
    rows_add (LARGE, 90, 0, 1);
    assert_int_equal (claim_end (worker), LIMIT);
    assert_string_equal (leased ("tenant = 2"), "90");
    assert_string_equal (leased ("tenant = 1"), "10");
}

static void
two_workers_at_once_claim_different_rows (void **state)
{
    rows_add (LARGE, 500, 5, 1);
    assert_int_equal (claim (worker), LIMIT);
    assert_int_equal (claim (other), LIMIT);
    db_rollback (other);
    db_rollback (worker);
    assert_int_equal (claim_end (worker) + claim_end (other), 2 * LIMIT);
    assert_string_equal (leased ("true"), "200");
}

static void
what_is_not_ready_is_left (void **state)
{
    rows_add (SMALL, 10, 0, -3600);
    rows_add (SMALL, 10, 1, 1);
    SQL ("update till.due set due_at = null where priority = 1 and id in (select id from till.due where priority = 1 "
         "limit 5)");
    assert_int_equal (claim_end (worker), 5);
    assert_int_equal (claim_end (worker), 0);
}

/* What ended its worker would end each one that has it, and take with it what was claimed together with it. */
static void
a_lease_that_ran_out_is_an_attempt_and_claimed_alone (void **state)
{
    rows_add (LARGE, 50, 5, 3600);
    assert_int_equal (claim_end (worker), 50);
    SQL ("update till.due set lease_until = now () - interval '1 second'");
    rows_add (SMALL, 10, 0, 1);
    assert_int_equal (claim_end (worker), 10); /* those before it go first */
    for (int i = 0; i < 50; i++)
        assert_int_equal (claim_end (worker), 1);
    assert_int_equal (claim_end (worker), 0);
    assert_string_equal (SQL ("select count (*) from till.due where tenant = 2 and attempts = 1"), "50");
    assert_string_equal (SQL ("select max (attempts) from till.due where tenant = 1"), "0");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup (a_small_kota_does_not_wait_behind_a_large_one, empty),
        cmocka_unit_test_setup (what_is_urgent_is_first_whoever_has_it, empty),
        cmocka_unit_test_setup (two_workers_at_once_claim_different_rows, empty),
        cmocka_unit_test_setup (what_is_not_ready_is_left, empty),
        cmocka_unit_test_setup (a_lease_that_ran_out_is_an_attempt_and_claimed_alone, empty),
    };
    return cmocka_run_group_tests_name ("engine/due_claim", tests, setup, teardown);
}
