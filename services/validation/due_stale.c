/* Due "stale": after a registry switched, open applications whose verdict relied on an older snapshot are put up for a
 * new check, in steps, at the lowest priority. Touches no row of ours: a check of a version that moved on is nothing.
 */
#include <string.h>

#include "services/validation/registry_store.h"
#include "services/validation/validation.h"
#include "validation_sql.h"

typedef Padan__Validation__V1__StaleResult result_t;

void
stale_later (struct unit *unit, int64_t tenant, const char *registry, int64_t snapshot, struct uuid after)
{
    Padan__Validation__V1__StaleDue payload = PADAN__VALIDATION__V1__STALE_DUE__INIT;
    payload.registry = (char *)registry;
    payload.after_id = uuid_field (&after);
    unit_due (unit, &(struct due){
                        .kind = "stale",
                        .tenant = tenant,
                        .subject = registry_id (registry),
                        .input_version = snapshot,
                        .priority = PRIORITY_STALE,
                        .payload = &payload,
                    });
}

static enum rc
item_work (struct gather *gather, struct due_item *item)
{
    const Padan__Validation__V1__StaleDue *payload = (const void *)item->payload;
    struct arena *arena = gather_arena (gather);
    bool poverty = strcmp (payload->registry, "poverty") == 0;
    struct uuid after = { 0 };
    uuid_from (payload->after_id, &after);
    struct db_call call = { .sql = poverty ? &sql_stale_poverty : &sql_stale_membership, .params = db_params (arena) };
    db_param_int8 (call.params, item->tenant);
    db_param_int8 (call.params, item->input_version);
    db_param_bytes (call.params, (struct bytes){ arena_copy (arena, &after, sizeof after), sizeof after });
    db_param_int8 (call.params, STALE_BATCH);
    enum rc rc = gather_read (gather, item->tenant, &call, 1, &item->err);
    if (rc != RC_OK)
        return rc;
    size_t n = db_count (call.result);
    result_t *result = arena_alloc (arena, sizeof *result);
    struct uuid *ids = arena_array (arena, n + 1, sizeof *ids);
    MUST (result && ids);
    padan__validation__v1__stale_result__init (result);
    result->application_id = arena_array (arena, n + 1, sizeof *result->application_id);
    result->version = arena_array (arena, n + 1, sizeof *result->version);
    MUST (result->application_id && result->version);
    for (size_t i = 0; i < n; i++) {
        ids[i] = db_uuid (call.result, i, 0);
        result->application_id[i] = uuid_field (&ids[i]);
        result->version[i] = db_int8 (call.result, i, 1);
    }
    result->n_application_id = result->n_version = n;
    result->more = n == STALE_BATCH;
    result->registry = payload->registry;
    db_calls_clear (&call, 1);
    item->result = &result->base;
    return RC_OK;
}

void
stale_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].rc == RC_OK)
            items[i].rc = item_work (gather, &items[i]);
}

enum rc
stale_keys (struct keys *keys, const struct message *message, struct err *err)
{
    return RC_OK;
}

enum rc
stale_decide (struct unit *unit, const struct message *message, struct err *err)
{
    const result_t *result = (const void *)message->data;
    struct uuid last = { 0 };
    for (size_t i = 0; i < result->n_application_id; i++) {
        struct application row = { .tenant = message->tenant, .version = result->version[i] };
        if (!uuid_from (result->application_id[i], &row.id))
            continue;
        last = row.id;
        check_later (unit, &row, PRIORITY_STALE, 0);
    }
    if (result->more)
        stale_later (unit, message->tenant, result->registry, message->version, last);
    return RC_OK;
}
