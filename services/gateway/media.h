/* What a file is, by its bytes and not by what its sender says. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MEDIA_HEAD = 64 }; /* enough for every signature we take */

struct media {
    uint8_t head[MEDIA_HEAD];
    size_t size;   /* of head */
    bool not_text; /* a byte has come that no text holds */
    bool ended;
};

/* Looks at more of the file. */
void media_take (struct media *media, const void *data, size_t size);
void media_end (struct media *media);

enum media_state {
    MEDIA_UNDECIDED, /* too little has come */
    MEDIA_SCAN,      /* pdf, jpeg, png: a paper */
    MEDIA_TABLE,     /* text, xlsx, zip: an import */
    MEDIA_REFUSED,
};
/* ret_type: "application/pdf", … once decided. A text may still be refused by later bytes. */
enum media_state media_state (const struct media *media, const char **ret_type);
