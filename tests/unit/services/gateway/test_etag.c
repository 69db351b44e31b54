#include <string.h>

#include "services/gateway/etag.h"
#include "tests/support/test.h"

static void
a_change_is_named_by_its_version (void **state)
{
    char text[ETAG_TEXT];
    int64_t version = 0;
    assert_string_equal (etag_write (6, NULL, 0, text), "\"6\"");
    assert_true (etag_version (text, &version));
    assert_int_equal (version, 6);
}

static void
an_answer_is_named_by_its_content_too (void **state)
{
    char first[ETAG_TEXT], second[ETAG_TEXT];
    int64_t version = 0;
    etag_write (5, "{\"verdicts\":[]}", 15, first);
    etag_write (5, "{\"verdicts\":[1]}", 16, second);
    assert_string_not_equal (first, second);
    assert_memory_equal (first, "\"5-", 3);
    assert_string_equal (etag_write (5, "{\"verdicts\":[]}", 15, second), first);
    assert_true (etag_version (first, &version));
    assert_int_equal (version, 5);
    etag_write (INT64_MAX, "", 0, first);
    assert_int_equal (first[strlen (first) - 1], '"');
}

static void
if_match_is_one_etag (void **state)
{
    static const char *const malformed[] = {
        "",
        "5",
        "\"x\"",
        "W/\"5\"",
        "\"0\"",
        "\"5",
        "\"5\", \"6\"",
        "\"-5\"",
        "\"5-\"",
        "\"5-0c1f\"",
        "\"5 \"",
        "\"\"",
        "**",
        "\"99999999999999999999\"",
        "\"5-0123456789ABCDEF0123456789ABCDEF\"",
        "\"5-0123456789abcdef0123456789abcdef0\"",
    };
    int64_t version = 1;
    assert_true (etag_version ("*", &version));
    assert_int_equal (version, 0);
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        if (etag_version (malformed[i], &version))
            fail_msg ("taken: %s", malformed[i]);
}

static void
if_none_match_may_name_many (void **state)
{
    assert_false (etag_named (NULL, "\"5\""));
    assert_false (etag_named ("\"15\"", "\"5\""));
    assert_true (etag_named ("\"4\", W/\"5\"", "\"5\""));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_change_is_named_by_its_version),
        cmocka_unit_test (an_answer_is_named_by_its_content_too),
        cmocka_unit_test (if_match_is_one_etag),
        cmocka_unit_test (if_none_match_may_name_many),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
