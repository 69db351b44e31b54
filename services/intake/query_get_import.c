/* GetImport: how far an import has come. */
#include "intake_sql.h"
#include "services/intake/import_store.h"
#include "services/intake/intake.h"

enum rc
query_get_import (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                  struct err *err)
{
    struct arena *arena = query_arena (query);
    struct db_call call = { .sql = &sql_import_view, .params = db_params (arena) };
    void *rows;
    size_t n;
    db_param_int8 (call.params, message->tenant);
    db_param_uuid (call.params, message->subject);
    enum rc rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    rc = db_rows (call.result, import_columns, import_column_count, sizeof (struct import), arena, &rows, &n, err);
    db_calls_clear (&call, 1);
    if (rc == RC_OK && !n)
        rc = err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such import");
    if (rc == RC_OK)
        *ret_reply = &import_progress (rows, arena)->base;
    return rc;
}
