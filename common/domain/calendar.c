#include "common/domain/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "common/domain/date_read.h"
#include "common/domain/profile_yaml.h"

#define MINUTE ((int64_t)60 * CLOCK_SECOND)
#define DAY    ((int64_t)24 * 60 * MINUTE)
enum { SEARCH_DAYS = 3660 }; /* ten years without an opening hour: there is none */

bool
calendar_zone (const char *name, int *ret_offset)
{
    static const struct {
        const char *name, *iana;
        int offset;
    } zones[] = { { "WIB", "Asia/Jakarta", 420 }, { "WITA", "Asia/Makassar", 480 }, { "WIT", "Asia/Jayapura", 540 } };
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (!strcmp (name, zones[i].name) || !strcmp (name, zones[i].iana)) {
            *ret_offset = zones[i].offset;
            return true;
        }
    return false;
}

/* "07.30" or "7:30" at *text, in minutes; -1 if there is none. Moves *text behind it. */
static int
clock_read (const char **text)
{
    const char *at = *text;
    size_t hour_digits = strspn (at, "0123456789");
    if (hour_digits < 1 || hour_digits > 2 || (at[hour_digits] != '.' && at[hour_digits] != ':'))
        return -1;
    const char *minutes = at + hour_digits + 1;
    if (strspn (minutes, "0123456789") != 2)
        return -1;
    int hour = (int)strtol (at, NULL, 10), minute = (int)strtol (minutes, NULL, 10);
    if (minute > 59 || hour * 60 + minute > 1440)
        return -1;
    *text = minutes + 2;
    return hour * 60 + minute;
}

bool
calendar_hours_parse (const char *text, struct calendar_period periods[static CALENDAR_PERIODS], uint8_t *ret_count)
{
    uint8_t count = 0;
    int last = -1;
    for (text += strspn (text, " "); *text; text += strspn (text, " ")) {
        int from = clock_read (&text);
        if (from < 0 || *text++ != '-')
            return false;
        int until = clock_read (&text);
        if (until <= from || from < last || count == CALENDAR_PERIODS || (*text && *text != ' '))
            return false;
        periods[count++] = (struct calendar_period){ (int16_t)from, (int16_t)until };
        last = until;
    }
    *ret_count = count;
    return true;
}

static size_t
holiday_at (const struct calendar *self, int32_t day) /* the first not before day */
{
    size_t low = 0, high = self->holiday_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (self->holidays[middle] < day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

enum rc
calendar_add_holiday (struct calendar *self, struct arena *arena, int32_t day, struct err *err)
{
    size_t at = holiday_at (self, day);
    if (at < self->holiday_count && self->holidays[at] == day)
        return RC_OK;
    if (self->holiday_count == CALENDAR_HOLIDAYS)
        return err_set (err, RC_UNPROCESSABLE, "more than %d holidays", CALENDAR_HOLIDAYS);
    if (!self->holidays && !(self->holidays = arena_array (arena, CALENDAR_HOLIDAYS, sizeof *self->holidays)))
        return err_set (err, RC_INTERNAL, "no memory");
    memmove (self->holidays + at + 1, self->holidays + at, (self->holiday_count - at) * sizeof *self->holidays);
    self->holidays[at] = day;
    self->holiday_count++;
    return RC_OK;
}

static enum rc
tree_refuse (struct err *err, const struct tree_node *node, const char *text)
{
    char field[32];
    snprintf (field, sizeof field, "%d:%d", node->line, node->column);
    return err_code (err, RC_UNPROCESSABLE, "calendar.file", field, "%s", text);
}

static enum rc
days_add (struct calendar *self, struct arena *arena, const struct tree_node *list, int year, struct err *err)
{
    if (list->kind != TREE_LIST)
        return tree_refuse (err, list, "expected a list of dates");
    for (const struct tree_node *node = list->first; node; node = node->next) {
        int32_t day;
        int of, month, of_month;
        if (node->kind != TREE_TEXT || !date_parse (node->text, strlen (node->text), &day))
            return tree_refuse (err, node, "expected a date, YYYY-MM-DD");
        date_split (day, &of, &month, &of_month);
        if (of != year)
            return tree_refuse (err, node, "this day belongs to another year");
        enum rc rc = calendar_add_holiday (self, arena, day, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

enum rc
calendar_add_year (struct calendar *self, struct arena *arena, struct bytes yaml, struct err *err)
{
    struct tree_node *root;
    enum rc rc = tree_parse (yaml, arena, &root, err);
    if (rc != RC_OK)
        return rc;
    const struct tree_node *year = tree_find (root, "year");
    long number = year && year->kind == TREE_TEXT ? strtol (year->text, NULL, 10) : 0;
    if (number < 2000 || number > 2200)
        return tree_refuse (err, year ? year : root, "year: expected a year");
    if (self->year_count == CALENDAR_YEARS)
        return err_set (err, RC_UNPROCESSABLE, "more than %d years", CALENDAR_YEARS);
    for (const struct tree_node *node = root->first; node; node = node->next) {
        if (!strcmp (node->key, "libur_nasional") || !strcmp (node->key, "cuti_bersama")) {
            if ((rc = days_add (self, arena, node, (int)number, err)) != RC_OK)
                return rc;
        } else if (strcmp (node->key, "year") && strcmp (node->key, "source")) {
            return tree_refuse (err, node, "unknown key; known: year, source, libur_nasional, cuti_bersama");
        }
    }
    if (!calendar_knows_year (self, (int)number))
        self->years[self->year_count++] = (int16_t)number;
    return RC_OK;
}

bool
calendar_knows_year (const struct calendar *self, int year)
{
    for (size_t i = 0; i < self->year_count; i++)
        if (self->years[i] == year)
            return true;
    return false;
}

static int64_t
floor_divide (int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t
calendar_day (const struct calendar *self, int64_t instant)
{
    return (int32_t)floor_divide (instant + self->offset * MINUTE, DAY);
}

int64_t
calendar_midnight (const struct calendar *self, int32_t day)
{
    return day * DAY - self->offset * MINUTE;
}

/* The opening periods of a day; returns how many. */
static size_t
periods_of (const struct calendar *self, int32_t day, const struct calendar_period **ret)
{
    size_t at = holiday_at (self, day);
    if (at < self->holiday_count && self->holidays[at] == day)
        return 0;
    const struct calendar_week *week = &self->week;
    for (size_t i = 0; i < self->span_count; i++)
        if (day >= self->spans[i].from && day <= self->spans[i].until)
            week = &self->spans[i].week;
    int weekday = date_weekday (day) - 1;
    *ret = week->periods[weekday];
    return week->counts[weekday];
}

bool
calendar_is_working_day (const struct calendar *self, int32_t day)
{
    const struct calendar_period *periods;
    return periods_of (self, day, &periods) > 0;
}

int32_t
calendar_next_working_day (const struct calendar *self, int32_t day)
{
    for (int i = 1; i <= SEARCH_DAYS; i++)
        if (calendar_is_working_day (self, day + i))
            return day + i;
    return day + 1;
}

int32_t
calendar_previous_working_day (const struct calendar *self, int32_t day)
{
    for (int i = 1; i <= SEARCH_DAYS; i++)
        if (calendar_is_working_day (self, day - i))
            return day - i;
    return day - 1;
}

int64_t
calendar_add_minutes (const struct calendar *self, int64_t from, int64_t minutes)
{
    if (minutes <= 0)
        return from;
    int32_t today = calendar_day (self, from), day = today;
    int64_t left = minutes > INT64_MAX / MINUTE ? INT64_MAX : minutes * MINUTE; /* spans in µs: `from` has seconds */
    for (; day < today + SEARCH_DAYS; day++) {
        const struct calendar_period *periods;
        size_t count = periods_of (self, day, &periods);
        int64_t midnight = calendar_midnight (self, day);
        for (size_t i = 0; i < count; i++) {
            int64_t open = midnight + periods[i].from * MINUTE, close = midnight + periods[i].until * MINUTE;
            if (open < from)
                open = from;
            if (close <= open)
                continue;
            if (close - open >= left)
                return open + left;
            left -= close - open;
        }
    }
    return INT64_MAX;
}

int64_t
calendar_add_days (const struct calendar *self, int64_t from, int days)
{
    int32_t day = calendar_day (self, from);
    for (int i = 0; i < days; i++)
        day = calendar_next_working_day (self, day);
    if (days <= 0 && !calendar_is_working_day (self, day))
        day = calendar_next_working_day (self, day);
    const struct calendar_period *periods;
    size_t count = periods_of (self, day, &periods);
    return calendar_midnight (self, day) + (count ? periods[count - 1].until : 1440) * MINUTE;
}

int64_t
calendar_minutes (const struct calendar *self, int64_t from, int64_t until)
{
    int64_t sum = 0;
    if (until <= from)
        return 0;
    if (until - from > 10 * SEARCH_DAYS * DAY) /* a century: nobody waits longer */
        until = from + 10 * SEARCH_DAYS * DAY;
    for (int32_t day = calendar_day (self, from), last = calendar_day (self, until); day <= last; day++) {
        const struct calendar_period *periods;
        size_t count = periods_of (self, day, &periods);
        int64_t midnight = calendar_midnight (self, day);
        for (size_t i = 0; i < count; i++) {
            int64_t open = midnight + periods[i].from * MINUTE, close = midnight + periods[i].until * MINUTE;
            open = open < from ? from : open;
            close = close > until ? until : close;
            if (close > open)
                sum += close - open;
        }
    }
    return sum / MINUTE;
}

int32_t
calendar_cutoff (const struct calendar *self, int32_t today, int day_of_month)
{
    int year, month, day;
    date_split (today, &year, &month, &day);
    for (;;) {
        int length = date_month_days (year, month);
        int32_t cutoff = date_of (year, month, day_of_month < length ? day_of_month : length);
        if (!calendar_is_working_day (self, cutoff))
            cutoff = calendar_previous_working_day (self, cutoff);
        if (cutoff >= today)
            return cutoff;
        month = month == 12 ? 1 : month + 1;
        year += month == 1;
    }
}
