#include "common/engine/ledger_pg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/engine/runtime.h"
#include "engine_sql.h"

enum { CALLS_MAX = 64 }; /* statements of one transaction: a handful of our own and three per table */

struct ledger_pg {
    struct db *db;
    const struct service *service;
};

/* Calls being put together for one round trip. */
struct calls {
    struct db_call list[CALLS_MAX];
    size_t n;
};

static size_t
calls_add (struct calls *calls, const struct sql *sql, struct db_params *params)
{
    MUST (calls->n < CALLS_MAX);
    calls->list[calls->n] = (struct db_call){ .sql = sql, .params = params };
    return calls->n++;
}

const char *
tenant_list (struct arena *arena, const int64_t *tenants, size_t n)
{
    char *text = arena_alloc (arena, 24 * n + 3);
    MUST (text);
    char *out = text;
    *out++ = '{';
    for (size_t i = 0; i < n; i++)
        out += sprintf (out, "%s%lld", i ? "," : "", (long long)tenants[i]);
    memcpy (out, "}", 2);
    return text;
}

static void *
memory (struct arena *arena, size_t count, size_t size)
{
    void *bytes = arena_array (arena, count ? count : 1, size);
    MUST (bytes);
    return bytes;
}

/* An array of pointers to each element, as db_param_rows wants them. */
static const void **
pointers (struct arena *arena, const void *rows, size_t n, size_t size)
{
    const void **list = memory (arena, n, sizeof *list);
    for (size_t i = 0; i < n; i++)
        list[i] = (const char *)rows + i * size;
    return list;
}

/* Adds a statement whose parameters are the columns of an array of structs. */
static size_t
calls_add_rows (struct calls *calls, struct arena *arena, const struct sql *sql, const struct db_column *columns,
                size_t n_columns, const void *rows, size_t n, size_t size)
{
    struct db_params *params = db_params (arena);
    db_param_rows (params, columns, n_columns, pointers (arena, rows, n, size), n);
    return calls_add (calls, sql, params);
}
#define CALLS_ADD_ROWS(CALLS, ARENA, SQL, COLUMNS, ROWS, N)                                                            \
    calls_add_rows (CALLS, ARENA, SQL, COLUMNS, sizeof (COLUMNS) / sizeof *(COLUMNS), ROWS, N, sizeof *(ROWS))

static const struct db_column advance_columns[] = {
    DB_COLUMN (DB_TEXT, advance, log),           DB_COLUMN (DB_INT4, advance, partition),
    DB_COLUMN (DB_INT8, advance, from),          DB_COLUMN (DB_INT8, advance, to),
    DB_COLUMN (DB_INT8, advance, last_position), DB_COLUMN (DB_BYTES, advance, last_hash),
};
static const struct db_column parked_id_columns[] = {
    DB_COLUMN (DB_TEXT, parked_id, log),
    DB_COLUMN (DB_INT8, parked_id, position),
};
static const struct db_column due_id_columns[] = {
    DB_COLUMN (DB_UUID, due_id, id),
    DB_COLUMN (DB_UUID, due_id, token),
};
static const struct db_column subject_columns[] = {
    DB_COLUMN (DB_TEXT, subject_id, log),
    DB_COLUMN (DB_INT8, subject_id, tenant),
    DB_COLUMN (DB_UUID, subject_id, subject),
};
static const struct db_column log_columns[] = {
    DB_COLUMN (DB_INT4, log_row, partition), DB_COLUMN (DB_INT8, log_row, tenant),
    DB_COLUMN (DB_UUID, log_row, subject),   DB_COLUMN (DB_INT8, log_row, version),
    DB_COLUMN (DB_TEXT, log_row, type),      DB_COLUMN (DB_UUID, log_row, id),
    DB_COLUMN (DB_BYTES, log_row, hash),     DB_COLUMN (DB_BYTES, log_row, envelope),
};
static const struct db_column reply_columns[] = {
    DB_COLUMN (DB_INT8, reply_row, tenant),     DB_COLUMN (DB_UUID, reply_row, person),
    DB_COLUMN (DB_TEXT, reply_row, route),      DB_COLUMN (DB_TEXT, reply_row, key),
    DB_COLUMN (DB_BYTES, reply_row, body_hash), DB_COLUMN (DB_BYTES, reply_row, reply),
    DB_COLUMN (DB_INT8, reply_row, events),
};
static const struct db_column parked_columns[] = {
    DB_COLUMN (DB_TEXT, parked_row, log),       DB_COLUMN (DB_INT8, parked_row, position),
    DB_COLUMN (DB_INT4, parked_row, partition), DB_COLUMN (DB_INT8, parked_row, tenant),
    DB_COLUMN (DB_UUID, parked_row, subject),   DB_COLUMN (DB_BYTES, parked_row, envelope),
    DB_COLUMN (DB_INT4, parked_row, attempts),  DB_COLUMN (DB_TIME, parked_row, retry_at),
    DB_COLUMN (DB_TEXT, parked_row, reason),
};
static const struct db_column due_columns[] = {
    DB_COLUMN (DB_UUID, due_row, id),
    DB_COLUMN (DB_INT8, due_row, tenant),
    DB_COLUMN (DB_TEXT, due_row, kind),
    DB_COLUMN (DB_UUID, due_row, subject),
    DB_COLUMN (DB_INT8, due_row, input_version),
    DB_COLUMN (DB_INT4, due_row, priority),
    DB_COLUMN (DB_TIME, due_row, due_at),
    DB_COLUMN (DB_BYTES, due_row, payload),
};
static const struct db_column due_failed_columns[] = {
    DB_COLUMN (DB_UUID, due_failed, id),
    DB_COLUMN (DB_INT4, due_failed, attempts),
    DB_COLUMN (DB_TIME, due_failed, retry_at),
    DB_COLUMN (DB_TEXT, due_failed, reason),
};
static const struct db_column due_cancel_columns[] = {
    DB_COLUMN (DB_TEXT, due_cancel, kind),
    DB_COLUMN (DB_INT8, due_cancel, tenant),
    DB_COLUMN (DB_UUID, due_cancel, subject),
};

/* ------------------------------------------------------------ begin */

/* Where in the round trip each answer will be. */
struct begin_calls {
    struct calls calls;
    size_t scope, advance, parked, due, found, subjects;
    size_t *tables; /* per table; 0: nothing wanted */
    size_t **children;
    struct row ***rows; /* per table, sorted */
    size_t *n_rows;
};

static void
keys_params (struct arena *arena, struct row *const *rows, size_t n, struct db_params **ret_params)
{
    int64_t *tenants = memory (arena, n, sizeof *tenants);
    struct uuid *ids = memory (arena, n, sizeof *ids);
    for (size_t i = 0; i < n; i++) {
        tenants[i] = rows[i]->tenant;
        ids[i] = rows[i]->id;
    }
    *ret_params = db_params (arena);
    db_param_int8_array (*ret_params, tenants, n);
    db_param_uuid_array (*ret_params, ids, n);
}

static size_t
table_count (const struct service *service)
{
    size_t n = 0;
    while (service->tables[n])
        n++;
    return n;
}

static void
begin_tables (struct begin_calls *begin, const struct service *service, const struct ledger_read *read)
{
    struct arena *arena = read->arena;
    size_t n_tables = table_count (service);
    begin->tables = memory (arena, n_tables, sizeof *begin->tables);
    begin->children = memory (arena, n_tables, sizeof *begin->children);
    begin->rows = memory (arena, n_tables, sizeof *begin->rows);
    begin->n_rows = memory (arena, n_tables, sizeof *begin->n_rows);
    struct db_params *params;
    for (size_t t = 0; t < n_tables; t++) {
        begin->rows[t] = row_map_wanted (read->rows, service->tables[t], &begin->n_rows[t]);
        MUST (begin->rows[t]);
        if (!begin->n_rows[t])
            continue;
        keys_params (arena, begin->rows[t], begin->n_rows[t], &params);
        begin->tables[t] = calls_add (&begin->calls, service->tables[t]->load, params);
    }
    for (size_t t = 0; t < n_tables; t++) { /* after every lock: each statement sees what the lock waited for */
        const struct table *table = service->tables[t];
        begin->children[t] = memory (arena, table->n_children, sizeof *begin->children[t]);
        for (size_t c = 0; c < table->n_children && begin->n_rows[t]; c++) {
            keys_params (arena, begin->rows[t], begin->n_rows[t], &params);
            begin->children[t][c] = calls_add (&begin->calls, table->children[c].load, params);
        }
    }
}

static void
begin_collect (struct begin_calls *begin, const struct service *service, const struct ledger_read *read)
{
    struct arena *arena = read->arena;
    struct calls *calls = &begin->calls;
    calls_add (calls, &db_begin, NULL);
    struct db_params *scope = db_params (arena);
    db_param_text (scope, tenant_list (arena, read->tenants, read->n_tenants));
    begin->scope = calls_add (calls, &sql_scope, scope);
    if (read->n_advances)
        begin->advance = CALLS_ADD_ROWS (calls, arena, &sql_advance, advance_columns, read->advances, read->n_advances);
    if (read->n_parked)
        begin->parked =
            CALLS_ADD_ROWS (calls, arena, &sql_parked_take, parked_id_columns, read->parked, read->n_parked);
    begin_tables (begin, service, read);
    if (read->n_due) /* after its subject: whoever holds the row may cancel it */
        begin->due = CALLS_ADD_ROWS (calls, arena, &sql_due_take, due_id_columns, read->due, read->n_due);
    if (read->n_commands) {
        size_t n = read->n_commands;
        int64_t *tenants = memory (arena, n, sizeof *tenants);
        struct uuid *persons = memory (arena, n, sizeof *persons);
        const char **routes = memory (arena, n, sizeof *routes), **keys = memory (arena, n, sizeof *keys);
        for (size_t i = 0; i < n; i++) {
            tenants[i] = read->commands[i].tenant;
            persons[i] = read->commands[i].person;
            routes[i] = read->commands[i].route;
            keys[i] = read->commands[i].key;
        }
        struct db_params *params = db_params (arena);
        db_param_int8_array (params, tenants, n);
        db_param_uuid_array (params, persons, n);
        db_param_text_array (params, routes, n);
        db_param_text_array (params, keys, n);
        begin->found = calls_add (calls, &sql_command_find, params);
    }
    if (read->n_subjects)
        begin->subjects =
            CALLS_ADD_ROWS (calls, arena, &sql_parked_subjects, subject_columns, read->subjects, read->n_subjects);
}

/* Both lists are in the order of (tenant, id), so that one walk joins them. */
static enum rc
rows_take (const struct table *table, const struct db_result *result, struct row *const *rows, size_t n,
           struct arena *arena, struct err *err)
{
    void *loaded;
    size_t n_loaded, next = 0;
    enum rc rc = db_rows (result, table->columns, table->n_columns, table->row_size, arena, &loaded, &n_loaded, err);
    for (size_t i = 0; rc == RC_OK && i < n_loaded; i++) {
        char *data = (char *)loaded + i * table->row_size;
        int64_t tenant;
        struct uuid id;
        memcpy (&tenant, data + table->columns[0].offset, sizeof tenant);
        memcpy (&id, data + table->columns[1].offset, sizeof id);
        while (next < n && (rows[next]->tenant != tenant || uuid_compare (rows[next]->id, id) != 0))
            next++;
        if (next == n)
            return err_set (err, RC_CORRUPT, "%s answers rows that were not asked for or out of order", table->name);
        row_loaded (rows[next], data);
    }
    return rc;
}

static enum rc
children_take (const struct table *table, size_t c, const struct db_result *result, struct row *const *rows, size_t n,
               struct arena *arena, struct err *err)
{
    const struct child_table *child = &table->children[c];
    void *loaded;
    size_t n_loaded, next = 0;
    enum rc rc = db_rows (result, child->columns, child->n_columns, child->row_size, arena, &loaded, &n_loaded, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < n; i++) {
        size_t first = next;
        for (; next < n_loaded; next++) {
            const char *data = (const char *)loaded + next * child->row_size;
            if (memcmp (data + child->columns[0].offset, &rows[i]->tenant, sizeof (int64_t)) != 0 ||
                memcmp (data + child->columns[1].offset, &rows[i]->id, sizeof (struct uuid)) != 0)
                break;
        }
        if (rows[i]->data)
            row_children_loaded (rows[i], c, (char *)loaded + first * child->row_size, next - first, arena);
    }
    return next == n_loaded ? RC_OK : err_set (err, RC_CORRUPT, "%s has children without parents", child->name);
}

static enum rc
begin_take (struct begin_calls *begin, const struct service *service, const struct ledger_read *read,
            struct ledger_view *view, struct err *err)
{
    struct db_call *list = begin->calls.list;
    struct arena *arena = read->arena;
    view->now = db_time (list[begin->scope].result, 0, 1);
    view->epoch = db_uuid (list[begin->scope].result, 0, 2);
    view->advanced = read->n_advances ? db_affected (list[begin->advance].result) : 0;
    view->parked_won = memory (arena, read->n_parked, sizeof *view->parked_won);
    for (size_t r = 0; read->n_parked && r < db_count (list[begin->parked].result); r++)
        for (size_t i = 0; i < read->n_parked; i++)
            if (read->parked[i].position == db_int8 (list[begin->parked].result, r, 1) &&
                strcmp (read->parked[i].log, db_text (list[begin->parked].result, r, 0)) == 0)
                view->parked_won[i] = true;
    view->due_won = memory (arena, read->n_due, sizeof *view->due_won);
    for (size_t r = 0; read->n_due && r < db_count (list[begin->due].result); r++)
        view->due_won[db_int8 (list[begin->due].result, r, 0) - 1] = true;
    view->subject_parked = memory (arena, read->n_subjects, sizeof *view->subject_parked);
    for (size_t r = 0; read->n_subjects && r < db_count (list[begin->subjects].result); r++)
        view->subject_parked[db_int8 (list[begin->subjects].result, r, 0) - 1] = true;
    view->replies = memory (arena, read->n_commands, sizeof *view->replies);
    for (size_t r = 0; read->n_commands && r < db_count (list[begin->found].result); r++) {
        const struct db_result *found = list[begin->found].result;
        struct bytes hash = db_bytes (found, r, 1), reply = db_bytes (found, r, 2);
        view->replies[db_int8 (found, r, 0) - 1] = (struct stored_reply){
            .found = true,
            .body_hash = { arena_copy (arena, hash.data, hash.size), hash.size },
            .reply = { arena_copy (arena, reply.data, reply.size), reply.size },
            .position = db_int8 (found, r, 3),
            .epoch = view->epoch,
        };
    }
    enum rc rc = RC_OK;
    for (size_t t = 0; rc == RC_OK && service->tables[t]; t++)
        if (begin->tables[t])
            rc = rows_take (service->tables[t], list[begin->tables[t]].result, begin->rows[t], begin->n_rows[t], arena,
                            err);
    for (size_t t = 0; rc == RC_OK && service->tables[t]; t++)
        for (size_t c = 0; rc == RC_OK && begin->n_rows[t] && c < service->tables[t]->n_children; c++)
            rc = children_take (service->tables[t], c, list[begin->children[t][c]].result, begin->rows[t],
                                begin->n_rows[t], arena, err);
    return rc;
}

static enum rc
ledger_begin (void *self, const struct ledger_read *read, struct ledger_view *ret_view, struct err *err)
{
    struct ledger_pg *ledger = self;
    struct begin_calls begin = { 0 };
    begin_collect (&begin, ledger->service, read);
    enum rc rc = db_run (ledger->db, begin.calls.list, begin.calls.n, err);
    if (rc == RC_OK) {
        *ret_view = (struct ledger_view){ 0 };
        rc = begin_take (&begin, ledger->service, read, ret_view, err);
        db_calls_clear (begin.calls.list, begin.calls.n);
    }
    if (rc != RC_OK)
        db_rollback (ledger->db);
    return rc;
}

/* ------------------------------------------------------------ commit */

/* Children of rows that are new, of those that were there, or of both. */
static void
commit_children (struct calls *calls, const struct sql *sql, size_t c, struct row *const *rows, size_t n_rows,
                 bool created, bool changed, struct arena *arena)
{
    size_t n_children = 0;
    const void ***parts = memory (arena, n_rows, sizeof *parts);
    size_t *counts = memory (arena, n_rows, sizeof *counts);
    for (size_t i = 0; i < n_rows; i++) {
        if (!rows[i]->data || !(rows[i]->is_new ? created : changed && rows[i]->is_changed))
            continue;
        parts[i] = row_children_changed (rows[i], c, arena, &counts[i]);
        MUST (parts[i]);
        n_children += counts[i];
    }
    if (!n_children)
        return;
    const void **children = memory (arena, n_children, sizeof *children);
    for (size_t i = 0, n = 0; i < n_rows; i++)
        for (size_t k = 0; k < counts[i]; k++)
            children[n++] = parts[i][k];
    const struct child_table *child = &rows[0]->table->children[c];
    struct db_params *params = db_params (arena);
    db_param_rows (params, child->columns, child->n_columns, children, n_children);
    calls_add (calls, sql, params);
}

static void
commit_table (struct calls *calls, const struct table *table, const struct ledger_write *write)
{
    struct arena *arena = write->arena;
    size_t n_rows, n_new = 0, n_changed = 0;
    struct row **rows = row_map_sorted (write->rows, table, &n_rows);
    MUST (rows);
    const void **created = memory (arena, n_rows, sizeof *created), **changed = memory (arena, n_rows, sizeof *changed);
    for (size_t i = 0; i < n_rows; i++) {
        if (rows[i]->data && rows[i]->is_new)
            created[n_new++] = rows[i]->data;
        else if (rows[i]->data && rows[i]->is_changed)
            changed[n_changed++] = rows[i]->data;
    }
    if (n_new) {
        struct db_params *params = db_params (arena);
        db_param_rows (params, table->columns, table->n_columns, created, n_new);
        calls_add (calls, table->insert, params);
    }
    if (n_changed) {
        struct db_params *params = db_params (arena);
        db_param_rows (params, table->columns, table->n_columns, changed, n_changed);
        calls_add (calls, table->update, params);
    }
    for (size_t c = 0; c < table->n_children; c++) {
        const struct child_table *child = &table->children[c];
        if (child->insert)
            commit_children (calls, child->insert, c, rows, n_rows, true, false, arena);
        commit_children (calls, child->save, c, rows, n_rows, !child->insert, true, arena);
    }
}

static void
commit_due (struct calls *calls, const struct ledger_write *write)
{
    struct arena *arena = write->arena;
    if (write->n_due_done) {
        struct db_params *params = db_params (arena);
        db_param_uuid_array (params, write->due_done, write->n_due_done);
        calls_add (calls, &sql_due_done, params);
    }
    if (write->n_due_failed)
        CALLS_ADD_ROWS (calls, arena, &sql_due_failed, due_failed_columns, write->due_failed, write->n_due_failed);
    if (write->n_due_cancel)
        CALLS_ADD_ROWS (calls, arena, &sql_due_cancel, due_cancel_columns, write->due_cancel, write->n_due_cancel);
    if (write->n_due)
        CALLS_ADD_ROWS (calls, arena, &sql_due_insert, due_columns, write->due, write->n_due);
    if (write->n_parked)
        CALLS_ADD_ROWS (calls, arena, &sql_parked_insert, parked_columns, write->parked, write->n_parked);
}

static enum rc
ledger_commit (void *self, const struct ledger_write *write, struct ledger_receipt *ret_receipt, struct err *err)
{
    struct ledger_pg *ledger = self;
    struct arena *arena = write->arena;
    struct calls calls = { 0 };
    size_t append = 0;
    for (size_t t = 0; ledger->service->tables[t]; t++)
        commit_table (&calls, ledger->service->tables[t], write);
    commit_due (&calls, write);
    if (write->n_log) {
        struct db_params *params = db_params (arena);
        db_param_rows (params, log_columns, sizeof log_columns / sizeof *log_columns,
                       pointers (arena, write->log, write->n_log, sizeof *write->log), write->n_log);
        db_param_rows (params, reply_columns, sizeof reply_columns / sizeof *reply_columns,
                       pointers (arena, write->replies, write->n_replies, sizeof *write->replies), write->n_replies);
        append = calls_add (&calls, &sql_log_append, params) + 1;
    } else if (write->n_replies) {
        CALLS_ADD_ROWS (&calls, arena, &sql_command_store, reply_columns, write->replies, write->n_replies);
    }
    calls_add (&calls, &db_commit, NULL);
    int64_t start = clock_monotonic ();
    enum rc rc = db_run (ledger->db, calls.list, calls.n, err);
    engine_count_commit (clock_monotonic () - start);
    if (rc == RC_UNKNOWN) {
        engine_count_unknown ();
        log_event (LOG_WARNING, "commit.unknown", LOG_INT ("events", (int64_t)write->n_log),
                   LOG_INT ("replies", (int64_t)write->n_replies));
    }
    if (rc != RC_OK) {
        db_rollback (ledger->db);
        return rc;
    }
    if (append) {
        ret_receipt->base = db_int8 (calls.list[append - 1].result, 0, 0);
        ret_receipt->epoch = db_uuid (calls.list[append - 1].result, 0, 1);
    }
    db_calls_clear (calls.list, calls.n);
    return RC_OK;
}

static void
ledger_rollback (void *self)
{
    struct ledger_pg *ledger = self;
    db_rollback (ledger->db);
}

struct ledger_pg *
ledger_pg_new (struct db *db, const struct service *service)
{
    struct ledger_pg *self = calloc (1, sizeof *self);
    if (self)
        *self = (struct ledger_pg){ .db = db, .service = service };
    return self;
}

void
ledger_pg_destroy (struct ledger_pg **ledger)
{
    free (*ledger);
    *ledger = NULL;
}

struct ledger
ledger_pg_ops (struct ledger_pg *self)
{
    return (struct ledger){ .self = self, .begin = ledger_begin, .commit = ledger_commit, .rollback = ledger_rollback };
}
