/* Every type to the server and back: single parameters, arrays, rows of structs, COPY. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db/db.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static struct scratch *scratch;
static struct db *db;
static struct arena *arena;

static int
group_setup (void **state)
{
    (void)state;
    scratch = scratch_new (NULL, (const char *const[]){ NULL });
    db = db_new (scratch_admin (scratch), "test_db_types");
    arena = arena_new (64 << 20);
    return 0;
}

static int
group_teardown (void **state)
{
    (void)state;
    db_destroy (&db);
    arena_destroy (&arena);
    scratch_destroy (&scratch);
    return 0;
}

static void
run (struct db_call *call)
{
    struct err err = { 0 };
    if (db_run (db, call, 1, &err))
        fail_msg ("%s", err.text);
}

static const int64_t TIME = INT64_C (1700000000123456);

static void
single_values_keep_their_meaning (void **state)
{
    static const struct sql sql = { "t.single",
                                    "select $1::bool, $2::int4, $3::int8, $4::uuid, $5::text, $6::timestamptz,"
                                    " $7::bytea, $6::timestamptz::text, $3::int8::text, $4::uuid::text" };
    struct db_params *params = db_params (arena);
    struct uuid uuid = uuid_new (TIME);
    char text[UUID_TEXT];
    uint8_t bytes[] = { 0, 255, 0, 7 };
    db_param_bool (params, true);
    db_param_int4 (params, -42);
    db_param_int8 (params, INT64_C (3204110101900001));
    db_param_uuid (params, uuid);
    db_param_text (params, "kelurahan é");
    db_param_time (params, TIME);
    db_param_bytes (params, (struct bytes){ bytes, sizeof bytes });
    struct db_call call = { &sql, params };
    run (&call);
    const struct db_result *r = call.result;
    assert_int_equal (db_count (r), 1);
    assert_true (db_bool (r, 0, 0));
    assert_int_equal (db_int4 (r, 0, 1), -42);
    assert_int_equal (db_int8 (r, 0, 1), -42);
    assert_true (db_int8 (r, 0, 2) == INT64_C (3204110101900001));
    assert_int_equal (uuid_compare (db_uuid (r, 0, 3), uuid), 0);
    assert_string_equal (db_text (r, 0, 4), "kelurahan é");
    assert_true (db_time (r, 0, 5) == TIME);
    assert_int_equal (db_bytes (r, 0, 6).size, sizeof bytes);
    assert_memory_equal (db_bytes (r, 0, 6).data, bytes, sizeof bytes);
    assert_string_equal (db_text (r, 0, 7), "2023-11-14 22:13:20.123456+00");
    assert_string_equal (db_text (r, 0, 8), "3204110101900001");
    assert_string_equal (db_text (r, 0, 9), uuid_format (uuid, text));
    db_calls_clear (&call, 1);
}

static void
single_nulls_are_null (void **state)
{
    static const struct sql sql = {
        "t.nulls", "select $1::uuid, $2::text, $3::timestamptz, $4::bytea, $5::bytea, $6::text, null::int8"
    };
    struct db_params *params = db_params (arena);
    db_param_uuid (params, (struct uuid){ 0 });
    db_param_text (params, NULL);
    db_param_time (params, 0);
    db_param_bytes (params, (struct bytes){ 0 });
    db_param_bytes (params, (struct bytes){ (const uint8_t *)"", 0 });
    db_param_text (params, "");
    struct db_call call = { &sql, params };
    run (&call);
    for (size_t i = 0; i < 4; i++)
        assert_true (db_null (call.result, 0, i));
    assert_false (db_null (call.result, 0, 4));
    assert_non_null (db_bytes (call.result, 0, 4).data);
    assert_string_equal (db_text (call.result, 0, 5), "");
    assert_true (uuid_is_nil (db_uuid (call.result, 0, 0)));
    assert_null (db_text (call.result, 0, 1));
    assert_true (db_time (call.result, 0, 2) == 0);
    assert_null (db_bytes (call.result, 0, 3).data);
    assert_true (db_int8 (call.result, 0, 6) == 0);
    db_calls_clear (&call, 1);
}

static void
arrays_keep_their_meaning (void **state)
{
    static const struct sql sql = { "t.arrays",
                                    "select $1::int4[]::text, $2::int8[]::text, $3::uuid[]::text, $4::text[]::text,"
                                    " $5::bytea[]::text, $6::timestamptz[]::text" };
    int32_t int4[] = { 1, -2 };
    int64_t int8[] = { INT64_MAX, INT64_MIN };
    struct uuid uuid[] = { { { 0xab } }, { { 0 } } };
    const char *text[] = { "a,b", NULL, "" };
    struct bytes bytes[] = { { (const uint8_t *)"\0\1", 2 }, { NULL, 0 }, { (const uint8_t *)"", 0 } };
    int64_t time[] = { TIME, 0 };
    const char *full[] = { "{1,-2}",
                           "{9223372036854775807,-9223372036854775808}",
                           "{ab000000-0000-0000-0000-000000000000,NULL}",
                           "{\"a,b\",NULL,\"\"}",
                           "{\"\\\\x0001\",NULL,\"\\\\x\"}",
                           "{\"2023-11-14 22:13:20.123456+00\",NULL}" };
    for (size_t n = 0; n < 2; n++) { /* empty first */
        struct db_params *params = db_params (arena);
        db_param_int4_array (params, int4, n * 2);
        db_param_int8_array (params, n ? int8 : NULL, n * 2);
        db_param_uuid_array (params, uuid, n * 2);
        db_param_text_array (params, text, n * 3);
        db_param_bytes_array (params, bytes, n * 3);
        db_param_time_array (params, time, n * 2);
        struct db_call call = { &sql, params };
        run (&call);
        for (size_t i = 0; i < 6; i++)
            assert_string_equal (db_text (call.result, 0, i), n ? full[i] : "{}");
        db_calls_clear (&call, 1);
    }
}

struct row {
    bool active;
    int32_t count;
    int64_t nik;
    const char *name;
    struct uuid id;
    int64_t entered;
    int32_t born;
    struct bytes hash;
    int64_t maybe;
};

static const struct db_column columns[] = {
    DB_COLUMN (DB_BOOL, row, active), DB_COLUMN (DB_INT4, row, count), DB_COLUMN (DB_INT8, row, nik),
    DB_COLUMN (DB_TEXT, row, name),   DB_COLUMN (DB_UUID, row, id),    DB_COLUMN (DB_TIME, row, entered),
    DB_COLUMN (DB_DATE, row, born),   DB_COLUMN (DB_BYTES, row, hash), DB_COLUMN (DB_INT8_NULL, row, maybe),
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const void **
rows_make (size_t n)
{
    const void **rows = arena_array (arena, n, sizeof *rows);
    for (size_t i = 0; i < n; i++) {
        struct row *row = arena_alloc (arena, sizeof *row);
        bool full = i % 3 != 0; /* every third is NULL where it can be */
        *row = (struct row){ .active = i % 2, .count = (int32_t)i - 5, .nik = (int64_t)i * 1000003, .born = INT32_MIN };
        if (full) {
            row->name = arena_printf (arena, "name %zu", i);
            row->id = uuid_of (&i, sizeof i);
            row->entered = TIME + (int64_t)i;
            row->born = (int32_t)i - 20000;
            row->hash = (struct bytes){ arena_copy (arena, row->id.bytes, i % 16), i % 16 };
            row->maybe = (int64_t)i;
        }
        rows[i] = row;
    }
    return rows;
}

static void
rows_check (const struct db_result *result, const void **rows, size_t n)
{
    struct row *got = NULL;
    size_t count = 0;
    struct err err = { 0 };
    if (db_rows (result, columns, COLUMNS, sizeof *got, arena, (void **)&got, &count, &err))
        fail_msg ("%s", err.text);
    assert_int_equal (count, n);
    for (size_t i = 0; i < n; i++) {
        const struct row *a = rows[i], *b = &got[i];
        assert_true (a->active == b->active && a->count == b->count && a->nik == b->nik && a->maybe == b->maybe);
        assert_true (a->entered == b->entered && a->born == b->born && uuid_compare (a->id, b->id) == 0);
        assert_true (!a->name == !b->name && (!a->name || strcmp (a->name, b->name) == 0));
        assert_true (!a->hash.data == !b->hash.data && a->hash.size == b->hash.size);
        assert_true (!a->hash.size || memcmp (a->hash.data, b->hash.data, a->hash.size) == 0);
    }
}

#define UNNEST                                                                                                         \
    "unnest ($1::bool[], $2::int4[], $3::int8[], $4::text[], $5::uuid[], $6::timestamptz[], $7::date[], $8::bytea[],"  \
    " $9::int8[]) as r (active, count, nik, name, id, entered, born, hash, maybe)"

static void
ten_thousand_rows_go_and_come_back (void **state)
{
    static const struct sql sql = { "t.unnest", "select * from " UNNEST };
    const void **rows = rows_make (10000);
    for (size_t n = 0; n <= 10000; n += 10000) {
        struct db_params *params = db_params (arena);
        db_param_rows (params, columns, COLUMNS, rows, n);
        struct db_call call = { &sql, params };
        run (&call);
        rows_check (call.result, rows, n);
        db_calls_clear (&call, 1);
    }
}

static void
columns_are_matched_by_name (void **state)
{
    static const struct sql sql = { "t.reorder",
                                    "select maybe, hash, born, entered, id, name::varchar as name, nik, count,"
                                    " active, 'more' as extra from " UNNEST };
    const void **rows = rows_make (10);
    struct db_params *params = db_params (arena);
    db_param_rows (params, columns, COLUMNS, rows, 10);
    struct db_call call = { &sql, params };
    run (&call);
    rows_check (call.result, rows, 10);
    db_calls_clear (&call, 1);
}

static void
rows_that_do_not_fit_the_struct_are_corrupt (void **state)
{
    static const struct sql missing = { "t.missing", "select 1::int8 as another" };
    static const struct sql typed = { "t.typed", "select 'x'::text as nik" };
    static const struct sql null = { "t.null", "select null::int8 as nik" };
    const struct sql *sqls[] = { &missing, &typed, &null };
    for (size_t i = 0; i < 3; i++) {
        struct db_call call = { sqls[i] };
        void *rows = NULL;
        size_t n = 77;
        struct err err = { 0 };
        run (&call);
        assert_int_equal (db_rows (call.result, &columns[2], 1, sizeof (struct row), arena, &rows, &n, &err),
                          RC_CORRUPT);
        assert_non_null (strstr (err.text, "nik"));
        assert_true (!rows && n == 77);
        db_calls_clear (&call, 1);
    }
}

static void
infinity_stays_at_the_ends (void **state)
{
    static const struct sql sql = { "t.infinity", "select 'infinity'::timestamptz, '-infinity'::timestamptz,"
                                                  " $1::timestamptz::text, $2::timestamptz::text" };
    struct db_params *params = db_params (arena);
    db_param_time (params, INT64_MAX);
    db_param_time (params, INT64_MIN);
    struct db_call call = { &sql, params };
    run (&call);
    assert_true (db_time (call.result, 0, 0) == INT64_MAX && db_time (call.result, 0, 1) == INT64_MIN);
    assert_string_equal (db_text (call.result, 0, 2), "infinity");
    assert_string_equal (db_text (call.result, 0, 3), "-infinity");
    db_calls_clear (&call, 1);
}

static void
copy_streams_rows (void **state)
{
    static const struct sql copy = { "t.copy", "copy t_copy from stdin (format binary)" };
    static const struct sql load = { "t.load", "select * from t_copy order by count" };
    struct err err = { 0 };
    assert_int_equal (db_script (db,
                                 "create table t_copy (active bool, count int4 primary key, nik int8, name text,"
                                 " id uuid, entered timestamptz, born date, hash bytea, maybe int8)",
                                 &err),
                      RC_OK);
    assert_int_equal (db_copy (db, &copy, columns, COLUMNS, NULL, 0, &err), RC_OK);
    const void **rows = rows_make (20000);
    struct row *big = arena_copy (arena, rows[0], sizeof *big);
    char *name = arena_alloc (arena, 3 << 20);
    memset (name, 'x', (3 << 20) - 1);
    big->name = name; /* larger than a chunk */
    rows[0] = big;
    if (db_copy (db, &copy, columns, COLUMNS, rows, 20000, &err))
        fail_msg ("%s", err.text);
    struct db_call call = { &load };
    run (&call);
    rows_check (call.result, rows, 20000);
    db_calls_clear (&call, 1);
    assert_int_equal (db_copy (db, &copy, columns, COLUMNS, rows, 5, &err), RC_CONFLICT);
    assert_string_equal (err.field, "t_copy_pkey");
    assert_int_equal (db_copy (db, &load, columns, COLUMNS, rows, 5, &err), RC_INTERNAL);
    assert_int_equal (db_copy (db, &copy, columns, COLUMNS - 1, rows, 5, &err), RC_INTERNAL);
    const char *count = NULL;
    assert_int_equal (db_value (db, "select count (*) from t_copy", arena, &count, &err), RC_OK);
    assert_string_equal (count, "20000");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (single_values_keep_their_meaning),
        cmocka_unit_test (single_nulls_are_null),
        cmocka_unit_test (arrays_keep_their_meaning),
        cmocka_unit_test (ten_thousand_rows_go_and_come_back),
        cmocka_unit_test (columns_are_matched_by_name),
        cmocka_unit_test (rows_that_do_not_fit_the_struct_are_corrupt),
        cmocka_unit_test (infinity_stays_at_the_ends),
        cmocka_unit_test (copy_streams_rows),
    };
    return cmocka_run_group_tests (tests, group_setup, group_teardown);
}
