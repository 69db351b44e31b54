#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "common/base/text.h"
#include "common/domain/date_read.h"

static void
test_writings (void **state)
{
    (void)state;
    static const struct {
        const char *text, *dmy, *mdy;
    } cases[] = {
        { "17/08/1990", "1990-08-17", "1990-08-17" },
        { "03/04/1990", "1990-04-03", "1990-03-04" },
        { "3-4-1990", "1990-04-03", "1990-03-04" },
        { "12/25/1990", "1990-12-25", "1990-12-25" },
        { "1990-08-17", "1990-08-17", "1990-08-17" },
        { "1990-08-17 00:00:00", "1990-08-17", "1990-08-17" },
        { "1990-08-17T00:00:00Z", "1990-08-17", "1990-08-17" },
        { "17-08-1990", "1990-08-17", "1990-08-17" },
        { "17.08.1990", "1990-08-17", "1990-08-17" },
        { "17/08/1990 13:45", "1990-08-17", "1990-08-17" },
        { "33102", "1990-08-17", "1990-08-17" },
        { "33102.0", "1990-08-17", "1990-08-17" },
        { "17 Agustus 1990", "1990-08-17", "1990-08-17" },
        { "17-Agu-1990", "1990-08-17", "1990-08-17" },
        { "1 Mei 1990", "1990-05-01", "1990-05-01" },
        { "2 Desember 1990", "1990-12-02", "1990-12-02" },
        { "29/02/2000", "2000-02-29", "2000-02-29" },
        { " '17/08/1990", "1990-08-17", "1990-08-17" },
    };
    char buffer[DATE_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t date = 0;
        if (date_read (cases[i].text, DATE_DMY, &date, NULL) != DATE_OK)
            fail_msg ("%s", cases[i].text);
        assert_string_equal (date_format (date, buffer), cases[i].dmy);
        assert_int_equal (date_read (cases[i].text, DATE_MDY, &date, NULL), DATE_OK);
        assert_string_equal (date_format (date, buffer), cases[i].mdy);
    }
}

static void
test_refusals (void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum date_reason reason;
    } cases[] = {
        { NULL, DATE_EMPTY },
        { "", DATE_EMPTY },
        { "-", DATE_EMPTY },
        { "00-00-0000", DATE_EMPTY },
        { "0000-00-00", DATE_EMPTY },
        { "00/00/0000", DATE_EMPTY },
        { "31/02/1990", DATE_CALENDAR },
        { "29/02/1900", DATE_CALENDAR },
        { "1990-13-01", DATE_CALENDAR },
        { "00/08/1990", DATE_CALENDAR },
        { "17/08/90", DATE_CENTURY },
        { "kemarin", DATE_FORMAT },
        { "17 Foo 1990", DATE_FORMAT },
        { "1990", DATE_FORMAT },
        { "3.2E+15", DATE_FORMAT },
        { "17/08", DATE_FORMAT },
        { "17/08/1990 x", DATE_FORMAT },
        { "1708199000000", DATE_FORMAT },
        { "170819900000/1/1", DATE_FORMAT },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t date = 77;
        enum date_reason reason = date_read (cases[i].text, DATE_DMY, &date, NULL);
        if (reason != cases[i].reason)
            fail_msg ("%s: %s", cases[i].text, date_reason_code (reason));
        assert_int_equal (date, 77);
    }
}

static void
test_doubt_is_told (void **state)
{
    static const struct {
        const char *text, *date, *other;
        enum date_order order;
        bool swapped;
    } cases[] = {
        { "03/04/1990", "1990-04-03", "1990-03-04", DATE_DMY, false },
        { "03/04/1990", "1990-03-04", "1990-04-03", DATE_MDY, false },
        { "04-04-1990", "1990-04-04", "", DATE_DMY, false },
        { "25/12/1990", "1990-12-25", "", DATE_DMY, false },
        { "12/25/1990", "1990-12-25", "", DATE_DMY, true },
        { "25/12/1990", "1990-12-25", "", DATE_MDY, true },
        { "1990-03-04", "1990-03-04", "", DATE_DMY, false },
        { "3 April 1990", "1990-04-03", "", DATE_MDY, false },
        { "32966", "1990-04-03", "", DATE_DMY, false },
    };
    char buffer[DATE_TEXT];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t date;
        struct date_doubt doubt;
        assert_int_equal (date_read (cases[i].text, cases[i].order, &date, &doubt), DATE_OK);
        assert_string_equal (date_format (date, buffer), cases[i].date);
        assert_string_equal (doubt.other == DATE_NONE ? "" : date_format (doubt.other, buffer), cases[i].other);
        assert_int_equal (doubt.swapped, cases[i].swapped);
    }
}

static void
test_months (void **state)
{
    static const char *const wrong[] = {
        "", "2026", "2026-1", "2026-00", "2026-13", "2026-11-01", "11-2026", "2026/11"
    };
    (void)state;
    assert_true (date_is_month ("2026-01"));
    assert_true (date_is_month ("2026-12"));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (date_is_month (wrong[i]))
            fail_msg ("%s", wrong[i]);
}

/* Next month may come early, over the turn of the year as well; what is past always may come. */
static void
test_months_ahead (void **state)
{
    static const struct {
        int year, month, day;
        const char *period;
        bool ahead;
    } cases[] = {
        { 2026, 11, 30, "2026-11", false }, { 2026, 11, 1, "2026-12", false }, { 2026, 11, 30, "2027-01", true },
        { 2026, 12, 31, "2027-01", false }, { 2026, 12, 1, "2027-02", true },  { 2027, 1, 1, "2027-02", false },
        { 2026, 11, 23, "2025-12", false }, { 2026, 11, 23, "2062-11", true }, { 2026, 11, 23, "9999-01", true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (date_month_is_ahead (cases[i].period, date_of (cases[i].year, cases[i].month, cases[i].day)) !=
            cases[i].ahead)
            fail_msg ("%s", cases[i].period);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_writings), cmocka_unit_test (test_refusals),     cmocka_unit_test (test_doubt_is_told),
        cmocka_unit_test (test_months),   cmocka_unit_test (test_months_ahead),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
