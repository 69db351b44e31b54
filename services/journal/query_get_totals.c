/* GetTotals: how many applications, members, letters, batches and cards are in which state, as of number `head`. */
#include "journal_sql.h"
#include "services/journal/journal.h"

enum rc
query_get_totals (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                  struct err *err)
{
    struct arena *arena = query_arena (query);
    struct db_call calls[] = { { .sql = &sql_total_list, .params = db_params (arena) },
                               { .sql = &sql_head_number, .params = db_params (arena) } };
    db_param_int8 (calls[0].params, message->tenant);
    db_param_int8 (calls[1].params, message->tenant);
    enum rc rc = query_run (query, calls, 2, err);
    if (rc != RC_OK)
        return rc;
    size_t n = db_count (calls[0].result);
    Padan__Journal__V1__Totals *reply = arena_alloc (arena, sizeof *reply);
    Padan__Journal__V1__Total *totals = arena_array (arena, n + 1, sizeof *totals);
    MUST (reply && totals);
    padan__journal__v1__totals__init (reply);
    reply->totals = arena_array (arena, n + 1, sizeof *reply->totals);
    MUST (reply->totals);
    for (size_t i = 0; i < n; i++) {
        padan__journal__v1__total__init (&totals[i]);
        totals[i].what = text_copy (calls[0].result, i, 0, arena);
        totals[i].code = text_copy (calls[0].result, i, 1, arena);
        totals[i].count = db_int8 (calls[0].result, i, 2);
        reply->totals[reply->n_totals++] = &totals[i];
    }
    reply->head = db_count (calls[1].result) ? db_int8 (calls[1].result, 0, 0) : 0;
    db_calls_clear (calls, 2);
    *ret_reply = &reply->base;
    return RC_OK;
}
