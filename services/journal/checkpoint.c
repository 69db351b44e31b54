#include "services/journal/checkpoint.h"

#include <string.h>
#include <sodium.h>

static const char purpose[] = "padan.checkpoint.v1"; /* signed with its NUL: nothing else signed can pass for one */

/* What is signed: the purpose and the message without its signature. protobuf-c packs the same message to the same
 * bytes. */
static struct bytes
statement_make (const Padan__Journal__V1__Checkpoint *checkpoint, struct arena *arena)
{
    Padan__Journal__V1__Checkpoint bare = *checkpoint;
    bare.signature = (ProtobufCBinaryData){ 0 };
    size_t size = padan__journal__v1__checkpoint__get_packed_size (&bare);
    uint8_t *data = arena_alloc (arena, sizeof purpose + size);
    MUST (data);
    memcpy (data, purpose, sizeof purpose);
    padan__journal__v1__checkpoint__pack (&bare, data + sizeof purpose);
    return (struct bytes){ data, sizeof purpose + size };
}

void
checkpoint_sign (const struct sign_secret *secret, Padan__Journal__V1__Checkpoint *checkpoint, struct arena *arena)
{
    struct bytes statement = statement_make (checkpoint, arena);
    uint8_t *signature = arena_alloc (arena, crypto_sign_BYTES);
    MUST (signature);
    crypto_sign_detached (signature, NULL, statement.data, statement.size, secret->key);
    checkpoint->signature = (ProtobufCBinaryData){ crypto_sign_BYTES, signature };
}

bool
checkpoint_holds (const struct sign_public *keys, const Padan__Journal__V1__Checkpoint *checkpoint, struct arena *arena)
{
    struct bytes statement = statement_make (checkpoint, arena);
    bool holds = false;
    for (unsigned i = 0; i < keys->count && checkpoint->signature.len == crypto_sign_BYTES; i++)
        holds = holds || crypto_sign_verify_detached (checkpoint->signature.data, statement.data, statement.size,
                                                      keys->keys[i]) == 0;
    return holds;
}
