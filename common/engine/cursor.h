/* A place in a list that is read a page at a time: the time and id of the last row a reader has seen, as opaque text.
 */
#pragma once

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/uuid.h"

enum { LIST_PAGE = 50, LIST_PAGE_MAX = 200 }; /* rows of one answer, when not said and at most */

struct cursor {
    int64_t at; /* or any number the list is ordered by */
    struct uuid id;
};

/* "" is the beginning: all zero. RC_INVALID "common.cursor_malformed" for what we did not write. */
enum rc cursor_read (const char *text, struct cursor *ret_cursor, struct err *err);
char *cursor_text (struct cursor cursor, struct arena *arena);
/* How many rows to answer with. */
size_t list_limit (uint32_t wanted);
