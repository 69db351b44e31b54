#include "common/base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "common/base/clock.h"
#include "common/base/text.h"

enum { NAME_SIZE = 64, TAIL = 24 }; /* TAIL: room kept for `,"cut":true}` and the newline */

static char service_name[NAME_SIZE], instance_name[NAME_SIZE];
static atomic_int least_level = LOG_INFO;
static atomic_int descriptor = STDERR_FILENO;
static atomic_uint_fast64_t lost;

/* A line on the stack: logging must work without memory. A field that does not fit is taken back whole. */
struct line {
    char bytes[LOG_LINE];
    size_t size;
    bool full;
};

static void
line_add (struct line *line, const char *bytes, size_t size)
{
    if (line->full || size > sizeof line->bytes - TAIL - line->size) {
        line->full = true;
        return;
    }
    memcpy (line->bytes + line->size, bytes, size);
    line->size += size;
}

static void
line_add_string (struct line *line, const char *text)
{
    line_add (line, text, strlen (text));
}

__attribute__ ((format (printf, 2, 3))) static void
line_printf (struct line *line, const char *format, ...)
{
    char text[128];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (text, sizeof text, format, arguments);
    va_end (arguments);
    line_add_string (line, text);
}

static bool
is_digit (char c)
{
    return c >= '0' && c <= '9';
}

/* How many digits start here. */
static size_t
digits_at (const char *text, size_t left)
{
    size_t count = 0;
    while (count < left && is_digit (text[count]))
        count++;
    return count;
}

enum { NIK_DIGITS = 16, SHOWN = 4 };

/* One character of a string, escaped. Controls (C1 and the line separators included) cannot reach a terminal. */
static size_t
line_add_char (struct line *line, const char *text, size_t left)
{
    size_t length = utf8_length (text, left);
    const unsigned char *c = (const unsigned char *)text;
    if (length == 1 && (*c == '"' || *c == '\\'))
        line_printf (line, "\\%c", *c);
    else if (length <= 1 && (*c < 0x20 || *c == 0x7f))
        line_printf (line, "\\u%04x", *c);
    else if (length == 0)
        line_add_string (line, "\\ufffd");
    else if (length == 2 && c[0] == 0xc2 && c[1] < 0xa0)
        line_printf (line, "\\u%04x", c[1]);
    else if (length == 3 && c[0] == 0xe2 && c[1] == 0x80 && (c[2] == 0xa8 || c[2] == 0xa9))
        line_printf (line, "\\u%04x", 0x2000 + (c[2] & 0x3f));
    else
        line_add (line, text, length);
    return length ? length : 1;
}

static void
line_add_text (struct line *line, const char *text)
{
    if (!text) {
        line_add_string (line, "null");
        return;
    }
    line_add (line, "\"", 1);
    for (size_t at = 0, size = strlen (text); at < size && !line->full;) {
        size_t digits = digits_at (text + at, size - at);
        if (digits >= NIK_DIGITS) {
            for (size_t i = 0; i < digits - SHOWN; i++)
                line_add (line, "*", 1);
            line_add (line, text + at + digits - SHOWN, SHOWN);
            at += digits;
        } else if (digits) {
            line_add (line, text + at, digits);
            at += digits;
        } else {
            at += line_add_char (line, text + at, size - at);
        }
    }
    line_add (line, "\"", 1);
}

static void
line_add_masked (struct line *line, const char *text)
{
    if (!text) {
        line_add_string (line, "null");
        return;
    }
    size_t size = strlen (text), shown = size > 2 * SHOWN ? SHOWN : 0; /* a short secret shows nothing */
    if (!utf8_valid (text, size))
        shown = 0;
    size_t from = size - shown;
    while (from < size && ((unsigned char)text[from] & 0xc0) == 0x80)
        from++;
    line_add (line, "\"", 1);
    for (size_t i = 0; i < from; i++)
        line_add (line, "*", 1);
    while (from < size)
        from += line_add_char (line, text + from, size - from);
    line_add (line, "\"", 1);
}

static void
line_add_int (struct line *line, int64_t value)
{
    char text[24];
    snprintf (text, sizeof text, "%" PRId64, value);
    if (strlen (text) >= NIK_DIGITS)
        line_add_masked (line, text);
    else
        line_add_string (line, text);
}

static void
line_add_real (struct line *line, double value)
{
    if (isfinite (value) && fabs (value) < 1e12)
        line_printf (line, "%.3f", value);
    else
        line_add_string (line, "null");
}

static void
line_add_time (struct line *line, int64_t instant)
{
    char text[INSTANT_TEXT];
    if (instant && instant_valid (instant))
        line_printf (line, "\"%s\"", instant_format (instant, text));
    else
        line_add_string (line, "null");
}

static void
line_add_uuid (struct line *line, struct uuid uuid)
{
    char text[UUID_TEXT];
    if (uuid_is_nil (uuid))
        line_add_string (line, "null");
    else
        line_printf (line, "\"%s\"", uuid_format (uuid, text));
}

static void
line_add_digest (struct line *line, const uint8_t *digest)
{
    char text[65];
    if (digest)
        line_printf (line, "\"%s\"", hex_encode (digest, 32, text));
    else
        line_add_string (line, "null");
}

static void
line_add_value (struct line *line, const struct log_field *field)
{
    switch (field->type) {
    case LOG_TYPE_STR:
        line_add_text (line, field->text);
        break;
    case LOG_TYPE_INT:
        line_add_int (line, field->integer);
        break;
    case LOG_TYPE_REAL:
        line_add_real (line, field->real);
        break;
    case LOG_TYPE_BOOL:
        line_add_string (line, field->boolean ? "true" : "false");
        break;
    case LOG_TYPE_UUID:
        line_add_uuid (line, field->uuid);
        break;
    case LOG_TYPE_TIME:
        line_add_time (line, field->integer);
        break;
    case LOG_TYPE_MASKED:
        line_add_masked (line, field->text);
        break;
    case LOG_TYPE_SHA256:
        line_add_digest (line, field->digest);
        break;
    case LOG_TYPE_END:
        break;
    }
}

static void
line_add_field (struct line *line, const struct log_field *field)
{
    line_add (line, ",", 1);
    line_add_text (line, field->name);
    line_add (line, ":", 1);
    line_add_value (line, field);
}

static const char *const level_names[] = {
    [LOG_EMERG] = "emergency", [LOG_ALERT] = "alert",   [LOG_CRIT] = "critical", [LOG_ERR] = "error",
    [LOG_WARNING] = "warning", [LOG_NOTICE] = "notice", [LOG_INFO] = "info",     [LOG_DEBUG] = "debug",
};

void
log_open (const char *service, const char *instance, int least)
{
    snprintf (service_name, sizeof service_name, "%s", service);
    snprintf (instance_name, sizeof instance_name, "%s", instance ? instance : "");
    log_level (least);
}

void
log_level (int least)
{
    MUST (least >= LOG_EMERG && least <= LOG_DEBUG);
    atomic_store (&least_level, least);
}

bool
log_level_parse (const char *name, int *ret_level)
{
    for (int level = LOG_CRIT; level <= LOG_DEBUG; level++)
        if (strcmp (name, level_names[level]) == 0) {
            *ret_level = level;
            return true;
        }
    return false;
}

void
log_to (int to)
{
    atomic_store (&descriptor, to);
}

uint64_t
log_lost (void)
{
    return atomic_load (&lost);
}

static void
line_write (const struct line *line)
{
    ssize_t written;
    do
        written = write (atomic_load (&descriptor), line->bytes, line->size);
    while (written < 0 && errno == EINTR);
    if (written != (ssize_t)line->size) /* the rest is not sent: it could land inside another's line */
        atomic_fetch_add (&lost, 1);
}

void
log_write (int level, const char *event, const struct log_field *fields)
{
    MUST (level >= LOG_EMERG && level <= LOG_DEBUG);
    if (level > atomic_load_explicit (&least_level, memory_order_relaxed))
        return;
    int saved = errno;
    struct line line;
    line.size = 0;
    line.full = false;
    line_add_string (&line, "{\"time\":");
    line_add_time (&line, clock_now ());
    line_printf (&line, ",\"level\":\"%s\"", level_names[level]);
    line_add_field (&line, &LOG_STR ("service", service_name));
    line_add_field (&line, &LOG_STR ("instance", instance_name));
    line_add_field (&line, &LOG_STR ("event", event));
    bool cut = line.full;
    for (; fields->type != LOG_TYPE_END; fields++) {
        size_t before = line.size;
        line_add_field (&line, fields);
        if (line.full) {
            line.size = before;
            line.full = false;
            cut = true;
        }
    }
    const char *tail = cut ? ",\"cut\":true}\n" : "}\n";
    memcpy (line.bytes + line.size, tail, strlen (tail));
    line.size += strlen (tail);
    line_write (&line);
    errno = saved;
}
