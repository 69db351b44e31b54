#include "tests/sim/store.h"

#include <stdlib.h>
#include <string.h>

enum { STORE_ARENA = 1 << 30 };

void *
list_grow (struct arena *arena, void *items, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return items;
    *room = *room ? 2 * *room : 16;
    void *bigger = arena_array (arena, *room, size);
    MUST (bigger);
    if (n)
        memcpy (bigger, items, n * size);
    return bigger;
}

/* ------------------------------------------------------------ locks */

uint64_t
lock_name (enum lock_space space, const char *text, int64_t number, struct uuid id)
{
    uint64_t hash = 1469598103934665603u ^ (uint64_t)space;
    for (; text && *text; text++)
        hash = (hash ^ (uint8_t)*text) * 1099511628211u;
    for (int i = 0; i < 8; i++)
        hash = (hash ^ (uint8_t)((uint64_t)number >> (8 * i))) * 1099511628211u;
    for (int i = 0; i < 16; i++)
        hash = (hash ^ id.bytes[i]) * 1099511628211u;
    return hash | 1;
}

static struct session *
lock_holder (const struct ledger_sim *store, uint64_t key)
{
    for (size_t i = 0; i < store->locks.n; i++)
        if (store->locks.items[i].key == key)
            return store->locks.items[i].holder;
    return NULL;
}

static bool
is_inserted (const struct session *session)
{
    const struct row *row = session->inserting;
    return row && store_row (session->ledger, row->table, row->tenant, row->id);
}

static bool
lock_is_free (void *argument)
{
    struct session *session = argument;
    return session->cut || is_inserted (session) || !lock_holder (session->ledger, session->waits_for);
}

static bool
waits_in_circle (const struct session *session)
{
    const struct session *next = lock_holder (session->ledger, session->waits_for);
    for (int i = 0; next && next->waits_for && !is_inserted (next) && i < 100; i++) {
        next = lock_holder (session->ledger, next->waits_for);
        if (next == session)
            return true;
    }
    return false;
}

enum rc
lock_take (struct session *session, uint64_t key, struct err *err)
{
    struct ledger_sim *store = session->ledger;
    for (;;) {
        if (is_inserted (session))
            return err_set (err, RC_CONFLICT, "a row appeared meanwhile");
        struct session *holder = lock_holder (store, key);
        if (holder == session)
            return RC_OK;
        if (!holder)
            break;
        session->waits_for = key;
        bool circle = waits_in_circle (session);
        if (circle) {
            session->waits_for = 0;
            if (store->hooks.fail)
                store->hooks.fail (store->hooks.self, "a circle of waits: locks were taken out of order");
            session_end (session);
            return err_set (err, RC_RETRY, "deadlock");
        }
        session_note (session, "lock wait");
        MUST (store->hooks.wait);
        store->hooks.wait (session->self, lock_is_free, session);
        session->waits_for = 0;
        if (session_broken (session, err) != RC_OK)
            return RC_RETRY;
    }
    *LIST_ADD (store, &store->locks) = (struct lock){ key, session };
    session_pause (session, BOUNDARY_LOCK);
    return session_broken (session, err);
}

void
locks_release (struct session *session)
{
    struct ledger_sim *store = session->ledger;
    size_t kept = 0;
    for (size_t i = 0; i < store->locks.n; i++)
        if (store->locks.items[i].holder != session)
            store->locks.items[kept++] = store->locks.items[i];
    store->locks.n = kept;
}

uint64_t
command_lock (const struct command_key *key)
{
    return lock_name (LOCK_COMMAND, key->route, (int64_t)lock_name (LOCK_COMMAND, key->key, key->tenant, key->person),
                      key->person);
}

uint64_t
row_lock (const struct table *table, int64_t tenant, struct uuid id)
{
    return lock_name (LOCK_ROW, table->name, tenant, id);
}

uint64_t
due_key_lock (const struct due_row *row)
{
    return lock_name (LOCK_DUE_KEY, row->kind, row->tenant * 1000003 + row->input_version, row->subject);
}

/* ------------------------------------------------------------ finding */

struct stored_row *
store_row (const struct ledger_sim *store, const struct table *table, int64_t tenant, struct uuid id)
{
    for (size_t i = 0; i < store->rows.n; i++) {
        struct stored_row *row = &store->rows.items[i];
        if (row->table == table && row->tenant == tenant && uuid_compare (row->id, id) == 0)
            return row;
    }
    return NULL;
}

struct stored_position *
store_positions (struct ledger_sim *store, const char *log)
{
    for (size_t i = 0; i < store->positions.n; i++)
        if (strcmp (store->positions.items[i].log, log) == 0)
            return &store->positions.items[i];
    struct stored_position *added = LIST_ADD (store, &store->positions);
    *added = (struct stored_position){ .log = arena_string (store->arena, log) };
    return added;
}

struct stored_command *
store_command (const struct ledger_sim *store, const struct command_key *key)
{
    for (size_t i = 0; i < store->commands.n; i++) {
        struct stored_command *known = &store->commands.items[i];
        if (known->key.tenant == key->tenant && uuid_compare (known->key.person, key->person) == 0 &&
            strcmp (known->key.route, key->route) == 0 && strcmp (known->key.key, key->key) == 0)
            return known;
    }
    return NULL;
}

struct stored_parked *
store_parked (const struct ledger_sim *store, const char *log, int64_t position)
{
    for (size_t i = 0; i < store->parked.n; i++) {
        struct stored_parked *parked = &store->parked.items[i];
        if (!parked->gone && parked->row.position == position && strcmp (parked->row.log, log) == 0)
            return parked;
    }
    return NULL;
}

struct stored_due *
store_due (const struct ledger_sim *store, struct uuid id)
{
    for (size_t i = 0; i < store->due.n; i++)
        if (!store->due.items[i].gone && uuid_compare (store->due.items[i].row.id, id) == 0)
            return &store->due.items[i];
    return NULL;
}

struct stored_due *
store_due_named (const struct ledger_sim *store, const struct due_row *row)
{
    for (size_t i = 0; i < store->due.n; i++) {
        struct stored_due *due = &store->due.items[i];
        if (!due->gone && due->row.tenant == row->tenant && due->row.input_version == row->input_version &&
            uuid_compare (due->row.subject, row->subject) == 0 && strcmp (due->row.kind, row->kind) == 0)
            return due;
    }
    return NULL;
}

/* ------------------------------------------------------------ copying */

struct bytes
copy_bytes (struct arena *arena, struct bytes bytes)
{
    return (struct bytes){ bytes.data ? arena_copy (arena, bytes.data, bytes.size) : NULL, bytes.size };
}

static const size_t column_sizes[] = {
    [DB_BOOL] = sizeof (bool),    [DB_INT4] = sizeof (int32_t),       [DB_INT8] = sizeof (int64_t),
    [DB_TEXT] = sizeof (char *),  [DB_UUID] = sizeof (struct uuid),   [DB_TIME] = sizeof (int64_t),
    [DB_DATE] = sizeof (int32_t), [DB_BYTES] = sizeof (struct bytes), [DB_INT8_NULL] = sizeof (int64_t),
};

void *
copy_by_columns (struct arena *arena, const struct db_column *columns, size_t n_columns, size_t row_size,
                 const void *const *rows, size_t n)
{
    char *copy = arena_array (arena, n ? n : 1, row_size);
    MUST (copy);
    for (size_t r = 0; r < n; r++)
        for (size_t c = 0; c < n_columns; c++) {
            char *to = copy + r * row_size + columns[c].offset;
            memcpy (to, (const char *)rows[r] + columns[c].offset, column_sizes[columns[c].type]);
            if (columns[c].type == DB_TEXT)
                *(char **)to = arena_string (arena, *(char **)to);
            else if (columns[c].type == DB_BYTES)
                *(struct bytes *)to = copy_bytes (arena, *(struct bytes *)to);
        }
    return copy;
}

/* ------------------------------------------------------------ life */

struct ledger_sim *
ledger_sim_new (const struct service *service, const struct ledger_hooks *hooks, unsigned mutations)
{
    struct ledger_sim *store = calloc (1, sizeof *store);
    MUST (store);
    store->service = service;
    store->mutations = mutations;
    store->time = 1;
    if (hooks)
        store->hooks = *hooks;
    store->arena = arena_new (STORE_ARENA);
    MUST (store->arena);
    store->epoch = uuid_of (service->name, strlen (service->name));
    return store;
}

int64_t
store_now (const struct ledger_sim *store)
{
    return store->hooks.now ? store->hooks.now (store->hooks.self) : store->time;
}

void
ledger_sim_advance (struct ledger_sim *ledger, int64_t microseconds)
{
    ledger->time += microseconds;
}

void
ledger_sim_destroy (struct ledger_sim **ledger)
{
    if (!*ledger)
        return;
    arena_destroy (&(*ledger)->arena);
    free (*ledger);
    *ledger = NULL;
}

size_t
ledger_sim_log_count (const struct ledger_sim *ledger)
{
    return ledger->log.n;
}

struct log_entry
ledger_sim_log_at (const struct ledger_sim *ledger, size_t i)
{
    return (struct log_entry){ ledger->log.items[i].position, &ledger->log.items[i].row };
}

int64_t
ledger_sim_head (const struct ledger_sim *ledger)
{
    return ledger->head;
}

size_t
ledger_sim_parked_count (const struct ledger_sim *ledger)
{
    size_t n = 0;
    for (size_t i = 0; i < ledger->parked.n; i++)
        n += !ledger->parked.items[i].gone;
    return n;
}

size_t
ledger_sim_due_count (const struct ledger_sim *ledger)
{
    size_t n = 0;
    for (size_t i = 0; i < ledger->due.n; i++)
        n += !ledger->due.items[i].gone;
    return n;
}

const void *
ledger_sim_row (const struct ledger_sim *ledger, const struct table *table, int64_t tenant, struct uuid id)
{
    struct stored_row *row = store_row (ledger, table, tenant, id);
    if (!row)
        return NULL;
    for (size_t c = 0; c < table->n_children; c++) {
        *(void **)((char *)row->data + table->children[c].rows_offset) = row->children[c];
        *(size_t *)((char *)row->data + table->children[c].count_offset) = row->n_children[c];
    }
    return row->data;
}
