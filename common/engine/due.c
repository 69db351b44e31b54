/* Due work: claims rows under a lease, works outside any transaction, and finishes by compare-and-set on the lease. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/bus/message.h"
#include "common/engine/runtime.h"
#include "engine_sql.h"

enum {
    DUE_BATCH = 100,   /* rows of a claim: as one transaction ends them, more gain nothing */
    DUE_LOOK = 8,      /* rows looked at beyond two claims' worth: another worker may be claiming the first ones */
    DUE_LEASE = 60,    /* seconds: a claim's work takes a few at most, and after a crash it waits no longer */
    DUE_ATTEMPTS = 12, /* a quarter of an hour of back-off, in which what passes by itself has passed */
};

struct worker {
    struct engine *engine;
    struct gather *gather;
    struct db *db;
    struct ledger_pg *ledger;
    uint64_t signals;
    struct batch_doubt doubt;
};

struct claim {
    const struct due_kind *kind;
    struct uuid token;
    struct due_item *items; /* those to work on first */
    size_t n, n_to_work;
};

static unsigned
batch_of (const struct due_kind *kind)
{
    return kind->batch ? kind->batch : DUE_BATCH;
}

static int32_t
attempts_of (const struct due_kind *kind)
{
    return kind->attempts ? (int32_t)kind->attempts : DUE_ATTEMPTS;
}

/* Its rc says why when there is nothing to work on. */
static struct due_item
item_read (const struct due_kind *kind, const struct db_result *rows, size_t i, struct arena *arena)
{
    struct due_item item = {
        .id = db_uuid (rows, i, 0),
        .tenant = db_int8 (rows, i, 1),
        .subject = db_uuid (rows, i, 2),
        .input_version = db_int8 (rows, i, 3),
        .attempt = db_int4 (rows, i, 4) + 1,
    };
    struct bytes payload = db_bytes (rows, i, 5);
    ProtobufCMessage *message = NULL;
    item.rc = message_unpack (kind->payload, arena, payload.data, payload.size, &message, &item.err);
    if (item.attempt > attempts_of (kind))
        item.rc = err_set (&item.err, RC_INTERNAL, "whoever worked on it ended, or took too long");
    item.payload = message;
    return item;
}

static enum rc
claim_take (struct worker *worker, const struct due_kind *kind, struct arena *arena, struct claim *ret_claim,
            struct err *err)
{
    struct claim claim = { .kind = kind };
    randombytes_buf (&claim.token, sizeof claim.token);
    struct db_params *scope = db_params (arena), *params = db_params (arena);
    db_param_text (scope, "*");
    db_param_text (params, kind->name);
    db_param_int8 (params, batch_of (kind));
    db_param_int8 (params, 2 * batch_of (kind) + DUE_LOOK);
    db_param_uuid (params, claim.token);
    db_param_int4 (params, (int32_t)(kind->lease_seconds ? kind->lease_seconds : DUE_LEASE));
    struct db_call calls[] = { { .sql = &db_begin },
                               { .sql = &sql_scope, .params = scope },
                               { .sql = &sql_due_claim, .params = params },
                               { .sql = &db_commit } };
    enum rc rc = db_run (worker->db, calls, 4, err);
    if (rc != RC_OK) {
        db_rollback (worker->db);
        return rc;
    }
    const struct db_result *rows = calls[2].result;
    claim.n = db_count (rows);
    claim.items = arena_array (arena, claim.n + 1, sizeof *claim.items);
    MUST (claim.items);
    for (size_t i = 0, last = claim.n; i < claim.n; i++) {
        struct due_item item = item_read (kind, rows, i, arena);
        claim.items[item.rc == RC_OK ? claim.n_to_work++ : --last] = item;
    }
    db_calls_clear (calls, 4);
    *ret_claim = claim;
    return RC_OK;
}

static void
item_fill (const struct claim *claim, size_t i, struct item *item)
{
    const struct due_item *due = &claim->items[i];
    const struct due_kind *kind = claim->kind;
    const ProtobufCMessage *data = due->result ? due->result : due->payload;
    *item = (struct item){
        .kind = ITEM_DUE,
        .decide = due->result || !kind->work ? kind->decide : NULL,
        .keys = kind->keys,
        .gather = due->result || !kind->work ? kind->gather : NULL,
        .refused = due->rc,
        .err = due->err,
        .due = { due->id, claim->token },
        .attempts = due->attempt - 1,
        .attempts_allowed = (unsigned)attempts_of (kind),
    };
    item->message = (struct message){
        .source = MESSAGE_DUE,
        .id = due->id,
        .type = data ? data->descriptor->name : kind->name,
        .tenant = due->tenant,
        .subject = due->subject,
        .version = due->input_version,
        .data = data,
    };
}

static size_t
items_lost (const struct batch *batch)
{
    size_t n = 0;
    for (size_t i = 0; i < batch->n_items; i++)
        n += batch->items[i].rc == RC_LOST;
    return n;
}

static void
claim_finish (struct worker *worker, const struct claim *claim, struct arena *arena)
{
    struct engine *engine = worker->engine;
    struct batch batch = {
        .service = engine->service,
        .doubt = &worker->doubt,
        .arena = arena,
        .n_items = claim->n,
    };
    batch.items = arena_array (arena, claim->n, sizeof *batch.items);
    MUST (batch.items);
    for (size_t i = 0; i < claim->n; i++)
        item_fill (claim, i, &batch.items[i]);
    struct ledger ledger = ledger_pg_ops (worker->ledger);
    for (unsigned failures = 1;; failures++) {
        struct err err = { 0 };
        int64_t start = clock_monotonic ();
        enum rc rc = batch_run (&batch, &ledger, worker->gather, &err);
        engine_database_state (engine, rc == RC_OK, &err);
        if (rc == RC_OK) {
            engine_count_batch (claim->kind->name, batch.n_items, clock_monotonic () - start);
            engine_count_lost (claim->kind->name, items_lost (&batch));
            engine_committed (engine, &batch);
            return;
        }
        if (rc != RC_RETRY || engine->stopping) { /* the leases run out and somebody claims them again */
            engine_batch_failed (claim->kind->name, rc, &err);
            return;
        }
        engine_back_off (engine, failures);
    }
}

/* True when something was claimed: there may be more. */
static bool
kind_run (struct worker *worker, const struct due_kind *kind)
{
    ARENA_AUTO struct arena *arena = arena_new (BATCH_ARENA);
    MUST (arena);
    struct claim claim = { 0 };
    struct err err = { 0 };
    enum rc rc = claim_take (worker, kind, arena, &claim, &err);
    if (rc != RC_OK) {
        engine_database_state (worker->engine, false, &err);
        engine_back_off (worker->engine, 3);
        return false;
    }
    if (!claim.n)
        return false;
    arena_reset (worker->gather->arena);
    if (kind->work && claim.n_to_work)
        kind->work (worker->gather, claim.items, claim.n_to_work);
    claim_finish (worker, &claim, arena);
    return true;
}

/* Looks once for all kinds, so that an idle service asks the database one cheap question. Bits of the table's rows. */
static uint32_t
kinds_ready (struct worker *worker)
{
    const struct due_kind *kinds = worker->engine->service->due_kinds;
    const char *names[DUE_KINDS_MAX];
    size_t n = 0;
    for (; kinds[n].name; n++) {
        MUST (n < DUE_KINDS_MAX);
        names[n] = kinds[n].name;
    }
    arena_reset (worker->gather->arena);
    struct db_call call = { .sql = &sql_due_kinds, .params = db_params (worker->gather->arena) };
    struct err err = { 0 };
    uint32_t ready = 0;
    db_param_text_array (call.params, names, n);
    enum rc rc = gather_read (worker->gather, 0, &call, 1, &err);
    engine_database_state (worker->engine, rc == RC_OK, &err);
    if (rc != RC_OK)
        return 0;
    for (size_t i = 0; i < db_count (call.result); i++)
        ready |= UINT32_C (1) << (db_int8 (call.result, i, 0) - 1);
    db_calls_clear (&call, 1);
    return ready;
}

void *
due_thread (void *self)
{
    struct engine *engine = self;
    char name[96];
    snprintf (name, sizeof name, "padan %s.%s due", engine->service->name, engine->settings.instance);
    struct worker worker = { .engine = engine, .gather = gather_new (engine, "work") };
    worker.db = db_new_keyed (engine->settings.database, name);
    MUST (worker.db);
    worker.ledger = ledger_pg_new (worker.db, engine->service);
    MUST (worker.ledger);
    while (!engine->stopping) {
        bool some = false;
        uint32_t ready = engine_rewound (engine) ? 0 : kinds_ready (&worker);
        for (size_t i = 0; ready >> i && !engine->stopping; i++)
            if (ready >> i & 1)
                some = kind_run (&worker, &engine->service->due_kinds[i]) || some;
        if (!some)
            engine_await (engine, SIGNAL_DUE, &worker.signals, IDLE_LOOK_MS);
    }
    ledger_pg_destroy (&worker.ledger);
    db_destroy (&worker.db);
    gather_destroy (&worker.gather);
    return NULL;
}
