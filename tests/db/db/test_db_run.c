/* Pipelined calls, transactions, failing statements and lost connections. */
#include <pthread.h>
#include <signal.h>

#include "tests/db/db/scratch.h"

static struct scratch scratch;
static struct db *db, *other;
static struct arena *arena;

static const struct sql add = { "t.add", "insert into t (id, body) values ($1::int8, $2::text)" };
static const struct sql one = { "t.one", "select 1::int8" };
static const struct sql divide = { "t.divide", "select 1 / $1::int4" };
static const struct sql touch = { "t.touch", "update t set body = body where id = $1::int8" };

static void
script (struct db *in, const char *text)
{
    struct err err = { 0 };
    if (db_script (in, text, &err))
        fail_msg ("%s: %s", text, err.text);
}

static int64_t
value (const char *text)
{
    struct err err = { 0 };
    const char *got = NULL;
    if (db_value (other, text, arena, &got, &err))
        fail_msg ("%s: %s", text, err.text);
    return got ? strtoll (got, NULL, 10) : -1;
}

static void
wait_until (const char *text, int64_t expected)
{
    int64_t deadline = clock_monotonic () + 20 * (int64_t)CLOCK_SECOND;
    while (value (text) != expected)
        if (clock_monotonic () > deadline)
            fail_msg ("not so within 20 s: %s", text);
}

static int
group_setup (void **state)
{
    (void)state;
    scratch_make (&scratch);
    arena = arena_new (256 << 20);
    return 0;
}

static int
group_teardown (void **state)
{
    (void)state;
    arena_destroy (&arena);
    scratch_drop (&scratch);
    return 0;
}

static int
setup (void **state)
{
    (void)state;
    db = db_new (scratch.conninfo, "tested");
    other = db_new (scratch.conninfo, "other");
    script (other, "drop table if exists t; create table t (id int8 primary key, body text)");
    return 0;
}

static int
teardown (void **state)
{
    (void)state;
    db_destroy (&db);
    db_destroy (&other);
    arena_reset (arena);
    return 0;
}

static struct db_params *
int8_text (int64_t id, const char *body)
{
    struct db_params *params = db_params (arena);
    db_param_int8 (params, id);
    if (body)
        db_param_text (params, body);
    return params;
}

static struct db_params *
int4 (int32_t number)
{
    struct db_params *params = db_params (arena);
    db_param_int4 (params, number);
    return params;
}

static void
run_well (struct db *in, struct db_call *calls, size_t n)
{
    struct err err = { 0 };
    if (db_run (in, calls, n, &err))
        fail_msg ("%s: %s", rc_name (err.rc), err.text);
}

static void
a_transaction_in_one_trip (void **state)
{
    struct db_call calls[] = {
        { &db_begin }, { &add, int8_text (1, "a") }, { &add, int8_text (2, "b") }, { &one }, { &db_commit }
    };
    run_well (db, calls, 5);
    assert_int_equal (db_affected (calls[1].result), 1);
    assert_int_equal (db_int8 (calls[3].result, 0, 0), 1);
    db_calls_clear (calls, 5);
    assert_null (calls[3].result);
    assert_int_equal (value ("select count (*) from t"), 2);
}

static void
a_failing_statement_undoes_the_trip (void **state)
{
    struct db_call calls[] = { { &db_begin },
                               { &add, int8_text (1, "a") },
                               { &divide, int4 (0) },
                               { &touch, int8_text (1, NULL) },
                               { &db_commit } };
    struct err err = { 0 };
    assert_int_equal (db_run (db, calls, 5, &err), RC_INTERNAL);
    assert_string_equal (err.code, "db.22012");
    assert_non_null (strstr (err.text, "t.divide"));
    for (size_t i = 0; i < 5; i++)
        assert_null (calls[i].result);
    struct db_call alone = { &one };
    assert_int_equal (db_run (db, &alone, 1, &err), RC_INTERNAL); /* still in the failed transaction */
    db_rollback (db);
    calls[2].params = int4 (1);
    run_well (db, calls, 5); /* also prepares what the failed trip never reached */
    db_calls_clear (calls, 5);
    assert_int_equal (value ("select count (*) from t"), 1);
}

static void
a_statement_that_cannot_be_prepared_is_named (void **state)
{
    static const struct sql wrong = { "t.wrong", "select nothing from nowhere" };
    struct db_call calls[] = { { &one }, { &wrong }, { &one } };
    struct err err = { 0 };
    for (int i = 0; i < 2; i++) {
        assert_int_equal (db_run (db, calls, 3, &err), RC_INTERNAL);
        assert_string_equal (err.code, "db.42P01");
        assert_non_null (strstr (err.text, "t.wrong"));
    }
    run_well (db, calls, 1);
    db_calls_clear (calls, 1);
}

static void
a_terminated_backend_is_a_retry (void **state)
{
    struct db_call begin[] = { { &db_begin }, { &add, int8_text (1, "a") } };
    struct db_call end[] = { { &add, int8_text (2, "b") }, { &db_commit } };
    struct db_call whole[] = { { &db_begin }, { &add, int8_text (3, "c") }, { &db_commit } };
    struct err err = { 0 };
    run_well (db, begin, 2);
    db_calls_clear (begin, 2);
    value ("select pg_terminate_backend (pid) from pg_stat_activity where application_name = 'tested'");
    wait_until ("select count (*) from pg_stat_activity where application_name = 'tested'", 0);
    assert_int_equal (db_run (db, end, 2, &err), RC_RETRY); /* the server said so before it got COMMIT */
    assert_int_equal (db_run (db, end, 2, &err), RC_RETRY); /* half a transaction never runs on a new connection */
    run_well (db, whole, 3);
    db_calls_clear (whole, 3);
    assert_int_equal (value ("select count (*) from t"), 1);
}

int
main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST (a_transaction_in_one_trip),
        TEST (a_failing_statement_undoes_the_trip),
        TEST (a_statement_that_cannot_be_prepared_is_named),
        TEST (a_terminated_backend_is_a_retry),
    };
    return cmocka_run_group_tests (tests, group_setup, group_teardown);
}
