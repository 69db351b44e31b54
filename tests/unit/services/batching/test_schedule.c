/* When batches close: the profile's days, moved by weekends, holidays and cuti bersama, in the office's zone. */
#include "tests/unit/services/batching/fixture.h"

/* Local time of the office (WIB). */
static int64_t
at (const char *date, int hour, int minute)
{
    int32_t day;
    assert_true (date_parse (date, strlen (date), &day));
    return calendar_midnight (&profile->calendar, day) + (hour * 60 + minute) * 60 * (int64_t)CLOCK_SECOND;
}

static void
assert_next (const char *track, int64_t now, const char *day, int hour, int minute)
{
    char text[DATE_TEXT];
    struct slot slot = schedule_next (profile, profile_track_find (profile, track), now);
    assert_string_equal (date_format (slot.day, text), day);
    assert_int_equal (slot.at, at (day, hour, minute));
}

static void
new_members_go_on_the_20th_or_the_working_day_before (void **state)
{
    assert_next ("baru", at ("2026-11-03", 10, 0), "2026-11-20", 16, 30); /* a Friday */
    assert_next ("baru", at ("2026-11-23", 7, 0), "2026-12-18", 16, 30);  /* the 20th is a Sunday */
    assert_next ("baru", at ("2026-03-02", 9, 0), "2026-03-17", 16, 0);   /* 18th to 24th: holidays and cuti bersama */
    assert_next ("baru", at ("2026-11-20", 16, 29), "2026-11-20", 16, 30);
    assert_next ("baru", at ("2026-11-20", 16, 30), "2026-12-18", 16, 30); /* too late for this month */
    assert_next ("baru", at ("2026-12-19", 9, 0), "2027-01-20", 16, 0);
}

static void
transfers_go_every_working_day (void **state)
{
    assert_next ("pengalihan", at ("2026-11-23", 9, 0), "2026-11-23", 16, 0);
    assert_next ("pengalihan", at ("2026-11-23", 17, 0), "2026-11-24", 16, 0);
    assert_next ("pengalihan", at ("2026-12-23", 17, 0), "2026-12-28", 16, 0); /* cuti bersama, Natal, weekend */
}

static void
the_instant_is_that_of_the_offices_zone (void **state)
{
    /* 2026-11-19 17.30 UTC is the 20th already in Pematangsiantar, and its day is not over. */
    assert_next ("baru", at ("2026-11-20", 0, 30), "2026-11-20", 16, 30);
    assert_int_equal (at ("2026-11-20", 0, 30) / CLOCK_SECOND, 1795109400);
}

static void
a_batch_is_sent_by_the_standard_of_its_act (void **state)
{
    int baru = profile_track_find (profile, "baru");
    assert_int_equal (schedule_send (profile, baru, at ("2026-11-20", 16, 30)),
                      at ("2026-11-23", 7, 35)); /* 5 minutes */
    assert_int_equal (schedule_standard (profile, 0, at ("2026-11-20", 16, 30)), at ("2026-11-23", 16, 0));
    assert_int_equal (schedule_reconcile (profile, baru), profile_act_find (profile, "rekonsiliasi"));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (new_members_go_on_the_20th_or_the_working_day_before),
        cmocka_unit_test (transfers_go_every_working_day),
        cmocka_unit_test (a_batch_is_sent_by_the_standard_of_its_act),
        cmocka_unit_test (the_instant_is_that_of_the_offices_zone),
    };
    return cmocka_run_group_tests_name ("services/batching/schedule", tests, profile_open, profile_close);
}
