/* Any bytes as what arrives on the bus: a Request is unpacked and checked, and the data of its envelope (or the bytes
 * themselves, when they are no Request) is unpacked by every message type there is. What is taken must be a message
 * that packs, and unpacks to the same bytes again, or a stored event could not be read back. */
#include <stdlib.h>
#include <string.h>

#include "common/bus/envelope.h"
#include "common/bus/message.h"
#include "fuzz_messages.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { ARENA = 4 << 20, AGAIN = 1 << 20 };

static struct arena *arena, *second;

static ProtobufCMessage *
unpack (const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t size)
{
    static uint8_t once[AGAIN], twice[AGAIN];
    struct err err = { 0 };
    ProtobufCMessage *message = NULL, *again = NULL;
    enum rc rc = message_unpack (type, arena, data, size, &message, &err);
    if (rc != RC_OK) {
        MUST (!message && err.rc == rc && (rc == RC_INVALID || rc == RC_BUSY) && *err.text);
        return NULL;
    }
    MUST (message->descriptor == type && protobuf_c_message_check (message));
    size_t packed = protobuf_c_message_get_packed_size (message);
    if (packed > AGAIN)
        return message;
    MUST (protobuf_c_message_pack (message, once) == packed);
    arena_reset (second);
    rc = message_unpack (type, second, once, packed, &again, &err);
    MUST (rc == RC_OK || rc == RC_BUSY);
    if (rc == RC_OK)
        MUST (protobuf_c_message_pack (again, twice) == packed && memcmp (once, twice, packed) == 0);
    return message;
}

static void
unpack_all (const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < FUZZ_MESSAGES; i++) {
        arena_reset (arena);
        unpack (fuzz_messages[i], data, size);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    struct err err = { 0 };
    uint64_t number = 0;
    if (!arena) {
        arena = arena_new (ARENA);
        second = arena_new (ARENA);
        MUST (arena && second);
    }
    arena_reset (arena);
    Padan__Request *request = (Padan__Request *)unpack (&padan__request__descriptor, data, size);
    bool numbered = message_number (data, size, &number);
    if (request && numbered)
        MUST (number == request->number);
    if (!request || request_check (request, &err) != RC_OK || request->log_read) {
        unpack_all (data, size);
        return 0;
    }
    const Padan__Envelope *envelope = request->command ? request->command : request->query;
    MUST (envelope && envelope->id.len == 16 && *envelope->type && strlen (envelope->type) <= ENVELOPE_TYPE_MAX);
    uint8_t *copy = malloc (envelope->data.len + 1); /* at its own size, so that a byte too far is seen */
    MUST (copy);
    size_t length = envelope->data.len;
    if (length)
        memcpy (copy, envelope->data.data, length);
    unpack_all (copy, length);
    free (copy);
    return 0;
}
