/* What the services' pages say of files is what is read: every column with its other names, and whether it must be
 * there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "common/domain/csv_schema.h"

enum { PAGE = 128 << 10, ROW = 512 };

/* "| `nik` | `no_nik`, `no_ktp` | filled | " */
static void
row_begin (const struct csv_column *column, char row[static ROW])
{
    static const char *const needs[] = {
        [CSV_OPTIONAL] = "–", [CSV_MARK] = "one of", [CSV_HEADED] = "present", [CSV_FILLED] = "filled"
    };
    int length = snprintf (row, ROW, "| `%s` | ", column->name);
    for (size_t i = 0; i < sizeof column->aliases / sizeof *column->aliases && column->aliases[i]; i++)
        length += snprintf (row + length, ROW - (size_t)length, "%s`%s`", i ? ", " : "", column->aliases[i]);
    snprintf (row + length, ROW - (size_t)length, "%s | %s | ", column->aliases[0] ? "" : "–", needs[column->need]);
}

static void
page_tells (const char *path, const struct csv_schema *schema)
{
    static char page[PAGE];
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    page[fread (page, 1, sizeof page - 1, file)] = '\0';
    fclose (file);
    for (size_t i = 0; i < schema->count; i++) {
        char row[ROW];
        row_begin (&schema->columns[i], row);
        if (!strstr (page, row))
            fail_msg ("%s lacks, of %s: %s", path, schema->name, row);
    }
}

static void
test_pages_tell_every_column (void **state)
{
    (void)state;
    page_tells ("services/intake/README.md", &csv_usulan);
    page_tells ("services/validation/README.md", &csv_dtsen);
    page_tells ("services/validation/README.md", &csv_dtsen_family);
    page_tells ("services/validation/README.md", &csv_member);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_pages_tell_every_column),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
