/* ListEvents: what happened in a tenant after a number, in order and without gaps; nothing personal. With wait_ms an
 * empty answer is kept back until something happens or the time is over. */
#include "common/engine/service.h"
#include "journal_sql.h"
#include "services/journal/journal.h"

enum { EVENTS_DEFAULT = 200, EVENTS_MAX = 1000, WAIT_MAX_MS = 25000 };

static void
events_fill (const struct event_row *rows, size_t n, struct arena *arena, Padan__Journal__V1__Events *reply)
{
    reply->events = arena_array (arena, n + 1, sizeof *reply->events);
    Padan__Journal__V1__PublicEvent *events = arena_array (arena, n + 1, sizeof *events);
    MUST (reply->events && events);
    for (size_t i = 0; i < n; i++) {
        event_public (&rows[i], &events[i]);
        reply->events[reply->n_events++] = &events[i];
    }
}

enum rc
query_list_events (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                   struct err *err)
{
    const Padan__Journal__V1__ListEvents *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    int64_t limit = question->limit ? question->limit : EVENTS_DEFAULT;
    struct db_call calls[] = { { .sql = &sql_event_list, .params = db_params (arena) },
                               { .sql = &sql_head_number, .params = db_params (arena) } };
    db_param_int8 (calls[0].params, message->tenant);
    db_param_int8 (calls[0].params, question->after);
    db_param_int8 (calls[0].params, limit < EVENTS_MAX ? limit : EVENTS_MAX);
    db_param_int8 (calls[1].params, message->tenant);
    enum rc rc = query_run (query, calls, 2, err);
    if (rc != RC_OK)
        return rc;
    void *rows;
    size_t n;
    Padan__Journal__V1__Events *reply = arena_alloc (arena, sizeof *reply);
    MUST (reply);
    padan__journal__v1__events__init (reply);
    rc = db_rows (calls[0].result, event_columns, EVENT_COLUMNS, sizeof (struct event_row), arena, &rows, &n, err);
    if (rc == RC_OK) {
        events_fill (rows, n, arena, reply);
        reply->head = db_count (calls[1].result) ? db_int8 (calls[1].result, 0, 0) : 0;
        *ret_reply = &reply->base;
    }
    db_calls_clear (calls, 2);
    if (rc == RC_OK && !n && question->wait_ms)
        query_wait (query, question->wait_ms < WAIT_MAX_MS ? question->wait_ms : WAIT_MAX_MS);
    return rc;
}
