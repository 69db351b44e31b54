/* Unpacking what came from outside. protobuf-c takes bad UTF-8 and cuts strings at NUL, and keeps the last of two
 * values; so the bytes are walked first. */
#pragma once

#include <stdbool.h>
#include "common/base/arena.h"
#include "common/base/err.h"
#include "envelope.pb-c.h"

enum {
    MESSAGE_DEPTH_MAX = 16,   /* our deepest message has 5 levels */
    MESSAGE_FIELDS_MAX = 256, /* fields a message type may declare */
    MESSAGE_UNKNOWN_MAX = 64, /* fields of one message that we do not know: more than a release ever adds */
};

/* Unpacks into the arena. RC_INVALID for malformed bytes, a string that is not UTF-8 or contains NUL, or a singular
 * field given twice; fields not known are skipped up to a number, so that newer senders are understood. RC_BUSY when
 * the arena's limit is reached. */
enum rc message_unpack (const ProtobufCMessageDescriptor *type, struct arena *arena, const uint8_t *data, size_t size,
                        ProtobufCMessage **ret_message, struct err *err);
/* Only the check. */
enum rc message_check (const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t size, struct err *err);
/* Request.number and Reply.number without unpacking; false when the bytes bear none. */
bool message_number (const uint8_t *data, size_t size, uint64_t *ret_number);
