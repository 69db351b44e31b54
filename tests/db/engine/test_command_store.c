/* command_store.sql and log_append.sql: two batches that hold the same commands wait for each other in one order. */
#include "tests/support/test.h"

#include "common/db/db.h"
#include "engine_sql.h"
#include "tests/support/scratch.h"

enum { STORE_ARENA = 1 << 16 };

static void
no_events (struct db_params *params)
{
    db_param_int4_array (params, NULL, 0);
    db_param_int8_array (params, NULL, 0);
    db_param_uuid_array (params, NULL, 0);
    db_param_int8_array (params, NULL, 0);
    db_param_text_array (params, NULL, 0);
    db_param_uuid_array (params, NULL, 0);
    db_param_bytes_array (params, NULL, 0);
    db_param_bytes_array (params, NULL, 0);
}

static void
store (struct db *db, const struct sql *statement, const char *const *keys, size_t n)
{
    ARENA_AUTO struct arena *arena = arena_new (STORE_ARENA);
    struct db_call calls[] = { { .sql = &db_begin },
                               { .sql = &sql_scope, .params = db_params (arena) },
                               { .sql = statement, .params = db_params (arena) },
                               { .sql = &db_commit } };
    struct db_params *params = calls[2].params;
    int64_t *tenants = arena_array (arena, n, sizeof *tenants);
    struct uuid *persons = arena_array (arena, n, sizeof *persons);
    const char **routes = arena_array (arena, n, sizeof *routes);
    struct bytes *bytes = arena_array (arena, n, sizeof *bytes);
    struct err err = { 0 };
    for (size_t i = 0; i < n; i++) {
        tenants[i] = 1272;
        persons[i] = (struct uuid){ { 7 } };
        routes[i] = "toy.Deposit";
        bytes[i] = (struct bytes){ (const uint8_t *)"x", 1 };
    }
    db_param_text (calls[1].params, "*");
    if (statement == &sql_log_append)
        no_events (params);
    db_param_int8_array (params, tenants, n);
    db_param_uuid_array (params, persons, n);
    db_param_text_array (params, routes, n);
    db_param_text_array (params, keys, n);
    db_param_bytes_array (params, bytes, n);
    db_param_bytes_array (params, bytes, n);
    db_param_int8_array (params, tenants, n);
    if (db_run (db, calls, 4, &err) != RC_OK)
        fail_msg ("%s", err.text);
    db_calls_clear (calls, 4);
}

static void
keys_are_written_in_order (void **state)
{
    SCRATCH_AUTO struct scratch *scratch = scratch_new (NULL, (const char *const[]){ "till", NULL });
    scratch_migrate (scratch, "till", (const char *const[]){ "common/engine/migrations", NULL });
    DB_AUTO struct db *db = db_new_keyed (scratch_login (scratch, "till"), "test");
    store (db, &sql_command_store, (const char *const[]){ "d", "a", "c", "b" }, 4);
    store (db, &sql_log_append, (const char *const[]){ "h", "e", "g", "f" }, 4);
    assert_string_equal (scratch_sql (scratch, "select string_agg (key, '' order by ctid) from till.command"),
                         "abcdefgh");
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (keys_are_written_in_order) };
    return cmocka_run_group_tests_name ("engine/command_store", tests, NULL, NULL);
}
