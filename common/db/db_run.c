#include "common/db/db_conn.h"
#include "common/db/db_params.h"

#include <stdlib.h>
#include <string.h>

const struct sql db_begin = { "db.begin", "begin isolation level read committed" };
const struct sql db_begin_read = { "db.begin_read", "begin isolation level read committed read only" };
const struct sql db_commit = { "db.commit", "commit" };

enum {
    CALLS_MAX = 64,          /* calls of one trip: a transaction of the engine has about ten; bits of trip.prepares */
    STATEMENT_NAME_MAX = 63, /* PostgreSQL cuts longer names of prepared statements, and two could become one */
};

/* One round trip. */
struct trip {
    struct db *db;
    struct db_call *calls;
    size_t n;
    uint64_t prepares; /* bit i: call i is preceded by its PREPARE */
    bool begins;       /* a transaction is opened by these calls */
    bool commits;      /* the last call is db_commit */
    bool sent;         /* the last call was given to libpq: the server may have it */
    bool committed;    /* its answer was seen */
    bool drop;         /* the connection is of no more use */
    int64_t deadline;
};

static bool
is_begin (const struct sql *sql)
{
    return sql == &db_begin || sql == &db_begin_read;
}

static struct prepared *
prepared_of (struct db *db, const struct sql *sql)
{
    struct prepared *entry;
    HASH_FIND_PTR (db->prepared, &sql, entry);
    if (entry)
        return entry;
    MUST (strlen (sql->name) <= STATEMENT_NAME_MAX);
    entry = calloc (1, sizeof *entry);
    if (!entry)
        return NULL;
    entry->sql = sql;
    HASH_ADD_PTR (db->prepared, sql, entry);
    return entry;
}

static bool
call_send (struct trip *trip, size_t i)
{
    const struct db_call *call = &trip->calls[i];
    struct prepared *entry = prepared_of (trip->db, call->sql);
    PGconn *conn = trip->db->conn;
    if (!entry)
        return false;
    if (entry->generation != trip->db->generation) {
        if (!PQsendPrepare (conn, call->sql->name, call->sql->text, 0, NULL))
            return false;
        entry->generation = trip->db->generation; /* taken back when its answer is not good */
        trip->prepares |= UINT64_C (1) << i;
    }
    static const struct db_params none;
    const struct db_params *params = call->params ? call->params : &none;
    return PQsendQueryPrepared (conn, call->sql->name, params->n, params->values, params->lengths, db_params_formats,
                                1);
}

static bool
trip_send (struct trip *trip)
{
    if (!PQenterPipelineMode (trip->db->conn))
        return false;
    for (size_t i = 0; i < trip->n; i++)
        if (!call_send (trip, i))
            return false;
    trip->sent = true;
    return PQpipelineSync (trip->db->conn);
}

/* One step's answer and the NULL that ends it. RC_OK: *ret_result is good. */
static enum rc
step_read (struct trip *trip, const char *name, PGresult **ret_result, bool *ret_stated, struct err *err)
{
    PGresult *result = NULL, *end = NULL;
    *ret_stated = false;
    enum rc rc = db_next (trip->db, trip->deadline, &result, err);
    if (rc) {
        trip->drop = true;
        return rc;
    }
    ExecStatusType status = PQresultStatus (result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
        *ret_result = result;
        trip->deadline = db_deadline (trip->db);
        if (db_next (trip->db, trip->deadline, &end, NULL) || end) {
            PQclear (end);
            trip->drop = true; /* answered all the same */
        }
        return RC_OK;
    }
    struct failure failure;
    if (result && status != PGRES_FATAL_ERROR) {
        failure.rc = err_set (err, RC_INTERNAL, "%s: not a statement for db_run (%s)", name, PQresStatus (status));
        failure.drop = true;
        failure.stated = false;
    } else {
        failure = db_failure (trip->db, name, result, err);
    }
    /* A session killed while one statement was on has not begun the next. */
    *ret_stated = failure.stated || (result && PQresultErrorField (result, PG_DIAG_SQLSTATE));
    if (strcmp (name, db_commit.name) == 0)
        *ret_stated = failure.stated;
    trip->drop |= failure.drop;
    PQclear (result);
    return failure.rc;
}

/* Reads up to the answer to Sync, so that the connection can be used again; errors of an implicit transaction's end
 * (deferred constraints) come here. */
static enum rc
sync_read (struct trip *trip, struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < 4 * CALLS_MAX && !trip->drop; i++) {
        PGresult *result = NULL;
        enum rc late = db_next (trip->db, trip->deadline, &result, rc ? NULL : err);
        ExecStatusType status = PQresultStatus (result);
        if (late) {
            trip->drop = true;
            rc = rc ? rc : late;
        } else if (result && status == PGRES_FATAL_ERROR) {
            struct failure failure = db_failure (trip->db, "sync", result, rc ? NULL : err);
            rc = rc ? rc : failure.rc;
            trip->drop |= failure.drop;
        }
        PQclear (result);
        if (result && status == PGRES_PIPELINE_SYNC)
            return rc;
    }
    trip->drop = true;
    return rc ? rc : err_set (err, RC_RETRY, "connection lost before the end of the answers");
}

static enum rc
commit_check (struct trip *trip, const PGresult *result, struct err *err)
{
    if (strcmp (PQcmdStatus ((PGresult *)result), "COMMIT") != 0) /* of a failed transaction it is "ROLLBACK" */
        return err_set (err, RC_INTERNAL, "commit of a transaction that had failed");
    trip->committed = true;
    return RC_OK;
}

/* The server may have committed or not; rc is what the loss itself meant. */
static enum rc
commit_unknown (const struct trip *trip, enum rc rc, struct err *err)
{
    if (trip->db->reading)
        return rc;
    return err_set (err, RC_UNKNOWN, "commit was sent and the connection lost before its answer");
}

static enum rc
call_read (struct trip *trip, size_t i, bool *ret_stated, struct err *err)
{
    struct db_call *call = &trip->calls[i];
    PGresult *result = NULL;
    if (trip->prepares >> i & 1) {
        enum rc rc = step_read (trip, call->sql->name, &result, ret_stated, err);
        if (rc)
            return rc;
        trip->prepares &= ~(UINT64_C (1) << i);
        PQclear (result);
        result = NULL;
    }
    enum rc rc = step_read (trip, call->sql->name, &result, ret_stated, err);
    if (rc)
        return rc;
    call->result = (struct db_result *)result;
    if (call->sql != &db_commit)
        return RC_OK;
    *ret_stated = true;
    return commit_check (trip, result, err);
}

static enum rc
trip_read (struct trip *trip, struct err *err)
{
    bool stated = true;
    enum rc rc = RC_OK;
    for (size_t i = 0; i < trip->n && !rc; i++)
        rc = call_read (trip, i, &stated, err);
    if (!rc) {
        rc = sync_read (trip, trip->committed ? NULL : err);
        return trip->committed ? RC_OK : rc;
    }
    if (trip->commits && !trip->committed && !stated)
        rc = commit_unknown (trip, rc, err);
    if (!trip->drop)
        sync_read (trip, NULL);
    return rc;
}

/* What these calls mean for the transaction; misuse ends the process. */
static void
trip_check (struct trip *trip, bool open)
{
    for (size_t i = 0; i < trip->n; i++) {
        trip->calls[i].result = NULL;
        if (is_begin (trip->calls[i].sql)) {
            trip->begins = true;
            trip->db->reading = trip->calls[i].sql == &db_begin_read;
        }
        trip->commits |= trip->calls[i].sql == &db_commit;
        MUST (trip->calls[i].sql != &db_commit || (i + 1 == trip->n && (open || trip->begins)));
    }
}

/* Forgets what was not prepared after all and leaves the connection as the next call expects it. */
static void
trip_end (struct trip *trip, bool open, enum rc rc)
{
    struct db *db = trip->db;
    for (size_t i = 0; i < trip->n; i++)
        if (trip->prepares >> i & 1)
            prepared_of (db, trip->calls[i].sql)->generation = 0;
    if (rc)
        db_calls_clear (trip->calls, trip->n);
    if (!trip->drop && PQstatus (db->conn) == CONNECTION_OK && PQexitPipelineMode (db->conn)) {
        db->reading = db->reading && PQtransactionStatus (db->conn) != PQTRANS_IDLE;
        return;
    }
    db_drop (db);
    db->lost = !trip->committed && (open || (trip->begins && !trip->commits));
}

enum rc
db_run (struct db *db, struct db_call *calls, size_t n, struct err *err)
{
    MUST (n > 0 && n <= CALLS_MAX);
    bool open = db->lost || (db->conn && PQtransactionStatus (db->conn) != PQTRANS_IDLE);
    struct trip trip = { .db = db, .calls = calls, .n = n };
    trip_check (&trip, open);
    for (size_t i = 0; i < n; i++)
        if (calls[i].params && calls[i].params->failed)
            return err_set (err, RC_INTERNAL, "%s: parameters do not fit in the arena", calls[i].sql->name);
    if (db->lost && !is_begin (calls[0].sql))
        return err_set (err, RC_RETRY, "the transaction was lost with its connection");
    db->lost = false;
    enum rc rc = db_connect (db, err);
    if (rc)
        return rc;
    trip.deadline = db_deadline (db);
    if (trip_send (&trip)) {
        rc = trip_read (&trip, err);
    } else {
        trip.drop = true;
        rc = db_failure (db, calls[0].sql->name, NULL, err).rc;
        if (trip.commits && trip.sent)
            rc = commit_unknown (&trip, rc, err);
    }
    trip_end (&trip, open, rc);
    return rc;
}

void
db_calls_clear (struct db_call *calls, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        PQclear ((PGresult *)calls[i].result);
        calls[i].result = NULL;
    }
}
