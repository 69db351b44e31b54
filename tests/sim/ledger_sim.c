#include "tests/sim/ledger_sim.h"

#include <stdlib.h>
#include <string.h>

#include "tests/sim/store.h"

/* ------------------------------------------------------------ sessions */

void
session_pause (struct session *session, enum boundary at)
{
    if (session->ledger->hooks.pause)
        session->ledger->hooks.pause (session->self, at);
}

void
session_note (struct session *session, const char *what)
{
    if (session->ledger->hooks.note)
        session->ledger->hooks.note (session->ledger->hooks.self, what);
}

void
session_end (struct session *session)
{
    locks_release (session);
    session->open = false;
}

enum rc
session_broken (struct session *session, struct err *err)
{
    return session->cut ? err_set (err, RC_RETRY, "the connection is lost") : RC_OK;
}

struct session *
session_new (struct ledger_sim *ledger, void *self)
{
    struct session *session = calloc (1, sizeof *session);
    MUST (session);
    session->ledger = ledger;
    session->self = self;
    return session;
}

void
session_destroy (struct session **session)
{
    if (!*session)
        return;
    session_end (*session);
    free (*session);
    *session = NULL;
}

void
session_cut (struct session *session)
{
    session_end (session);
    session->cut = true;
}

void
session_mend (struct session *session)
{
    session->cut = false;
}

bool
session_is_open (const struct session *session)
{
    return session->open;
}

/* ------------------------------------------------------------ begin */

static enum rc
take_positions (struct session *session, struct ledger_view *view, struct err *err)
{
    struct ledger_sim *store = session->ledger;
    for (size_t i = 0; i < session->read.n_advances; i++) {
        const struct advance *advance = &session->read.advances[i];
        if (store->mutations & MUTATION_POSITION_CAS) {
            view->advanced++;
            continue;
        }
        if (lock_take (session, lock_name (LOCK_POSITION, advance->log, advance->partition, (struct uuid){ 0 }), err) !=
            RC_OK)
            return RC_RETRY;
        if (store_positions (store, advance->log)->position[advance->partition] == advance->from)
            view->advanced++;
    }
    if (view->advanced != session->read.n_advances)
        session_note (session, "position lost");
    return RC_OK;
}

static enum rc
take_parked (struct session *session, struct ledger_view *view, struct err *err)
{
    view->parked_won = arena_array (session->read.arena, session->read.n_parked + 1, sizeof *view->parked_won);
    MUST (view->parked_won);
    for (size_t i = 0; i < session->read.n_parked; i++) {
        const struct parked_id *id = &session->read.parked[i];
        if (lock_take (session, lock_name (LOCK_PARKED, id->log, id->position, (struct uuid){ 0 }), err) != RC_OK)
            return RC_RETRY;
        view->parked_won[i] = store_parked (session->ledger, id->log, id->position);
        if (!view->parked_won[i])
            session_note (session, "parked lost");
        if (session->ledger->mutations & MUTATION_PARKED_TAKE)
            view->parked_won[i] = true;
    }
    return RC_OK;
}

static int
due_order (const void *a, const void *b)
{
    return uuid_compare ((*(const struct due_id *const *)a)->id, (*(const struct due_id *const *)b)->id);
}

static enum rc
take_due (struct session *session, struct ledger_view *view, struct err *err)
{
    size_t n = session->read.n_due;
    view->due_won = arena_array (session->read.arena, n + 1, sizeof *view->due_won);
    const struct due_id **sorted = arena_array (session->read.arena, n + 1, sizeof *sorted);
    MUST (view->due_won && sorted);
    for (size_t i = 0; i < n; i++)
        sorted[i] = &session->read.due[i];
    qsort (sorted, n, sizeof *sorted, due_order);
    for (size_t i = 0; i < n; i++) {
        if (lock_take (session, lock_name (LOCK_DUE, NULL, 0, sorted[i]->id), err) != RC_OK)
            return RC_RETRY;
        const struct stored_due *due = store_due (session->ledger, sorted[i]->id);
        bool won = due && uuid_compare (due->token, sorted[i]->token) == 0;
        if (!won)
            session_note (session, "lease lost");
        if (session->ledger->mutations & MUTATION_DUE_TAKE)
            won = true;
        view->due_won[sorted[i] - session->read.due] = won;
    }
    return RC_OK;
}

/* Rows that exist when the statement starts are locked in order and read as they are once locked; those that appear
 * while it waits are not seen. */
static enum rc
load_table (struct session *session, const struct table *table, struct err *err)
{
    struct ledger_sim *store = session->ledger;
    size_t n;
    struct row **rows = row_map_wanted (session->read.rows, table, &n);
    MUST (rows);
    bool *exists = arena_array (session->read.arena, n + 1, sizeof *exists);
    MUST (exists);
    for (size_t i = 0; i < n; i++)
        exists[i] = store_row (store, table, rows[i]->tenant, rows[i]->id);
    for (size_t i = 0; i < n; i++) {
        if (!exists[i])
            continue;
        if (store->mutations & MUTATION_ROW_LOCK)
            session_pause (session, BOUNDARY_LOCK);
        else if (lock_take (session, row_lock (table, rows[i]->tenant, rows[i]->id), err) != RC_OK)
            return RC_RETRY;
        const struct stored_row *stored = store_row (store, table, rows[i]->tenant, rows[i]->id);
        const void *data = stored->data;
        row_loaded (rows[i],
                    copy_by_columns (session->read.arena, table->columns, table->n_columns, table->row_size, &data, 1));
    }
    return RC_OK;
}

static void
load_children (struct session *session, const struct table *table)
{
    size_t n;
    struct arena *arena = session->read.arena;
    struct row **rows = row_map_wanted (session->read.rows, table, &n);
    MUST (rows);
    for (size_t i = 0; i < n; i++)
        for (size_t c = 0; rows[i]->data && c < table->n_children; c++) {
            const struct stored_row *stored = store_row (session->ledger, table, rows[i]->tenant, rows[i]->id);
            const struct child_table *child = &table->children[c];
            const void **list = arena_array (arena, stored->n_children[c] + 1, sizeof *list);
            MUST (list);
            for (size_t k = 0; k < stored->n_children[c]; k++)
                list[k] = (const char *)stored->children[c] + k * child->row_size;
            row_children_loaded (
                rows[i], c,
                copy_by_columns (arena, child->columns, child->n_columns, child->row_size, list, stored->n_children[c]),
                stored->n_children[c], arena);
        }
}

static enum rc
load_rows (struct session *session, struct err *err)
{
    for (size_t t = 0; session->ledger->service->tables[t]; t++)
        if (load_table (session, session->ledger->service->tables[t], err) != RC_OK)
            return RC_RETRY;
    session_pause (session, BOUNDARY_LOCK);
    if (session_broken (session, err) != RC_OK)
        return RC_RETRY;
    for (size_t t = 0; session->ledger->service->tables[t]; t++)
        load_children (session, session->ledger->service->tables[t]);
    return RC_OK;
}

static void
find_replies (struct session *session, struct ledger_view *view)
{
    const struct ledger_read *read = &session->read;
    view->replies = arena_array (read->arena, read->n_commands + 1, sizeof *view->replies);
    MUST (view->replies);
    for (size_t i = 0; i < read->n_commands; i++) {
        const struct stored_command *known = store_command (session->ledger, &read->commands[i]);
        if (known && !(session->ledger->mutations & MUTATION_COMMAND_KEY)) {
            view->replies[i] = known->reply;
            view->replies[i].reply = copy_bytes (read->arena, known->reply.reply);
            view->replies[i].body_hash = copy_bytes (read->arena, known->reply.body_hash);
            session_note (session, "stored reply");
        }
    }
}

static void
find_parked_subjects (struct session *session, struct ledger_view *view)
{
    const struct ledger_read *read = &session->read;
    struct ledger_sim *store = session->ledger;
    view->subject_parked = arena_array (read->arena, read->n_subjects + 1, sizeof *view->subject_parked);
    MUST (view->subject_parked);
    for (size_t i = 0; i < read->n_subjects; i++)
        for (size_t p = 0; p < store->parked.n && !(store->mutations & MUTATION_PARKED_BEHIND); p++) {
            const struct stored_parked *parked = &store->parked.items[p];
            if (!parked->gone && parked->row.tenant == read->subjects[i].tenant &&
                uuid_compare (parked->row.subject, read->subjects[i].subject) == 0 &&
                strcmp (parked->row.log, read->subjects[i].log) == 0)
                view->subject_parked[i] = true;
        }
}

static uint64_t
session_random (struct session *session)
{
    const struct ledger_hooks *hooks = &session->ledger->hooks;
    return hooks->random ? hooks->random (hooks->self) : 0;
}

/* Replies and parked subjects may be read before or after rows are locked: both must be safe, so each transaction draws
 * its order. */
static enum rc
begin_statements (struct session *session, struct ledger_view *view, struct err *err)
{
    bool replies_first = session_random (session) & 1;
    enum rc rc = take_positions (session, view, err);
    if (rc == RC_OK && view->advanced == session->read.n_advances)
        rc = take_parked (session, view, err);
    else
        return rc;
    if (rc == RC_OK && replies_first) {
        find_replies (session, view);
        find_parked_subjects (session, view);
        session_pause (session, BOUNDARY_LOCK);
        rc = session_broken (session, err);
    }
    if (rc == RC_OK)
        rc = load_rows (session, err);
    if (rc == RC_OK)
        rc = take_due (session, view, err);
    if (rc == RC_OK && !replies_first) {
        find_replies (session, view);
        find_parked_subjects (session, view);
    }
    return rc;
}

static enum rc
session_begin (void *self, const struct ledger_read *read, struct ledger_view *ret_view, struct err *err)
{
    struct session *session = self;
    const struct ledger_hooks *hooks = &session->ledger->hooks;
    MUST (!session->open);
    if (session_broken (session, err) != RC_OK)
        return RC_RETRY;
    session->open = true;
    session->read = *read;
    session_pause (session, BOUNDARY_BEGIN);
    struct ledger_view view = { .now = store_now (session->ledger), .epoch = session->ledger->epoch };
    enum rc rc = session_broken (session, err);
    if (rc == RC_OK && hooks->fault && hooks->fault (session->self, BOUNDARY_BEGIN) == STORAGE_RETRY)
        rc = err_set (err, RC_RETRY, "the database asks to try again");
    if (rc == RC_OK)
        rc = begin_statements (session, &view, err);
    if (rc == RC_OK) {
        session_pause (session, BOUNDARY_LOADED);
        rc = session_broken (session, err);
    }
    if (rc != RC_OK) {
        session_end (session);
        return rc;
    }
    session->parked_won = view.parked_won;
    session->due_won = view.due_won;
    *ret_view = view;
    return RC_OK;
}

static void
session_rollback (void *self)
{
    session_end (self);
}

struct ledger
session_ledger (struct session *session)
{
    return (struct ledger){
        .self = session,
        .begin = session_begin,
        .commit = session_commit,
        .rollback = session_rollback,
    };
}
