/* UUIDs (RFC 9562). The nil UUID stands for "none". */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <protobuf-c/protobuf-c.h>

struct uuid {
    uint8_t bytes[16];
};

enum { UUID_TEXT = 37 }; /* 36 characters and NUL */

/* Version 7: time-ordered, so that index inserts stay local. time: UTC microseconds. */
struct uuid uuid_new (int64_t time);
/* Version 8 from a name: the same name gives the same id (a claim on a NIK, a row of an import). */
struct uuid uuid_of (const void *name, size_t size);
bool uuid_parse (const char *text, struct uuid *ret_uuid); /* exactly 8-4-4-4-12 hexadecimal */
const char *uuid_format (struct uuid uuid, char buffer[static UUID_TEXT]);
bool uuid_from (ProtobufCBinaryData data, struct uuid *ret_uuid); /* false unless 16 bytes */
/* Borrows: the field points into *uuid. */
ProtobufCBinaryData uuid_field (const struct uuid *uuid);

static inline bool
uuid_is_nil (struct uuid uuid)
{
    static const struct uuid nil;
    return memcmp (&uuid, &nil, sizeof nil) == 0;
}

static inline int
uuid_compare (struct uuid a, struct uuid b)
{
    return memcmp (&a, &b, sizeof a);
}
