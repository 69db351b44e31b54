#include "services/accounts/session_store.h"

#include "accounts_sql.h"

static const struct db_column session_columns[] = {
    DB_COLUMN (DB_INT8, session, tenant),     DB_COLUMN (DB_UUID, session, id),
    DB_COLUMN (DB_UUID, session, person_id),  DB_COLUMN (DB_BYTES, session, token_sha256),
    DB_COLUMN (DB_TEXT, session, user_agent), DB_COLUMN (DB_TIME, session, started_at),
    DB_COLUMN (DB_TIME, session, expires_at), DB_COLUMN (DB_TIME, session, seen_at),
    DB_COLUMN (DB_TIME, session, ended_at),
};
const struct table session_table = {
    .name = "session",
    .row_size = sizeof (struct session),
    .columns = session_columns,
    .n_columns = sizeof session_columns / sizeof *session_columns,
    .load = &sql_session_load,
    .insert = &sql_session_insert,
    .update = &sql_session_update,
};

static const struct db_column api_key_columns[] = {
    DB_COLUMN (DB_INT8, api_key, tenant),         DB_COLUMN (DB_UUID, api_key, id),
    DB_COLUMN (DB_UUID, api_key, person_id),      DB_COLUMN (DB_TEXT, api_key, name),
    DB_COLUMN (DB_BYTES, api_key, secret_sha256), DB_COLUMN (DB_TIME, api_key, created_at),
    DB_COLUMN (DB_TIME, api_key, expires_at),     DB_COLUMN (DB_TIME, api_key, revoked_at),
    DB_COLUMN (DB_TEXT, api_key, scope),
};
const struct table api_key_table = {
    .name = "api_key",
    .row_size = sizeof (struct api_key),
    .columns = api_key_columns,
    .n_columns = sizeof api_key_columns / sizeof *api_key_columns,
    .load = &sql_api_key_load,
    .insert = &sql_api_key_insert,
    .update = &sql_api_key_update,
};

struct bytes
hash_keep (struct unit *unit, ProtobufCBinaryData hash)
{
    const uint8_t *copy = arena_copy (unit_arena (unit), hash.data, hash.len);
    MUST (copy);
    return (struct bytes){ copy, hash.len };
}
