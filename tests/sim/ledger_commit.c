/* The second half of a transaction: conflicts are met statement by statement, then everything appears at once. */
#include <string.h>

#include "tests/sim/store.h"

static bool
has (const struct session *session, enum mutation mutation)
{
    return session->ledger->mutations & (unsigned)mutation;
}

static void
blame (struct session *session, const char *what)
{
    if (session->ledger->hooks.fail)
        session->ledger->hooks.fail (session->ledger->hooks.self, what);
}

static bool
holds (const struct session *session, uint64_t key)
{
    for (size_t i = 0; i < session->ledger->locks.n; i++)
        if (session->ledger->locks.items[i].key == key)
            return session->ledger->locks.items[i].holder == session;
    return false;
}

static enum rc
conflict (struct session *session, struct err *err, const char *what)
{
    session_note (session, "conflict");
    return err_set (err, RC_CONFLICT, "%s appeared meanwhile", what);
}

/* ------------------------------------------------------------ statements */

static enum rc
write_rows (struct session *session, const struct ledger_write *write, struct err *err)
{
    struct ledger_sim *store = session->ledger;
    for (size_t t = 0; store->service->tables[t]; t++) {
        const struct table *table = store->service->tables[t];
        size_t n;
        struct row **rows = row_map_sorted (write->rows, table, &n);
        MUST (rows);
        for (size_t i = 0; i < n; i++) {
            uint64_t lock = row_lock (table, rows[i]->tenant, rows[i]->id);
            if (!rows[i]->data || (!rows[i]->is_new && !rows[i]->is_changed))
                continue;
            if (!rows[i]->is_new && !holds (session, lock) && !has (session, MUTATION_ROW_LOCK))
                blame (session, "a row is changed that was not locked");
            if (!rows[i]->is_new || has (session, MUTATION_ROW_CONFLICT))
                continue;
            session->inserting = rows[i];
            enum rc rc = lock_take (session, lock, err);
            session->inserting = NULL;
            if (rc == RC_CONFLICT)
                session_note (session, "conflict");
            if (rc != RC_OK)
                return rc;
        }
    }
    return RC_OK;
}

static bool
is_cancelled (const struct ledger_write *write, const struct due_row *row)
{
    for (size_t i = 0; i < write->n_due_cancel; i++)
        if (write->due_cancel[i].tenant == row->tenant && strcmp (write->due_cancel[i].kind, row->kind) == 0 &&
            uuid_compare (write->due_cancel[i].subject, row->subject) == 0)
            return true;
    return false;
}

static enum rc
write_due (struct session *session, const struct ledger_write *write, struct err *err)
{
    struct ledger_sim *store = session->ledger;
    for (size_t i = 0; i < write->n_due_done; i++) {
        const struct stored_due *due = store_due (store, write->due_done[i]);
        if (due && !holds (session, lock_name (LOCK_DUE, NULL, 0, due->row.id)))
            blame (session, "due work is done that was not taken");
        if (due && lock_take (session, due_key_lock (&due->row), err) != RC_OK)
            return RC_RETRY;
    }
    for (size_t i = 0; i < store->due.n; i++) {
        const struct due_row row = store->due.items[i].row;
        if (store->due.items[i].gone || !is_cancelled (write, &row))
            continue;
        if (lock_take (session, lock_name (LOCK_DUE, NULL, 0, row.id), err) != RC_OK ||
            lock_take (session, due_key_lock (&row), err) != RC_OK)
            return RC_RETRY;
    }
    for (size_t i = 0; i < write->n_due; i++)
        if (lock_take (session, due_key_lock (&write->due[i]), err) != RC_OK)
            return RC_RETRY;
    return RC_OK;
}

static bool
is_taken (const struct session *session, const struct parked_row *row)
{
    for (size_t i = 0; i < session->read.n_parked; i++)
        if (session->parked_won[i] && session->read.parked[i].position == row->position &&
            strcmp (session->read.parked[i].log, row->log) == 0)
            return true;
    return false;
}

static enum rc
write_parked (struct session *session, const struct ledger_write *write, struct err *err)
{
    for (size_t i = 0; i < write->n_parked; i++) {
        const struct parked_row *row = &write->parked[i];
        if (lock_take (session, lock_name (LOCK_PARKED, row->log, row->position, (struct uuid){ 0 }), err) != RC_OK)
            return RC_RETRY;
        if (store_parked (session->ledger, row->log, row->position) && !is_taken (session, row))
            return conflict (session, err, "a parked entry");
        session_note (session, row->attempts ? "parked" : "parked behind");
    }
    return RC_OK;
}

static struct command_key
reply_key (const struct reply_row *row)
{
    return (struct command_key){ .tenant = row->tenant, .person = row->person, .route = row->route, .key = row->key };
}

/* The last statement: counter, events, replies. */
static enum rc
write_log (struct session *session, const struct ledger_write *write, struct err *err)
{
    struct ledger_sim *store = session->ledger;
    if (write->n_log && !has (session, MUTATION_POSITION_EARLY) &&
        lock_take (session, lock_name (LOCK_HEAD, NULL, 0, (struct uuid){ 0 }), err) != RC_OK)
        return RC_RETRY;
    for (size_t i = 0; i < write->n_replies && !has (session, MUTATION_COMMAND_KEY); i++) {
        struct command_key key = reply_key (&write->replies[i]);
        if (lock_take (session, command_lock (&key), err) != RC_OK)
            return RC_RETRY;
        if (store_command (store, &key))
            return conflict (session, err, "a command's key");
    }
    return RC_OK;
}

/* ------------------------------------------------------------ what a commit makes visible */

static void
apply_row (struct ledger_sim *store, struct row *row)
{
    const struct table *table = row->table;
    const void *data = row->data;
    struct stored_row *stored = store_row (store, table, row->tenant, row->id);
    if (!stored) {
        stored = LIST_ADD (store, &store->rows);
        *stored = (struct stored_row){ .table = table, .tenant = row->tenant, .id = row->id };
    }
    stored->data = copy_by_columns (store->arena, table->columns, table->n_columns, table->row_size, &data, 1);
    for (size_t c = 0; c < table->n_children; c++) {
        const struct child_table *child = &table->children[c];
        size_t n, total = stored->n_children[c];
        const void **changed = row_children_changed (row, c, store->arena, &n);
        MUST (changed);
        for (size_t i = 0; i < n; i++) {
            int32_t ordinal;
            memcpy (&ordinal, (const char *)changed[i] + child->columns[2].offset, sizeof ordinal);
            if ((size_t)ordinal + 1 > total)
                total = (size_t)ordinal + 1;
        }
        char *rows = arena_array (store->arena, total + 1, child->row_size);
        MUST (rows);
        if (stored->n_children[c])
            memcpy (rows, stored->children[c], stored->n_children[c] * child->row_size);
        for (size_t i = 0; i < n; i++) {
            int32_t ordinal;
            memcpy (&ordinal, (const char *)changed[i] + child->columns[2].offset, sizeof ordinal);
            memcpy (rows + (size_t)ordinal * child->row_size,
                    copy_by_columns (store->arena, child->columns, child->n_columns, child->row_size, &changed[i], 1),
                    child->row_size);
        }
        stored->children[c] = rows;
        stored->n_children[c] = total;
    }
}

static void
apply_rows (struct session *session, const struct ledger_write *write)
{
    struct ledger_sim *store = session->ledger;
    for (size_t t = 0; store->service->tables[t]; t++) {
        size_t n;
        struct row **rows = row_map_sorted (write->rows, store->service->tables[t], &n);
        MUST (rows);
        for (size_t i = 0; i < n; i++)
            if (rows[i]->data && (rows[i]->is_new || rows[i]->is_changed))
                apply_row (store, rows[i]);
    }
}

static void
apply_positions (struct session *session)
{
    for (size_t i = 0; i < session->read.n_advances; i++) {
        const struct advance *advance = &session->read.advances[i];
        struct stored_position *stored = store_positions (session->ledger, advance->log);
        stored->position[advance->partition] = advance->to;
        stored->last_position[advance->partition] = advance->last_position;
        memcpy (stored->last_hash[advance->partition], advance->last_hash.data, ENTRY_HASH_SIZE);
    }
}

static void
apply_parked (struct session *session, const struct ledger_write *write)
{
    struct ledger_sim *store = session->ledger;
    for (size_t i = 0; i < session->read.n_parked; i++) {
        struct stored_parked *parked =
            store_parked (store, session->read.parked[i].log, session->read.parked[i].position);
        if (session->parked_won[i] && parked)
            parked->gone = true;
    }
    for (size_t i = 0; i < write->n_parked; i++) {
        struct stored_parked *added = LIST_ADD (store, &store->parked);
        *added = (struct stored_parked){ .row = write->parked[i] };
        added->row.log = arena_string (store->arena, added->row.log);
        added->row.reason = arena_string (store->arena, added->row.reason);
        added->row.envelope = copy_bytes (store->arena, added->row.envelope);
    }
}

static void
apply_due (struct session *session, const struct ledger_write *write)
{
    struct ledger_sim *store = session->ledger;
    for (size_t i = 0; i < write->n_due_done; i++) {
        struct stored_due *due = store_due (store, write->due_done[i]);
        if (due)
            due->gone = true;
    }
    for (size_t i = 0; i < write->n_due_failed; i++) {
        const struct due_failed *failed = &write->due_failed[i];
        struct stored_due *due = store_due (store, failed->id);
        if (!due)
            continue;
        due->attempts = failed->attempts;
        due->for_person = !failed->retry_at;
        due->row.due_at = failed->retry_at;
        due->lease_until = 0;
        due->token = (struct uuid){ 0 };
        session_note (session, "due failed");
    }
    for (size_t i = 0; i < store->due.n; i++)
        if (!store->due.items[i].gone && is_cancelled (write, &store->due.items[i].row)) {
            store->due.items[i].gone = true;
            session_note (session, "due cancelled");
        }
    for (size_t i = 0; i < write->n_due; i++) {
        if (store_due_named (store, &write->due[i])) {
            session_note (session, "due kept");
            continue;
        }
        struct stored_due *added = LIST_ADD (store, &store->due);
        *added = (struct stored_due){ .row = write->due[i] };
        added->row.kind = arena_string (store->arena, added->row.kind);
        added->row.payload = copy_bytes (store->arena, added->row.payload);
    }
}

static void
apply_log (struct session *session, const struct ledger_write *write, int64_t base)
{
    struct ledger_sim *store = session->ledger;
    for (size_t i = 0; i < write->n_log; i++) {
        struct stored_entry *added = LIST_ADD (store, &store->log);
        *added = (struct stored_entry){ .row = write->log[i], .position = base + (int64_t)i + 1 };
        added->row.hash = copy_bytes (store->arena, added->row.hash);
        added->row.envelope = copy_bytes (store->arena, added->row.envelope);
    }
    if (!has (session, MUTATION_POSITION_EARLY))
        store->head = base + (int64_t)write->n_log;
}

static void
apply_replies (struct session *session, const struct ledger_write *write, int64_t base)
{
    struct ledger_sim *store = session->ledger;
    for (size_t i = 0; i < write->n_replies; i++) {
        const struct reply_row *row = &write->replies[i];
        struct stored_command *added = LIST_ADD (store, &store->commands);
        *added = (struct stored_command){
            .key = reply_key (row),
            .reply = { .found = true,
                       .body_hash = copy_bytes (store->arena, row->body_hash),
                       .reply = copy_bytes (store->arena, row->reply),
                       .position = base + row->events,
                       .epoch = store->epoch },
        };
        added->key.route = arena_string (store->arena, row->route);
        added->key.key = arena_string (store->arena, row->key);
    }
}

static enum rc
write_all (struct session *session, const struct ledger_write *write, struct err *err)
{
    enum rc rc = write_rows (session, write, err);
    if (rc == RC_OK)
        rc = write_due (session, write, err);
    if (rc == RC_OK)
        rc = write_parked (session, write, err);
    if (rc == RC_OK)
        rc = write_log (session, write, err);
    if (rc == RC_OK) {
        session_pause (session, BOUNDARY_WRITTEN);
        rc = session_broken (session, err);
    }
    return rc;
}

enum rc
session_commit (void *self, const struct ledger_write *write, struct ledger_receipt *ret_receipt, struct err *err)
{
    struct session *session = self;
    struct ledger_sim *store = session->ledger;
    const struct ledger_hooks *hooks = &store->hooks;
    if (session_broken (session, err) != RC_OK)
        return RC_RETRY;
    MUST (session->open);
    int64_t early = store->head;
    if (has (session, MUTATION_POSITION_EARLY))
        store->head += (int64_t)write->n_log;
    session_pause (session, BOUNDARY_COMMIT);
    enum rc rc = session_broken (session, err);
    enum storage_fault fault = hooks->fault ? hooks->fault (session->self, BOUNDARY_COMMIT) : STORAGE_FINE;
    if (rc == RC_OK && fault == STORAGE_RETRY)
        rc = err_set (err, RC_RETRY, "the database asks to try again");
    if (rc == RC_OK && fault == STORAGE_INTERNAL)
        rc = err_set (err, RC_INTERNAL, "a row cannot be written");
    if (rc == RC_OK)
        rc = write_all (session, write, err);
    if (rc != RC_OK) {
        session_end (session);
        return rc;
    }
    fault = hooks->fault ? hooks->fault (session->self, BOUNDARY_WRITTEN) : STORAGE_FINE;
    int64_t base = has (session, MUTATION_POSITION_EARLY) ? early : store->head;
    bool broken = fault == STORAGE_UNKNOWN_DONE, undone = fault == STORAGE_UNKNOWN_UNDONE;
    if (!undone || has (session, MUTATION_TORN))
        apply_log (session, write, base);
    if (!undone) {
        apply_rows (session, write);
        apply_parked (session, write);
        apply_due (session, write);
        if (!broken || !has (session, MUTATION_POSITION_APART))
            apply_positions (session);
        if (!broken || !has (session, MUTATION_REPLY_APART))
            apply_replies (session, write, base);
    }
    session_end (session);
    session_pause (session, BOUNDARY_COMMITTED);
    if (undone || broken || session->cut)
        return err_set (err, RC_UNKNOWN, "the answer to COMMIT was not seen");
    ret_receipt->base = base;
    ret_receipt->epoch = store->epoch;
    return RC_OK;
}
