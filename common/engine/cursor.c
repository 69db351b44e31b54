#include "common/engine/cursor.h"

#include <string.h>

#include "common/base/text.h"

enum { CURSOR_BYTES = sizeof (int64_t) + sizeof (struct uuid) };

enum rc
cursor_read (const char *text, struct cursor *ret_cursor, struct err *err)
{
    uint8_t bytes[CURSOR_BYTES];
    size_t size = 0;
    struct cursor cursor = { 0 };
    if (text[0]) {
        if (!base64url_decode (text, strlen (text), bytes, sizeof bytes, &size) || size != sizeof bytes)
            return err_code (err, RC_INVALID, "common.cursor_malformed", "cursor", "not a cursor of ours");
        memcpy (&cursor.at, bytes, sizeof cursor.at);
        memcpy (&cursor.id, bytes + sizeof cursor.at, sizeof cursor.id);
    }
    *ret_cursor = cursor;
    return RC_OK;
}

char *
cursor_text (struct cursor cursor, struct arena *arena)
{
    uint8_t bytes[CURSOR_BYTES];
    char text[BASE64URL_SIZE (CURSOR_BYTES)];
    memcpy (bytes, &cursor.at, sizeof cursor.at);
    memcpy (bytes + sizeof cursor.at, &cursor.id, sizeof cursor.id);
    char *copy = arena_string (arena, base64url_encode (bytes, sizeof bytes, text, sizeof text));
    MUST (copy);
    return copy;
}

size_t
list_limit (uint32_t wanted)
{
    return wanted == 0 ? LIST_PAGE : wanted < LIST_PAGE_MAX ? wanted : LIST_PAGE_MAX;
}
