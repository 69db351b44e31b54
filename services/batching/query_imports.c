/* GetImport: how far an import of replies is. ListImportProblems: its lines that changed nothing, a page at a time. No
 * personal data. */
#include "batching_sql.h"
#include "common/engine/cursor.h"
#include "services/batching/batch_store.h"
#include "services/batching/import_store.h"

enum { LINE, COLUMN, CODE }; /* columns of problem_list.sql */

static enum rc
import_find (struct query *query, const struct message *message, struct import_row **ret_import, struct err *err)
{
    struct import_row *import = arena_alloc (query_arena (query), sizeof *import);
    MUST (import);
    *ret_import = import;
    enum rc rc = office_check (message, BATCHING_READERS, err);
    return rc == RC_OK ? import_read (query_gather (query), message->tenant, message->subject, import, err) : rc;
}

enum rc
query_get_import (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                  struct err *err)
{
    Padan__Common__V1__ImportProgress *progress = arena_alloc (query_arena (query), sizeof *progress);
    struct import_row *import;
    MUST (progress);
    enum rc rc = import_find (query, message, &import, err);
    if (rc != RC_OK)
        return rc;
    *progress = import_progress (import);
    *ret_reply = &progress->base;
    return RC_OK;
}

static Padan__Common__V1__ImportProblem *
problem_make (int64_t line, const char *column, const char *code, struct arena *arena)
{
    Padan__Common__V1__ImportProblem *problem = arena_alloc (arena, sizeof *problem);
    MUST (problem);
    padan__common__v1__import_problem__init (problem);
    problem->line = line;
    problem->column = arena_string (arena, column);
    problem->code = arena_string (arena, code);
    problem->detail = arena_string (arena, problem_text (code));
    MUST (problem->column && problem->code);
    if (!problem->detail)
        problem->detail = (char *)"";
    return problem;
}

enum rc
query_list_import_problems (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                            struct err *err)
{
    const Padan__Batching__V1__ListImportProblems *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    Padan__Batching__V1__ImportProblems *reply = arena_alloc (arena, sizeof *reply);
    struct db_call call = { .sql = &sql_problem_list, .params = db_params (arena) };
    struct import_row *import;
    struct cursor after;
    size_t limit = list_limit (question->limit);
    MUST (reply);
    padan__batching__v1__import_problems__init (reply);
    enum rc rc = import_find (query, message, &import, err);
    if (rc == RC_OK)
        rc = cursor_read (question->cursor, &after, err);
    if (rc != RC_OK)
        return rc;
    db_param_int8 (call.params, message->tenant);
    db_param_uuid (call.params, message->subject);
    db_param_int8 (call.params, after.at);
    db_param_int8 (call.params, (int64_t)limit + 1);
    rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    size_t n = db_count (call.result);
    reply->problems = arena_array (arena, limit + 1, sizeof *reply->problems);
    MUST (reply->problems);
    if (import->failure[0] && !after.at) /* the file as a whole */
        reply->problems[reply->n_problems++] = problem_make (0, "", import->failure, arena);
    for (size_t i = 0; i < n && reply->n_problems < limit; i++)
        reply->problems[reply->n_problems++] = problem_make (
            db_int8 (call.result, i, LINE), db_text (call.result, i, COLUMN), db_text (call.result, i, CODE), arena);
    if (n >= limit && reply->n_problems == limit &&
        reply->problems[limit - 1]->line < db_int8 (call.result, n - 1, LINE))
        reply->next_cursor = cursor_text ((struct cursor){ .at = reply->problems[limit - 1]->line }, arena);
    db_calls_clear (&call, 1);
    *ret_reply = &reply->base;
    return RC_OK;
}
