/* Pipelined calls, transactions and failing statements. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libpq-fe.h>

#include "common/base/clock.h"
#include "common/db/db.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static struct scratch *scratch;
static struct db *db, *other;
static struct arena *arena;

static const struct sql add = { "t.add", "insert into t (id, body) values ($1::int8, $2::text)" };
static const struct sql one = { "t.one", "select 1::int8" };
static const struct sql divide = { "t.divide", "select 1 / $1::int4" };
static const struct sql touch = { "t.touch", "update t set body = body where id = $1::int8" };
static const struct sql all = { "t.all", "select * from t" };

static int
group_setup (void **state)
{
    (void)state;
    scratch = scratch_new (NULL, (const char *const[]){ NULL });
    scratch_sql (scratch, "set client_min_messages = warning");
    arena = arena_new (256 << 20);
    return 0;
}

static int
group_teardown (void **state)
{
    (void)state;
    arena_destroy (&arena);
    scratch_destroy (&scratch);
    return 0;
}

static int
setup (void **state)
{
    (void)state;
    db = db_new (scratch_admin (scratch), "tested");
    other = db_new (scratch_admin (scratch), "other");
    scratch_sql (scratch,
                 "drop table if exists t; create table t (id int8 primary key, body text,"
                 " later int8 default 0, constraint t_later unique (later, id) deferrable initially deferred)");
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
run_clear (struct db *in, struct db_call *calls, size_t n)
{
    run_well (in, calls, n);
    db_calls_clear (calls, n);
}

static void
script (struct db *in, const char *text)
{
    struct err err = { 0 };
    if (db_script (in, text, &err))
        fail_msg ("%s: %s", text, err.text);
}

static int64_t
count (void)
{
    return strtoll (scratch_sql (scratch, "select count (*) from t"), NULL, 10);
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
    assert_int_equal (count (), 2);
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
    run_clear (db, calls, 5); /* also prepares what the failed trip never reached */
    assert_int_equal (count (), 1);
}

static void
without_a_transaction_a_trip_is_one (void **state)
{
    struct db_call calls[] = { { &add, int8_text (1, "a") }, { &divide, int4 (0) } };
    struct err err = { 0 };
    assert_int_equal (db_run (db, calls, 2, &err), RC_INTERNAL);
    assert_int_equal (count (), 0);
    calls[1].params = int4 (1);
    run_clear (db, calls, 2);
    assert_int_equal (count (), 1);
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
    run_clear (db, calls, 1);
}

static void
parameters_of_another_type_are_refused (void **state)
{
    struct db_call calls[] = { { &touch, int4 (1) } };
    struct db_call few[] = { { &add, int8_text (1, NULL) } };
    struct err err = { 0 };
    assert_int_equal (db_run (db, calls, 1, &err), RC_INTERNAL);
    assert_int_equal (db_run (db, few, 1, &err), RC_INTERNAL);
    ARENA_AUTO struct arena *small = arena_new (64 << 10);
    struct db_params *params = db_params (small);
    static const int64_t many[16384];
    db_param_int8_array (params, many, 16384);
    db_param_int8 (params, 1); /* harmless after the failure */
    struct db_call full = { &one, params };
    assert_int_equal (db_run (db, &full, 1, &err), RC_INTERNAL);
    assert_non_null (strstr (err.text, "arena"));
}

static void
a_second_key_is_a_conflict_by_name_without_values (void **state)
{
    struct db_call calls[] = { { &db_begin }, { &add, int8_text (3204110101900001, "a") }, { &db_commit } };
    struct err err = { 0 };
    run_clear (db, calls, 3);
    assert_int_equal (db_run (db, calls, 3, &err), RC_CONFLICT);
    assert_string_equal (err.code, "db.23505");
    assert_string_equal (err.field, "t_pkey");
    assert_null (strstr (err.text, "3204110101900001"));
    db_rollback (db);
}

static void
messages_that_quote_values_are_not_shown (void **state)
{
    static const struct sql cast = { "t.cast", "select $1::text::int8" };
    struct db_params *params = db_params (arena);
    db_param_text (params, "Siti Rahma");
    struct db_call call = { &cast, params };
    struct err err = { 0 };
    assert_int_equal (db_run (db, &call, 1, &err), RC_INTERNAL);
    assert_string_equal (err.code, "db.22P02");
    assert_null (strstr (err.text, "Siti"));
}

/* The failure comes with COMMIT, or with the end of the pipeline when there is none: known, not unknown. */
static void
a_deferred_constraint_is_a_conflict (void **state)
{
    static const struct sql twice = { "t.twice", "insert into twice values ($1::int8)" };
    scratch_sql (scratch, "drop table if exists twice; create table twice"
                          " (id int8, constraint only_once unique (id) deferrable initially deferred)");
    struct db_call bare[] = { { &twice, int8_text (1, NULL) } };
    struct db_call whole[] = { { &db_begin }, { &twice, int8_text (1, NULL) }, { &db_commit } };
    struct err err = { 0 };
    run_clear (db, bare, 1);
    assert_int_equal (db_run (db, bare, 1, &err), RC_CONFLICT);
    assert_int_equal (db_run (db, whole, 3, &err), RC_CONFLICT);
    assert_string_equal (err.field, "only_once");
    db_rollback (db);
}

static void
commit_of_a_failed_transaction_is_no_success (void **state)
{
    struct db_call begin[] = { { &db_begin }, { &add, int8_text (1, "a") }, { &divide, int4 (0) } };
    struct db_call commit[] = { { &db_commit } };
    struct err err = { 0 };
    assert_int_equal (db_run (db, begin, 3, &err), RC_INTERNAL);
    assert_int_equal (db_run (db, commit, 1, &err), RC_INTERNAL);
    assert_int_equal (count (), 0);
    begin[2].params = int4 (1);
    run_clear (db, begin, 3);
    run_clear (db, commit, 1);
    assert_int_equal (count (), 1);
}

struct thread {
    struct db_call *calls;
    enum rc rc;
};

static void *
run_thread (void *argument)
{
    struct thread *thread = argument;
    thread->rc = db_run (other, thread->calls, 1, NULL);
    db_calls_clear (thread->calls, 1);
    return NULL;
}

static void
one_of_two_in_a_deadlock_retries (void **state)
{
    struct db_call fill[] = { { &add, int8_text (1, "a") }, { &add, int8_text (2, "b") } };
    struct db_call first[] = { { &db_begin }, { &touch, int8_text (1, NULL) } };
    struct db_call second[] = { { &db_begin }, { &touch, int8_text (2, NULL) } };
    struct thread thread = { .calls = &first[1] };
    struct err err = { 0 };
    pthread_t id;
    run_clear (db, fill, 2);
    run_clear (db, first, 2);
    run_clear (other, second, 2);
    assert_int_equal (pthread_create (&id, NULL, run_thread, &thread), 0); /* other: row 1, held by db */
    enum rc rc = db_run (db, &second[1], 1, &err);                         /* db: row 2, held by other */
    db_calls_clear (second, 2);
    if (rc)
        db_rollback (db);
    pthread_join (id, NULL);
    assert_true ((rc == RC_RETRY) != (thread.rc == RC_RETRY));
    assert_true ((rc == RC_OK) != (thread.rc == RC_OK));
    if (rc)
        assert_string_equal (err.code, "db.40P01");
    db_rollback (db);
    db_rollback (other);
}

static void
timeouts_are_retries_on_a_living_connection (void **state)
{
    static const struct sql sleep = { "t.sleep", "select pg_sleep (20)" };
    struct db_call slow[] = { { &sleep } };
    struct db_call fill[] = { { &add, int8_text (1, "a") } };
    struct db_call hold[] = { { &db_begin }, { &touch, int8_text (1, NULL) } };
    struct err err = { 0 };
    script (db, "set statement_timeout = '50ms'; set lock_timeout = '20ms'");
    assert_int_equal (db_run (db, slow, 1, &err), RC_RETRY);
    assert_string_equal (err.code, "db.57014");
    run_clear (db, fill, 1);
    run_clear (other, hold, 2);
    assert_int_equal (db_run (db, &hold[1], 1, &err), RC_RETRY);
    assert_string_equal (err.code, "db.55P03");
    run_clear (other, &(struct db_call){ &db_commit }, 1);
    run_clear (db, &hold[1], 1);
    const char *timeout = NULL; /* the same session all along */
    assert_int_equal (db_value (db, "show lock_timeout", arena, &timeout, &err), RC_OK);
    assert_string_equal (timeout, "20ms");
}

static void
a_table_changed_under_a_statement_is_a_retry (void **state)
{
    struct db_call calls[] = { { &db_begin }, { &all }, { &db_commit } };
    struct err err = { 0 };
    run_clear (db, calls, 3);
    scratch_sql (scratch, "alter table t add column more int4");
    assert_int_equal (db_run (db, calls, 3, &err), RC_RETRY);
    run_clear (db, calls, 3);
}

static void
forgotten_statements_are_a_retry (void **state)
{
    struct db_call call = { &one };
    struct err err = { 0 };
    run_clear (db, &call, 1);
    script (db, "deallocate all");
    assert_int_equal (db_run (db, &call, 1, &err), RC_RETRY);
    run_clear (db, &call, 1);
}

static void
a_server_turned_read_only_is_left (void **state)
{
    struct db_call calls[] = { { &db_begin }, { &add, int8_text (1, "a") }, { &db_commit } };
    struct err err = { 0 };
    script (db, "set default_transaction_read_only = on");
    assert_int_equal (db_run (db, calls, 3, &err), RC_RETRY);
    assert_string_equal (err.code, "db.25006");
    run_clear (db, calls, 3);
    calls[0].sql = &db_begin_read; /* our own doing: a defect, not a failover */
    assert_int_equal (db_run (db, calls, 3, &err), RC_INTERNAL);
    db_rollback (db);
}

static void
big_parameters_and_big_results_pass_each_other (void **state)
{
    enum { SIZE = 4 << 20, CALLS = 8 };
    static const struct sql echo = { "t.echo", "select $1::text, $1, $1" };
    char *body = arena_alloc (arena, SIZE + 1);
    memset (body, 'x', SIZE);
    struct db_params *params = db_params (arena);
    db_param_text (params, body);
    struct db_call calls[CALLS];
    for (size_t i = 0; i < CALLS; i++)
        calls[i] = (struct db_call){ &echo, params };
    run_well (db, calls, CALLS);
    for (size_t i = 0; i < CALLS; i++)
        assert_int_equal (strlen (db_text (calls[i].result, 0, 2)), SIZE);
    db_calls_clear (calls, CALLS);
}

static _Atomic bool socket_fills;
static _Atomic int flushes_cut_short;

/* In place of libpq's: every other time it says, without sending, that the socket is full. */
int
PQflush (PGconn *conn)
{
    static int (*real) (PGconn *); /* every thread finds the same */
    static _Atomic unsigned n;
    if (!real)
        real = (int (*) (PGconn *))dlsym (RTLD_NEXT, "PQflush");
    if (socket_fills && n++ % 2 == 0) {
        flushes_cut_short++;
        return 1;
    }
    return real (conn);
}

/* db_flush once flushed again before it waited: when that sent the last byte, it waited for an answer, which a COPY has
 * not before its end, and stood until the deadline. */
static void
copy_never_waits_for_an_answer_to_a_chunk (void **state)
{
    enum { SIZE = 256 << 10, ROWS = 20 };
    static const struct sql copy = { "t.chunks", "copy chunks (body) from stdin (format binary)" };
    static const struct db_column column = { "body", DB_BYTES, 0 };
    struct bytes body = { arena_alloc (arena, SIZE), SIZE };
    const void *rows[ROWS];
    struct err err = { 0 };
    for (size_t i = 0; i < ROWS; i++)
        rows[i] = &body;
    scratch_sql (scratch, "create unlogged table chunks (body bytea)");
    int64_t start = clock_monotonic ();
    socket_fills = true;
    enum rc rc = db_copy (db, &copy, &column, 1, rows, ROWS, &err);
    socket_fills = false;
    if (rc)
        fail_msg ("%s after %lld ms", err.text, (long long)((clock_monotonic () - start) / 1000));
    assert_string_equal (scratch_sql (scratch, "select count (*) from chunks"), "20");
    assert_true (flushes_cut_short > 0);
    scratch_sql (scratch, "drop table chunks");
}

/* The server throws away the rest, and its answer comes long before our last byte. */
static void
an_early_refusal_is_seen_while_sending (void **state)
{
    enum { SIZE = 2 << 20, ROUNDS = 10 };
    static const struct sql copy = { "t.copy", "copy t (id, body) from stdin (format binary)" };
    struct pair {
        int64_t id;
        struct bytes body;
    } pairs[2] = { { .id = 1 }, { .id = 1 } };
    static const struct db_column columns[] = { DB_COLUMN (DB_INT8, pair, id), DB_COLUMN (DB_BYTES, pair, body) };
    pairs[0].body = pairs[1].body = (struct bytes){ arena_alloc (arena, SIZE), SIZE }; /* NULs: not text */
    const void *rows[] = { &pairs[0], &pairs[1], &pairs[1] };
    script (db, "set statement_timeout = '5s'");
    for (int i = 0; i < ROUNDS; i++) {
        struct err err = { 0 };
        assert_int_equal (db_copy (db, &copy, columns, 2, rows, 3, &err), RC_INTERNAL);
        assert_string_equal (err.code, "db.22021");
    }
}

static void
a_session_has_our_settings_unless_told_otherwise (void **state)
{
    static const char text[] = "select concat_ws (' ', current_setting ('statement_timeout'),"
                               " current_setting ('lock_timeout'), current_setting ('timezone'),"
                               " current_setting ('client_encoding'), current_setting ('application_name'),"
                               " current_setting ('idle_in_transaction_session_timeout'))";
    const char *got = NULL;
    char conninfo[1024];
    struct err err = { 0 };
    assert_int_equal (db_value (db, text, arena, &got, &err), RC_OK);
    assert_string_equal (got, "10s 3s UTC UTF8 tested 5s");
    snprintf (conninfo, sizeof conninfo, "%s options='-c lock_timeout=7s'", scratch_admin (scratch));
    DB_AUTO struct db *own = db_new (conninfo, "own");
    assert_int_equal (db_value (own, text, arena, &got, &err), RC_OK);
    assert_string_equal (got, "10s 7s UTC UTF8 own 5s");
}

static void
no_server_is_a_retry_and_nonsense_is_not (void **state)
{
    struct db_call call = { &one };
    struct err err = { 0 };
    DB_AUTO struct db *nobody = db_new ("host=/nonexistent dbname=x", "nobody");
    assert_int_equal (db_run (nobody, &call, 1, &err), RC_RETRY);
    assert_int_equal (db_script (nobody, "select 1", &err), RC_RETRY);
    db_rollback (nobody);
    DB_AUTO struct db *nonsense = db_new ("password='secret", "nonsense");
    assert_int_equal (db_run (nonsense, &call, 1, &err), RC_INTERNAL);
    assert_null (strstr (err.text, "secret"));
}

static void
values_and_scripts (void **state)
{
    const char *got = "";
    struct err err = { 0 };
    assert_int_equal (db_value (db, "select null", arena, &got, &err), RC_OK);
    assert_null (got);
    assert_int_equal (db_value (db, "select 1 where false", arena, &got, &err), RC_NOT_FOUND);
    assert_int_equal (db_script (db, "insert into t values (1); select 1 / 0", &err), RC_INTERNAL);
    assert_int_equal (count (), 0);
    assert_int_equal (db_script (db, "copy t from stdin", &err), RC_INTERNAL);
    script (db, "");
    script (db, "insert into t values (1); insert into t values (2)");
    assert_int_equal (count (), 2);
}

int
main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST (a_transaction_in_one_trip),
        TEST (a_failing_statement_undoes_the_trip),
        TEST (without_a_transaction_a_trip_is_one),
        TEST (a_statement_that_cannot_be_prepared_is_named),
        TEST (parameters_of_another_type_are_refused),
        TEST (a_second_key_is_a_conflict_by_name_without_values),
        TEST (messages_that_quote_values_are_not_shown),
        TEST (a_deferred_constraint_is_a_conflict),
        TEST (commit_of_a_failed_transaction_is_no_success),
        TEST (one_of_two_in_a_deadlock_retries),
        TEST (timeouts_are_retries_on_a_living_connection),
        TEST (a_table_changed_under_a_statement_is_a_retry),
        TEST (forgotten_statements_are_a_retry),
        TEST (a_server_turned_read_only_is_left),
        TEST (big_parameters_and_big_results_pass_each_other),
        TEST (copy_never_waits_for_an_answer_to_a_chunk),
        TEST (an_early_refusal_is_seen_while_sending),
        TEST (a_session_has_our_settings_unless_told_otherwise),
        TEST (no_server_is_a_retry_and_nonsense_is_not),
        TEST (values_and_scripts),
    };
    return cmocka_run_group_tests (tests, group_setup, group_teardown);
}
