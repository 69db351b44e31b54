/* ListWaiting: applications that wait for a batch, oldest first, and how many people that are. No personal data. */
#include "batching_sql.h"
#include "common/engine/cursor.h"
#include "services/batching/batch_store.h"

enum { ID, TICKET, TRACK, PEOPLE, SINCE, DUE }; /* columns of waiting_list.sql */

static Padan__Batching__V1__WaitingLine *
line_make (const struct db_result *rows, size_t i, struct arena *arena)
{
    Padan__Batching__V1__WaitingLine *line = arena_alloc (arena, sizeof *line);
    struct uuid id = db_uuid (rows, i, ID), *kept = arena_copy (arena, &id, sizeof id);
    MUST (line && kept);
    padan__batching__v1__waiting_line__init (line);
    line->application_id = uuid_field (kept);
    line->ticket = arena_string (arena, db_text (rows, i, TICKET));
    line->track = arena_string (arena, db_text (rows, i, TRACK));
    line->people = (uint32_t)db_int4 (rows, i, PEOPLE);
    line->since_at = db_time (rows, i, SINCE);
    line->due_at = db_time (rows, i, DUE);
    MUST (line->ticket && line->track);
    return line;
}

static void
reply_fill (Padan__Batching__V1__Waiting *reply, const struct db_result *rows, size_t limit, struct arena *arena)
{
    size_t n = db_count (rows);
    reply->lines = arena_array (arena, limit, sizeof *reply->lines);
    MUST (reply->lines);
    for (size_t i = 0; i < n && i < limit; i++)
        reply->lines[reply->n_lines++] = line_make (rows, i, arena);
    if (n > limit)
        reply->next_cursor =
            cursor_text ((struct cursor){ db_time (rows, limit - 1, SINCE), db_uuid (rows, limit - 1, ID) }, arena);
}

enum rc
query_list_waiting (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                    struct err *err)
{
    const Padan__Batching__V1__ListWaiting *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    Padan__Batching__V1__Waiting *reply = arena_alloc (arena, sizeof *reply);
    struct db_call calls[] = { { .sql = &sql_waiting_list, .params = db_params (arena) },
                               { .sql = &sql_waiting_people, .params = db_params (arena) } };
    struct cursor after;
    size_t limit = list_limit (question->limit);
    MUST (reply);
    padan__batching__v1__waiting__init (reply);
    enum rc rc = office_check (message, BATCHING_READERS, err);
    if (rc == RC_OK)
        rc = cursor_read (question->cursor, &after, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < 2; i++) {
        db_param_int8 (calls[i].params, message->tenant);
        db_param_text (calls[i].params, question->track);
    }
    db_param_time (calls[0].params, after.at);
    db_param_uuid (calls[0].params, after.id);
    db_param_int8 (calls[0].params, (int64_t)limit + 1);
    rc = query_run (query, calls, 2, err);
    if (rc != RC_OK)
        return rc;
    reply_fill (reply, calls[0].result, limit, arena);
    reply->people = (uint32_t)db_int8 (calls[1].result, 0, 0);
    db_calls_clear (calls, 2);
    *ret_reply = &reply->base;
    return RC_OK;
}
