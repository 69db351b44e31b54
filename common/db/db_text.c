#include "common/db/db_conn.h"

/* Runs text by the simple protocol. *ret_last: the last good result, NULL after an error. */
static enum rc
text_run (struct db *db, const char *text, int64_t deadline, PGresult **ret_last, struct err *err)
{
    PGresult *last = NULL, *result = NULL;
    struct failure failure = { 0 };
    bool open = PQtransactionStatus (db->conn) != PQTRANS_IDLE;
    if (!PQsendQuery (db->conn, text))
        failure = db_failure (db, "script", NULL, err);
    while (!failure.drop) {
        enum rc late = db_next (db, deadline, &result, failure.rc ? NULL : err);
        if (late)
            failure = (struct failure){ .rc = late, .drop = true };
        if (late || !result)
            break;
        ExecStatusType status = PQresultStatus (result);
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
            PQclear (last);
            last = result;
            continue;
        }
        if (status == PGRES_FATAL_ERROR)
            failure = db_failure (db, "script", result, err);
        else
            failure = (struct failure){ .rc = err_set (err, RC_INTERNAL, "COPY in a script"), .drop = true };
        PQclear (result);
    }
    if (failure.drop) {
        db_drop (db);
        db->lost = open;
    }
    if (failure.rc) {
        PQclear (last);
        last = NULL;
    }
    *ret_last = last;
    return failure.rc;
}

static enum rc
text_ready (struct db *db, struct err *err)
{
    if (db->lost)
        return err_set (err, RC_RETRY, "the transaction was lost with its connection");
    return db_connect (db, err);
}

enum rc
db_script (struct db *db, const char *text, struct err *err)
{
    PGresult *last;
    enum rc rc = text_ready (db, err);
    if (rc)
        return rc;
    rc = text_run (db, text, 0, &last, err); /* without a limit of our own: an index may take hours */
    PQclear (last);
    return rc;
}

enum rc
db_value (struct db *db, const char *text, struct arena *arena, const char **ret_value, struct err *err)
{
    PGresult *last;
    enum rc rc = text_ready (db, err);
    if (!rc)
        rc = text_run (db, text, db_deadline (db), &last, err);
    if (rc)
        return rc;
    if (PQntuples (last) < 1 || PQnfields (last) < 1) {
        rc = err_set (err, RC_NOT_FOUND, "no row");
    } else if (PQgetisnull (last, 0, 0)) {
        *ret_value = NULL;
    } else {
        const char *value = arena_string (arena, PQgetvalue (last, 0, 0));
        if (value)
            *ret_value = value;
        else
            rc = err_set (err, RC_INTERNAL, "the value does not fit in the arena");
    }
    PQclear (last);
    return rc;
}

void
db_rollback (struct db *db)
{
    PGresult *last;
    db->lost = false;
    if (!db->conn || PQtransactionStatus (db->conn) == PQTRANS_IDLE)
        return;
    if (text_run (db, "rollback", db_deadline (db), &last, NULL))
        db_drop (db);
    PQclear (last);
    db->lost = db->reading = false;
}
