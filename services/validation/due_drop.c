/* Due "drop": a snapshot that nobody judges by any more leaves, chunk by chunk: one that was replaced, one that came
 * too late, one whose load failed. Subject: the import that saw it end; input version: the snapshot. A check that is
 * still reading it is made again, because the registry is at another version when it commits. Touches the import. */
#include <string.h>

#include "services/validation/load_read.h"
#include "services/validation/validation.h"
#include "validation_sql.h"

typedef Padan__Validation__V1__DropResult result_t;

static const struct {
    const char *registry, *file;
    const struct sql *next;
} files[] = {
    { "poverty", "person", &sql_drop_persons },
    { "poverty", "family", &sql_drop_families },
    { "membership", "member", &sql_drop_memberships },
};

void
drop_later (struct unit *unit, const struct import *row, int64_t snapshot)
{
    Padan__Validation__V1__DropDue payload = PADAN__VALIDATION__V1__DROP_DUE__INIT;
    payload.registry = (char *)row->registry;
    unit_due (unit, &(struct due){
                        .kind = "drop",
                        .tenant = row->tenant,
                        .subject = row->id,
                        .input_version = snapshot,
                        .priority = PRIORITY_STALE,
                        .payload = &payload,
                    });
}

/* *ret_n 0: none of this file is left. */
static enum rc
numbers_read (struct gather *gather, const struct due_item *item, const struct sql *next, int64_t **ret, size_t *ret_n,
              struct err *err)
{
    struct arena *arena = gather_arena (gather);
    struct db_call call = { .sql = next, .params = db_params (arena) };
    db_param_int8 (call.params, item->tenant);
    db_param_int8 (call.params, item->input_version);
    db_param_int8 (call.params, LOAD_CHUNK);
    enum rc rc = gather_read (gather, item->tenant, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    *ret_n = db_count (call.result);
    *ret = arena_array (arena, *ret_n + 1, sizeof **ret);
    MUST (*ret);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = db_int8 (call.result, i, 0);
    db_calls_clear (&call, 1);
    return RC_OK;
}

static enum rc
item_work (struct gather *gather, struct due_item *item)
{
    const Padan__Validation__V1__DropDue *payload = (const void *)item->payload;
    result_t *result = arena_alloc (gather_arena (gather), sizeof *result);
    MUST (result);
    padan__validation__v1__drop_result__init (result);
    result->registry = payload->registry;
    for (size_t i = 0; i < sizeof files / sizeof *files && !result->n_number; i++) {
        if (strcmp (files[i].registry, payload->registry) != 0)
            continue;
        result->file = (char *)files[i].file;
        enum rc rc = numbers_read (gather, item, files[i].next, &result->number, &result->n_number, &item->err);
        if (rc != RC_OK)
            return rc;
    }
    if (result->n_number)
        item->result = &result->base;
    return RC_OK;
}

void
drop_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].rc == RC_OK)
            items[i].rc = item_work (gather, &items[i]);
}

enum rc
drop_keys (struct keys *keys, const struct message *message, struct err *err)
{
    keys_add (keys, &import_table, message->tenant, message->subject);
    return RC_OK;
}

enum rc
drop_decide (struct unit *unit, const struct message *message, struct err *err)
{
    const result_t *result = (const void *)message->data;
    struct import *row = unit_edit (unit, &import_table, message->tenant, message->subject);
    row->dropped = arena_array (unit_arena (unit), result->n_number + 1, sizeof *row->dropped);
    MUST (row->dropped);
    row->n_dropped = result->n_number;
    for (size_t i = 0; i < result->n_number; i++)
        row->dropped[i] = (struct dropped_row){
            .tenant = row->tenant,
            .import_id = row->id,
            .ordinal = (int32_t)i,
            .file = result->file,
            .version = message->version,
            .number = result->number[i],
        };
    drop_later (unit, row, message->version);
    return RC_OK;
}
