/* ListBulkResults: what became of each card of an ActOnMany so far, a page at a time. */
#include "common/engine/cursor.h"
#include "distribution_sql.h"
#include "services/distribution/distribution.h"

enum { ORDINAL, CARD, OUTCOME, CODE, VERSION }; /* columns of bulk_results.sql */

static Padan__Distribution__V1__BulkResult *
result_make (const struct db_result *rows, size_t i, struct arena *arena)
{
    Padan__Distribution__V1__BulkResult *result = arena_alloc (arena, sizeof *result);
    struct uuid id = db_uuid (rows, i, CARD), *kept = arena_copy (arena, &id, sizeof id);
    MUST (result && kept);
    padan__distribution__v1__bulk_result__init (result);
    result->target_id = uuid_field (kept);
    result->outcome = arena_string (arena, db_text (rows, i, OUTCOME));
    result->code = arena_string (arena, db_text (rows, i, CODE));
    result->version = db_int8 (rows, i, VERSION);
    MUST (result->outcome && result->code);
    return result;
}

enum rc
query_list_bulk_results (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                         struct err *err)
{
    const Padan__Distribution__V1__ListBulkResults *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    struct db_call calls[] = { { .sql = &sql_bulk_find, .params = db_params (arena) },
                               { .sql = &sql_bulk_results, .params = db_params (arena) } };
    Padan__Distribution__V1__BulkResults *reply = arena_alloc (arena, sizeof *reply);
    struct cursor after;
    size_t limit = list_limit (question->limit);
    MUST (reply);
    padan__distribution__v1__bulk_results__init (reply);
    enum rc rc = cursor_read (question->cursor, &after, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < 2; i++) {
        db_param_int8 (calls[i].params, message->tenant);
        db_param_uuid (calls[i].params, message->subject);
    }
    db_param_int8 (calls[1].params, question->cursor[0] ? after.at : -1);
    db_param_int8 (calls[1].params, (int64_t)limit + 1);
    rc = query_run (query, calls, 2, err);
    if (rc != RC_OK)
        return rc;
    size_t n = db_count (calls[1].result);
    if (!db_count (calls[0].result))
        rc = err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such bulk");
    else
        reply->waiting = (uint32_t)db_int4 (calls[0].result, 0, 0);
    reply->results = arena_array (arena, limit, sizeof *reply->results);
    MUST (reply->results);
    for (size_t i = 0; i < n && i < limit; i++)
        reply->results[reply->n_results++] = result_make (calls[1].result, i, arena);
    if (n > limit)
        reply->next_cursor =
            cursor_text ((struct cursor){ .at = db_int4 (calls[1].result, limit - 1, ORDINAL) }, arena);
    db_calls_clear (calls, 2);
    *ret_reply = &reply->base;
    return rc;
}
