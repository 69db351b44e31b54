/* ListBatches, newest first, a page at a time; GetBatch, one of them. No personal data. */
#include "batching_sql.h"
#include "common/engine/cursor.h"
#include "services/batching/batch_read.h"

static Padan__Batching__V1__BatchView *
view_make (const struct batch_row *batch, struct arena *arena)
{
    Padan__Batching__V1__BatchView *view = arena_alloc (arena, sizeof *view);
    MUST (view);
    padan__batching__v1__batch_view__init (view);
    view->batch_id = uuid_field (&batch->id);
    view->number = (char *)batch->number;
    view->track = (char *)batch->track;
    view->state = (char *)batch->state;
    view->people = (uint32_t)batch->people;
    view->accepted = (uint32_t)batch->accepted;
    view->refused = (uint32_t)batch->refused;
    view->file_sha256 =
        (ProtobufCBinaryData){ .len = batch->file_sha256.size, .data = (uint8_t *)batch->file_sha256.data };
    view->manifest_sha256 =
        (ProtobufCBinaryData){ .len = batch->manifest_sha256.size, .data = (uint8_t *)batch->manifest_sha256.data };
    view->closed_at = batch->closed_at;
    view->closed_reason = (char *)batch->reason;
    view->version = batch->version;
    view->file_size = batch->file_size;
    view->sent_at = batch->sent_at;
    view->channel = (char *)batch->channel;
    view->receipt = (char *)batch->receipt;
    view->due_at = batch->due_at;
    view->next_role = (char *)batch_next_role (batch);
    view->archive_sha256 =
        (ProtobufCBinaryData){ .len = batch->archive_sha256.size, .data = (uint8_t *)batch->archive_sha256.data };
    view->reconciled_at = batch->reconciled_at;
    return view;
}

enum rc
query_get_batch (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                 struct err *err)
{
    struct batch_row *batch = arena_alloc (query_arena (query), sizeof *batch);
    MUST (batch);
    enum rc rc = office_check (message, BATCHING_READERS, err);
    if (rc == RC_OK)
        rc = batch_read (query_gather (query), message->tenant, message->subject, batch, err);
    if (rc == RC_OK)
        *ret_reply = &view_make (batch, query_arena (query))->base;
    return rc;
}

static enum rc
rows_read (struct query *query, const struct message *message, const struct cursor *after, size_t limit,
           struct batch_row **ret_rows, size_t *ret_n, struct err *err)
{
    const Padan__Batching__V1__ListBatches *question = (const void *)message->data;
    struct db_call call = { .sql = &sql_batch_list, .params = db_params (query_arena (query)) };
    db_param_int8 (call.params, message->tenant);
    db_param_text (call.params, question->state);
    db_param_time (call.params, after->at);
    db_param_uuid (call.params, after->id);
    db_param_int8 (call.params, (int64_t)limit + 1);
    enum rc rc = query_run (query, &call, 1, err);
    if (rc == RC_OK)
        rc = batch_rows (call.result, query_arena (query), ret_rows, ret_n, err);
    db_calls_clear (&call, 1);
    return rc;
}

enum rc
query_list_batches (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                    struct err *err)
{
    const Padan__Batching__V1__ListBatches *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    Padan__Batching__V1__Batches *reply = arena_alloc (arena, sizeof *reply);
    struct batch_row *rows;
    struct cursor after;
    size_t n, limit = list_limit (question->limit);
    MUST (reply);
    padan__batching__v1__batches__init (reply);
    enum rc rc = office_check (message, BATCHING_READERS, err);
    if (rc == RC_OK)
        rc = cursor_read (question->cursor, &after, err);
    if (rc == RC_OK)
        rc = rows_read (query, message, &after, limit, &rows, &n, err);
    if (rc != RC_OK)
        return rc;
    reply->batches = arena_array (arena, limit, sizeof *reply->batches);
    MUST (reply->batches);
    for (size_t i = 0; i < n && i < limit; i++)
        reply->batches[reply->n_batches++] = view_make (&rows[i], arena);
    if (n > limit)
        reply->next_cursor = cursor_text ((struct cursor){ rows[limit - 1].started_at, rows[limit - 1].id }, arena);
    *ret_reply = &reply->base;
    return RC_OK;
}
