/* A PostgreSQL connection for one thread: prepared statements, pipelined calls, binary parameters and results.
 * Knows nothing of services. Errors are classified by SQLSTATE in one table (db_state.c). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/uuid.h"
#include "common/db/sql.h"

struct db;

/* Does not connect yet: the first db_run does, and again after a lost connection. conninfo: libpq's.
 * Sets connect_timeout, tcp_user_timeout, keepalives, statement_timeout, lock_timeout,
 * idle_in_transaction_session_timeout and target_session_attrs unless conninfo has them. */
struct db *db_new (const char *conninfo, const char *application_name);
/* The same for transactions that reach every row by its key: each statement is planned once, and goes by indexes. A
 * plan made while a table was new and empty would read all of it, and be kept while it grows. */
struct db *db_new_keyed (const char *conninfo, const char *application_name);
/* The same for sessions that only read, also by a role whose transactions are read only. A replica lags, and what was
 * just committed must be seen: by queries with `after`, and by followers, who would take a log that ends too early for
 * one that was rewound. So it is refused, unless the conninfo says target_session_attrs=any, as a report's may. */
struct db *db_new_reader (const char *conninfo, const char *application_name);
void db_destroy (struct db **db);
#define DB_AUTO __attribute__ ((cleanup (db_destroy)))

/* Parameters of one statement, built in an arena, always binary. Values are copied or borrowed as said. */
struct db_params;
struct db_params *db_params (struct arena *arena);
void db_param_bool (struct db_params *params, bool value);
void db_param_int4 (struct db_params *params, int32_t value);
void db_param_int8 (struct db_params *params, int64_t value);
void db_param_uuid (struct db_params *params, struct uuid value);   /* nil: NULL */
void db_param_text (struct db_params *params, const char *value);   /* NULL: NULL; borrowed */
void db_param_time (struct db_params *params, int64_t value);       /* UTC µs; 0: NULL */
void db_param_bytes (struct db_params *params, struct bytes value); /* data NULL: NULL; borrowed */
void db_param_int4_array (struct db_params *params, const int32_t *values, size_t n);
void db_param_int8_array (struct db_params *params, const int64_t *values, size_t n);
void db_param_uuid_array (struct db_params *params, const struct uuid *values, size_t n);
void db_param_text_array (struct db_params *params, const char *const *values, size_t n);
void db_param_bytes_array (struct db_params *params, const struct bytes *values, size_t n);
void db_param_time_array (struct db_params *params, const int64_t *values, size_t n);

/* How a C struct and a row correspond. */
enum db_type {
    DB_BOOL,      /* bool            ↔ boolean */
    DB_INT4,      /* int32_t         ↔ integer */
    DB_INT8,      /* int64_t         ↔ bigint */
    DB_TEXT,      /* const char *    ↔ text; NULL ↔ NULL */
    DB_UUID,      /* struct uuid     ↔ uuid; nil ↔ NULL */
    DB_TIME,      /* int64_t UTC µs  ↔ timestamptz; 0 ↔ NULL */
    DB_DATE,      /* int32_t days since 1970-01-01 ↔ date; INT32_MIN ↔ NULL */
    DB_BYTES,     /* struct bytes    ↔ bytea; data NULL ↔ NULL */
    DB_INT8_NULL, /* int64_t         ↔ bigint; 0 ↔ NULL (a NIK that is not known yet) */
};
struct db_column {
    const char *name;
    enum db_type type;
    size_t offset;
};
#define DB_COLUMN(TYPE, STRUCT, MEMBER)                                                                                \
    {                                                                                                                  \
#MEMBER, TYPE, offsetof(struct STRUCT, MEMBER)                                                                 \
    }

/* One array parameter per column, in table order, from n rows: for `from unnest ($1::bigint[], $2::uuid[], …)`. */
void db_param_rows (struct db_params *params, const struct db_column *columns, size_t n_columns,
                    const void *const *rows, size_t n);

/* A statement to run and what came of it. */
struct db_result;
struct db_call {
    const struct sql *sql;
    struct db_params *params; /* NULL: none */
    struct db_result *result; /* out; owned by the caller (db_calls_clear) */
};
/* Runs n statements in order in ONE round trip (pipeline mode); prepares those new to this connection in the same trip.
 * Stops at the first that fails: its rc and text are returned, the results of all are cleared, and the transaction, if
 * one is open, is aborted (call db_rollback). Lost connection: RC_RETRY; RC_UNKNOWN when `db_commit` was among the
 * calls sent and its answer was not seen. db_commit may only be the last call. After a lost transaction only a call
 * list that begins anew (or db_rollback) goes on. Writes that must not happen twice belong between db_begin and
 * db_commit: outside, they may have happened although RC_RETRY is returned. err: code "db.<SQLSTATE>", field the
 * constraint. */
enum rc db_run (struct db *db, struct db_call *calls, size_t n, struct err *err);
void db_calls_clear (struct db_call *calls, size_t n);

extern const struct sql db_begin;      /* begin isolation level read committed */
extern const struct sql db_begin_read; /* the same, read only */
extern const struct sql db_commit;
/* Ends whatever is open; never fails (a broken connection is dropped). */
void db_rollback (struct db *db);

/* Results. Row and column numbers are checked: misuse ends the process, bad types are RC_CORRUPT at db_rows. */
size_t db_count (const struct db_result *result);    /* rows returned */
size_t db_affected (const struct db_result *result); /* rows inserted, updated, deleted */
bool db_null (const struct db_result *result, size_t row, size_t column);
bool db_bool (const struct db_result *result, size_t row, size_t column);
int32_t db_int4 (const struct db_result *result, size_t row, size_t column);
int64_t db_int8 (const struct db_result *result, size_t row, size_t column); /* also int4 */
struct uuid db_uuid (const struct db_result *result, size_t row, size_t column);
int64_t db_time (const struct db_result *result, size_t row, size_t column);
struct bytes db_bytes (const struct db_result *result, size_t row, size_t column); /* valid while result lives */
const char *db_text (const struct db_result *result, size_t row, size_t column);   /* valid while result lives */

/* Turns every row into a struct of row_size bytes in the arena (an array of n). Columns are matched by name; a missing
 * column or another type is RC_CORRUPT. Strings and bytes are copied into the arena. */
enum rc db_rows (const struct db_result *result, const struct db_column *columns, size_t n_columns, size_t row_size,
                 struct arena *arena, void **ret_rows, size_t *ret_n, struct err *err);

/* Plain text SQL of any number of statements, outside prepared statements: migrations and tests only. */
enum rc db_script (struct db *db, const char *text, struct err *err);
/* Reads one row of text SQL; tests and tools only. Column 0 of row 0 as text in the arena. */
enum rc db_value (struct db *db, const char *text, struct arena *arena, const char **ret_value, struct err *err);
/* COPY … FROM STDIN (FORMAT binary): rows of structs by their columns, streamed. */
enum rc db_copy (struct db *db, const struct sql *copy, const struct db_column *columns, size_t n_columns,
                 const void *const *rows, size_t n, struct err *err);
