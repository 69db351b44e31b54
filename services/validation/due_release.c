/* Due "release": an application ended or lost members: what it still holds without need becomes free.
 * Due "freed": a person became free: open applications that name them are checked again, the one checked first gets
 * them. Two steps, so that the second reads after the first committed and misses nobody. */
#include <string.h>

#include "services/validation/claim_store.h"
#include "services/validation/validation.h"
#include "validation_sql.h"

/* One statement for each item: these are rare. */
static enum rc
item_read (struct gather *gather, const struct due_item *item, const struct sql *sql, struct db_result **ret,
           struct err *err)
{
    struct db_call call = { .sql = sql, .params = db_params (gather_arena (gather)) };
    db_param_int8 (call.params, item->tenant);
    db_param_uuid (call.params, item->subject);
    enum rc rc = gather_read (gather, item->tenant, &call, 1, err);
    *ret = call.result;
    return rc;
}

static void
ids_take (struct gather *gather, const struct db_result *rows, ProtobufCBinaryData **ret, size_t *ret_n)
{
    size_t n = db_count (rows);
    struct uuid *ids = arena_array (gather_arena (gather), n + 1, sizeof *ids);
    *ret = arena_array (gather_arena (gather), n + 1, sizeof **ret);
    MUST (ids && *ret);
    for (size_t i = 0; i < n; i++) {
        ids[i] = db_uuid (rows, i, 0);
        (*ret)[i] = uuid_field (&ids[i]);
    }
    *ret_n = n;
}

void
release_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct db_call call = { 0 };
        if (items[i].rc != RC_OK)
            continue;
        items[i].rc = item_read (gather, &items[i], &sql_release_claims, &call.result, &items[i].err);
        if (items[i].rc != RC_OK)
            continue;
        Padan__Validation__V1__ReleaseResult *result = arena_alloc (gather_arena (gather), sizeof *result);
        MUST (result);
        padan__validation__v1__release_result__init (result);
        ids_take (gather, call.result, &result->claim_id, &result->n_claim_id);
        db_calls_clear (&call, 1);
        items[i].result = &result->base;
    }
}

enum rc
release_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Validation__V1__ReleaseResult *result = (const void *)message->data;
    keys_add (keys, &application_table, message->tenant, message->subject);
    for (size_t i = 0; i < result->n_claim_id; i++) {
        struct uuid id;
        if (uuid_from (result->claim_id[i], &id))
            keys_add (keys, &claim_table, CLAIM_TENANT, id);
    }
    return RC_OK;
}

enum rc
release_decide (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Validation__V1__ReleaseResult *result = (const void *)message->data;
    const struct application *row = unit_peek (unit, &application_table, message->tenant, message->subject);
    for (size_t i = 0; row && i < result->n_claim_id; i++) {
        struct uuid id;
        if (uuid_from (result->claim_id[i], &id))
            claim_release (unit, row, id);
    }
    return RC_OK;
}

void
freed_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct db_call call = { 0 };
        if (items[i].rc != RC_OK)
            continue;
        items[i].rc = item_read (gather, &items[i], &sql_freed_applications, &call.result, &items[i].err);
        if (items[i].rc != RC_OK)
            continue;
        Padan__Validation__V1__FreedResult *result = arena_alloc (gather_arena (gather), sizeof *result);
        MUST (result);
        padan__validation__v1__freed_result__init (result);
        ids_take (gather, call.result, &result->application_id, &result->n_application_id);
        db_calls_clear (&call, 1);
        items[i].result = &result->base;
    }
}

enum rc
freed_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Validation__V1__FreedResult *result = (const void *)message->data;
    for (size_t i = 0; i < result->n_application_id; i++) {
        struct uuid id;
        if (uuid_from (result->application_id[i], &id))
            keys_add (keys, &application_table, message->tenant, id);
    }
    return RC_OK;
}

enum rc
freed_decide (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Validation__V1__FreedResult *result = (const void *)message->data;
    for (size_t i = 0; i < result->n_application_id; i++) {
        struct uuid id;
        if (!uuid_from (result->application_id[i], &id))
            continue;
        const struct application *row = unit_peek (unit, &application_table, message->tenant, id);
        if (!row || strcmp (row->state, "open") != 0)
            continue;
        unit_due_cancel (unit, "check", row->tenant, row->id); /* it may have read who held the person before */
        check_later (unit, row, PRIORITY_IMPORT, 0);
    }
    return RC_OK;
}
