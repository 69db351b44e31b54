#include "common/base/json_scan.h"

#include <string.h>

/* "/members/0/nik", with ~ and / of names escaped as RFC 6901 says. */
static const char *
pointer_format (struct json_scan *scan)
{
    TEXT_AUTO struct text_buffer pointer = TEXT_BUFFER (4096);
    for (int i = 0; i < scan->depth; i++) {
        const struct json_frame *frame = &scan->path[i];
        if (frame->name || frame->element)
            text_add_char (&pointer, '/');
        if (frame->element)
            text_add_int (&pointer, (int64_t)frame->index);
        for (const char *c = frame->name; c && *c; c++) {
            if (*c == '~' || *c == '/')
                text_add_string (&pointer, *c == '~' ? "~0" : "~1");
            else
                text_add_char (&pointer, *c);
        }
    }
    const char *copy = pointer.failed || !pointer.size ? NULL : arena_string (scan->arena, pointer.data);
    return copy ? copy : "";
}

void
json_note (struct json_scan *scan, const char *code, const char *first, const char *second)
{
    if (scan->problems->count == JSON_PROBLEMS)
        return;
    struct json_problem *problem = &scan->problems->items[scan->problems->count++];
    *problem = (struct json_problem){ .pointer = pointer_format (scan), .code = code };
    if (first)
        problem->arguments[problem->argument_count++] = first;
    if (second)
        problem->arguments[problem->argument_count++] = second;
}

/* What stops the reading is always told, if need be instead of the last thing that did not. */
static bool
stop (struct json_scan *scan, const char *code, const char *argument)
{
    if (scan->problems->count == JSON_PROBLEMS)
        scan->problems->count--;
    json_note (scan, code, argument, NULL);
    scan->stopped = true;
    return false;
}

bool
json_stop (struct json_scan *scan, const char *code)
{
    return stop (scan, code, NULL);
}

bool
json_stop_here (struct json_scan *scan, const char *code)
{
    return stop (scan, code, arena_printf (scan->arena, "%zu", (size_t)(scan->at - scan->start)));
}

/* Bytes that a string holds as they are: ASCII without controls, quote and backslash. */
static inline bool
is_plain (uint8_t c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* Over everything that needs no decoding; stops at a quote, a backslash, or where the text is bad. */
static const uint8_t *
plain_end (const uint8_t *at, const uint8_t *end)
{
    for (;;) {
        while (at < end && is_plain (*at))
            at++;
        if (at == end || *at < 0x80)
            return at;
        size_t length = utf8_length (at, (size_t)(end - at));
        if (!length)
            return at;
        at += length;
    }
}

static int
hex4 (const uint8_t *at, const uint8_t *end)
{
    int value = 0;
    if (end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        uint8_t c = at[i], lower = c | 0x20;
        int digit = c >= '0' && c <= '9' ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

static size_t
utf8_write (uint8_t *to, unsigned c)
{
    if (c < 0x80) {
        to[0] = (uint8_t)c;
        return 1;
    }
    size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    for (size_t i = length - 1; i > 0; i--, c >>= 6)
        to[i] = (uint8_t)(0x80 | (c & 0x3f));
    to[0] = (uint8_t)(lead[length] | c);
    return length;
}

/* \uXXXX or a pair of them, at the u. NUL and halves of pairs are no text. Writes at most as much as it reads. */
static bool
unicode_escape (struct json_scan *scan, uint8_t **to)
{
    int c = hex4 (scan->at + 1, scan->end);
    if (c < 0)
        return json_stop_here (scan, "json.syntax");
    if (c == 0 || (c >= 0xdc00 && c <= 0xdfff))
        return json_stop_here (scan, "json.bad_text");
    scan->at += 5;
    if (c >= 0xd800 && c <= 0xdbff) {
        int low = scan->end - scan->at >= 6 && scan->at[0] == '\\' && scan->at[1] == 'u'
                      ? hex4 (scan->at + 2, scan->end)
                      : -1;
        if (low < 0xdc00 || low > 0xdfff)
            return json_stop_here (scan, "json.bad_text");
        c = 0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff));
        scan->at += 6;
    }
    *to += utf8_write (*to, (unsigned)c);
    return true;
}

static bool
escape (struct json_scan *scan, uint8_t **to)
{
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    scan->at++;
    char c = json_scan_peek (scan);
    if (c == 'u')
        return unicode_escape (scan, to);
    const char *letter = c ? strchr (letters, c) : NULL;
    if (!letter)
        return json_stop_here (scan, "json.syntax");
    *(*to)++ = (uint8_t)values[letter - letters];
    scan->at++;
    return true;
}

/* The rest of a string from its first escape on; what came before begins at `from`. */
static bool
scan_escaped (struct json_scan *scan, const uint8_t *from, struct json_text *ret_text)
{
    const uint8_t *closing = scan->at; /* decoded text is never longer than what stands in the input */
    while (closing < scan->end && *closing != '"')
        closing += *closing == '\\' && scan->end - closing > 1 ? 2 : 1;
    uint8_t *text = arena_alloc (scan->arena, (size_t)(closing - from) + 1), *to = text;
    if (!text)
        return json_stop (scan, "json.too_large");
    memcpy (to, from, (size_t)(scan->at - from));
    to += scan->at - from;
    for (;;) {
        const uint8_t *plain = plain_end (scan->at, scan->end);
        memcpy (to, scan->at, (size_t)(plain - scan->at));
        to += plain - scan->at;
        scan->at = plain;
        char c = json_scan_peek (scan);
        if (c == '"')
            break;
        if (c != '\\')
            return json_stop_here (scan,
                                   scan->at < scan->end && (c == 0 || c & 0x80) ? "json.bad_text" : "json.syntax");
        if (!escape (scan, &to))
            return false;
    }
    scan->at++;
    *ret_text = (struct json_text){ (const char *)text, (size_t)(to - text) };
    return true;
}

bool
json_scan_string (struct json_scan *scan, struct json_text *ret_text)
{
    const uint8_t *from = ++scan->at;
    scan->at = plain_end (from, scan->end);
    char c = json_scan_peek (scan);
    if (c == '"') {
        *ret_text = (struct json_text){ (const char *)from, (size_t)(scan->at - from) };
        scan->at++;
        return true;
    }
    if (c == '\\')
        return scan_escaped (scan, from, ret_text);
    return json_stop_here (scan, scan->at < scan->end && (c == 0 || c & 0x80) ? "json.bad_text" : "json.syntax");
}

static size_t
scan_digits (struct json_scan *scan)
{
    const uint8_t *from = scan->at;
    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9')
        scan->at++;
    return (size_t)(scan->at - from);
}

bool
json_scan_number (struct json_scan *scan, struct json_number *ret_number)
{
    const uint8_t *from = scan->at;
    bool integer = true;
    scan->at += json_scan_peek (scan) == '-';
    bool zero = json_scan_peek (scan) == '0';
    size_t digits = scan_digits (scan);
    if (!digits || (zero && digits > 1))
        return json_stop_here (scan, "json.syntax");
    if (json_scan_peek (scan) == '.') {
        scan->at++;
        integer = false;
        if (!scan_digits (scan))
            return json_stop_here (scan, "json.syntax");
    }
    if (json_scan_peek (scan) == 'e' || json_scan_peek (scan) == 'E') {
        scan->at++;
        integer = false;
        scan->at += json_scan_peek (scan) == '+' || json_scan_peek (scan) == '-';
        if (!scan_digits (scan))
            return json_stop_here (scan, "json.syntax");
    }
    *ret_number = (struct json_number){ (const char *)from, (size_t)(scan->at - from), integer };
    return true;
}

bool
json_scan_literal (struct json_scan *scan, const char *literal)
{
    size_t size = strlen (literal);
    if ((size_t)(scan->end - scan->at) < size || memcmp (scan->at, literal, size) != 0)
        return json_stop_here (scan, "json.syntax");
    scan->at += size;
    return true;
}

bool
json_scan_enter (struct json_scan *scan)
{
    if (scan->depth == JSON_DEPTH)
        return stop (scan, "json.too_deep", "16");
    scan->path[scan->depth++] = (struct json_frame){ 0 };
    scan->at++;
    return true;
}

bool
json_scan_empty (struct json_scan *scan, char close)
{
    json_scan_space (scan);
    if (json_scan_peek (scan) != close)
        return false;
    scan->at++;
    scan->depth--;
    return true;
}

bool
json_scan_next (struct json_scan *scan, char close, bool *ret_more)
{
    json_scan_space (scan);
    char c = json_scan_peek (scan);
    if (c != ',' && c != close)
        return json_stop_here (scan, "json.syntax");
    scan->at++;
    *ret_more = c == ',';
    if (*ret_more)
        json_scan_space (scan);
    else
        scan->depth--;
    return true;
}

bool
json_scan_name (struct json_scan *scan, struct json_text *ret_name)
{
    if (json_scan_peek (scan) != '"')
        return json_stop_here (scan, "json.syntax");
    if (!json_scan_string (scan, ret_name))
        return false;
    json_scan_space (scan);
    if (json_scan_peek (scan) != ':')
        return json_stop_here (scan, "json.syntax");
    scan->at++;
    json_scan_space (scan);
    return true;
}

static bool
skip_members (struct json_scan *scan, char close)
{
    if (!json_scan_enter (scan))
        return false;
    if (json_scan_empty (scan, close))
        return true;
    for (bool more = true; more;) {
        struct json_text name;
        if (close == '}' && !json_scan_name (scan, &name))
            return false;
        if (!json_scan_skip (scan) || !json_scan_next (scan, close, &more))
            return false;
    }
    return true;
}

bool
json_scan_skip (struct json_scan *scan)
{
    struct json_text text;
    struct json_number number;
    switch (json_scan_peek (scan)) {
    case '{':
        return skip_members (scan, '}');
    case '[':
        return skip_members (scan, ']');
    case '"':
        return json_scan_string (scan, &text);
    case 't':
        return json_scan_literal (scan, "true");
    case 'f':
        return json_scan_literal (scan, "false");
    case 'n':
        return json_scan_literal (scan, "null");
    default:
        return json_scan_number (scan, &number);
    }
}
