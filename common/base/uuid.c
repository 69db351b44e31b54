#include "common/base/uuid.h"

#include <ctype.h>
#include <sodium.h>
#include <stdio.h>

static void
uuid_mark (struct uuid *uuid, int version)
{
    uuid->bytes[6] = (uint8_t)((uuid->bytes[6] & 0x0f) | version << 4);
    uuid->bytes[8] = (uint8_t)((uuid->bytes[8] & 0x3f) | 0x80);
}

struct uuid
uuid_new (int64_t time)
{
    struct uuid uuid;
    randombytes_buf (uuid.bytes, sizeof uuid.bytes);
    uint64_t milliseconds = (uint64_t)time / 1000;
    for (int i = 0; i < 6; i++)
        uuid.bytes[i] = (uint8_t)(milliseconds >> (40 - 8 * i));
    uuid_mark (&uuid, 7);
    return uuid;
}

struct uuid
uuid_of (const void *name, size_t size)
{
    struct uuid uuid;
    crypto_generichash (uuid.bytes, sizeof uuid.bytes, name, size, NULL, 0);
    uuid_mark (&uuid, 8);
    return uuid;
}

bool
uuid_parse (const char *text, struct uuid *ret_uuid)
{
    struct uuid uuid = { 0 };
    if (strlen (text) != UUID_TEXT - 1)
        return false;
    for (int i = 0, digit = 0; i < UUID_TEXT - 1; i++) {
        unsigned char c = (unsigned char)text[i];
        if (i == 8 || i == 13 || i == 18 || i == 23) {
            if (c != '-')
                return false;
            continue;
        }
        if (!isxdigit (c))
            return false;
        int value = isdigit (c) ? c - '0' : tolower (c) - 'a' + 10;
        uuid.bytes[digit / 2] |= (uint8_t)(digit % 2 ? value : value << 4);
        digit++;
    }
    *ret_uuid = uuid;
    return true;
}

const char *
uuid_format (struct uuid uuid, char buffer[static UUID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    char *out = buffer;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = digits[uuid.bytes[i] >> 4];
        *out++ = digits[uuid.bytes[i] & 15];
    }
    *out = '\0';
    return buffer;
}

bool
uuid_from (ProtobufCBinaryData data, struct uuid *ret_uuid)
{
    if (data.len != sizeof ret_uuid->bytes)
        return false;
    memcpy (ret_uuid->bytes, data.data, sizeof ret_uuid->bytes);
    return true;
}

ProtobufCBinaryData
uuid_field (const struct uuid *uuid)
{
    return (ProtobufCBinaryData){ .len = sizeof uuid->bytes, .data = (uint8_t *)uuid->bytes };
}
