/* Followers: one thread per followed log. Asks for what lies after our positions, decides the entries, and commits the
 * positions with their effects. Of two instances that follow the same log, one commits; the other reads again. */
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/bus/client.h"
#include "common/bus/routes.h"
#include "common/engine/runtime.h"
#include "engine_sql.h"

enum {
    ANSWER_ARENA = 64 << 20,
    ANSWER_PATIENCE_MS = LOG_WAIT_MS + 1000, /* then the question is asked again: it or its answer may be lost */
    QUIET_POSITIONS = 10000,                 /* a quiet partition is moved when it lags this much */
    QUIET_SECONDS = 5,                       /* or this long after the last entry */
    STUCK_TRIES = 16,                        /* of one batch, some 15 s: then the log says why, and again */
    LOST_WAIT_MS = 250, /* the one who lost a race leaves the field to the winner for a while, doubled up to 8 times */
};

struct place {
    struct follower *follower;
    struct gather *gather;
    struct db *db;
    struct ledger_pg *ledger;
    struct bus_client *client;
    struct uuid epoch;                 /* nil: never met */
    int64_t stored[ENGINE_PARTITIONS]; /* as committed */
    int64_t seen[ENGINE_PARTITIONS];   /* asked from here: stored, or a later `upto` of a quiet partition */
    int64_t last[ENGINE_PARTITIONS];
    uint8_t hashes[ENGINE_PARTITIONS][ENTRY_HASH_SIZE];
    uint64_t number;    /* of the newest question */
    uint64_t oldest;    /* of those that ask the same: a late answer is as good */
    int64_t asked_at;   /* monotonic; 0: nothing is asked */
    int64_t entries_at; /* monotonic: when the last entry came */
    unsigned lost;
    struct batch_doubt doubt;
};

/* Call with the positions of this log in the database. */
static enum rc
place_read (struct place *place, struct err *err)
{
    const char *log = place->follower->follow->log;
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    MUST (arena);
    struct db_params *params = db_params (arena);
    db_param_text (params, log);
    struct db_call calls[] = { { .sql = &sql_follow_start, .params = params },
                               { .sql = &sql_follow_read, .params = params } };
    enum rc rc = db_run (place->db, calls, 2, err);
    if (rc != RC_OK)
        return rc;
    const struct db_result *rows = calls[1].result;
    for (size_t i = 0; i < db_count (rows); i++) {
        int32_t p = db_int4 (rows, i, 0);
        place->stored[p] = place->seen[p] = db_int8 (rows, i, 1);
        place->epoch = db_null (rows, i, 2) ? ((struct uuid){ 0 }) : db_uuid (rows, i, 2);
        place->last[p] = db_int8 (rows, i, 3);
        struct bytes hash = db_bytes (rows, i, 4);
        if (hash.size == ENTRY_HASH_SIZE)
            memcpy (place->hashes[p], hash.data, ENTRY_HASH_SIZE);
    }
    db_calls_clear (calls, 2);
    place->asked_at = 0;
    return RC_OK;
}

/* Partitions at the same position travel together; the newest entry of each such group vouches for it. */
static void
question_fill (struct place *place, struct arena *arena, Padan__LogRead *read)
{
    read->from = arena_array (arena, ENGINE_PARTITIONS, sizeof *read->from);
    MUST (read->from);
    for (int32_t p = 0; p < ENGINE_PARTITIONS; p++) {
        Padan__LogFrom *from = NULL;
        for (size_t i = 0; i < read->n_from && !from; i++)
            if (read->from[i]->position == place->seen[p])
                from = read->from[i];
        if (!from) {
            from = arena_alloc (arena, sizeof *from);
            MUST (from);
            padan__log_from__init (from);
            from->position = place->seen[p];
            read->from[read->n_from++] = from;
        }
        from->partitions |= UINT64_C (1) << p;
        if (place->last[p] > from->last_position) {
            from->last_position = place->last[p];
            from->last_hash = (ProtobufCBinaryData){ .len = ENTRY_HASH_SIZE, .data = place->hashes[p] };
        }
    }
}

static void
question_send (struct place *place)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    MUST (arena);
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__LogRead read = PADAN__LOG_READ__INIT;
    read.follower = (char *)place->follower->engine->service->name;
    if (!uuid_is_nil (place->epoch))
        read.epoch = uuid_field (&place->epoch);
    read.limit = FOLLOW_LIMIT;
    read.wait_ms = LOG_WAIT_MS;
    question_fill (place, arena, &read);
    int64_t passed = INT64_MAX;
    for (int32_t p = 0; p < ENGINE_PARTITIONS; p++)
        passed = place->stored[p] < passed ? place->stored[p] : passed;
    Padan__LogPlace kept = PADAN__LOG_PLACE__INIT;
    kept.position = passed;
    read.place = &kept;
    request.number = ++place->number;
    if (!place->asked_at)
        place->oldest = place->number;
    request.log_read = &read;
    struct err err;
    if (bus_client_send (place->client, &request, &err) == RC_OK)
        place->asked_at = clock_monotonic ();
}

static struct batch
batch_start (struct place *place, struct arena *arena, size_t room)
{
    struct batch batch = {
        .service = place->follower->engine->service,
        .doubt = &place->doubt,
        .arena = arena,
        .log = place->follower->follow->log,
        .positions = place->stored,
        .last_positions = place->last,
        .last_hashes = place->hashes,
    };
    batch.items = arena_array (arena, room + 1, sizeof *batch.items);
    MUST (batch.items);
    return batch;
}

/* Runs until it is committed, lost, or the service stops. */
static enum rc
batch_finish (struct place *place, struct batch *batch)
{
    struct engine *engine = place->follower->engine;
    struct ledger ledger = ledger_pg_ops (place->ledger);
    for (unsigned failures = 1;; failures++) {
        struct err err = { 0 };
        int64_t start = clock_monotonic ();
        arena_reset (place->gather->arena);
        enum rc rc = batch_run (batch, &ledger, place->gather, &err);
        if (rc == RC_OK) {
            engine_database_state (engine, true, &err);
            engine_count_batch (batch->log, batch->n_items, clock_monotonic () - start);
            engine_committed (engine, batch);
            for (size_t i = 0; i < batch->n_items; i++)
                if (batch->items[i].parked)
                    log_event (LOG_WARNING, "entry.parked", LOG_STR ("log", batch->log),
                               LOG_INT ("position", batch->items[i].message.position),
                               LOG_STR ("type", batch->items[i].message.type),
                               LOG_STR ("reason", batch->items[i].err.text));
            return RC_OK;
        }
        if (rc != RC_RETRY || engine->stopping) {
            engine_batch_failed (batch->log, rc, &err);
            return rc;
        }
        engine_database_state (engine, false, &err);
        if (failures % STUCK_TRIES == 0)
            log_event (LOG_WARNING, "follow.stuck", LOG_STR ("log", batch->log), LOG_INT ("tries", (int64_t)failures),
                       LOG_ERR_FIELDS (&err));
        engine_back_off (engine, failures);
    }
}

static enum rc
entries_run (struct place *place, const Padan__LogAnswer *answer, struct arena *arena)
{
    struct batch batch = batch_start (place, arena, answer->n_entries);
    batch.upto = answer->upto;
    for (size_t i = 0; i < answer->n_entries; i++) {
        const Padan__LogEntry *entry = answer->entries[i];
        struct err err = { 0 };
        if (entry->partition < ENGINE_PARTITIONS && entry->position <= place->stored[entry->partition])
            continue;
        enum rc rc =
            item_entry (&batch, place->follower->follow, batch.log, entry->position, (int32_t)entry->partition,
                        (struct bytes){ entry->hash.data, entry->hash.len },
                        (struct bytes){ entry->envelope.data, entry->envelope.len }, &batch.items[batch.n_items], &err);
        if (rc != RC_OK) {
            log_event (LOG_CRIT, "log.corrupt", LOG_STR ("log", batch.log), LOG_ERR_FIELDS (&err));
            return RC_CORRUPT;
        }
        batch.n_items++;
    }
    return batch.n_items ? batch_finish (place, &batch) : RC_OK;
}

/* Moves partitions that had nothing for long, so that segments can be dropped behind us. */
static enum rc
quiet_move (struct place *place, int64_t upto)
{
    bool idle = clock_monotonic () - place->entries_at > QUIET_SECONDS * (int64_t)CLOCK_SECOND;
    ARENA_AUTO struct arena *arena = arena_new (BATCH_ARENA);
    MUST (arena);
    struct batch batch = batch_start (place, arena, 0);
    batch.upto = upto;
    for (int32_t p = 0; p < ENGINE_PARTITIONS; p++)
        if (place->stored[p] < upto && (idle || upto - place->stored[p] > QUIET_POSITIONS))
            batch.quiet |= UINT64_C (1) << p;
    return batch.quiet ? batch_finish (place, &batch) : RC_OK;
}

static void
place_lost (struct place *place, enum rc rc)
{
    struct engine *engine = place->follower->engine;
    struct err err = { 0 };
    if (rc == RC_LOST) {
        place->lost = place->lost < 8 ? place->lost + 1 : 8;
        engine_count_lost (place->follower->follow->log, 1);
        engine_sleep (engine, (int)(LOST_WAIT_MS * place->lost));
    } else if (rc != RC_RETRY) { /* even cut to one entry it could not be written: goes on trying */
        engine_back_off (engine, 6);
    }
    while (!engine->stopping && place_read (place, &err) != RC_OK)
        engine_back_off (engine, 3);
}

/* First contact: whose log this is. A later change of it is a restore, and refused by the owner's answer. */
static void
epoch_remember (struct place *place, const Padan__LogAnswer *answer)
{
    struct uuid epoch;
    if (!uuid_is_nil (place->epoch) || !uuid_from (answer->epoch, &epoch))
        return;
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    MUST (arena);
    struct db_call call = { .sql = &sql_follow_epoch, .params = db_params (arena) };
    db_param_text (call.params, place->follower->follow->log);
    db_param_uuid (call.params, epoch);
    struct err err;
    if (db_run (place->db, &call, 1, &err) == RC_OK)
        place->epoch = epoch;
    db_calls_clear (&call, 1);
}

static void
answer_use (struct place *place, const Padan__LogAnswer *answer, struct arena *arena)
{
    struct follow_state *state = place->follower->state;
    struct engine *engine = place->follower->engine;
    bool news = answer->rewound ? !state->rewound : answer->expelled && !state->expelled;
    state->rewound = answer->rewound;
    state->expelled = answer->expelled;
    if (answer->rewound || answer->expelled) {
        if (news)
            log_event (LOG_CRIT, answer->rewound ? "log.rewound" : "log.expelled",
                       LOG_STR ("log", place->follower->follow->log), LOG_INT ("head", answer->head));
        engine_back_off (engine, 6);
        return;
    }
    epoch_remember (place, answer);
    state->lag = answer->head - (answer->n_entries ? answer->entries[0]->position - 1 : answer->upto);
    if (answer->n_entries)
        place->entries_at = clock_monotonic ();
    /* The next question leaves before this answer is worked on, so that both sides are busy. */
    for (int32_t p = 0; p < ENGINE_PARTITIONS; p++)
        if (answer->upto > place->seen[p])
            place->seen[p] = answer->upto;
    if (answer->n_entries)
        question_send (place);
    enum rc rc = entries_run (place, answer, arena);
    if (rc == RC_OK)
        rc = quiet_move (place, answer->upto);
    if (rc != RC_OK) {
        place_lost (place, rc);
        return;
    }
    place->lost = 0;
    state->seen = answer->upto;
    state->lag = answer->head - answer->upto;
    state->committed_at = clock_monotonic ();
    outbox_wake (engine->outbox);
}

static void
answer_wait (struct place *place)
{
    zmq_pollitem_t item = { .socket = bus_client_socket (place->client), .events = ZMQ_POLLIN };
    zmq_poll (&item, 1, 100);
    ARENA_AUTO struct arena *arena = arena_new (ANSWER_ARENA);
    MUST (arena);
    Padan__Reply *reply;
    struct err err = { 0 };
    enum rc rc = bus_client_receive (place->client, arena, &reply, &err);
    if (rc == RC_OK && reply->number >= place->oldest && reply->number <= place->number) {
        place->asked_at = 0;
        if (reply->log_answer)
            answer_use (place, reply->log_answer, arena);
        else
            engine_back_off (place->follower->engine, 2);
    }
}

/* Of every instance that the configuration names. */
static struct bus_client *
client_open (const struct follower *follower, struct err *err)
{
    struct engine *engine = follower->engine;
    const struct config_list *peers = &engine->settings.peers;
    const char *log = follower->follow->log, *endpoints = "";
    struct bus_route routes[BUS_CALL_SERVICES_MAX];
    ARENA_AUTO struct arena *arena = arena_new (ROUTES_ARENA);
    MUST (arena);
    if (bus_routes_parse (peers->items, peers->count, arena, routes, err) != RC_OK)
        return NULL;
    for (size_t i = 0; i < peers->count; i++)
        if (strcmp (routes[i].service, log) == 0)
            endpoints = routes[i].endpoints;
    return bus_client_new (&engine->cert, engine->peers, log, endpoints, err);
}

void *
follower_thread (void *self)
{
    struct follower *follower = self;
    struct engine *engine = follower->engine;
    char name[96];
    struct err err = { 0 };
    struct place place = { .follower = follower, .gather = gather_new (engine, "gather") };
    snprintf (name, sizeof name, "padan %s.%s follows %s", engine->service->name, engine->settings.instance,
              follower->follow->log);
    place.db = db_new_keyed (engine->settings.database, name);
    MUST (place.db);
    place.ledger = ledger_pg_new (place.db, engine->service);
    MUST (place.ledger);
    while (!engine->stopping && !place.client) {
        place.client = client_open (follower, &err);
        if (!place.client) {
            log_event (LOG_ERR, "follow.unreachable", LOG_STR ("log", follower->follow->log), LOG_ERR_FIELDS (&err));
            engine_back_off (engine, 6);
        }
    }
    while (!engine->stopping && place_read (&place, &err) != RC_OK) {
        engine_database_state (engine, false, &err);
        engine_back_off (engine, 4);
    }
    while (!engine->stopping) {
        if (engine_rewound (engine)) { /* our own log is not what others have read: nothing is added to it */
            engine_back_off (engine, 4);
            continue;
        }
        if (!place.asked_at)
            question_send (&place);
        answer_wait (&place);
        if (place.asked_at && clock_monotonic () - place.asked_at > ANSWER_PATIENCE_MS * (int64_t)(CLOCK_SECOND / 1000))
            question_send (&place);
    }
    bus_client_destroy (&place.client);
    ledger_pg_destroy (&place.ledger);
    db_destroy (&place.db);
    gather_destroy (&place.gather);
    return NULL;
}
