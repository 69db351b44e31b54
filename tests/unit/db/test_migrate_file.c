/* Placeholders of migrations. Files and their names are tested with the database, in tests/db/db/test_migrate.c. */
#include <string.h>

#include "common/db/migrate_file.h"
#include "tests/support/test.h"

static void
placeholders_become_quoted_identifiers (void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        { "create table :schema.t ()", "create table \"toy\".t ()" },
        { "grant all on :schema.t to :login, :reader;", "grant all on \"toy\".t to \"a\"\"b\", \"r\";" },
        { ":schema", "\"toy\"" },
        { "select x::schema, ':schemas', a[1:n], :other", "select x::schema, ':schemas', a[1:n], :other" },
        { ":schema:login", "\"toy\"\"a\"\"b\"" },
        { "", "" },
    };
    ARENA_AUTO struct arena *arena = arena_new (1 << 16);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *text = NULL;
        assert_int_equal (migration_render (cases[i].text, "toy", "a\"b", "r", arena, &text, NULL), RC_OK);
        assert_string_equal (text, cases[i].expected);
    }
}

static void
a_role_that_is_not_known_is_refused (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 16);
    struct err err = { 0 };
    const char *text = NULL;
    assert_int_equal (migration_render ("grant x to :reader", "toy", "l", NULL, arena, &text, &err), RC_INVALID);
    assert_non_null (strstr (err.text, ":reader"));
    assert_null (text);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (placeholders_become_quoted_identifiers),
        cmocka_unit_test (a_role_that_is_not_known_is_refused),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
