/* ListApplications: a page of what the asker's places hold, newest first, by keyset cursor; nothing personal but the
 * name of the head. */
#include "common/base/text.h"
#include "common/engine/cursor.h"
#include "intake_sql.h"
#include "services/intake/application_moves.h"
#include "services/intake/intake.h"

/* Places of all grants that let the asker read here. */
static void
places_param (struct db_params *params, const struct message *message, struct arena *arena)
{
    const Padan__Principal *asker = message->principal;
    size_t n = 0;
    const char **places = arena_array (arena, asker->n_grants + 1, sizeof *places);
    MUST (places);
    for (size_t i = 0; i < asker->n_grants; i++) {
        const Padan__Grant *grant = asker->grants[i];
        if (grant->tenant == message->tenant && (INTAKE_READERS >> grant->role & 1))
            places[n++] = grant->place;
    }
    db_param_text_array (params, places, n);
}

static char *
text_copy (const struct db_result *rows, size_t row, size_t column, struct arena *arena)
{
    char *text = arena_string (arena, db_null (rows, row, column) ? "" : db_text (rows, row, column));
    MUST (text);
    return text;
}

static Padan__Intake__V1__ApplicationLine *
line_read (const struct db_result *rows, size_t row, struct arena *arena)
{
    Padan__Intake__V1__ApplicationLine *line = arena_alloc (arena, sizeof *line);
    struct uuid *id = arena_alloc (arena, sizeof *id);
    MUST (line && id);
    padan__intake__v1__application_line__init (line);
    *id = db_uuid (rows, row, 0);
    line->application_id = uuid_field (id);
    line->ticket = text_copy (rows, row, 1, arena);
    line->track = text_copy (rows, row, 2, arena);
    line->state = text_copy (rows, row, 3, arena);
    line->village = text_copy (rows, row, 4, arena);
    line->version = db_int8 (rows, row, 5);
    line->entered_at = db_time (rows, row, 6);
    line->complete = db_bool (rows, row, 7);
    line->judged = db_bool (rows, row, 8);
    line->members = (uint32_t)db_int8 (rows, row, 9);
    line->head_name = text_copy (rows, row, 10, arena);
    line->due_at = db_null (rows, row, 11) ? 0 : db_time (rows, row, 11);
    return line;
}

static void
page_fill (const struct db_result *rows, size_t limit, struct arena *arena, Padan__Intake__V1__Applications *page)
{
    size_t n = db_count (rows) < limit ? db_count (rows) : limit;
    page->applications = arena_array (arena, n + 1, sizeof *page->applications);
    MUST (page->applications);
    for (size_t i = 0; i < n; i++)
        page->applications[page->n_applications++] = line_read (rows, i, arena);
    if (db_count (rows) <= limit)
        return;
    page->next_cursor = cursor_text ((struct cursor){ db_time (rows, n - 1, 6), db_uuid (rows, n - 1, 0) }, arena);
}

enum rc
query_list_applications (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                         struct err *err)
{
    const Padan__Intake__V1__ListApplications *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    struct cursor cursor;
    size_t limit = list_limit (question->limit);
    enum rc rc = cursor_read (question->cursor, &cursor, err);
    if (rc != RC_OK)
        return rc;
    struct db_call call = { .sql = &sql_application_list, .params = db_params (arena) };
    db_param_int8 (call.params, message->tenant);
    db_param_text (call.params, question->state);
    places_param (call.params, message, arena);
    db_param_text (call.params, question->place);
    db_param_time (call.params, cursor.at);
    db_param_uuid (call.params, cursor.id);
    db_param_int8 (call.params, (int64_t)limit + 1);
    rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    Padan__Intake__V1__Applications *page = arena_alloc (arena, sizeof *page);
    MUST (page);
    padan__intake__v1__applications__init (page);
    page_fill (call.result, limit, arena, page);
    db_calls_clear (&call, 1);
    *ret_reply = &page->base;
    return RC_OK;
}
