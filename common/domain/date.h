/* Calendar days without a clock or a zone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A day of the proleptic Gregorian calendar; all zero means "not stated". */
struct date {
    int16_t year;
    int8_t month, day;
};

enum { DATE_TEXT = 11 }; /* YYYY-MM-DD and NUL */

static inline bool
date_is_none (struct date date)
{
    return !date.year && !date.month && !date.day;
}

int date_month_days (int year, int month); /* 28..31; 0 for a month outside 1..12 */
bool date_is_valid (struct date date);     /* year 1..9999 and a real day */
int32_t date_to_days (struct date date);   /* days since 1970-01-01; the date must be valid */
struct date date_from_days (int32_t days);
int date_weekday (int32_t days);                                           /* 0 Monday .. 6 Sunday */
bool date_parse (const char *text, struct date *ret);                      /* exactly YYYY-MM-DD and real */
const char *date_format (struct date date, char buffer[static DATE_TEXT]); /* YYYY-MM-DD, "" for none */

/* Order of an ambiguous 03/04/1990. The two BPJS files differ (domain 4.1, 4.2), so the file's schema says it. */
enum date_order { DATE_DMY, DATE_MDY };

enum date_reason {
    DATE_OK,
    DATE_EMPTY,    /* blank, '-', 00-00-0000 */
    DATE_FORMAT,   /* none of the known writings */
    DATE_CALENDAR, /* known writing, no such day */
    DATE_CENTURY,  /* two-digit year: the century would be a guess */
};

/* A date as spreadsheets and people write it (domain 3.4): dd/mm/yyyy, mm/dd/yyyy, yyyy-mm-dd with or without a time,
 * dd-mm-yyyy, dd.mm.yyyy, an Excel serial, Indonesian or English month names. order decides only when both readings
 * are real days; when only the other one is, that one is taken and *ret_swapped (may be NULL) is set. */
enum date_reason date_read (const char *text, enum date_order order, struct date *ret, bool *ret_swapped);
const char *date_reason_code (enum date_reason reason); /* stable, "date.calendar" */
