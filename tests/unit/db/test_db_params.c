/* The bytes of parameters, as PostgreSQL's receive functions read them. */
#include <string.h>

#include "common/db/db_params.h"
#include "tests/support/test.h"

static struct arena *arena;
static struct db_params *params;

static int
setup (void **state)
{
    (void)state;
    arena = arena_new (1 << 20);
    params = db_params (arena);
    return 0;
}

static int
teardown (void **state)
{
    (void)state;
    arena_destroy (&arena);
    return 0;
}

static void
expect (int i, const char *bytes, size_t size)
{
    assert_false (params->failed);
    assert_true (i < params->n);
    assert_int_equal (params->lengths[i], size);
    assert_memory_equal (params->values[i], bytes, size);
}
#define EXPECT(i, literal) expect (i, literal, sizeof literal - 1)

static void
values_are_big_endian_and_times_count_from_2000 (void **state)
{
    struct uuid uuid = { "0123456789abcdef" };
    db_param_bool (params, true);
    db_param_bool (params, false);
    db_param_int4 (params, -2);
    db_param_int8 (params, 0x0102030405060708);
    db_param_uuid (params, uuid);
    db_param_time (params, 946684800000001);
    EXPECT (0, "\1");
    EXPECT (1, "\0");
    EXPECT (2, "\xff\xff\xff\xfe");
    EXPECT (3, "\1\2\3\4\5\6\7\10");
    EXPECT (4, "0123456789abcdef");
    EXPECT (5, "\0\0\0\0\0\0\0\1");
}

static void
text_and_bytes_are_borrowed (void **state)
{
    static const char text[] = "abc";
    db_param_text (params, text);
    db_param_bytes (params, (struct bytes){ (const uint8_t *)text, 2 });
    assert_ptr_equal (params->values[0], text);
    assert_ptr_equal (params->values[1], text);
    EXPECT (0, "abc");
    EXPECT (1, "ab");
}

static void
nothing_is_null (void **state)
{
    db_param_text (params, NULL);
    db_param_uuid (params, (struct uuid){ 0 });
    db_param_time (params, 0);
    db_param_bytes (params, (struct bytes){ NULL, 7 });
    for (int i = 0; i < 4; i++)
        assert_null (params->values[i]);
    assert_int_equal (params->n, 4);
}

static void
arrays_have_a_header_and_their_element_type (void **state)
{
    int32_t int4[] = { 1, 2 };
    const char *text[] = { "a", NULL };
    db_param_int4_array (params, int4, 2);
    db_param_text_array (params, text, 2);
    db_param_uuid_array (params, NULL, 0);
    EXPECT (0, "\0\0\0\1\0\0\0\0\0\0\0\27\0\0\0\2\0\0\0\1"
               "\0\0\0\4\0\0\0\1\0\0\0\4\0\0\0\2");
    EXPECT (1, "\0\0\0\1\0\0\0\1\0\0\0\31\0\0\0\2\0\0\0\1"
               "\0\0\0\1a\xff\xff\xff\xff");
    EXPECT (2, "\0\0\0\0\0\0\0\0\0\0\13\206");
}

static void
rows_become_an_array_a_column (void **state)
{
    struct row {
        int32_t born;
        bool active;
        int64_t nik;
    } a = { 10957, true, 0 }, b = { INT32_MIN, false, 5 };
    static const struct db_column columns[] = { DB_COLUMN (DB_BOOL, row, active), DB_COLUMN (DB_DATE, row, born),
                                                DB_COLUMN (DB_INT8_NULL, row, nik) };
    const void *rows[] = { &a, &b };
    db_param_rows (params, columns, 3, rows, 2);
    assert_int_equal (params->n, 3);
    EXPECT (0, "\0\0\0\1\0\0\0\0\0\0\0\20\0\0\0\2\0\0\0\1"
               "\0\0\0\1\1\0\0\0\1\0");
    EXPECT (1, "\0\0\0\1\0\0\0\1\0\0\4\72\0\0\0\2\0\0\0\1"
               "\0\0\0\4\0\0\0\0\xff\xff\xff\xff");
    EXPECT (2, "\0\0\0\1\0\0\0\1\0\0\0\24\0\0\0\2\0\0\0\1"
               "\xff\xff\xff\xff\0\0\0\10\0\0\0\0\0\0\0\5");
}

static void
more_than_the_first_capacity_keeps_all (void **state)
{
    for (int i = 0; i < DB_PARAMS_MAX; i++)
        db_param_int4 (params, i);
    for (int i = 0; i < DB_PARAMS_MAX; i++)
        expect (i, (const char[]){ 0, 0, 0, (char)i }, 4);
}

static void
a_full_arena_is_remembered (void **state)
{
    ARENA_AUTO struct arena *small = arena_new (4096);
    static const int64_t values[1000];
    struct db_params *full = db_params (small);
    db_param_int8 (full, 1);
    assert_false (full->failed);
    db_param_int8_array (full, values, 1000);
    assert_true (full->failed);
    db_param_text (full, "after");
    assert_int_equal (full->n, 1);
    ARENA_AUTO struct arena *none = arena_new (0);
    full = db_params (none);
    assert_true (full->failed);
    db_param_uuid_array (full, NULL, 0);
}

int
main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST (values_are_big_endian_and_times_count_from_2000),
        TEST (text_and_bytes_are_borrowed),
        TEST (nothing_is_null),
        TEST (arrays_have_a_header_and_their_element_type),
        TEST (rows_become_an_array_a_column),
        TEST (more_than_the_first_capacity_keeps_all),
        TEST (a_full_arena_is_remembered),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
