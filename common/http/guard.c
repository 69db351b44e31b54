#include "common/http/guard.h"

#include <string.h>
#include <strings.h>

static const char *const single[] = { "host",          "content-length", "transfer-encoding",
                                      "authorization", "content-type",   "idempotency-key",
                                      "if-match",      "if-none-match",  "last-event-id",
                                      "expect",        "origin" };
enum { SINGLE_COUNT = sizeof single / sizeof *single };

static bool
is_token (const char *text)
{
    if (!*text)
        return false;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        bool alphanumeric = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
        if (!alphanumeric && !strchr ("!#$%&'*+-.^_`|~", c))
            return false;
    }
    return true;
}

static bool
is_field_value (const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c < 32 && c != '\t') || c == 127)
            return false;
    }
    return true;
}

static bool
is_length (const char *text)
{
    size_t digits = strspn (text, "0123456789");
    return digits && digits <= 18 && !text[digits];
}

/* Host is host[:port]; anything a URL parser could read otherwise ("@", "/", "?", a list) is refused. */
static bool
is_host (const char *text)
{
    size_t size = strlen (text);
    if (!size || size > 255)
        return false;
    if (*text == '[') {
        size_t inside = strspn (text + 1, "0123456789abcdefABCDEF:.");
        if (!inside || text[1 + inside] != ']')
            return false;
        text += inside + 2;
    } else {
        size_t name = strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._");
        if (!name)
            return false;
        text += name;
    }
    if (!*text)
        return true;
    size_t digits = strspn (text + 1, "0123456789");
    return *text == ':' && digits && digits <= 5 && !text[1 + digits];
}

static int
single_index (const char *name)
{
    for (int i = 0; i < SINGLE_COUNT; i++)
        if (!strcasecmp (name, single[i]))
            return i;
    return -1;
}

struct http_fault
http_guard_fields (const char *version, const struct http_field *fields, size_t count)
{
    const char *seen[SINGLE_COUNT] = { NULL };
    if (count > HTTP_FIELDS_MAX)
        return (struct http_fault){ "http.headers_too_many", NULL };
    for (size_t i = 0; i < count; i++) {
        /* a bad name is not repeated in the answer */
        if (!is_token (fields[i].name))
            return (struct http_fault){ "http.header_malformed", "?" };
        if (!is_field_value (fields[i].value))
            return (struct http_fault){ "http.header_malformed", fields[i].name };
        int index = single_index (fields[i].name);
        if (index < 0)
            continue;
        if (seen[index])
            return (struct http_fault){ "http.header_double", single[index] };
        seen[index] = fields[i].value;
    }
    const char *host = seen[0], *length = seen[1], *coding = seen[2], *expect = seen[9];
    bool modern = !strcmp (version, "HTTP/1.1");
    if (!modern && strcmp (version, "HTTP/1.0"))
        return (struct http_fault){ "http.version_unknown", NULL };
    if (!host ? modern : !is_host (host))
        return (struct http_fault){ "http.host_malformed", NULL };
    if (length && coding)
        return (struct http_fault){ "http.length_ambiguous", NULL };
    if (length && !is_length (length))
        return (struct http_fault){ "http.header_malformed", "content-length" };
    if (coding && (!modern || strcasecmp (coding, "chunked")))
        return (struct http_fault){ "http.coding_unknown", NULL };
    if (expect && strcasecmp (expect, "100-continue"))
        return (struct http_fault){ "http.header_malformed", "expect" };
    return (struct http_fault){ NULL, NULL };
}

bool
http_utf8_valid (const char *text, size_t size)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + size;
    while (at < end) {
        unsigned c = *at++;
        if (c < 0x80)
            continue;
        int more = c >= 0xc2 && c < 0xe0 ? 1 : c >= 0xe0 && c < 0xf0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : 0;
        if (!more || end - at < more)
            return false;
        unsigned low = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;  /* shortest form only */
        unsigned high = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf; /* no surrogates, nothing past U+10FFFF */
        if (*at < low || *at > high)
            return false;
        for (int i = 1; i < more; i++)
            if ((at[i] & 0xc0) != 0x80)
                return false;
        at += more;
    }
    return true;
}

static int
hex_digit (char c)
{
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
}

/* Returns the size of the decoded text, or -1. Controls, NUL among them, never pass. */
static long
decode (const char *raw, size_t size, char *out, bool plus)
{
    size_t written = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)raw[i];
        if (c == '%') {
            int high = i + 2 < size ? hex_digit (raw[i + 1]) : -1, low = i + 2 < size ? hex_digit (raw[i + 2]) : -1;
            if (high < 0 || low < 0)
                return -1;
            c = (unsigned char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        if (c < 32 || c == 127)
            return -1;
        out[written++] = (char)c;
    }
    out[written] = 0;
    return http_utf8_valid (out, written) ? (long)written : -1;
}

bool
http_decode_segment (const char *raw, size_t size, char *out)
{
    long decoded = decode (raw, size, out, false);
    return decoded >= 0 && strcmp (out, ".") && strcmp (out, "..") && !strpbrk (out, "/\\");
}

bool
http_decode_query (const char *raw, size_t size, char *out)
{
    return decode (raw, size, out, true) >= 0;
}

struct http_fault
http_guard_target (const char *target)
{
    enum { PATH_MAX_SIZE = 2048 }; /* HTTP_PATH_MAX */
    const struct http_fault malformed = { "http.target_malformed", NULL };
    char segment[PATH_MAX_SIZE + 1];
    if (*target != '/')
        return malformed;
    for (const char *at = target; *at; at++)
        if (*at <= ' ' || *at == 127 || *at == '#' || (*at & 0x80))
            return malformed;
    size_t length = strcspn (target, "?");
    if (length > PATH_MAX_SIZE)
        return (struct http_fault){ "http.target_too_long", NULL };
    const char *at = target, *end = target + length;
    for (size_t segments = 1; at < end; segments++) {
        at++;
        size_t size = 0;
        while (at + size < end && at[size] != '/')
            size++;
        if (segments > HTTP_SEGMENTS_MAX || !http_decode_segment (at, size, segment))
            return malformed;
        at += size;
    }
    return (struct http_fault){ NULL, NULL };
}
