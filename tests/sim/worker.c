/* The engine's loops around batch_run, as the threads of an instance run them. */
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/sim/sim.h"

enum {
    BATCH_ARENA_LIMIT = 64 << 20,
    BATCH_TRIES = 6,  /* then its senders repeat, or it is read again */
    COMMANDS_MAX = 6, /* small, so that commands meet in batches and in different ones */
    DUE_MAX = 4,
    PARKED_MAX = 4,
};

/* ------------------------------------------------------------ pausing */

bool
worker_can_run (const struct worker *worker)
{
    if (worker->ready && worker->ready (worker->ready_argument))
        return true;
    return worker->wake_at <= worker->instance->sim->now;
}

static void
worker_sleep_until (struct worker *worker, int64_t at, bool (*ready) (void *), void *argument)
{
    if (worker->instance->dying)
        return;
    worker->wake_at = at;
    worker->ready = ready;
    worker->ready_argument = argument;
    task_pause (worker->task);
    worker->wake_at = 0;
    worker->ready = NULL;
}

static void
worker_sleep (struct worker *worker, int64_t from, int64_t to)
{
    struct sim *sim = worker->instance->sim;
    worker_sleep_until (worker, sim->now + sim_between (sim, from, to), NULL, NULL);
}

void
worker_wait (void *self, bool (*ready) (void *), void *argument)
{
    worker_sleep_until (self, INT64_MAX, ready, argument);
}

void
worker_pause (void *self, enum boundary at)
{
    struct worker *worker = self;
    struct sim *sim = worker->instance->sim;
    if (worker->instance->dying || (at == BOUNDARY_LOCK && sim_random (sim) % 8))
        return;
    if (sim_chance (sim, 300)) {
        sim->crash_wanted = worker->instance;
        if (at == BOUNDARY_COMMITTED)
            sim_happened (sim, HAPPENED_CRASH_COMMITTED);
    }
    if (sim_random (sim) % 8 == 0)
        worker_sleep (worker, 0, 20000);
    else
        worker_sleep_until (worker, 0, NULL, NULL);
}

/* ------------------------------------------------------------ batches */

static struct batch
batch_start (struct worker *worker, struct arena *arena, size_t room)
{
    struct batch batch = {
        .service = sim_services[worker->instance->service],
        .doubt = &worker->doubt,
        .arena = arena,
        .random = (uint64_t (*) (void *))sim_random,
        .random_self = worker->instance->sim,
    };
    batch.items = arena_array (arena, room + 1, sizeof *batch.items);
    MUST (batch.items);
    return batch;
}

static enum rc
batch_finish (struct worker *worker, struct batch *batch, struct gather *gather)
{
    struct instance *instance = worker->instance;
    enum rc rc = RC_RETRY;
    for (int i = 0; i < BATCH_TRIES && !instance->dying; i++) {
        struct err err = { 0 };
        struct ledger ledger = session_ledger (worker->session);
        session_mend (worker->session);
        rc = batch_run (batch, &ledger, gather, &err);
        if (instance->dying)
            return RC_RETRY;
        if (rc == RC_OK || rc == RC_LOST)
            return rc;
        sim_trace (instance->sim, "%s %d: %s %s", batch->service->name, instance->number, rc_name (rc), err.text);
        worker_sleep (worker, 1000, 200000);
    }
    sim_happened (instance->sim, HAPPENED_GAVE_UP);
    return rc;
}

/* ------------------------------------------------------------ commands */

static bool
has_inbox (void *instance)
{
    return ((struct instance *)instance)->n_inbox > 0;
}

static void
reply_send (struct worker *worker, const struct packet *command, struct bytes reply)
{
    struct sim *sim = worker->instance->sim;
    struct packet packet = { .kind = PACKET_REPLY, .from = worker->instance->number, .to = -1 };
    uint8_t *copy = arena_copy (sim->arena, reply.data, reply.size);
    MUST (copy);
    packet.bytes = (struct bytes){ copy, reply.size };
    packet.number = command->number;
    packet_send (sim, &packet);
}

static void
command_add (struct worker *worker, struct batch *batch, struct packet *packet)
{
    struct err err = { 0 };
    struct item *item = &batch->items[batch->n_items];
    const Padan__Envelope *envelope =
        padan__envelope__unpack (arena_protobuf (batch->arena), packet->bytes.size, packet->bytes.data);
    MUST (envelope);
    if (item_command (batch->service, batch->arena, envelope, NULL, "tester", item, &err) == RC_OK) {
        item->origin = packet;
        batch->n_items++;
    } else {
        reply_send (worker, packet, reply_refusal (batch->arena, &err));
    }
}

static void
commands_work (struct worker *worker)
{
    struct instance *instance = worker->instance;
    struct packet *taken[COMMANDS_MAX];
    size_t n = (size_t)sim_between (instance->sim, 1, COMMANDS_MAX);
    if (n > instance->n_inbox)
        n = instance->n_inbox;
    memcpy (taken, instance->inbox, n * sizeof *taken);
    instance->n_inbox -= n;
    memmove (instance->inbox, instance->inbox + n, instance->n_inbox * sizeof *instance->inbox);
    ARENA_AUTO struct arena *arena = arena_new (BATCH_ARENA_LIMIT);
    MUST (arena);
    struct batch batch = batch_start (worker, arena, n);
    for (size_t i = 0; i < n; i++)
        command_add (worker, &batch, taken[i]);
    if (!batch.n_items || batch_finish (worker, &batch, NULL) != RC_OK)
        return;
    for (size_t i = 0; i < batch.n_items; i++)
        if (batch.items[i].reply.data)
            reply_send (worker, batch.items[i].origin, batch.items[i].reply);
}

/* ------------------------------------------------------------ following */

struct place {
    int64_t positions[ENGINE_PARTITIONS], last_positions[ENGINE_PARTITIONS];
    uint8_t last_hashes[ENGINE_PARTITIONS][ENTRY_HASH_SIZE];
};

static bool
has_answers (void *instance)
{
    return ((struct instance *)instance)->n_answers > 0;
}

/* Usually all partitions, sometimes half of them, so that instances overlap in part. */
static void
question_send (struct worker *worker, const struct place *place)
{
    static const uint64_t sets[] = { UINT64_MAX, UINT64_MAX, 0x5555555555555555u, 0xaaaaaaaaaaaaaaaau };
    struct sim *sim = worker->instance->sim;
    struct packet question = { .kind = PACKET_LOG_READ, .from = worker->instance->number };
    question.to = (int)sim_between (sim, 0, INSTANCES_EACH - 1);
    question.number = ++worker->instance->questions;
    question.partitions = sets[sim_random (sim) % (sizeof sets / sizeof *sets)];
    question.positions = sim_memory (sim, ENGINE_PARTITIONS, sizeof *question.positions);
    for (int p = 0; p < ENGINE_PARTITIONS; p++)
        question.positions[p] = question.partitions >> p & 1 ? place->positions[p] : INT64_MAX;
    packet_send (sim, &question);
}

/* Late and repeated answers are used too: they may be useless, they must be harmless. */
static enum rc
answer_use (struct worker *worker, struct place *place, const struct packet *answer)
{
    const struct follow *follow = &sim_services[worker->instance->service]->follows[0];
    ARENA_AUTO struct arena *arena = arena_new (BATCH_ARENA_LIMIT);
    MUST (arena);
    struct batch batch = batch_start (worker, arena, answer->n_entries);
    batch.log = follow->log;
    batch.positions = place->positions;
    batch.last_positions = place->last_positions;
    batch.last_hashes = place->last_hashes;
    batch.upto = answer->upto;
    batch.quiet = answer->partitions;
    for (size_t i = 0; i < answer->n_entries; i++) {
        const struct log_row *row = answer->entries[i].row;
        struct err err = { 0 };
        enum rc rc = item_entry (&batch, follow, follow->log, answer->entries[i].position, row->partition, row->hash,
                                 row->envelope, &batch.items[batch.n_items++], &err);
        MUST (rc == RC_OK);
    }
    bool news = batch.n_items;
    for (int p = 0; p < ENGINE_PARTITIONS && !news; p++)
        news = (batch.quiet >> p & 1) && place->positions[p] < batch.upto;
    return news ? batch_finish (worker, &batch, NULL) : RC_OK;
}

static void
follow_work (struct worker *worker)
{
    struct instance *instance = worker->instance;
    struct sim *sim = instance->sim;
    struct place place;
    ledger_sim_positions (sim->ledgers[instance->service], "till", place.positions, place.last_positions,
                          place.last_hashes);
    while (!instance->dying) {
        question_send (worker, &place);
        worker_sleep_until (worker, sim->now + CLOCK_SECOND, has_answers, instance);
        if (instance->dying || !instance->n_answers)
            continue;
        size_t i = sim_random (sim) % instance->n_answers;
        const struct packet *answer = instance->answers[i];
        instance->answers[i] = instance->answers[--instance->n_answers];
        enum rc rc = answer_use (worker, &place, answer);
        if (rc != RC_OK)
            return; /* positions are read again */
        if (!answer->n_entries)
            worker_sleep (worker, 10000, 300000); /* a long poll */
    }
}

/* ------------------------------------------------------------ parked entries and due work */

static void
parked_work (struct worker *worker)
{
    struct instance *instance = worker->instance;
    const struct follow *follow = &sim_services[instance->service]->follows[0];
    struct parked_row rows[PARKED_MAX];
    static const uint8_t no_hash[ENTRY_HASH_SIZE];
    size_t n = ledger_sim_ready_parked (instance->sim->ledgers[instance->service], PARKED_MAX, rows);
    if (!n)
        return;
    ARENA_AUTO struct arena *arena = arena_new (BATCH_ARENA_LIMIT);
    MUST (arena);
    struct batch batch = batch_start (worker, arena, n);
    for (size_t i = 0; i < n; i++) {
        struct err err = { 0 };
        struct item *item = &batch.items[batch.n_items++];
        enum rc rc = item_entry (&batch, follow, follow->log, rows[i].position, rows[i].partition,
                                 (struct bytes){ no_hash, sizeof no_hash }, rows[i].envelope, item, &err);
        MUST (rc == RC_OK);
        item->kind = ITEM_PARKED;
        item->attempts = rows[i].attempts;
    }
    worker_sleep (worker, 0, 5000);
    batch_finish (worker, &batch, NULL);
}

static struct item
due_item (const struct due_kind *kind, const struct claimed_due *claimed, const struct due_item *work)
{
    struct item item = {
        .kind = ITEM_DUE,
        .message = { .source = MESSAGE_DUE,
                     .id = claimed->row.id,
                     .type = kind->result ? kind->result->name : kind->payload->name,
                     .tenant = claimed->row.tenant,
                     .subject = claimed->row.subject,
                     .version = claimed->row.input_version,
                     .data = kind->work ? work->result : work->payload },
        .decide = !kind->work || work->result ? kind->decide : NULL,
        .keys = kind->keys,
        .refused = work->rc,
        .err = work->err,
        .attempts = claimed->attempts,
        .due = { claimed->row.id, claimed->token },
        .attempts_allowed = kind->attempts,
    };
    return item;
}

static void
due_work (struct worker *worker)
{
    struct sim *sim = worker->instance->sim;
    const struct due_kind *kind = worker->due;
    struct claimed_due claimed[DUE_MAX];
    struct due_item work[DUE_MAX];
    int64_t lease = kind->lease_seconds * (int64_t)CLOCK_SECOND;
    size_t n = ledger_sim_claim_due (sim->ledgers[worker->instance->service], kind->name, DUE_MAX, lease, claimed);
    if (!n)
        return;
    ARENA_AUTO struct arena *arena = arena_new (BATCH_ARENA_LIMIT);
    MUST (arena);
    struct gather gather = { arena };
    struct batch batch = batch_start (worker, arena, n);
    for (size_t i = 0; i < n; i++)
        work[i] = (struct due_item){
            .id = claimed[i].row.id,
            .tenant = claimed[i].row.tenant,
            .subject = claimed[i].row.subject,
            .input_version = claimed[i].row.input_version,
            .attempt = claimed[i].attempts + 1,
            .payload = protobuf_c_message_unpack (kind->payload, arena_protobuf (arena), claimed[i].row.payload.size,
                                                  claimed[i].row.payload.data),
        };
    if (kind->work)
        kind->work (&gather, work, n);
    for (size_t i = 0; kind->work && i < n; i++)
        if (sim_chance (sim, 20)) {
            sim_happened (sim, HAPPENED_WORK_LATER);
            work[i].rc = err_set (&work[i].err, RC_RETRY, "the registry does not answer");
            work[i].result = NULL;
        }
    for (size_t i = 0; i < n; i++)
        if (work[i].attempt > (int32_t)kind->attempts)
            work[i].rc = err_set (&work[i].err, RC_INTERNAL, "whoever worked on it ended");
    bool slow = sim_chance (sim, 30);
    if (slow)
        sim_happened (sim, HAPPENED_SLOW_WORK);
    worker_sleep (worker, slow ? lease : 0, slow ? 2 * lease : 50000);
    for (size_t i = 0; i < n; i++)
        batch.items[batch.n_items++] = due_item (kind, &claimed[i], &work[i]);
    batch_finish (worker, &batch, &gather);
}

/* ------------------------------------------------------------ instances */

static void
worker_main (void *self)
{
    struct worker *worker = self;
    struct instance *instance = worker->instance;
    while (!instance->dying) {
        switch (worker->kind) {
        case WORKER_COMMANDS:
            worker_sleep_until (worker, INT64_MAX, has_inbox, instance);
            if (instance->n_inbox && !instance->dying)
                commands_work (worker);
            break;
        case WORKER_FOLLOW:
            follow_work (worker);
            break;
        case WORKER_PARKED:
            parked_work (worker);
            worker_sleep (worker, 50000, 1000000);
            break;
        case WORKER_DUE:
            due_work (worker);
            worker_sleep (worker, 50000, 600000);
            break;
        }
    }
}

static void
worker_start (struct instance *instance, enum worker_kind kind, const struct due_kind *due)
{
    MUST (instance->n_workers < WORKERS_MAX);
    struct worker *worker = &instance->workers[instance->n_workers++];
    *worker = (struct worker){ .instance = instance, .kind = kind, .due = due };
    worker->session = session_new (instance->sim->ledgers[instance->service], worker);
    worker->task = task_new (worker_main, worker);
}

void
instance_start (struct instance *instance)
{
    const struct service *service = sim_services[instance->service];
    sim_trace (instance->sim, "start of %s %d", service->name, instance->number);
    instance->down = instance->dying = false;
    instance->n_workers = instance->n_inbox = instance->n_answers = 0;
    instance->frozen_until = 0;
    worker_start (instance, WORKER_COMMANDS, NULL);
    worker_start (instance, WORKER_COMMANDS, NULL);
    if (service->follows) {
        worker_start (instance, WORKER_FOLLOW, NULL);
        worker_start (instance, WORKER_PARKED, NULL);
    }
    for (const struct due_kind *kind = service->due_kinds; kind && kind->name; kind++)
        worker_start (instance, WORKER_DUE, kind);
}

/* Its connections break, and whatever its threads still do reaches nobody: they only unwind. */
void
instance_crash (struct instance *instance)
{
    instance->dying = true;
    for (size_t i = 0; i < instance->n_workers; i++)
        session_cut (instance->workers[i].session);
    for (size_t i = 0; i < instance->n_workers; i++) {
        struct worker *worker = &instance->workers[i];
        while (!task_has_ended (worker->task))
            task_run (worker->task);
        task_destroy (&worker->task);
        session_destroy (&worker->session);
    }
    instance->n_workers = 0;
    instance->down = true;
}
