/* ListLetters → Letters about people of the asker's places, newest first, without their lists. */
#include "approval_sql.h"
#include "services/approval/query.h"

enum rc
query_list_letters (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                    struct err *err)
{
    const Padan__Approval__V1__ListLetters *question = (const Padan__Approval__V1__ListLetters *)message->data;
    struct arena *arena = query_arena (query);
    struct cursor after;
    int64_t limit = page_limit (question->limit);
    enum rc rc = cursor_read (question->cursor, &after, err);
    if (rc != RC_OK)
        return rc;
    struct db_call call = { .sql = &sql_letters_list, .params = query_params (query, message, false) };
    db_param_text (call.params, question->state);
    db_param_time (call.params, after.at);
    db_param_uuid (call.params, after.id);
    query_places (call.params, message, APPROVAL_READERS, arena);
    db_param_int8 (call.params, limit);
    rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    void *rows;
    size_t n;
    rc = db_rows (call.result, letter_table.columns, letter_table.n_columns, letter_table.row_size, arena, &rows, &n,
                  err);
    db_calls_clear (&call, 1);
    if (rc != RC_OK)
        return rc;
    const struct office_letter *letters = rows;
    Padan__Approval__V1__Letters *reply = approval_memory (arena, 1, sizeof *reply);
    padan__approval__v1__letters__init (reply);
    reply->letters = approval_memory (arena, n, sizeof *reply->letters);
    for (size_t i = 0; i < n; i++)
        reply->letters[reply->n_letters++] = letter_view (&letters[i], arena);
    if ((int64_t)n == limit)
        reply->next_cursor = cursor_text ((struct cursor){ letters[n - 1].drafted_at, letters[n - 1].id }, arena);
    *ret_reply = &reply->base;
    return RC_OK;
}
