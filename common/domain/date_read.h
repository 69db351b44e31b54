/* Dates as spreadsheets and people write them. Dates themselves are days since 1970-01-01 (common/base/text.h). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define DATE_NONE INT32_MIN /* not stated */

/* Order of an ambiguous 03/04/1990. The two BPJS files differ (domain 4.1, 4.2), so the file's schema says it. */
enum date_order { DATE_DMY, DATE_MDY };

enum date_reason {
    DATE_OK,
    DATE_EMPTY,    /* blank, '-', 00-00-0000 */
    DATE_FORMAT,   /* none of the known writings */
    DATE_CALENDAR, /* known writing, no such day */
    DATE_CENTURY,  /* two-digit year: the century would be a guess */
};

/* What the order leaves open. */
struct date_doubt {
    bool swapped;  /* only the other order gives a real day, and that was taken */
    int32_t other; /* the other order gives this other real day; DATE_NONE: there is no doubt */
};

/* dd/mm/yyyy, mm/dd/yyyy, yyyy-mm-dd with or without a time, dd-mm-yyyy, dd.mm.yyyy, an Excel serial, Indonesian or
 * English month names (domain 3.4). order decides only when both readings are real days; when only the other one is,
 * that one is taken. ret_doubt may be NULL. NULL text is empty. */
enum date_reason date_read (const char *text, enum date_order order, int32_t *ret, struct date_doubt *ret_doubt);
const char *date_reason_code (enum date_reason reason); /* stable, "date.calendar" */

int date_month_days (int year, int month); /* 28..31; 0 for a month outside 1..12 */
bool date_is_month (const char *text);     /* a year and a month: "2026-11" */
/* Such a month, later than the one after today's: a delivery may come early, one for a month farther off is a slip of
 * the pen. */
bool date_month_is_ahead (const char *month, int32_t today);
