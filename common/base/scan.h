/* Scans: the kinds of file that a paper or a proof may be. What a file is, its first bytes say. Pure. */
#pragma once

#include <stddef.h>

enum { SCAN_HEAD = 8 }; /* bytes; no kind begins with more */

struct scan {
    const char *media_type, *ending; /* "image/jpeg", "jpg" */
};

/* By the first bytes of a file, SCAN_HEAD of them when it has as many. NULL: no scan. */
const struct scan *scan_of_bytes (const void *head, size_t size);
const struct scan *scan_of_type (const char *media_type);
