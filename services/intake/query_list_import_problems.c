/* ListImportProblems: every bad row with its line, column and reason, by line; keyset cursor. An import that is not
 * ours is not found: the asker then tries the next service. */
#include "common/engine/cursor.h"
#include "intake_sql.h"
#include "services/intake/intake.h"

enum { PAGE_DEFAULT = 100 };
enum { IMPORT, PROBLEMS, CALLS };

static Padan__Common__V1__ImportProblem *
problem_read (const struct db_result *rows, size_t row, struct arena *arena)
{
    Padan__Common__V1__ImportProblem *problem = arena_alloc (arena, sizeof *problem);
    MUST (problem);
    padan__common__v1__import_problem__init (problem);
    problem->line = db_int8 (rows, row, 0);
    problem->column = arena_string (arena, db_text (rows, row, 1));
    problem->code = arena_string (arena, db_text (rows, row, 2));
    problem->detail = arena_string (arena, db_text (rows, row, 3));
    problem->warning = db_bool (rows, row, 5);
    MUST (problem->column && problem->code && problem->detail);
    return problem;
}

static void
page_fill (const struct db_result *rows, size_t limit, struct arena *arena, Padan__Intake__V1__ImportProblems *page)
{
    size_t n = db_count (rows) < limit ? db_count (rows) : limit;
    page->problems = arena_array (arena, n + 1, sizeof *page->problems);
    MUST (page->problems);
    for (size_t i = 0; i < n; i++)
        page->problems[page->n_problems++] = problem_read (rows, i, arena);
    if (db_count (rows) <= limit)
        return;
    page->next_cursor = cursor_text ((struct cursor){ db_int8 (rows, n - 1, 0), db_uuid (rows, n - 1, 4) }, arena);
}

enum rc
query_list_import_problems (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                            struct err *err)
{
    const Padan__Intake__V1__ListImportProblems *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    struct cursor cursor;
    size_t limit = list_limit (question->limit ? question->limit : PAGE_DEFAULT);
    enum rc rc = cursor_read (question->cursor, &cursor, err);
    if (rc != RC_OK)
        return rc;
    struct db_call calls[CALLS] = {
        [IMPORT] = { .sql = &sql_import_view, .params = db_params (arena) },
        [PROBLEMS] = { .sql = &sql_import_problem_list, .params = db_params (arena) },
    };
    for (size_t i = 0; i < CALLS; i++) {
        db_param_int8 (calls[i].params, message->tenant);
        db_param_uuid (calls[i].params, message->subject);
    }
    db_param_int8 (calls[PROBLEMS].params, cursor.at);
    db_param_uuid (calls[PROBLEMS].params, cursor.id);
    db_param_int8 (calls[PROBLEMS].params, (int64_t)limit + 1);
    rc = query_run (query, calls, CALLS, err);
    if (rc != RC_OK)
        return rc;
    bool known = db_count (calls[IMPORT].result) > 0;
    Padan__Intake__V1__ImportProblems *page = arena_alloc (arena, sizeof *page);
    MUST (page);
    padan__intake__v1__import_problems__init (page);
    page_fill (calls[PROBLEMS].result, limit, arena, page);
    db_calls_clear (calls, CALLS);
    if (!known)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such import");
    *ret_reply = &page->base;
    return RC_OK;
}
