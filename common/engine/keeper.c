/* The keeper: retries parked entries, makes log segments before they are needed, looks for commits of sibling
 * instances while somebody waits, and reads the gauges. */
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/engine/runtime.h"
#include "engine_sql.h"

enum {
    PARKED_BATCH = 100,      /* one transaction's worth; subjects are few */
    SEGMENT_AHEAD = 1500000, /* positions: more than a segment, far more than is written between two looks */
    GAUGES_SECONDS = 5,
    EXPIRE_SECONDS = 60, /* between two looks for old replies, when the last one found none */
    EXPIRE_ROWS = 5000,  /* replies forgotten at once: a fraction of a second */
    REPLY_DAYS = 30,     /* clients repeat within minutes; the rest is for people who ask "did it go through?" */
    DROP_SECONDS = 10,   /* between two looks for a segment that nobody needs: one is a million entries */
    LOG_DAYS = 92, /* entries are kept so long: a follower brought back from a copy of a quarter reads them again */
};

struct keeper {
    struct engine *engine;
    struct gather *gather;
    struct db *db;
    struct ledger_pg *ledger;
    uint64_t signals;
    int64_t parked_at, gauges_at, expire_at, drop_at, segment;
};

static const struct follow *
follow_of (const struct service *service, const char *log)
{
    for (const struct follow *follow = service->follows; follow && follow->log; follow++)
        if (strcmp (follow->log, log) == 0)
            return follow;
    return NULL;
}

static void
parked_item (struct keeper *keeper, struct batch *batch, const struct db_result *rows, size_t i)
{
    struct arena *arena = batch->arena;
    const char *log = arena_string (arena, db_text (rows, i, 0));
    const struct follow *follow = log ? follow_of (keeper->engine->service, log) : NULL;
    struct bytes envelope = db_bytes (rows, i, 5);
    struct bytes raw = { arena_copy (arena, envelope.data, envelope.size), envelope.size };
    static const uint8_t no_hash[ENTRY_HASH_SIZE];
    struct item *item = &batch->items[batch->n_items];
    struct err err;
    if (!follow || item_entry (batch, follow, log, db_int8 (rows, i, 1), db_int4 (rows, i, 2),
                               (struct bytes){ no_hash, ENTRY_HASH_SIZE }, raw, item, &err) != RC_OK)
        return;
    item->kind = ITEM_PARKED;
    item->attempts = db_int4 (rows, i, 6);
    batch->n_items++;
}

/* True when there may be more: each subject gives only its earliest. */
static bool
parked_run (struct keeper *keeper)
{
    ARENA_AUTO struct arena *arena = arena_new (BATCH_ARENA);
    MUST (arena);
    struct err err = { 0 };
    struct db_call call = { .sql = &sql_parked_ready, .params = db_params (arena) };
    db_param_int8 (call.params, PARKED_BATCH);
    arena_reset (keeper->gather->arena);
    if (gather_read (keeper->gather, 0, &call, 1, &err) != RC_OK)
        return false;
    struct batch batch = { .service = keeper->engine->service, .arena = arena };
    batch.items = arena_array (arena, PARKED_BATCH + 1, sizeof *batch.items);
    MUST (batch.items);
    for (size_t i = 0; i < db_count (call.result); i++)
        parked_item (keeper, &batch, call.result, i);
    db_calls_clear (&call, 1);
    if (!batch.n_items)
        return false;
    struct ledger ledger = ledger_pg_ops (keeper->ledger);
    enum rc rc = batch_run (&batch, &ledger, keeper->gather, &err);
    engine_batch_failed ("parked", rc, &err);
    if (rc != RC_OK)
        return false;
    engine_committed (keeper->engine, &batch);
    bool more = false;
    for (size_t i = 0; i < batch.n_items; i++)
        more = more || !batch.items[i].parked;
    return more;
}

static void
head_look (struct keeper *keeper)
{
    struct err err = { 0 };
    struct db_call call = { .sql = &sql_log_head };
    enum rc rc = db_run (keeper->db, &call, 1, &err);
    engine_database_state (keeper->engine, rc == RC_OK, &err);
    if (rc != RC_OK)
        return;
    int64_t head = db_int8 (call.result, 0, 0);
    engine_count_log (head - db_int8 (call.result, 0, 2));
    db_calls_clear (&call, 1);
    struct batch seen = { .head = head };
    engine_committed (keeper->engine, &seen);
    if (head + SEGMENT_AHEAD > keeper->segment) {
        ARENA_AUTO struct arena *arena = arena_new (1 << 16);
        MUST (arena);
        struct db_call segment = { .sql = &sql_segment, .params = db_params (arena) };
        db_param_int8 (segment.params, head + SEGMENT_AHEAD);
        if (db_run (keeper->db, &segment, 1, &err) == RC_OK)
            keeper->segment = head + SEGMENT_AHEAD + SEGMENT_AHEAD / 10;
        else
            log_event (LOG_ERR, "log.segment_failed", LOG_ERR_FIELDS (&err));
        db_calls_clear (&segment, 1);
    }
}

/* An age by the database's clock as an instant of ours, so that it goes on growing while the database is away. */
static int64_t
since_of (const struct db_result *ages, size_t column)
{
    return db_null (ages, 0, column) ? 0 : clock_monotonic () - db_int8 (ages, 0, column);
}

static void
gauges_read (struct keeper *keeper)
{
    static const char *const queues[] = { "due", "due_later", "due_failed", "parked", "parked_for_people" };
    enum { QUEUES = sizeof queues / sizeof *queues };
    struct db_call call = { .sql = &sql_gauges };
    struct err err = { 0 };
    arena_reset (keeper->gather->arena);
    if (gather_read (keeper->gather, 0, &call, 1, &err) != RC_OK)
        return;
    for (size_t i = 0; i < QUEUES; i++)
        engine_count_queue (queues[i], db_int8 (call.result, 0, i));
    keeper->engine->due_since = since_of (call.result, QUEUES);
    keeper->engine->parked_since = since_of (call.result, QUEUES + 1);
    db_calls_clear (&call, 1);
}

/* Forgets old replies, some at a time; how many. */
static size_t
replies_expire (struct keeper *keeper)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 16);
    MUST (arena);
    struct db_call calls[] = { { .sql = &db_begin },
                               { .sql = &sql_scope, .params = db_params (arena) },
                               { .sql = &sql_command_expire, .params = db_params (arena) },
                               { .sql = &db_commit } };
    struct err err = { 0 };
    db_param_text (calls[1].params, "*");
    db_param_int4 (calls[2].params, REPLY_DAYS);
    db_param_int8 (calls[2].params, EXPIRE_ROWS);
    if (db_run (keeper->db, calls, 4, &err) != RC_OK) {
        db_rollback (keeper->db);
        return 0;
    }
    size_t n = db_affected (calls[2].result);
    db_calls_clear (calls, 4);
    return n;
}

/* Writes down how far our followers are, and drops the oldest segment when all have passed it. */
static void
segment_drop (struct keeper *keeper)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 16);
    MUST (arena);
    const struct service *service = keeper->engine->service;
    const char *names[FOLLOWERS_MAX], *heard[FOLLOWERS_MAX];
    int64_t passed[FOLLOWERS_MAX];
    size_t n = 0, n_heard = 0;
    for (; service->followers && service->followers[n]; n++) {
        MUST (n < FOLLOWERS_MAX);
        names[n] = service->followers[n];
        int64_t position = keeper->engine->passed[n];
        if (position == 0)
            continue;
        heard[n_heard] = names[n];
        passed[n_heard++] = position - 1;
    }
    struct db_call calls[] = { { .sql = &sql_follower_passed, .params = db_params (arena) },
                               { .sql = &sql_log_drop, .params = db_params (arena) } };
    db_param_text_array (calls[0].params, heard, n_heard);
    db_param_int8_array (calls[0].params, passed, n_heard);
    db_param_text_array (calls[1].params, names, n);
    db_param_int4 (calls[1].params, LOG_DAYS);
    struct err err = { 0 };
    if (db_run (keeper->db, calls, 2, &err) != RC_OK) /* somebody reads the log all the time: in a minute again */
        log_event (LOG_NOTICE, "log.drop_failed", LOG_ERR_FIELDS (&err));
    db_calls_clear (calls, 2);
}

void *
keeper_thread (void *self)
{
    struct engine *engine = self;
    struct keeper keeper = { .engine = engine, .gather = gather_new (engine, "keeper") };
    char name[96];
    snprintf (name, sizeof name, "padan %s.%s keeper", engine->service->name, engine->settings.instance);
    keeper.db = db_new_keyed (engine->settings.database, name);
    MUST (keeper.db);
    keeper.ledger = ledger_pg_new (keeper.db, engine->service);
    MUST (keeper.ledger);
    while (!engine->stopping) {
        head_look (&keeper);
        int64_t now = clock_monotonic ();
        if (now >= keeper.parked_at && !engine_rewound (engine))
            keeper.parked_at = parked_run (&keeper) ? 0 : now + IDLE_LOOK_MS * (int64_t)(CLOCK_SECOND / 1000);
        if (now >= keeper.gauges_at) {
            gauges_read (&keeper);
            keeper.gauges_at = now + GAUGES_SECONDS * (int64_t)CLOCK_SECOND;
        }
        if (now >= keeper.expire_at)
            keeper.expire_at = replies_expire (&keeper) ? 0 : now + EXPIRE_SECONDS * (int64_t)CLOCK_SECOND;
        if (now >= keeper.drop_at && !engine_rewound (engine)) {
            segment_drop (&keeper);
            keeper.drop_at = now + DROP_SECONDS * (int64_t)CLOCK_SECOND;
        }
        engine_sleep (engine, HEAD_LOOK_MS);
        if (!engine->waiting && keeper.parked_at) /* nobody in a hurry: until somebody is */
            engine_await (engine, SIGNAL_WAITING, &keeper.signals, IDLE_LOOK_MS - HEAD_LOOK_MS);
    }
    ledger_pg_destroy (&keeper.ledger);
    db_destroy (&keeper.db);
    gather_destroy (&keeper.gather);
    return NULL;
}
