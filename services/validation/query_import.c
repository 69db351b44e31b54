/* GetImport: how far a load is. ListImportProblems: its bad rows, in the order of the file. Subject: the import. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/engine/cursor.h"
#include "services/validation/registry_store.h"
#include "services/validation/validation.h"
#include "validation_sql.h"

static enum rc
import_find (struct query *query, const struct message *message, struct import **ret, struct err *err)
{
    struct arena *arena = query_arena (query);
    struct db_call call = { .sql = &sql_import_get, .params = db_params (arena) };
    db_param_int8 (call.params, message->tenant);
    db_param_uuid (call.params, message->subject);
    void *rows;
    size_t n;
    enum rc rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    rc = db_rows (call.result, import_columns, IMPORT_COLUMNS, sizeof (struct import), arena, &rows, &n, err);
    db_calls_clear (&call, 1);
    if (rc == RC_OK && n == 0)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such import");
    *ret = rows;
    return rc;
}

enum rc
query_get_import (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                  struct err *err)
{
    struct import *row;
    enum rc rc = import_find (query, message, &row, err);
    if (rc != RC_OK)
        return rc;
    Padan__Common__V1__ImportProgress *reply = arena_alloc (query_arena (query), sizeof *reply);
    MUST (reply);
    import_progress (row, reply);
    *ret_reply = &reply->base;
    return RC_OK;
}

static void
problems_take (struct arena *arena, const struct db_result *rows, size_t limit,
               Padan__Validation__V1__ImportProblems *reply)
{
    size_t n = db_count (rows);
    bool more = n > limit;
    n = more ? limit : n;
    Padan__Common__V1__ImportProblem *problems = arena_array (arena, n + 1, sizeof *problems);
    reply->problems = arena_array (arena, n + 1, sizeof *reply->problems);
    MUST (problems && reply->problems);
    for (size_t i = 0; i < n; i++) {
        padan__common__v1__import_problem__init (&problems[i]);
        problems[i].line = db_int8 (rows, i, 1);
        problems[i].column = arena_string (arena, db_text (rows, i, 2));
        problems[i].code = arena_string (arena, db_text (rows, i, 3));
        problems[i].detail = arena_string (arena, db_text (rows, i, 4));
        problems[i].warning = db_bool (rows, i, 5);
        reply->problems[i] = &problems[i];
    }
    reply->n_problems = n;
    if (more)
        reply->next_cursor = cursor_text ((struct cursor){ .at = db_int4 (rows, n - 1, 0) }, arena);
}

enum rc
query_list_import_problems (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                            struct err *err)
{
    const Padan__Validation__V1__ListImportProblems *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    struct import *row;
    struct cursor after;
    size_t limit = list_limit (question->limit);
    enum rc rc = cursor_read (question->cursor, &after, err);
    if (rc == RC_OK)
        rc = import_find (query, message, &row, err);
    if (rc != RC_OK)
        return rc;
    struct db_call call = { .sql = &sql_import_problem_list, .params = db_params (arena) };
    db_param_int8 (call.params, message->tenant);
    db_param_uuid (call.params, uuid_is_nil (row->same_as) ? row->id : row->same_as);
    db_param_int4 (call.params, *question->cursor ? (int32_t)after.at : -1); /* before the first */
    db_param_int8 (call.params, (int64_t)limit + 1);
    rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    Padan__Validation__V1__ImportProblems *reply = arena_alloc (arena, sizeof *reply);
    MUST (reply);
    padan__validation__v1__import_problems__init (reply);
    problems_take (arena, call.result, limit, reply);
    db_calls_clear (&call, 1);
    *ret_reply = &reply->base;
    return RC_OK;
}
