/* Characters of JSON for json_read.c: strings, numbers, literals, what is skipped, and where a problem is. */
#pragma once

#include <stdbool.h>
#include "common/base/arena.h"
#include "common/base/json.h"

struct json_frame {
    const char *name; /* of a member, in the arena or the descriptor; NULL before the first */
    bool element;     /* of an array, and its index */
    size_t index;
};

struct json_scan {
    const uint8_t *start, *at, *end;
    struct arena *arena;
    struct json_problems *problems;
    struct json_frame path[JSON_DEPTH + 1];
    int depth;
    bool stopped;
};

/* A string's content: in the input when nothing was escaped, else in the arena. Not NUL-terminated. */
struct json_text {
    const char *data;
    size_t size;
};

struct json_number {
    const char *data;
    size_t size;
    bool integer; /* neither fraction nor exponent */
};

/* Notes a problem at the current place. */
void json_note (struct json_scan *scan, const char *code, const char *first, const char *second);
/* The same, and nothing more is read; false. */
bool json_stop (struct json_scan *scan, const char *code);      /* without argument */
bool json_stop_here (struct json_scan *scan, const char *code); /* with the byte offset */

/* All return false only when reading has stopped, with its problem noted. */
bool json_scan_string (struct json_scan *scan, struct json_text *ret_text); /* at a quote; goes over it */
bool json_scan_number (struct json_scan *scan, struct json_number *ret_number);
bool json_scan_literal (struct json_scan *scan, const char *literal);
bool json_scan_skip (struct json_scan *scan);  /* one value of any type, checked as strictly as those that are read */
bool json_scan_enter (struct json_scan *scan); /* over '[' or '{', one level deeper */
/* After a value in an array or object: over ',' (*ret_more true) or the closing character. */
bool json_scan_next (struct json_scan *scan, char close, bool *ret_more);
/* Just behind '[' or '{': over the closing character when nothing is in it. */
bool json_scan_empty (struct json_scan *scan, char close);
/* A member's name and colon, up to its value. */
bool json_scan_name (struct json_scan *scan, struct json_text *ret_name);

static inline void
json_scan_space (struct json_scan *scan)
{
    while (scan->at < scan->end && (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\t' || *scan->at == '\r'))
        scan->at++;
}

/* The next character, NUL at the end (NUL begins no value). */
static inline char
json_scan_peek (const struct json_scan *scan)
{
    return (char)(scan->at < scan->end ? *scan->at : 0);
}
