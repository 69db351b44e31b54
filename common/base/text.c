#include "common/base/text.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/base/clock.h"
#include "common/base/err.h"

size_t
utf8_length (const void *text, size_t left)
{
    const uint8_t *at = text;
    uint8_t c = at[0];
    if (c < 0x80)
        return c != 0;
    size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
    if (c < 0xc2 || c > 0xf4 || left < length)
        return 0;
    uint8_t least = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    uint8_t most = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < least || at[1] > most)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

bool
utf8_valid (const void *text, size_t size)
{
    const uint8_t *at = text, *end = at + size;
    while (at < end) {
        size_t length = utf8_length (at, (size_t)(end - at));
        if (!length)
            return false;
        at += length;
    }
    return true;
}

size_t
utf8_cut (const void *text, size_t size, size_t limit)
{
    const uint8_t *bytes = text;
    if (size <= limit)
        return size;
    while (limit > 0 && (bytes[limit] & 0xc0) == 0x80)
        limit--;
    return limit;
}

char *
hex_encode (const void *data, size_t size, char *ret_text)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++) {
        ret_text[2 * i] = digits[bytes[i] >> 4];
        ret_text[2 * i + 1] = digits[bytes[i] & 15];
    }
    ret_text[2 * size] = '\0';
    return ret_text;
}

static int
hex_digit (char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
hex_decode (const char *text, size_t length, void *ret_data, size_t size)
{
    uint8_t *bytes = ret_data;
    if (length % 2 || length / 2 != size)
        return false;
    for (size_t i = 0; i < length; i++)
        if (hex_digit (text[i]) < 0)
            return false;
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(hex_digit (text[2 * i]) * 16 + hex_digit (text[2 * i + 1]));
    return true;
}

char *
base64url_encode (const void *data, size_t size, char *ret_text, size_t room)
{
    MUST (room >= BASE64URL_SIZE (size));
    return sodium_bin2base64 (ret_text, room, data, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool
base64url_decode (const char *text, size_t length, void *ret_data, size_t room, size_t *ret_size)
{
    return sodium_base642bin (ret_data, room, text, length, NULL, ret_size, NULL,
                              sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
}

char *
text_reserve (struct text_buffer *buffer, size_t size)
{
    if (buffer->failed || size > buffer->limit - buffer->size) {
        buffer->failed = true;
        return NULL;
    }
    if (size < buffer->capacity - buffer->size) /* strictly: one byte for NUL */
        return buffer->data + buffer->size;
    size_t needed = buffer->size + size + 1;
    size_t capacity = buffer->capacity > SIZE_MAX / 2 ? needed : buffer->capacity * 2;
    if (capacity < 256)
        capacity = 256;
    if (capacity > buffer->limit + 1)
        capacity = buffer->limit + 1;
    if (capacity < needed)
        capacity = needed;
    char *data = realloc (buffer->data, capacity);
    if (!data) {
        buffer->failed = true;
        return NULL;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return data + buffer->size;
}

bool
text_add (struct text_buffer *buffer, const void *data, size_t size)
{
    char *to = text_reserve (buffer, size);
    if (!to)
        return false;
    if (size)
        memcpy (to, data, size);
    to[size] = '\0';
    buffer->size += size;
    return true;
}

bool
text_add_string (struct text_buffer *buffer, const char *text)
{
    return text_add (buffer, text, strlen (text));
}

bool
text_add_char (struct text_buffer *buffer, char c)
{
    return text_add (buffer, &c, 1);
}

bool
text_add_int (struct text_buffer *buffer, int64_t value)
{
    char digits[24], *at = digits + sizeof digits;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        *--at = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (value < 0)
        *--at = '-';
    return text_add (buffer, at, (size_t)(digits + sizeof digits - at));
}

bool
text_printf (struct text_buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start (arguments, format);
    va_copy (again, arguments);
    int length = vsnprintf (NULL, 0, format, arguments);
    char *to = length < 0 ? NULL : text_reserve (buffer, (size_t)length);
    if (to) {
        vsnprintf (to, (size_t)length + 1, format, again);
        buffer->size += (size_t)length;
    } else {
        buffer->failed = true;
    }
    va_end (again);
    va_end (arguments);
    return to != NULL;
}

void
text_reset (struct text_buffer *buffer)
{
    buffer->size = 0;
    buffer->failed = false;
    if (buffer->data)
        buffer->data[0] = '\0';
}

void
text_clear (struct text_buffer *buffer)
{
    free (buffer->data);
    *buffer = TEXT_BUFFER (buffer->limit);
}

size_t
text_distance (const char *a, const char *b)
{
    enum { MOST = 64 };
    size_t rows[3][MOST + 1], m = strnlen (a, MOST), n = strnlen (b, MOST);
    for (size_t j = 0; j <= n; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= m; i++) {
        size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = before[j - 1] + (a[i - 1] != b[j - 1]);
            if (before[j] + 1 < best)
                best = before[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && earlier[j - 2] + 1 < best)
                best = earlier[j - 2] + 1;
            now[j] = best;
        }
    }
    return rows[m % 3][n];
}

/* Reads exactly `count` digits. */
static bool
digits_parse (const char *text, int count, int *ret_number)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (text[i] - '0');
    }
    *ret_number = number;
    return true;
}

static void
digits_format (char *to, int count, int number)
{
    while (count--) {
        to[count] = (char)('0' + number % 10);
        number /= 10;
    }
}

bool
date_valid (int year, int month, int day)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= lengths[month - 1] + (month == 2 && leap);
}

/* Counts from 0000-03-01, so that the leap day ends a year; 400 years are 146,097 days. */
int32_t
date_of (int year, int month, int day)
{
    year -= month <= 2;
    int era = year / 400, year_of_era = year % 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void
date_split (int32_t date, int *ret_year, int *ret_month, int *ret_day)
{
    int32_t days = date + 719468, era = days / 146097, day_of_era = days % 146097;
    int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted = (5 * day_of_year + 2) / 153;
    *ret_day = day_of_year - (153 * shifted + 2) / 5 + 1;
    *ret_month = shifted < 10 ? shifted + 3 : shifted - 9;
    *ret_year = era * 400 + year_of_era + (*ret_month <= 2);
}

enum { DATE_MIN = -719162, DATE_MAX = 2932896 }; /* 0001-01-01, 9999-12-31 */

bool
date_parse (const char *text, size_t length, int32_t *ret_date)
{
    int year, month, day;
    if (length != DATE_TEXT - 1 || text[4] != '-' || text[7] != '-' || !digits_parse (text, 4, &year) ||
        !digits_parse (text + 5, 2, &month) || !digits_parse (text + 8, 2, &day) || !date_valid (year, month, day))
        return false;
    *ret_date = date_of (year, month, day);
    return true;
}

const char *
date_format (int32_t date, char buffer[static DATE_TEXT])
{
    int year, month, day;
    MUST (date >= DATE_MIN && date <= DATE_MAX);
    date_split (date, &year, &month, &day);
    digits_format (buffer, 4, year);
    digits_format (buffer + 5, 2, month);
    digits_format (buffer + 8, 2, day);
    buffer[4] = buffer[7] = '-';
    buffer[10] = '\0';
    return buffer;
}

int
date_weekday (int32_t date)
{
    int since_thursday = (int)(date % 7); /* 1970-01-01 was one */
    return (since_thursday + 7 + 3) % 7 + 1;
}

static const int64_t DAY = (int64_t)86400 * CLOCK_SECOND;

bool
instant_valid (int64_t instant)
{
    return instant >= DATE_MIN * DAY && instant < (DATE_MAX + 1) * DAY;
}

int32_t
instant_date (int64_t instant)
{
    MUST (instant_valid (instant));
    return (int32_t)(instant / DAY - (instant % DAY < 0));
}

const char *
instant_format (int64_t instant, char buffer[static INSTANT_TEXT])
{
    int32_t date = instant_date (instant);
    int64_t rest = instant - date * DAY;
    date_format (date, buffer);
    int seconds = (int)(rest / CLOCK_SECOND);
    digits_format (buffer + 11, 2, seconds / 3600);
    digits_format (buffer + 14, 2, seconds / 60 % 60);
    digits_format (buffer + 17, 2, seconds % 60);
    digits_format (buffer + 20, 6, (int)(rest % CLOCK_SECOND));
    buffer[10] = 'T';
    buffer[13] = buffer[16] = ':';
    buffer[19] = '.';
    buffer[26] = 'Z';
    buffer[27] = '\0';
    return buffer;
}

bool
instant_parse (const char *text, size_t length, int64_t *ret_instant)
{
    int32_t date;
    int hour, minute, second, fraction = 0;
    if (length < 20 || length > INSTANT_TEXT - 1 || !date_parse (text, 10, &date) || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':' || text[length - 1] != 'Z' || !digits_parse (text + 11, 2, &hour) ||
        !digits_parse (text + 14, 2, &minute) || !digits_parse (text + 17, 2, &second) || hour > 23 || minute > 59 ||
        second > 59)
        return false;
    if (length > 20) {
        int digits = (int)length - 21;
        if (text[19] != '.' || digits < 1 || !digits_parse (text + 20, digits, &fraction))
            return false;
        for (; digits < 6; digits++)
            fraction *= 10;
    }
    *ret_instant = date * DAY + (int64_t)(hour * 3600 + minute * 60 + second) * CLOCK_SECOND + fraction;
    return true;
}
