/* ETags: the owner's version, and in an answer to a question a digest of its body behind it, `"5-0c1f…"`. A version
 * counts what people change; verdicts and counts move without it, so the version alone never says "not modified".
 * If-Match goes by the version alone: it guards against another's change, whatever else was shown beside it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ETAG_TEXT = 64 }; /* room for one, with its quotes and NUL */

/* body NULL: of a change, whose answer is not what a question would show. */
const char *etag_write (int64_t version, const void *body, size_t size, char ret_text[static ETAG_TEXT]);
/* Of If-Match: one ETag, or `*` for any version, which is 0. False when malformed. */
bool etag_version (const char *text, int64_t *ret_version);
/* Whether If-None-Match (NULL: absent) names this one. */
bool etag_named (const char *header, const char *etag);
