#include "services/journal/event.h"

#include <sodium.h>
#include <string.h>

const struct db_column event_columns[EVENT_COLUMNS] = {
    DB_COLUMN (DB_INT8, event_row, tenant),         DB_COLUMN (DB_UUID, event_row, story),
    DB_COLUMN (DB_INT4, event_row, ordinal),        DB_COLUMN (DB_INT8, event_row, number),
    DB_COLUMN (DB_UUID, event_row, event_id),       DB_COLUMN (DB_TEXT, event_row, type),
    DB_COLUMN (DB_TEXT, event_row, kind),           DB_COLUMN (DB_INT8, event_row, version),
    DB_COLUMN (DB_UUID, event_row, application_id), DB_COLUMN (DB_TEXT, event_row, state),
    DB_COLUMN (DB_TEXT, event_row, place),          DB_COLUMN (DB_TEXT, event_row, code),
    DB_COLUMN (DB_TEXT, event_row, role),           DB_COLUMN (DB_TIME, event_row, at),
    DB_COLUMN (DB_BYTES, event_row, personal_hash), DB_COLUMN (DB_BYTES, event_row, chain),
    DB_COLUMN (DB_BYTES, event_row, salt),          DB_COLUMN (DB_TEXT, event_row, detail),
    DB_COLUMN (DB_TEXT, event_row, actor),
};

static ProtobufCBinaryData
binary (struct bytes bytes)
{
    return (ProtobufCBinaryData){ .len = bytes.size, .data = (uint8_t *)bytes.data };
}

void
event_public (const struct event_row *row, Padan__Journal__V1__PublicEvent *ret)
{
    padan__journal__v1__public_event__init (ret);
    ret->number = row->number;
    ret->event_id = uuid_field (&row->event_id);
    ret->type = (char *)row->type;
    ret->subject_kind = (char *)row->kind;
    ret->subject_id = uuid_field (&row->story);
    ret->version = row->version;
    if (!uuid_is_nil (row->application_id))
        ret->application_id = uuid_field (&row->application_id);
    ret->state = (char *)row->state;
    ret->place = (char *)row->place;
    ret->code = (char *)row->code;
    ret->actor_role = (char *)row->role;
    ret->at = row->at;
    ret->chain_sha256 = binary (row->chain);
}

void
chain_start (int64_t tenant, uint8_t ret_chain[static CHAIN_SIZE])
{
    static const char name[] = "padan.journal.v1";
    uint8_t bytes[sizeof name + 8];
    memcpy (bytes, name, sizeof name);
    for (int i = 0; i < 8; i++)
        bytes[sizeof name + (size_t)i] = (uint8_t)((uint64_t)tenant >> (8 * i));
    crypto_hash_sha256 (ret_chain, bytes, sizeof bytes);
}

void
chain_next (const struct event_row *row, const uint8_t before[static CHAIN_SIZE], struct arena *arena,
            uint8_t ret_chain[static CHAIN_SIZE])
{
    Padan__Journal__V1__PublicEvent event;
    crypto_hash_sha256_state state;
    event_public (row, &event);
    event.chain_sha256 = (ProtobufCBinaryData){ 0 };
    size_t size = padan__journal__v1__public_event__get_packed_size (&event);
    uint8_t *packed = arena_alloc (arena, size + 1);
    MUST (packed);
    padan__journal__v1__public_event__pack (&event, packed);
    crypto_hash_sha256_init (&state);
    crypto_hash_sha256_update (&state, before, CHAIN_SIZE);
    crypto_hash_sha256_update (&state, packed, size);
    crypto_hash_sha256_update (&state, row->personal_hash.data, row->personal_hash.size);
    crypto_hash_sha256_final (&state, ret_chain);
}

void
personal_hash (const uint8_t salt[static SALT_SIZE], struct bytes data, struct bytes statement,
               uint8_t ret_hash[static CHAIN_SIZE])
{
    crypto_hash_sha256_state state;
    uint8_t size[8];
    for (int i = 0; i < 8; i++)
        size[i] = (uint8_t)((uint64_t)data.size >> (8 * i));
    crypto_hash_sha256_init (&state);
    crypto_hash_sha256_update (&state, salt, SALT_SIZE);
    crypto_hash_sha256_update (&state, size, sizeof size);
    crypto_hash_sha256_update (&state, data.data, data.size);
    crypto_hash_sha256_update (&state, statement.data, statement.size);
    crypto_hash_sha256_final (&state, ret_hash);
}
