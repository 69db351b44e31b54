/* An office's working time as data (domain 6): zone, weekly hours with breaks, holidays and cuti bersama. Service
 * standards count these minutes, not the wall clock. Instants are UTC microseconds; days are days since 1970-01-01 in
 * the office's zone (date_of). Indonesia has no daylight saving, so a zone is a fixed offset. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/err.h"

enum {
    CALENDAR_PERIODS = 4,    /* opening periods a day: morning, afternoon and two to spare */
    CALENDAR_SPANS = 16,     /* dated other hours: Ramadan once or twice a year for some years */
    CALENDAR_YEARS = 32,     /* year files in one calendar */
    CALENDAR_HOLIDAYS = 2048 /* about 28 a year and local days */
};

struct calendar_period {
    int16_t from, until; /* minutes after local midnight, from < until <= 1440 */
};

/* A week of opening hours; Monday first. A day without periods is no working day. */
struct calendar_week {
    struct calendar_period periods[7][CALENDAR_PERIODS];
    uint8_t counts[7];
};

struct calendar_span { /* other hours from..until, both included (Ramadan) */
    int32_t from, until;
    struct calendar_week week;
};

struct calendar {
    int offset; /* minutes east of UTC */
    struct calendar_week week;
    struct calendar_span spans[CALENDAR_SPANS];
    size_t span_count;
    int32_t *holidays; /* sorted, unique; national, cuti bersama and local */
    size_t holiday_count;
    int16_t years[CALENDAR_YEARS]; /* years whose national list is loaded */
    size_t year_count;
};

/* WIB WITA WIT, their IANA names; false otherwise. Minutes east of UTC: 420, 480, 540 (Keppres 41/1987). */
bool calendar_zone (const char *name, int *ret_offset);
/* "07.30-12.00 13.00-16.00" (':' as well as '.'); "" closes the day. */
bool calendar_hours_parse (const char *text, struct calendar_period periods[static CALENDAR_PERIODS],
                           uint8_t *ret_count);

enum rc calendar_add_holiday (struct calendar *calendar, struct arena *arena, int32_t day, struct err *err);
/* One file of deploy/profiles/calendar/: its days are added and its year counts as loaded. */
enum rc calendar_add_year (struct calendar *calendar, struct arena *arena, struct bytes yaml, struct err *err);
bool calendar_knows_year (const struct calendar *calendar, int year); /* else only weekends are known: warn */

int32_t calendar_day (const struct calendar *calendar, int64_t instant);  /* the local day of an instant */
int64_t calendar_midnight (const struct calendar *calendar, int32_t day); /* the instant a local day begins */
bool calendar_is_working_day (const struct calendar *calendar, int32_t day);
int32_t calendar_next_working_day (const struct calendar *calendar, int32_t day);     /* the first after day */
int32_t calendar_previous_working_day (const struct calendar *calendar, int32_t day); /* the last before day */

/* The instant at which `minutes` of working time have passed since `from`; the deadline of a standard. 0 minutes gives
 * `from`. INT64_MAX when the calendar has no working time within 10 years. */
int64_t calendar_add_minutes (const struct calendar *calendar, int64_t from, int64_t minutes);
/* The end of the working time of the `days`th working day after the day of `from`. */
int64_t calendar_add_days (const struct calendar *calendar, int64_t from, int days);
/* Whole working minutes in [from, until); 0 if until <= from. */
int64_t calendar_minutes (const struct calendar *calendar, int64_t from, int64_t until);

/* The next monthly cut-off not before local day `today`: day D of a month (the month's last if it is shorter), moved
 * back to a working day. */
int32_t calendar_cutoff (const struct calendar *calendar, int32_t today, int day_of_month);
