#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "common/domain/nik.h"

static void
test_reasons (void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum nik_reason reason;
    } cases[] = {
        { "1272010101900001", NIK_OK },
        { NULL, NIK_EMPTY },
        { "", NIK_EMPTY },
        { " - ", NIK_EMPTY },
        { "'", NIK_EMPTY },
        { "127201010190001", NIK_LENGTH },
        { "12720101019000012", NIK_LENGTH },
        { "3.20101E+15", NIK_SCIENTIFIC },
        { "3,20101e15", NIK_SCIENTIFIC },
        { "1E+15", NIK_SCIENTIFIC },
        { "127201******0001", NIK_MASKED },
        { "127201------0001", NIK_MASKED },
        { "127201XXXXXX0001", NIK_MASKED },
        { "12720101O1900001", NIK_NOT_DIGITS },
        { "1272-0101-0190-0001", NIK_NOT_DIGITS },
        { "1272010101900001.5", NIK_NOT_DIGITS },
        { "1272013201900001", NIK_DAY },
        { "1272010001900001", NIK_DAY },
        { "1272014001900001", NIK_DAY },
        { "1272017201900001", NIK_DAY },
        { "1272013002900001", NIK_DAY },
        { "1272012902010001", NIK_DAY },
        { "1272012902000001", NIK_OK },
        { "1272012902960001", NIK_OK },
        { "1272010113900001", NIK_MONTH },
        { "1272010100900001", NIK_MONTH },
        { "1272010101900000", NIK_SERIAL },
        { "0272010101900001", NIK_LENGTH },
        { "9172010101900001.0", NIK_FLOAT },
        { "nama", NIK_NOT_DIGITS },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nik nik = nik_parse (cases[i].text);
        if (nik.reason != cases[i].reason)
            fail_msg ("%s: %s", cases[i].text, nik_reason_code (nik.reason));
        assert_true ((nik.number != 0) == (nik.reason == NIK_OK));
    }
}

static void
test_repairs (void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned notes;
    } cases[] = {
        { "1272010101900001", 0 },
        { "'1272010101900001", NIK_NOTE_APOSTROPHE },
        { "1272010101900001.0", NIK_NOTE_DECIMAL },
        { "\xc2\xa0 1272 0101 0190 0001\t", NIK_NOTE_SPACES },
        { " '1272010101900001.00", NIK_NOTE_SPACES | NIK_NOTE_APOSTROPHE | NIK_NOTE_DECIMAL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct nik nik = nik_parse (cases[i].text);
        assert_int_equal (nik.reason, NIK_OK);
        assert_true (nik.number == INT64_C (1272010101900001));
        assert_int_equal (nik.notes, cases[i].notes);
    }
}

static void
test_province_only_warns (void **state)
{
    (void)state;
    struct nik nik = nik_parse ("9972010101900001");
    assert_int_equal (nik.reason, NIK_OK);
    assert_int_equal (nik.notes, NIK_NOTE_PROVINCE);
    assert_int_equal (nik_parse ("9772010101900001").notes, 0);
    assert_int_equal (nik_parse ("5472010101900001").notes, 0);
}

static void
test_kk_has_no_women (void **state)
{
    (void)state;
    assert_int_equal (nik_parse ("1272014101900001").reason, NIK_OK);
    assert_int_equal (kk_parse ("1272014101900001").reason, NIK_DAY);
    assert_int_equal (kk_parse ("1272010102180003").reason, NIK_OK);
}

static void
test_birth_and_sex (void **state)
{
    (void)state;
    int64_t woman = INT64_C (1272015708950003);
    struct nik_birth birth = nik_birth (woman);
    assert_int_equal (birth.day, 17);
    assert_int_equal (birth.month, 8);
    assert_int_equal (birth.year, 95);
    assert_int_equal (birth.sex, SEX_FEMALE);
    assert_int_equal (nik_compare (woman, date_of (1995, 8, 17), SEX_FEMALE), 0);
    assert_int_equal (nik_compare (woman, date_of (1895, 8, 17), SEX_UNKNOWN), 0);
    assert_int_equal (nik_compare (woman, DATE_NONE, SEX_MALE), NIK_NOTE_SEX);
    assert_int_equal (nik_compare (woman, date_of (1996, 8, 17), SEX_FEMALE), NIK_NOTE_BIRTH);
    assert_int_equal (nik_compare (woman, date_of (1995, 8, 18), SEX_MALE), NIK_NOTE_BIRTH | NIK_NOTE_SEX);
}

static void
test_texts (void **state)
{
    (void)state;
    char buffer[NIK_TEXT];
    assert_string_equal (nik_format (INT64_C (1272010101900001), buffer), "1272010101900001");
    assert_string_equal (nik_mask (INT64_C (1272010101900001), buffer), "127201******0001");
    for (unsigned i = 0; i < NIK_REASON_END; i++)
        for (unsigned j = 0; j < i; j++)
            assert_string_not_equal (nik_reason_code ((enum nik_reason)i), nik_reason_code ((enum nik_reason)j));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_reasons),
        cmocka_unit_test (test_repairs),
        cmocka_unit_test (test_province_only_warns),
        cmocka_unit_test (test_kk_has_no_women),
        cmocka_unit_test (test_birth_and_sex),
        cmocka_unit_test (test_texts),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
