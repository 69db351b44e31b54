#include "common/base/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void
assert_kind (const char *head, size_t size, const char *media_type)
{
    const struct scan *scan = scan_of_bytes (head, size);
    if (!media_type) {
        assert_null (scan);
        return;
    }
    assert_non_null (scan);
    assert_string_equal (scan->media_type, media_type);
    assert_ptr_equal (scan_of_type (media_type), scan);
}

static void
bytes_say_what_it_is (void **state)
{
    assert_kind ("%PDF-1.7", 8, "application/pdf");
    assert_kind ("%PDF-", 5, "application/pdf");
    assert_kind ("\xff\xd8\xff\xe0JFIF", 8, "image/jpeg");
    assert_kind ("\x89PNG\r\n\x1a\n", 8, "image/png");
}

static void
all_else_is_no_scan (void **state)
{
    assert_kind ("", 0, NULL);
    assert_kind ("%PDF", 4, NULL);
    assert_kind (" %PDF-1.", 8, NULL);
    assert_kind ("\x89PNG\n\x1a\n\n", 8, NULL); /* line ends changed on the way */
    assert_kind ("nik;nama", 8, NULL);
    assert_null (scan_of_type ("text/csv"));
    assert_null (scan_of_type (""));
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (bytes_say_what_it_is),
                                        cmocka_unit_test (all_else_is_no_scan) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
