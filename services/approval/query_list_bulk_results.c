/* ListBulkResults → BulkResults: what became of each target, in the order asked. For who asked for it, and for officers
 * of the whole tenant. */
#include "approval_sql.h"
#include "services/approval/query.h"

struct result {
    int32_t ordinal;
    struct uuid target_id;
    const char *outcome, *code;
    int64_t version;
};

static const struct db_column columns[] = {
    DB_COLUMN (DB_INT4, result, ordinal), DB_COLUMN (DB_UUID, result, target_id), DB_COLUMN (DB_TEXT, result, outcome),
    DB_COLUMN (DB_TEXT, result, code),    DB_COLUMN (DB_INT8, result, version),
};

static Padan__Approval__V1__BulkResult *
result_view (const struct result *result, struct arena *arena)
{
    Padan__Approval__V1__BulkResult *view = approval_memory (arena, 1, sizeof *view);
    padan__approval__v1__bulk_result__init (view);
    view->target_id = id_field (&result->target_id);
    view->outcome = (char *)result->outcome;
    view->code = (char *)result->code;
    view->version = result->version;
    return view;
}

static bool
is_theirs (const struct message *message, struct uuid asked_by)
{
    return message_allowed (message, APPROVAL_OFFICERS, "") || uuid_compare (asked_by, message_person (message)) == 0;
}

/* The bulk and a page of its targets. */
static enum rc
results_read (struct query *query, const struct message *message, int32_t after, int64_t limit,
              struct result **ret_rows, size_t *ret_n, uint32_t *ret_waiting, struct err *err)
{
    struct db_call calls[] = { { .sql = &sql_bulk_get, .params = query_params (query, message, true) },
                               { .sql = &sql_bulk_results, .params = query_params (query, message, true) } };
    void *rows;
    db_param_int4 (calls[1].params, after);
    db_param_int8 (calls[1].params, limit);
    enum rc rc = query_run (query, calls, 2, err);
    if (rc != RC_OK)
        return rc;
    if (!db_count (calls[0].result) || !is_theirs (message, db_uuid (calls[0].result, 0, 1)))
        rc = err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such bulk");
    else
        *ret_waiting = (uint32_t)db_int4 (calls[0].result, 0, 0);
    if (rc == RC_OK)
        rc = db_rows (calls[1].result, columns, sizeof columns / sizeof *columns, sizeof (struct result),
                      query_arena (query), &rows, ret_n, err);
    db_calls_clear (calls, 2);
    if (rc == RC_OK)
        *ret_rows = rows;
    return rc;
}

enum rc
query_list_bulk_results (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                         struct err *err)
{
    const Padan__Approval__V1__ListBulkResults *question = (const Padan__Approval__V1__ListBulkResults *)message->data;
    struct arena *arena = query_arena (query);
    struct cursor after;
    int64_t limit = page_limit (question->limit);
    struct result *rows;
    size_t n;
    Padan__Approval__V1__BulkResults *reply = approval_memory (arena, 1, sizeof *reply);
    padan__approval__v1__bulk_results__init (reply);
    enum rc rc = cursor_read (question->cursor, &after, err);
    if (rc == RC_OK)
        rc = results_read (query, message, *question->cursor ? (int32_t)after.at : -1, limit, &rows, &n,
                           &reply->waiting, err);
    if (rc != RC_OK)
        return rc;
    reply->results = approval_memory (arena, n, sizeof *reply->results);
    for (size_t i = 0; i < n; i++)
        reply->results[reply->n_results++] = result_view (&rows[i], arena);
    if ((int64_t)n == limit)
        reply->next_cursor = cursor_text ((struct cursor){ .at = rows[n - 1].ordinal }, arena);
    *ret_reply = &reply->base;
    return RC_OK;
}
