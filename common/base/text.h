/* Text and bytes: UTF-8, hexadecimal, base64url, a growing buffer with a cap, dates and instants as text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True for well-formed UTF-8 (no overlong forms, no surrogates, at most U+10FFFF) that holds no NUL. */
bool utf8_valid (const void *text, size_t size);
/* Bytes of the well-formed character that starts at `text`, 0 when there is none (NUL counts as none). left > 0. */
size_t utf8_length (const void *text, size_t left);
/* The longest prefix of valid `text` that has at most `limit` bytes and cuts no character. */
size_t utf8_cut (const void *text, size_t size, size_t limit);

/* Writes 2 × size lower-case digits and NUL. */
char *hex_encode (const void *data, size_t size, char *ret_text);
/* Exactly 2 × size lower-case digits in, size bytes out; false otherwise and ret_data untouched. */
bool hex_decode (const char *text, size_t length, void *ret_data, size_t size);

/* base64url without padding, as in tokens and cursors. */
#define BASE64URL_SIZE(size) (((size) + 2) / 3 * 4 + 1) /* room for the text of `size` bytes and NUL */
char *base64url_encode (const void *data, size_t size, char *ret_text, size_t room);
bool base64url_decode (const char *text, size_t length, void *ret_data, size_t room, size_t *ret_size);

/* Text that grows up to a limit. After a failed addition it stays failed and takes nothing more, so that a writer
 * checks once at its end. data is NULL while nothing was added, and ends with NUL (not counted) otherwise. */
struct text_buffer {
    char *data;
    size_t size, capacity;
    size_t limit; /* bytes it may hold, NUL not counted */
    bool failed;  /* past the limit or without memory */
};
#define TEXT_BUFFER(most) ((struct text_buffer){ .limit = (most) })
#define TEXT_AUTO         __attribute__ ((cleanup (text_clear)))

/* Room for `size` more bytes, to be written at data + size and then counted by the caller; NULL when failed. */
char *text_reserve (struct text_buffer *buffer, size_t size);
bool text_add (struct text_buffer *buffer, const void *data, size_t size);
bool text_add_string (struct text_buffer *buffer, const char *text);
bool text_add_char (struct text_buffer *buffer, char c);
bool text_add_int (struct text_buffer *buffer, int64_t value);
bool text_printf (struct text_buffer *buffer, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
/* Forgets the content and the failure, keeps the memory. */
void text_reset (struct text_buffer *buffer);
/* Frees the memory and leaves an empty buffer with the same limit. */
void text_clear (struct text_buffer *buffer);

/* Typing mistakes between two names, by their first 64 bytes: letters missing, added, changed, neighbours swapped. */
size_t text_distance (const char *a, const char *b);

/* Dates are days since 1970-01-01 in the proleptic Gregorian calendar, years 0001 to 9999. */
enum { DATE_TEXT = 11 }; /* "YYYY-MM-DD" and NUL */
/* Exactly YYYY-MM-DD and a day that exists; false otherwise. `length` lets it read from inside a larger text. */
bool date_parse (const char *text, size_t length, int32_t *ret_date);
const char *date_format (int32_t date, char buffer[static DATE_TEXT]);
bool date_valid (int year, int month, int day);
int32_t date_of (int year, int month, int day); /* of a valid day */
void date_split (int32_t date, int *ret_year, int *ret_month, int *ret_day);
int date_weekday (int32_t date); /* ISO 8601: 1 Monday to 7 Sunday */

/* Instants are UTC microseconds since 1970; as text "2026-11-22T01:02:03.000004Z" (RFC 3339, always microseconds). */
enum { INSTANT_TEXT = 28 };
int32_t instant_date (int64_t instant); /* its day in UTC */
bool instant_valid (int64_t instant);   /* within the years that text can say; instant_format asserts it */
const char *instant_format (int64_t instant, char buffer[static INSTANT_TEXT]);
/* Takes 0 to 6 digits of fraction, and only UTC ("Z"): an offset would hide which clock an instant came from. */
bool instant_parse (const char *text, size_t length, int64_t *ret_instant);
