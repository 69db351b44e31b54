/* What a request must look like before anything of ours reads it. Pure: no socket, no allocation.
 *
 * libmicrohttpd 0.9.75 lets through what a proxy in front may read otherwise: two lengths, a length with a transfer
 * coding, `X-A : v`, folded lines, `%00` in the path. Every fault is answered with the code of a row in problem.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct http_field {
    const char *name;
    const char *value;
};

enum { HTTP_FIELDS_MAX = 64, HTTP_SEGMENTS_MAX = 24 };

/* code: of http_problem_rows, NULL when there is no fault; about: the header or parameter concerned, may be NULL. */
struct http_fault {
    const char *code;
    const char *about;
};

/* version: "HTTP/1.1". fields: all request headers in the order they came. */
struct http_fault http_guard_fields (const char *version, const struct http_field *fields, size_t count);

/* The raw request target: origin form only, visible ASCII, whole escapes, no fragment; its path segments decode once
 * to valid UTF-8 without NUL, control characters, '/', '\' and are neither "." nor "..". */
struct http_fault http_guard_target (const char *target);

/* One segment of a path, decoded once into out (at least size + 1 bytes; may be raw itself).
 * False for what http_guard_target refuses in a segment. */
bool http_decode_segment (const char *raw, size_t size, char *out);
/* The same for a name or value of a query: '+' is a space, '/' and dots are ordinary. */
bool http_decode_query (const char *raw, size_t size, char *out);
bool http_utf8_valid (const char *text, size_t size);
