#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "common/domain/village.h"

static void
test_codes (void **state)
{
    static const char *const right[] = { "12.72.01.1003", "1272011003", "'1272011003", "1272011003.0",
                                         " 12.72.01.1003 " };
    static const char *const wrong[] = {
        "",
        "1272010003",
        "127201100",
        "12720110031",
        "12.72.01",
        "1272.01.1003",
        "12.72011003",
        "1.27201E+09",
        "12.72.01.1003.0",
        "12.72.01.1003 x",
        "MERDEKA",
        "1272011003.5",
    };
    char code[VILLAGE_TEXT] = "before";
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (village_read (wrong[i], code))
            fail_msg ("%s was read as %s", wrong[i], code);
    assert_string_equal (code, "before");
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        if (!village_read (right[i], code))
            fail_msg ("%s was not read", right[i]);
        assert_string_equal (code, "12.72.01.1003");
    }
    assert_true (village_read ("12.72.01.2003", code));
    assert_true (village_read ("9471013001", code));
    assert_string_equal (code, "94.71.01.3001");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_codes),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
