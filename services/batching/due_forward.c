/* Due work "forward": the next chunk of applications of a batch that was handed to BPJS → ApplicationForwarded for
 * each, with the time by which its own procedure expects the answer. One whose people all have their answers by now is
 * left. Rows: waiting of the chunk. */
#include <string.h>

#include "batching_sql.h"
#include "services/batching/batch_read.h"
#include "services/batching/waiting_store.h"

typedef Padan__Batching__V1__ForwardResult forward_result;
typedef Padan__Batching__V1__ForwardedApplication forwarded;

static enum rc
forwarded_fill (struct gather *gather, const struct db_result *rows, size_t i, const struct batch_row *batch,
                forwarded *out, struct err *err)
{
    struct arena *arena = gather_arena (gather);
    const struct profile *profile;
    struct uuid id = db_uuid (rows, i, 0);
    enum rc rc = profiles_get (gather, batch->tenant, db_bytes (rows, i, 1).data, &profile, err);
    if (rc != RC_OK)
        return rc;
    int track = profile_track_find (profile, batch->track);
    if (track < 0)
        return err_set (err, RC_CORRUPT, "an application is on a track its profile does not have");
    padan__batching__v1__forwarded_application__init (out);
    out->application_id = uuid_field (arena_copy (arena, &id, sizeof id));
    out->due_at = profile_due (profile, track, STAGE_SENT, STAGE_ACTIVE, batch->sent_at);
    MUST (out->application_id.data);
    return RC_OK;
}

static enum rc
result_make (struct gather *gather, const struct batch_row *batch, const struct db_result *rows, forward_result *result,
             struct err *err)
{
    struct arena *arena = gather_arena (gather);
    size_t n = db_count (rows);
    forwarded *items = arena_array (arena, n + 1, sizeof *items);
    result->applications = arena_array (arena, n + 1, sizeof *result->applications);
    MUST (items && result->applications);
    result->more = (int64_t)n == batching_settings.closing_chunk;
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        rc = forwarded_fill (gather, rows, i, batch, &items[i], err);
        result->applications[result->n_applications++] = &items[i];
    }
    return rc;
}

static enum rc
item_work (struct gather *gather, struct due_item *item, struct err *err)
{
    const Padan__Batching__V1__ForwardDue *due = (const void *)item->payload;
    struct batch_row batch;
    struct uuid after = { 0 };
    struct db_call call = { .sql = &sql_batch_open, .params = db_params (gather_arena (gather)) };
    forward_result *result = arena_alloc (gather_arena (gather), sizeof *result);
    MUST (result);
    padan__batching__v1__forward_result__init (result);
    uuid_from (due->after_id, &after);
    db_param_int8 (call.params, item->tenant);
    db_param_uuid (call.params, item->subject);
    db_param_uuid (call.params, after);
    db_param_int8 (call.params, batching_settings.closing_chunk);
    enum rc rc = batch_read (gather, item->tenant, item->subject, &batch, err);
    if (rc == RC_OK)
        rc = gather_read (gather, item->tenant, &call, 1, err);
    if (rc == RC_OK)
        rc = result_make (gather, &batch, call.result, result, err);
    db_calls_clear (&call, 1);
    item->result = &result->base;
    return rc;
}

void
on_forward_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].rc == RC_OK)
            items[i].rc = item_work (gather, &items[i], &items[i].err);
}

enum rc
on_forward_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const forward_result *result = (const void *)message->data;
    struct uuid id;
    for (size_t i = 0; i < result->n_applications; i++)
        if (uuid_from (result->applications[i]->application_id, &id))
            keys_add (keys, &waiting_table, message->tenant, id);
    return RC_OK;
}

static void
application_forward (struct unit *unit, const struct message *message, const forwarded *item)
{
    Padan__Batching__V1__ApplicationForwarded event = PADAN__BATCHING__V1__APPLICATION_FORWARDED__INIT;
    struct uuid id;
    if (!uuid_from (item->application_id, &id))
        return;
    const struct waiting *known = unit_peek (unit, &waiting_table, message->tenant, id);
    if (!known || strcmp (known->state, "batched") != 0)
        return; /* BPJS was faster */
    struct waiting *waiting = unit_edit (unit, &waiting_table, message->tenant, id);
    waiting->due_at = item->due_at;
    event.batch_id = uuid_field (&waiting->batch_id);
    event.due_at = waiting->due_at;
    waiting_emit (unit, waiting, &event);
}

enum rc
on_forward (struct unit *unit, const struct message *message, struct err *err)
{
    const forward_result *result = (const void *)message->data;
    for (size_t i = 0; i < result->n_applications; i++)
        application_forward (unit, message, result->applications[i]);
    if (!result->more)
        return RC_OK;
    Padan__Batching__V1__ForwardDue after = PADAN__BATCHING__V1__FORWARD_DUE__INIT;
    after.after_id = result->applications[result->n_applications - 1]->application_id;
    unit_due (unit, &(struct due){ .kind = "forward",
                                   .tenant = message->tenant,
                                   .subject = message->subject,
                                   .input_version = message->version + 1,
                                   .payload = &after });
    return RC_OK;
}
