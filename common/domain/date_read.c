#include "common/domain/date_read.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/text.h"

enum {
    EXCEL_EPOCH = -25569 /* 1899-12-30 */,
    EXCEL_FIRST = 10000 /* 1927-05-18: four digits are rather a year */,
    EXCEL_LAST = 73415 /* 2100-12-31 */
};

int
date_month_days (int year, int month)
{
    static const int8_t days[13] = { 0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (month < 1 || month > 12)
        return 0;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month] + (month == 2 && leap);
}

bool
date_is_month (const char *text)
{
    static const char shape[] = "dddd-dd";
    for (size_t i = 0; i < sizeof shape; i++)
        if (shape[i] == 'd' ? !isdigit ((unsigned char)text[i]) : text[i] != shape[i])
            return false;
    return date_month_days (2000, 10 * (text[5] - '0') + text[6] - '0') > 0;
}

bool
date_month_is_ahead (const char *month, int32_t today)
{
    enum { YEAR = 12, MAY_BE_EARLY = 1 };
    int year, now, day;
    date_split (today, &year, &now, &day);
    return atoi (month) * YEAR + atoi (month + 5) > year * YEAR + now + MAY_BE_EARLY;
}

const char *
date_reason_code (enum date_reason reason)
{
    switch (reason) {
    case DATE_OK:
        return "date.ok";
    case DATE_EMPTY:
        return "date.empty";
    case DATE_FORMAT:
        return "date.format";
    case DATE_CALENDAR:
        return "date.calendar";
    case DATE_CENTURY:
        return "date.century";
    }
    return "date.format";
}

/* The first three letters decide, so that "Agustus", "Agt", "Agu" and "August" all read. */
static int
month_named (const char *word, size_t size)
{
    static const struct {
        const char *start;
        int month;
    } months[] = {
        { "jan", 1 },  { "feb", 2 },  { "peb", 2 },  { "mar", 3 },  { "apr", 4 },  { "mei", 5 },  { "may", 5 },
        { "jun", 6 },  { "jul", 7 },  { "agu", 8 },  { "agt", 8 },  { "ags", 8 },  { "aug", 8 },  { "sep", 9 },
        { "okt", 10 }, { "oct", 10 }, { "nop", 11 }, { "nov", 11 }, { "des", 12 }, { "dec", 12 },
    };
    for (size_t i = 0; size >= 3 && i < sizeof months / sizeof *months; i++)
        if (!strncasecmp (word, months[i].start, 3))
            return months[i].month;
    return 0;
}

struct piece {
    int value, digits, month; /* month: this piece was a month's name */
};

/* Splits into at most three pieces of digits or letters; the rest must be a time of day. */
static int
pieces_split (const char *text, struct piece pieces[3])
{
    int count = 0;
    while (*text && count < 3) {
        struct piece piece = { 0 };
        const char *start = text;
        if (isdigit ((unsigned char)*text)) {
            for (; isdigit ((unsigned char)*text); text++)
                piece.value = piece.digits++ < 5 ? piece.value * 10 + (*text - '0') : piece.value;
            if (piece.digits > 5)
                return 0;
        } else if (isalpha ((unsigned char)*text)) {
            while (isalpha ((unsigned char)*text))
                text++;
            if (!(piece.month = month_named (start, (size_t)(text - start))))
                return 0;
        } else {
            return 0;
        }
        pieces[count++] = piece;
        if (count < 3)
            text += strspn (text, "/-. ,");
    }
    if (*text == 'T' || *text == ' ')
        text++;
    else if (*text && count == 3)
        return 0;
    return text[strspn (text, "0123456789:.+Z ")] ? 0 : count;
}

static enum date_reason
date_build (int year, int month, int day, int32_t *ret)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > date_month_days (year, month))
        return DATE_CALENDAR;
    *ret = date_of (year, month, day);
    return DATE_OK;
}

static enum date_reason
serial_read (const char *text, int32_t *ret)
{
    char *end;
    double serial = strtod (text, &end);
    if (*end || serial < EXCEL_FIRST || serial > EXCEL_LAST)
        return DATE_FORMAT;
    *ret = EXCEL_EPOCH + (int32_t)serial;
    return DATE_OK;
}

/* Day and month as two numbers, in an order that only the file can tell. */
static enum date_reason
numbers_read (const struct piece p[3], enum date_order order, int32_t *ret, struct date_doubt *doubt)
{
    int32_t dmy, mdy;
    bool is_dmy = date_build (p[2].value, p[1].value, p[0].value, &dmy) == DATE_OK;
    bool is_mdy = date_build (p[2].value, p[0].value, p[1].value, &mdy) == DATE_OK;
    if (!is_dmy && !is_mdy)
        return DATE_CALENDAR;
    bool as_dmy = order == DATE_DMY ? is_dmy : !is_mdy;
    *ret = as_dmy ? dmy : mdy;
    doubt->swapped = as_dmy != (order == DATE_DMY);
    if (is_dmy && is_mdy && dmy != mdy)
        doubt->other = as_dmy ? mdy : dmy;
    return DATE_OK;
}

enum date_reason
date_read (const char *text, enum date_order order, int32_t *ret, struct date_doubt *ret_doubt)
{
    struct date_doubt unasked, *doubt = ret_doubt ? ret_doubt : &unasked;
    *doubt = (struct date_doubt){ .other = DATE_NONE };
    if (!text)
        return DATE_EMPTY;
    text += strspn (text, " '");
    if (!text[strspn (text, " -/.:0")]) /* "-", "00-00-0000", "0000-00-00 00:00:00" */
        return DATE_EMPTY;
    size_t digits = strspn (text, "0123456789");
    if (digits == 5 && (!text[digits] || text[digits] == '.'))
        return serial_read (text, ret);
    struct piece p[3] = { 0 };
    if (pieces_split (text, p) != 3)
        return DATE_FORMAT;
    if (p[0].digits == 4 && (p[1].month || p[1].digits <= 2) && p[2].digits && p[2].digits <= 2)
        return date_build (p[0].value, p[1].month ? p[1].month : p[1].value, p[2].value, ret);
    if (p[0].month && p[1].digits && p[2].digits == 4) /* August 17, 1990 */
        return date_build (p[2].value, p[0].month, p[1].value, ret);
    if (!p[0].digits || p[0].digits > 2 || p[1].digits > 2 || p[2].month)
        return DATE_FORMAT;
    if (p[2].digits == 2)
        return DATE_CENTURY;
    if (p[2].digits != 4)
        return DATE_FORMAT;
    if (p[1].month)
        return date_build (p[2].value, p[1].month, p[0].value, ret);
    return numbers_read (p, order, ret, doubt);
}
