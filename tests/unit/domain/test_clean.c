#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "common/domain/clean.h"

static void
test_text (void **state)
{
    (void)state;
    static const struct {
        const char *from, *to;
    } cases[] = {
        { "  a  b ", "a b" },
        { "a\xc2\xa0\xc2\xa0"
          "b",
          "a b" },
        { "a\x01\x02"
          "b\r\n",
          "a b" },
        { "\xef\xbb\xbfnik\xe2\x80\x8b", "nik" },
        { "=1+1", "=1+1" }, /* neutralised on output, never changed on input */
        { "JOS\xc3\x89", "JOS\xc3\x89" },
        { " \t ", "" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[64];
        strcpy (text, cases[i].from);
        assert_int_equal (clean_text (text), strlen (cases[i].to));
        assert_string_equal (text, cases[i].to);
    }
}

static void
test_latin1 (void **state)
{
    (void)state;
    char text[32];
    assert_int_equal (clean_latin1 ("JOS\xc9 \x80 \x93", 8, text), 13);
    assert_string_equal (text, "JOS\xc3\x89 \xe2\x82\xac \xe2\x80\x9c");
}

static void
test_key (void **state)
{
    (void)state;
    char key[16];
    clean_key ("Nama\xc2\xa0 Lengkap\n", key, sizeof key);
    assert_string_equal (key, "nama_lengkap");
    clean_key ("NIK/KITAS/KITAP*", key, sizeof key);
    assert_string_equal (key, "nik_kitas_kitap");
    clean_key ("this header is too long", key, 8);
    assert_true (strlen (key) < 8);
}

static void
test_formula (void **state)
{
    (void)state;
    char cell[64];
    assert_true (clean_is_formula ("=cmd|' /C calc'!A0"));
    assert_true (clean_is_formula ("@SUM(A1)"));
    assert_true (clean_is_formula ("-1+1"));
    assert_true (clean_is_formula ("+62x"));
    assert_false (clean_is_formula ("-12.5"));
    assert_false (clean_is_formula ("+628123"));
    assert_false (clean_is_formula ("-"));
    assert_int_equal (clean_csv_cell ("=1+1", ',', cell, sizeof cell), 7);
    assert_string_equal (cell, "\"'=1+1\"");
    clean_csv_cell ("JL. \"A\", 5", ',', cell, sizeof cell);
    assert_string_equal (cell, "\"JL. \"\"A\"\", 5\"");
    clean_csv_cell ("BUDI", ',', cell, sizeof cell);
    assert_string_equal (cell, "BUDI");
    assert_int_equal (clean_csv_cell ("a;b", ';', cell, 3), 5);
    assert_string_equal (cell, "\"a");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_text),
        cmocka_unit_test (test_latin1),
        cmocka_unit_test (test_key),
        cmocka_unit_test (test_formula),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
