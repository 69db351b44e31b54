#include <stdlib.h>

#include "common/db/db_conn.h"
#include "common/db/db_wire.h"

enum { CHUNK = 64 * 1024 }; /* sent at once; a larger row has a chunk of its own */

/* Rows on their way. */
struct copy {
    struct db *db;
    const struct sql *sql;
    const struct db_column *columns;
    size_t n_columns;
    uint8_t *chunk;
    size_t used, capacity;
    int64_t deadline;
};

static size_t
row_size (const struct copy *copy, const char *row)
{
    size_t size = 2;
    for (size_t i = 0; i < copy->n_columns && size <= WIRE_MAX; i++)
        size += wire_size (copy->columns[i].type, row + copy->columns[i].offset);
    return size;
}

static void
row_put (struct copy *copy, const char *row)
{
    bool null;
    uint8_t *out = copy->chunk + copy->used;
    wire_put16 (out, (uint16_t)copy->n_columns);
    out += 2;
    for (size_t i = 0; i < copy->n_columns; i++)
        out += wire_put (copy->columns[i].type, row + copy->columns[i].offset, out, &null);
    copy->used = (size_t)(out - copy->chunk);
}

static enum rc
chunk_send (struct copy *copy, struct err *err)
{
    /* -1: the connection broke or the server has refused; the answer at the end says which. */
    if (PQputCopyData (copy->db->conn, (const char *)copy->chunk, (int)copy->used) == 0)
        return err_set (err, RC_INTERNAL, "%s: no memory to send", copy->sql->name);
    copy->used = 0;
    return db_flush (copy->db, copy->deadline, err);
}

static enum rc
chunk_reserve (struct copy *copy, size_t size, struct err *err)
{
    enum rc rc = RC_OK;
    if (size > WIRE_MAX)
        return err_set (err, RC_INTERNAL, "%s: a row of more than %d bytes", copy->sql->name, WIRE_MAX);
    if (copy->used + size > copy->capacity && copy->used)
        rc = chunk_send (copy, err);
    if (rc || size <= copy->capacity)
        return rc;
    uint8_t *chunk = realloc (copy->chunk, size);
    if (!chunk)
        return err_set (err, RC_INTERNAL, "%s: no memory for a row", copy->sql->name);
    copy->chunk = chunk;
    copy->capacity = size;
    return RC_OK;
}

static enum rc
rows_send (struct copy *copy, const void *const *rows, size_t n, struct err *err)
{
    static const uint8_t header[19] = "PGCOPY\n\377\r\n"; /* its NUL, no flags and no extension follow */
    static const uint8_t trailer[2] = { 0xff, 0xff };
    memcpy (copy->chunk, header, sizeof header);
    copy->used = sizeof header;
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && !rc; i++) {
        rc = chunk_reserve (copy, row_size (copy, rows[i]), err);
        if (!rc)
            row_put (copy, rows[i]);
    }
    if (!rc)
        rc = chunk_reserve (copy, sizeof trailer, err);
    if (rc)
        return rc;
    memcpy (copy->chunk + copy->used, trailer, sizeof trailer);
    copy->used += sizeof trailer;
    return chunk_send (copy, err);
}

/* The answer to COPY itself (PGRES_COPY_IN), or to its end. */
static enum rc
answer_read (struct copy *copy, ExecStatusType expected, bool *ret_drop, struct err *err)
{
    PGresult *result = NULL;
    enum rc rc = db_next (copy->db, copy->deadline, &result, err);
    if (rc) {
        *ret_drop = true;
        return rc;
    }
    if (!result || PQresultStatus (result) != expected) {
        struct failure failure = { RC_INTERNAL, true, false };
        if (result && PQresultStatus (result) != PGRES_FATAL_ERROR)
            err_set (err, RC_INTERNAL, "%s: not a COPY … FROM STDIN", copy->sql->name);
        else
            failure = db_failure (copy->db, copy->sql->name, result, err);
        *ret_drop |= failure.drop;
        rc = failure.rc;
    }
    PQclear (result);
    if (*ret_drop || (expected == PGRES_COPY_IN && !rc))
        return rc;
    if (db_next (copy->db, copy->deadline, &result, NULL) || result) {
        PQclear (result);
        *ret_drop = true;
    }
    return rc;
}

static enum rc
copy_run (struct copy *copy, const void *const *rows, size_t n, bool *ret_drop, struct err *err)
{
    if (!PQsendQuery (copy->db->conn, copy->sql->text)) {
        *ret_drop = true;
        return db_failure (copy->db, copy->sql->name, NULL, err).rc;
    }
    enum rc rc = answer_read (copy, PGRES_COPY_IN, ret_drop, err);
    if (rc)
        return rc;
    rc = rows_send (copy, rows, n, err);
    if (rc) {
        *ret_drop = true; /* the server throws away a COPY that was cut off */
        return rc;
    }
    PQputCopyEnd (copy->db->conn, NULL);
    return answer_read (copy, PGRES_COMMAND_OK, ret_drop, err);
}

enum rc
db_copy (struct db *db, const struct sql *sql, const struct db_column *columns, size_t n_columns,
         const void *const *rows, size_t n, struct err *err)
{
    MUST (n_columns <= INT16_MAX);
    if (db->lost)
        return err_set (err, RC_RETRY, "the transaction was lost with its connection");
    enum rc rc = db_connect (db, err);
    if (rc)
        return rc;
    bool open = PQtransactionStatus (db->conn) != PQTRANS_IDLE, drop = false;
    struct copy copy = { .db = db, .sql = sql, .columns = columns, .n_columns = n_columns, .capacity = CHUNK };
    copy.deadline = db_deadline (db);
    copy.chunk = malloc (CHUNK);
    if (!copy.chunk)
        return err_set (err, RC_INTERNAL, "%s: no memory for a chunk", sql->name);
    rc = copy_run (&copy, rows, n, &drop, err);
    free (copy.chunk);
    if (drop) {
        db_drop (db);
        db->lost = open;
    }
    return rc;
}
