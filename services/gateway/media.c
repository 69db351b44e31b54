#include "services/gateway/media.h"

#include <string.h>

#include "common/base/scan.h"

static const char zip[] = { 'P', 'K', 3, 4 };

/* First entries of a workbook as the usual programs write them. */
static const char *const workbook_entries[] = { "[Content_Types].xml", "_rels/.rels", "xl/", "docProps/" };

static bool
is_utf16 (const struct media *media)
{
    return media->size >= 2 && (memcmp (media->head, "\xff\xfe", 2) == 0 || memcmp (media->head, "\xfe\xff", 2) == 0);
}

/* Tabs and line ends are a text's only controls; UTF-16 announces itself and is full of zeros. */
static bool
has_control (const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (data[i] < 0x20 && data[i] != '\t' && data[i] != '\n' && data[i] != '\r' && data[i] != '\f')
            return true;
    return false;
}

void
media_take (struct media *media, const void *data, size_t size)
{
    size_t more = MEDIA_HEAD - media->size < size ? MEDIA_HEAD - media->size : size;
    memcpy (media->head + media->size, data, more);
    media->size += more;
    if (!media->not_text && !is_utf16 (media))
        media->not_text = has_control (data, size);
}

void
media_end (struct media *media)
{
    media->ended = true;
}

static bool
is_workbook (const struct media *media)
{
    enum { NAME = 30 }; /* offset of the first entry's name */
    for (size_t i = 0; i < sizeof workbook_entries / sizeof *workbook_entries; i++) {
        size_t size = strlen (workbook_entries[i]);
        if (media->size >= NAME + size && memcmp (media->head + NAME, workbook_entries[i], size) == 0)
            return true;
    }
    return false;
}

enum media_state
media_state (const struct media *media, const char **ret_type)
{
    if (media->size < MEDIA_HEAD && !media->ended)
        return MEDIA_UNDECIDED;
    const struct scan *scan = scan_of_bytes (media->head, media->size);
    if (scan) {
        *ret_type = scan->media_type;
        return MEDIA_SCAN;
    }
    if (media->size >= sizeof zip && memcmp (media->head, zip, sizeof zip) == 0) {
        *ret_type = is_workbook (media) ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                                        : "application/zip";
        return MEDIA_TABLE;
    }
    *ret_type = "text/csv";
    return media->not_text || !media->size ? MEDIA_REFUSED : MEDIA_TABLE;
}
