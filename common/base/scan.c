#include "common/base/scan.h"

#include <stdint.h>
#include <string.h>

static const struct {
    struct scan scan;
    size_t size;
    uint8_t bytes[SCAN_HEAD];
} kinds[] = {
    { { "application/pdf", "pdf" }, 5, "%PDF-" },
    { { "image/jpeg", "jpg" }, 3, "\xff\xd8\xff" },
    { { "image/png", "png" }, 8, { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' } },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

const struct scan *
scan_of_bytes (const void *head, size_t size)
{
    for (size_t i = 0; i < KINDS; i++)
        if (size >= kinds[i].size && memcmp (head, kinds[i].bytes, kinds[i].size) == 0)
            return &kinds[i].scan;
    return NULL;
}

const struct scan *
scan_of_type (const char *media_type)
{
    for (size_t i = 0; i < KINDS; i++)
        if (strcmp (media_type, kinds[i].scan.media_type) == 0)
            return &kinds[i].scan;
    return NULL;
}
