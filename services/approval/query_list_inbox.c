/* ListInbox → Inbox: what waits for the asker's roles and places, oldest first. */
#include "approval_sql.h"
#include "services/approval/query.h"

struct line {
    struct uuid application_id, letter_id, id;
    const char *ticket, *act, *track, *village;
    int32_t people;
    int64_t version, since, due_at;
};

static const struct db_column columns[] = {
    DB_COLUMN (DB_UUID, line, application_id), DB_COLUMN (DB_UUID, line, letter_id), DB_COLUMN (DB_UUID, line, id),
    DB_COLUMN (DB_TEXT, line, ticket),         DB_COLUMN (DB_TEXT, line, act),       DB_COLUMN (DB_TEXT, line, track),
    DB_COLUMN (DB_TEXT, line, village),        DB_COLUMN (DB_INT4, line, people),    DB_COLUMN (DB_INT8, line, version),
    DB_COLUMN (DB_TIME, line, since),          DB_COLUMN (DB_TIME, line, due_at),
};

static Padan__Approval__V1__InboxLine *
line_view (const struct line *line, struct arena *arena)
{
    Padan__Approval__V1__InboxLine *view = approval_memory (arena, 1, sizeof *view);
    padan__approval__v1__inbox_line__init (view);
    view->application_id = id_field (&line->application_id);
    view->letter_id = id_field (&line->letter_id);
    view->ticket = (char *)line->ticket;
    view->act = (char *)line->act;
    view->track = (char *)line->track;
    view->village = (char *)line->village;
    view->members = (uint32_t)line->people;
    view->version = line->version;
    view->since_at = line->since;
    view->due_at = line->due_at;
    return view;
}

enum rc
query_list_inbox (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                  struct err *err)
{
    const Padan__Approval__V1__ListInbox *question = (const Padan__Approval__V1__ListInbox *)message->data;
    struct arena *arena = query_arena (query);
    struct cursor after;
    int64_t limit = page_limit (question->limit);
    enum rc rc = cursor_read (question->cursor, &after, err);
    if (rc != RC_OK)
        return rc;
    struct db_call call = { .sql = &sql_inbox, .params = query_params (query, message, false) };
    query_roles (call.params, message, APPROVAL_OFFICERS, arena);
    db_param_text (call.params, question->act);
    db_param_time (call.params, after.at ? after.at : 1); /* before everything, and not NULL */
    static const struct uuid first = { { [15] = 1 } };    /* nil would be NULL */
    db_param_uuid (call.params, uuid_is_nil (after.id) ? first : after.id);
    db_param_int8 (call.params, limit);
    rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    void *rows;
    size_t n;
    rc = db_rows (call.result, columns, sizeof columns / sizeof *columns, sizeof (struct line), arena, &rows, &n, err);
    db_calls_clear (&call, 1);
    if (rc != RC_OK)
        return rc;
    const struct line *lines = rows;
    Padan__Approval__V1__Inbox *reply = approval_memory (arena, 1, sizeof *reply);
    padan__approval__v1__inbox__init (reply);
    reply->lines = approval_memory (arena, n, sizeof *reply->lines);
    for (size_t i = 0; i < n; i++)
        reply->lines[reply->n_lines++] = line_view (&lines[i], arena);
    if ((int64_t)n == limit)
        reply->next_cursor = cursor_text ((struct cursor){ lines[n - 1].since, lines[n - 1].id }, arena);
    *ret_reply = &reply->base;
    return RC_OK;
}
