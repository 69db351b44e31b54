#include <string.h>

#include "services/gateway/problems.h"
#include "tests/support/test.h"

static void
assert_words (const char *code)
{
    size_t count, k = 0;
    const struct http_problem_row *rows = problems_all (&count);
    while (k < count && strcmp (rows[k].code, code) != 0)
        k++;
    if (k == count)
        fail_msg ("%s has no words", code);
}

/* What the reader of JSON may expect (common/base/json.h), each in words of its own. */
static void
every_expectation_has_words (void **state)
{
    static const char *const codes[] = {
        "json.wrong_type.string",  "json.wrong_type.integer", "json.wrong_type.number", "json.wrong_type.boolean",
        "json.wrong_type.array",   "json.wrong_type.object",  "json.bad_value.uuid",    "json.bad_value.sha256",
        "json.bad_value.date",     "json.bad_value.time",     "json.bad_value.base64",  "json.bad_value.enum",
        "json.unknown_field.near",
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        assert_words (codes[i]);
}

/* Why common/base/store.h takes no file, when it is neither broken nor busy. */
static void
a_store_that_takes_no_file_has_words (void **state)
{
    assert_words ("store.full");
    assert_words ("store.too_large");
}

/* One word for one thing: "byte", as people say. */
static void
words_are_not_mixed (void **state)
{
    size_t count;
    const struct http_problem_row *rows = problems_all (&count);
    for (size_t i = 0; i < count + http_problem_row_count; i++) {
        const struct http_problem_row *row = i < count ? &rows[i] : &http_problem_rows[i - count];
        if (strstr (row->id, " bita"))
            fail_msg ("%s: %s", row->code, row->id);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_expectation_has_words),
        cmocka_unit_test (a_store_that_takes_no_file_has_words),
        cmocka_unit_test (words_are_not_mixed),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
