/* The connection below the calls: connecting, waiting, reading answers, naming errors. Inside common/db only. */
#pragma once

#include <libpq-fe.h>
#include <uthash.h>

#include "common/db/db.h"

enum { DB_OPTIONS_MAX = 64 }; /* libpq 15 knows 42 connection options */

/* A statement prepared on the connection of that generation. */
struct prepared {
    const struct sql *sql; /* the key: its address */
    unsigned generation;   /* 0: on none */
    UT_hash_handle hh;
};

struct db {
    const char *keywords[DB_OPTIONS_MAX], *values[DB_OPTIONS_MAX]; /* NULL-terminated, for PQconnectdbParams */
    PQconninfoOption *given;                                       /* owns what the conninfo said */
    char *application_name, *options;
    bool is_reader, is_keyed;
    bool invalid; /* the conninfo was not understood */

    PGconn *conn;        /* NULL: not connected; always non-blocking */
    unsigned generation; /* counts connections, from 1 */
    struct prepared *prepared;
    int64_t patience; /* µs to wait for the answer of one statement; 0: for ever */
    bool reading;     /* the open transaction was begun by db_begin_read: its commit changes nothing */
    bool lost;        /* a transaction was open when the connection was lost, and the caller has not begun anew */
};

/* What a failed statement means. */
struct failure {
    enum rc rc;
    bool drop;   /* the connection is of no more use */
    bool stated; /* the server itself said so, and the session lives on: the statement did not happen */
};

/* Connects unless connected. RC_RETRY when no server can be reached. */
enum rc db_connect (struct db *db, struct err *err);
/* Closes the connection; what was prepared on it is forgotten. */
void db_drop (struct db *db);
/* When to stop waiting for a statement sent now, in monotonic µs; 0: never. */
int64_t db_deadline (const struct db *db);
/* Sends everything queued, reading what arrives meanwhile, so that neither side's full buffers stop the other.
 * RC_RETRY: lost or late; the connection is of no more use. */
enum rc db_flush (struct db *db, int64_t deadline, struct err *err);
/* PQgetResult with that patience: *ret_result may be NULL (end of a statement's results). A lost connection is a
 * result of PGRES_FATAL_ERROR without SQLSTATE; only lateness is an error here (RC_RETRY). */
enum rc db_next (struct db *db, int64_t deadline, PGresult **ret_result, struct err *err);
/* Names the failure in *err: code "db.<SQLSTATE>", field the constraint. name: of the statement. */
struct failure db_failure (struct db *db, const char *name, const PGresult *result, struct err *err);
