#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/domain/profile.h"

static struct arena *arena;
static struct calendar *calendar; /* of the shipped profile: WIB, 2025..2027 */

static int
setup (void **state)
{
    (void)state;
    struct profile *profile;
    struct profile_problems problems;
    struct err err = { 0 };
    arena = arena_new (8 << 20);
    if (profile_read ("deploy/profiles/pematangsiantar.yaml", arena, &profile, &problems, NULL, &err) != RC_OK) {
        print_error ("%s %s\n", err.field, err.text);
        return -1;
    }
    calendar = &profile->calendar;
    return 0;
}

static int
teardown (void **state)
{
    (void)state;
    arena_destroy (&arena);
    return 0;
}

static int32_t
day (const char *text)
{
    int32_t date = 0;
    assert_true (date_parse (text, strlen (text), &date));
    return date;
}

/* A WIB wall clock as an instant. */
static int64_t
at (const char *date, int hour, int minute)
{
    return calendar_midnight (calendar, day (date)) + ((int64_t)hour * 60 + minute) * 60 * CLOCK_SECOND;
}

static void
test_zones (void **state)
{
    (void)state;
    int offset = 0;
    assert_true (calendar_zone ("Asia/Makassar", &offset) && offset == 480);
    assert_true (calendar_zone ("WIT", &offset) && offset == 540);
    assert_false (calendar_zone ("UTC", &offset));
    assert_int_equal (calendar_day (calendar, at ("2026-11-23", 0, 0)), day ("2026-11-23"));
    assert_int_equal (calendar_day (calendar, at ("2026-11-23", 0, 0) - 1), day ("2026-11-22"));
    assert_int_equal (calendar_day (calendar, -1), 0); /* 1970-01-01 06:59 in WIB */
}

static void
test_hours_text (void **state)
{
    (void)state;
    struct calendar_period periods[CALENDAR_PERIODS];
    uint8_t count = 9;
    assert_true (calendar_hours_parse ("07.30-12.00  13:00-16.00", periods, &count) && count == 2);
    assert_int_equal (periods[1].from, 780);
    assert_true (calendar_hours_parse ("", periods, &count) && count == 0);
    assert_false (calendar_hours_parse ("12.00-07.30", periods, &count));
    assert_false (calendar_hours_parse ("08.00-12.00 11.00-13.00", periods, &count));
    assert_false (calendar_hours_parse ("08.00-25.00", periods, &count));
    assert_false (calendar_hours_parse ("pagi", periods, &count));
}

static void
test_shipped_years (void **state)
{
    (void)state;
    static const struct {
        int year;
        size_t days;
    } years[] = { { 2025, 28 }, { 2026, 25 }, { 2027, 26 } };
    for (size_t i = 0; i < 3; i++) {
        size_t count = 0;
        for (size_t j = 0; j < calendar->holiday_count; j++) {
            int year, month, of_month;
            date_split (calendar->holidays[j], &year, &month, &of_month);
            count += year == years[i].year;
        }
        assert_int_equal (count, years[i].days);
        assert_true (calendar_knows_year (calendar, years[i].year));
    }
    assert_false (calendar_knows_year (calendar, 2028));
    assert_false (calendar_is_working_day (calendar, day ("2025-08-18"))); /* added by the changed decree */
    assert_false (calendar_is_working_day (calendar, day ("2026-03-20")));
    assert_false (calendar_is_working_day (calendar, day ("2027-03-25")));
    assert_true (calendar_is_working_day (calendar, day ("2026-11-23")));
    assert_false (calendar_is_working_day (calendar, day ("2026-11-22"))); /* Sunday */
}

static void
test_working_week_is_37_and_a_half_hours (void **state)
{
    (void)state;
    assert_int_equal (calendar_minutes (calendar, at ("2026-11-23", 0, 0), at ("2026-11-30", 0, 0)), 2250);
}

static void
test_deadlines (void **state)
{
    (void)state;
    assert_true (calendar_add_minutes (calendar, at ("2026-11-23", 9, 0), 30) == at ("2026-11-23", 9, 30));
    assert_true (calendar_add_minutes (calendar, at ("2026-11-23", 11, 50), 15) == at ("2026-11-23", 13, 5));
    assert_true (calendar_add_minutes (calendar, at ("2026-11-23", 11, 50), 10) == at ("2026-11-23", 12, 0));
    assert_true (calendar_add_minutes (calendar, at ("2026-11-20", 16, 25), 15) == at ("2026-11-23", 7, 40));
    /* 17 March 2026 is the last day before Nyepi and Idul Fitri; work goes on on the 25th. */
    assert_true (calendar_add_minutes (calendar, at ("2026-03-17", 15, 55), 10) == at ("2026-03-25", 7, 35));
    assert_true (calendar_add_minutes (calendar, at ("2026-11-22", 5, 0), 0) == at ("2026-11-22", 5, 0));
    assert_true (calendar_add_days (calendar, at ("2026-11-20", 9, 0), 1) == at ("2026-11-23", 16, 0));
    struct calendar never = { .offset = 420 };
    assert_true (calendar_add_minutes (&never, 0, 1) == INT64_MAX);
}

static void
test_adding_and_counting_agree (void **state)
{
    (void)state;
    int64_t from = at ("2026-03-10", 6, 13) + 17 * CLOCK_SECOND;
    for (int64_t minutes = 1; minutes < 20000; minutes = minutes * 3 / 2 + 7) {
        int64_t until = calendar_add_minutes (calendar, from, minutes);
        assert_int_equal (calendar_minutes (calendar, from, until), minutes);
        assert_int_equal (calendar_minutes (calendar, from, until - 1), minutes - 1);
    }
}

static void
test_cutoff (void **state)
{
    (void)state;
    assert_int_equal (calendar_cutoff (calendar, day ("2026-11-01"), 20), day ("2026-11-20"));
    assert_int_equal (calendar_cutoff (calendar, day ("2026-11-20"), 20), day ("2026-11-20"));
    assert_int_equal (calendar_cutoff (calendar, day ("2026-11-21"), 20),
                      day ("2026-12-18")); /* the 20th is a Sunday */
    assert_int_equal (calendar_cutoff (calendar, day ("2026-12-19"), 20), day ("2027-01-20"));
    assert_int_equal (calendar_cutoff (calendar, day ("2026-03-01"), 20), day ("2026-03-17")); /* Idul Fitri */
    assert_int_equal (calendar_cutoff (calendar, day ("2026-02-01"), 31), day ("2026-02-27"));
    assert_int_equal (calendar_cutoff (calendar, day ("2026-12-31"), 1), day ("2026-12-31")); /* for 1 January */
}

static void
test_other_hours (void **state)
{
    (void)state;
    struct calendar ramadan = *calendar;
    struct calendar_span *span = &ramadan.spans[ramadan.span_count++];
    *span = (struct calendar_span){ .from = day ("2026-02-18"), .until = day ("2026-03-19") };
    span->week.periods[0][0] = (struct calendar_period){ 480, 900 };
    span->week.counts[0] = 1;
    assert_int_equal (calendar_minutes (&ramadan, at ("2026-02-23", 0, 0), at ("2026-02-24", 0, 0)), 420);
    assert_int_equal (calendar_minutes (&ramadan, at ("2026-03-30", 0, 0), at ("2026-03-31", 0, 0)), 450);
    assert_false (calendar_is_working_day (&ramadan, day ("2026-02-24"))); /* that week opens on Mondays only */
}

static void
test_year_files_are_strict (void **state)
{
    (void)state;
    static const char *const files[] = {
        "year: 2026\nlibur_nasional: [2026-02-30]\n",
        "year: 2026\nlibur_nasional: [2027-01-01]\n",
        "libur_nasional: [2026-01-01]\n",
        "year: 2026\nlibur: []\n",
        "year: 2026\ncuti_bersama: {a: b}\n",
        "[1, 2]\n",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct calendar empty = { 0 };
        struct err err = { 0 };
        struct bytes bytes = { (const uint8_t *)files[i], strlen (files[i]) };
        assert_int_equal (calendar_add_year (&empty, arena, bytes, &err), RC_UNPROCESSABLE);
        assert_true (err.field[0] && err.text[0]);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_zones),
        cmocka_unit_test (test_hours_text),
        cmocka_unit_test (test_shipped_years),
        cmocka_unit_test (test_working_week_is_37_and_a_half_hours),
        cmocka_unit_test (test_deadlines),
        cmocka_unit_test (test_adding_and_counting_agree),
        cmocka_unit_test (test_cutoff),
        cmocka_unit_test (test_other_hours),
        cmocka_unit_test (test_year_files_are_strict),
    };
    return cmocka_run_group_tests (tests, setup, teardown);
}
