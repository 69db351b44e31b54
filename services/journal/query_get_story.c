/* GetStory: where an application is, who has it, what it waits for and until when, and all that happened to it, its
 * letters and cards included. For officers: names who acted. */
#include <string.h>

#include "common/base/text.h"
#include "journal_sql.h"
#include "services/journal/journal.h"

enum { STORY_LINES = 2000, LINE_BYTES = 1024 };

/* {0} detail, {1} code. What was erased, or never said, reads "…". */
static char *
line_text (const struct event_row *row, struct arena *arena)
{
    const struct event_type *type = event_type_find (row->type);
    const char *arguments[] = { row->detail && *row->detail ? row->detail : "…",
                                *row->code ? code_text (row->code, arena) : "…" };
    TEXT_AUTO struct text_buffer text = TEXT_BUFFER (LINE_BYTES);
    for (const char *c = type ? type->text : row->type; *c; c++) {
        if (c[0] == '{' && (c[1] == '0' || c[1] == '1') && c[2] == '}') {
            text_add_string (&text, arguments[c[1] - '0']);
            c += 2;
        } else {
            text_add_char (&text, *c);
        }
    }
    char *copy = arena_string (arena, text.data ? text.data : "");
    MUST (copy);
    return copy;
}

static Padan__Journal__V1__StoryLine *
line_make (const struct event_row *row, struct arena *arena)
{
    Padan__Journal__V1__StoryLine *line = arena_alloc (arena, sizeof *line);
    MUST (line);
    padan__journal__v1__story_line__init (line);
    line->number = row->number;
    line->type = (char *)row->type;
    line->subject_kind = (char *)row->kind;
    line->subject_id = uuid_field (&row->story);
    line->version = row->version;
    line->actor = (char *)(row->actor ? row->actor : strcmp (row->role, "service") == 0 ? "sistem" : "");
    line->text = line_text (row, arena);
    line->at = row->at;
    return line;
}

enum rc
query_get_story (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                 struct err *err)
{
    struct arena *arena = query_arena (query);
    struct db_call calls[] = { { .sql = &sql_story_view, .params = db_params (arena) },
                               { .sql = &sql_event_story, .params = db_params (arena) } };
    for (size_t i = 0; i < 2; i++) {
        db_param_int8 (calls[i].params, message->tenant);
        db_param_uuid (calls[i].params, message->subject);
    }
    db_param_int8 (calls[1].params, STORY_LINES);
    enum rc rc = query_run (query, calls, 2, err);
    if (rc != RC_OK)
        return rc;
    const struct db_result *view = calls[0].result;
    Padan__Journal__V1__Story *story = arena_alloc (arena, sizeof *story);
    void *rows = NULL;
    size_t n = 0;
    MUST (story);
    padan__journal__v1__story__init (story);
    bool known = db_count (view) && message_allowed (message, JOURNAL_READERS, text_copy (view, 0, 5, arena));
    if (!known)
        rc = err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such application");
    else
        rc = db_rows (calls[1].result, event_columns, EVENT_COLUMNS, sizeof (struct event_row), arena, &rows, &n, err);
    if (rc == RC_OK) {
        story->application_id = uuid_field (&message->subject);
        story->ticket = text_copy (view, 0, 0, arena);
        story->state = text_copy (view, 0, 1, arena);
        story->holder = text_copy (view, 0, 2, arena);
        story->waits_for = text_copy (view, 0, 3, arena);
        story->due_at = db_null (view, 0, 4) ? 0 : db_time (view, 0, 4);
        story->lines = arena_array (arena, n + 1, sizeof *story->lines);
        MUST (story->lines);
        for (size_t i = 0; i < n; i++)
            story->lines[story->n_lines++] = line_make ((const struct event_row *)rows + i, arena);
        *ret_reply = &story->base;
    }
    db_calls_clear (calls, 2);
    return rc;
}
