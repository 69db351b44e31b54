/* Writers: take what waits of the commands, decide it in one transaction, answer. While one commits, the next
 * gathers: group commit without a timer. */
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/engine/runtime.h"

enum { FAILING_MS = 3000 }; /* a crashed PostgreSQL is back within; then its sender is told */

struct writer {
    struct engine *engine;
    struct gather *gather;
    struct db *db;
    struct ledger_pg *ledger;
    struct batch_doubt doubt;
};

static void
job_answer (struct job *job, const struct item *item)
{
    job->position = item->position;
    memcpy (job_reply (job, item->reply.size), item->reply.data, item->reply.size);
    if (item->rc == RC_INTERNAL || item->rc == RC_CORRUPT)
        log_event (LOG_ERR, "command.failed", LOG_STR ("type", item->message.type),
                   LOG_UUID ("message", item->message.id), LOG_ERR_FIELDS (&item->err));
    if (item->rc != RC_OK)
        engine_count_refusal (item->err.code[0] ? item->err.code : rc_name (item->rc));
}

/* Unpacked once, however often its batch is tried. */
static enum rc
job_item (const struct service *service, struct job *job, struct err *err)
{
    if (job->item)
        return RC_OK;
    struct item item;
    enum rc rc = item_command (service, job->arena, job->request.message->command, job->principal, job->request.service,
                               &item, err);
    if (rc != RC_OK)
        return rc;
    item.origin = job;
    job->item = arena_copy (job->arena, &item, sizeof item);
    return job->item ? RC_OK : err_code (err, RC_UNPROCESSABLE, "common.too_many", "", "too large unpacked");
}

/* Refusals at the door are answered at once and leave the list; the rest becomes items, in order. */
static struct job *
items_build (struct writer *writer, struct batch *batch, struct job *jobs)
{
    struct job *kept = NULL, **last_kept = &kept, *refused = NULL, **last_refused = &refused;
    for (struct job *job = jobs, *next; job; job = next) {
        next = job->next;
        job->next = NULL;
        struct err err = { 0 };
        enum rc rc = job_in_time (job, &err);
        if (rc == RC_OK)
            rc = job_item (batch->service, job, &err);
        if (rc == RC_OK) {
            batch->items[batch->n_items++] = *job->item;
            *last_kept = job;
            last_kept = &job->next;
        } else {
            job_refuse (job, batch->arena, &err);
            *last_refused = job;
            last_refused = &job->next;
        }
    }
    outbox_push (writer->engine->outbox, refused);
    return kept;
}

/* Ends commands that the database fails for too long. What surely was not done is told to come back long before its
 * sender gives up; of the rest nobody knows whether it happened, and senders repeat it under its key. */
static struct job *
jobs_expire (struct writer *writer, struct job *jobs, bool all)
{
    struct job *kept = NULL, **last = &kept, *gone = NULL, **last_gone = &gone;
    int64_t now = clock_monotonic ();
    arena_reset (writer->gather->arena);
    for (struct job *job = jobs, *next; job; job = next) {
        next = job->next;
        job->next = NULL;
        if (!job->failing)
            job->failing = now;
        bool patient = job->unsure || now - job->failing < FAILING_MS * (int64_t)(CLOCK_SECOND / 1000);
        bool expired = all || job->expires <= now || !patient;
        if (expired) {
            struct err err = { 0 };
            if (job->unsure)
                err_code (&err, RC_EXPIRED, "common.expired", "", "the database did not answer in time");
            else
                err_code (&err, RC_BUSY, "common.busy", "", "the database takes nothing now");
            job_refuse (job, writer->gather->arena, &err);
        }
        *(expired ? last_gone : last) = job;
        if (expired)
            last_gone = &job->next;
        else
            last = &job->next;
    }
    outbox_push (writer->engine->outbox, gone);
    return kept;
}

static enum rc
jobs_try (struct writer *writer, struct job **jobs)
{
    size_t n = 0;
    for (const struct job *job = *jobs; job; job = job->next)
        n++;
    ARENA_AUTO struct arena *arena = arena_new (BATCH_ARENA);
    MUST (arena);
    struct batch batch = { .service = writer->engine->service, .doubt = &writer->doubt, .arena = arena };
    batch.items = arena_array (arena, n, sizeof *batch.items);
    MUST (batch.items);
    *jobs = items_build (writer, &batch, *jobs);
    if (!batch.n_items)
        return RC_OK;
    struct err err = { 0 };
    struct ledger ledger = ledger_pg_ops (writer->ledger);
    int64_t start = clock_monotonic ();
    arena_reset (writer->gather->arena);
    enum rc rc = batch_run (&batch, &ledger, writer->gather, &err);
    engine_database_state (writer->engine, rc == RC_OK, &err);
    for (size_t i = 0; i < batch.n_items && rc != RC_OK; i++)
        if (batch.items[i].unsure)
            ((struct job *)batch.items[i].origin)->unsure = true;
    if (rc != RC_OK)
        return rc;
    engine_count_batch ("command", batch.n_items, clock_monotonic () - start);
    for (size_t i = 0; i < batch.n_items; i++)
        job_answer (batch.items[i].origin, &batch.items[i]);
    outbox_push (writer->engine->outbox, *jobs);
    *jobs = NULL;
    engine_committed (writer->engine, &batch);
    return RC_OK;
}

static void
jobs_run (struct writer *writer, struct job *jobs)
{
    for (unsigned failures = 1; jobs; failures++) {
        if (jobs_try (writer, &jobs) == RC_OK)
            return;
        jobs = jobs_expire (writer, jobs, writer->engine->stopping && failures > 3);
        if (jobs)
            engine_back_off (writer->engine, failures);
    }
}

void *
writer_thread (void *self)
{
    struct engine *engine = self;
    char name[96];
    snprintf (name, sizeof name, "padan %s.%s writer", engine->service->name, engine->settings.instance);
    struct writer writer = { .engine = engine, .gather = gather_new (engine, "gather") };
    writer.db = db_new_keyed (engine->settings.database, name);
    MUST (writer.db);
    writer.ledger = ledger_pg_new (writer.db, engine->service);
    MUST (writer.ledger);
    for (;;) {
        struct job *jobs = queue_take_batch (engine->commands, BATCH_MESSAGES, BATCH_BYTES, IDLE_LOOK_MS);
        if (!jobs && engine->stopping)
            break;
        jobs_run (&writer, jobs);
        if (jobs)
            queue_batch_end (engine->commands);
    }
    ledger_pg_destroy (&writer.ledger);
    db_destroy (&writer.db);
    gather_destroy (&writer.gather);
    return NULL;
}
