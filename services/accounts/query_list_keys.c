/* ListKeys: the API keys of a tenant, ended ones too, a page at a time: whose they are and what they were made for,
 * never what opens them. For its administrators and auditors. */
#include "services/accounts/messages.h"

#include <string.h>

#include "accounts_sql.h"
#include "common/engine/cursor.h"
#include "services/accounts/grants_rules.h"

enum { ID, PERSON_ID, NAME, SCOPE, CREATED_AT, EXPIRES_AT, REVOKED_AT }; /* columns of keys.sql */

static ProtobufCBinaryData
id_keep (struct arena *arena, struct uuid id)
{
    const struct uuid *kept = arena_copy (arena, &id, sizeof id);
    MUST (kept);
    return uuid_field (kept);
}

static Padan__Accounts__V1__KeyView *
view_make (struct arena *arena, const struct db_result *result, size_t row)
{
    Padan__Accounts__V1__KeyView *view = arena_alloc (arena, sizeof *view);
    MUST (view);
    struct grants grants = grants_of (db_text (result, row, SCOPE), arena);
    padan__accounts__v1__key_view__init (view);
    view->key_id = id_keep (arena, db_uuid (result, row, ID));
    view->person_id = id_keep (arena, db_uuid (result, row, PERSON_ID));
    view->name = arena_string (arena, db_text (result, row, NAME));
    view->grants = grants.items;
    view->n_grants = grants.count;
    view->created_at = db_time (result, row, CREATED_AT);
    view->expires_at = db_time (result, row, EXPIRES_AT);
    view->revoked_at = db_time (result, row, REVOKED_AT);
    MUST (view->name);
    return view;
}

enum rc
query_list_keys (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                 struct err *err)
{
    const Padan__Accounts__V1__ListKeys *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    struct cursor after;
    enum rc rc = cursor_read (question->cursor, &after, err);
    if (rc != RC_OK)
        return rc;
    size_t limit = list_limit (question->limit);
    struct db_call call = { .sql = &sql_keys, .params = db_params (arena) };
    db_param_int8 (call.params, message->tenant);
    db_param_uuid (call.params, after.id);
    db_param_int8 (call.params, (int64_t)limit + 1);
    rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    Padan__Accounts__V1__Keys *keys = arena_alloc (arena, sizeof *keys);
    size_t n = db_count (call.result);
    MUST (keys);
    padan__accounts__v1__keys__init (keys);
    keys->keys = arena_array (arena, n + 1, sizeof *keys->keys);
    MUST (keys->keys);
    for (size_t i = 0; i < n && i < limit; i++)
        keys->keys[keys->n_keys++] = view_make (arena, call.result, i);
    if (n > limit)
        keys->next_cursor = cursor_text ((struct cursor){ .id = db_uuid (call.result, limit - 1, ID) }, arena);
    db_calls_clear (&call, 1);
    *ret_reply = &keys->base;
    return RC_OK;
}
