#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/http/guard.h"
#include "common/http/problem.h"

/* "0.8" → 800; malformed → 0, as if it were not wanted. */
static int
quality_of (const char *text, size_t size)
{
    if (!size || (text[0] != '0' && text[0] != '1') || (size > 1 && text[1] != '.') || size > 5)
        return 0;
    int value = (text[0] - '0') * 1000;
    for (size_t i = 2, unit = 100; i < size; i++, unit /= 10) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        value += (text[i] - '0') * (int)unit;
    }
    return value > 1000 ? 0 : value;
}

/* "en-GB" is English; "in" is what old systems call Indonesian. */
static bool
range_is (const char *range, size_t size, const char *language)
{
    size_t primary = 0;
    while (primary < size && range[primary] != '-')
        primary++;
    return primary == strlen (language) && !strncasecmp (range, language, primary);
}

enum http_language
http_language_of (const char *accept)
{
    int indonesian = -1, english = -1, any = -1;
    while (accept && *accept) {
        accept += strspn (accept, ", \t");
        size_t item = strcspn (accept, ","), range = strcspn (accept, ",; \t");
        int quality = 1000;
        const char *parameter = memchr (accept, ';', item);
        if (parameter) {
            const char *end = accept + item;
            parameter += 1 + strspn (parameter + 1, " \t");
            if (end - parameter > 2 && !strncasecmp (parameter, "q=", 2))
                quality = quality_of (parameter + 2, strcspn (parameter + 2, ", \t"));
        }
        int *wanted = range_is (accept, range, "id") || range_is (accept, range, "in") ? &indonesian
                      : range_is (accept, range, "en")                                 ? &english
                      : range == 1 && *accept == '*'                                   ? &any
                                                                                       : NULL;
        if (wanted && quality > *wanted)
            *wanted = quality;
        accept += item;
    }
    if (indonesian < 0)
        indonesian = any;
    if (english < 0)
        english = any;
    return english > 0 && english > indonesian ? HTTP_ENGLISH : HTTP_INDONESIAN;
}

const char *
http_language_tag (enum http_language language)
{
    return language == HTTP_ENGLISH ? "en" : "id";
}

struct sink {
    char *out;
    size_t capacity, size;
};

static void
sink_put (struct sink *sink, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++, sink->size++)
        if (sink->size + 1 < sink->capacity)
            sink->out[sink->size] = text[i];
}

/* Size of the UTF-8 sequence that starts the text, 0 when there is none. */
static size_t
sequence_size (const char *text)
{
    for (size_t size = 1; size <= 4 && text[size - 1]; size++)
        if (http_utf8_valid (text, size))
            return size;
    return 0;
}

size_t
http_json_string (char *out, size_t capacity, const char *text)
{
    struct sink sink = { out, capacity, 0 };
    sink_put (&sink, "\"", 1);
    while (*text) {
        unsigned char c = (unsigned char)*text;
        size_t size = c < 0x80 ? 1 : sequence_size (text);
        if (c == '"' || c == '\\') {
            sink_put (&sink, "\\", 1);
            sink_put (&sink, text, 1);
        } else if (c < 32 || c == 127) {
            char escape[8];
            snprintf (escape, sizeof escape, "\\u%04x", c);
            sink_put (&sink, escape, 6);
        } else if (size) {
            sink_put (&sink, text, size);
        } else {
            sink_put (&sink, "\xef\xbf\xbd", 3);
        }
        text += size ? size : 1;
    }
    sink_put (&sink, "\"", 1);
    if (capacity)
        out[sink.size < capacity ? sink.size : capacity - 1] = 0;
    return sink.size;
}
