#include "common/engine/attempt.h"

#include <string.h>

void
keys_add (struct keys *keys, const struct table *table, int64_t tenant, struct uuid id)
{
    MUST (row_map_want (keys->rows, table, tenant, id));
}

void
keys_add_new (struct keys *keys, const struct table *table, int64_t tenant, struct uuid id)
{
    if (keys->certain)
        keys_add (keys, table, tenant, id);
    else
        MUST (row_map_assume (keys->rows, table, tenant, id));
}

/* Positions move per partition from the entry before this range to the last one in it, so that a batch cut in
 * halves advances in halves. */
static void
advances_collect (struct attempt *try)
{
    struct batch *batch = try->batch;
    if (!batch->log)
        return;
    const struct item *last[ENGINE_PARTITIONS] = { 0 };
    for (size_t i = 0; i < try->n; i++)
        if (try->items[i].kind == ITEM_ENTRY && !entry_is_done (batch, &try->items[i]))
            last[try->items[i].partition] = &try->items[i];
    try->advances = engine_memory (try->arena, ENGINE_PARTITIONS, sizeof *try->advances);
    for (int32_t p = 0; p < ENGINE_PARTITIONS; p++) {
        bool quiet = !last[p] && try->is_last && (batch->quiet >> p & 1) && batch->upto > batch->positions[p];
        if (!last[p] && !quiet)
            continue;
        struct advance *advance = &try->advances[try->n_advances++];
        *advance = (struct advance){
            .log = batch->log,
            .partition = p,
            .from = batch->positions[p],
            .to = last[p] ? last[p]->message.position : batch->upto,
            .last_position = last[p] ? last[p]->message.position : batch->last_positions[p],
            .last_hash = last[p] ? last[p]->hash : (struct bytes){ batch->last_hashes[p], ENTRY_HASH_SIZE },
        };
    }
}

static void
tenant_add (struct attempt *try, int64_t tenant)
{
    for (size_t i = 0; i < try->n_tenants; i++)
        if (try->tenants[i] == tenant)
            return;
    try->tenants[try->n_tenants++] = tenant;
}

static enum rc
keys_collect (struct attempt *try, struct item *item)
{
    struct keys keys = { try->rows, try->certain };
    const struct message *message = &item->message;
    if (!item->decide || item->refused || item->poison)
        return RC_OK;
    if (item->keys)
        return item->keys (&keys, message, &item->err);
    keys_add (&keys, try->batch->service->tables[0], message->tenant, message->subject);
    return RC_OK;
}

static enum rc
attempt_begin (struct attempt *try, struct err *err)
{
    struct ledger_read read = { .arena = try->arena, .rows = try->rows };
    struct parked_id *parked = engine_memory (try->arena, try->n, sizeof *parked);
    struct due_id *due = engine_memory (try->arena, try->n, sizeof *due);
    struct command_key *commands = engine_memory (try->arena, try->n, sizeof *commands);
    struct subject_id *subjects = engine_memory (try->arena, try->n, sizeof *subjects);
    try->tenants = engine_memory (try->arena, try->n, sizeof *try->tenants);
    for (size_t i = 0; i < try->n; i++) {
        struct item *item = &try->items[i];
        enum rc rc = keys_collect (try, item);
        if (rc != RC_OK) /* it named no rows it can be decided on: refused like by its decision, but undecided */
            item->refused = rc;
        tenant_add (try, item->message.tenant);
        switch (item->kind) {
        case ITEM_COMMAND:
            if (try->certain)
                commands[read.n_commands++] = item->key;
            break;
        case ITEM_ENTRY:
            subjects[read.n_subjects++] =
                (struct subject_id){ item->message.log, item->message.tenant, item->message.subject };
            break;
        case ITEM_PARKED:
            parked[read.n_parked++] = (struct parked_id){ item->message.log, item->message.position };
            break;
        case ITEM_DUE:
            due[read.n_due++] = item->due;
            break;
        }
    }
    advances_collect (try);
    read.tenants = try->tenants;
    read.n_tenants = try->n_tenants;
    read.advances = try->advances;
    read.n_advances = try->n_advances;
    read.parked = parked;
    read.due = due;
    read.commands = commands;
    read.subjects = subjects;
    enum rc rc = try->ledger->begin (try->ledger->self, &read, &try->view, err);
    if (rc == RC_OK && try->view.advanced != try->n_advances) {
        try->ledger->rollback (try->ledger->self);
        return err_set (err, RC_LOST, "another instance moved the positions of %s", try->batch->log);
    }
    return rc;
}

static void
attempt_keep (struct attempt *try, const struct ledger_receipt *receipt)
{
    struct batch *batch = try->batch;
    batch->epoch = receipt->epoch;
    if (try->unit.n_log)
        batch->head = receipt->base + (int64_t)try->unit.n_log;
    batch->scheduled = batch->scheduled || try->unit.n_due;
    for (size_t i = 0; i < try->n; i++)
        if (try->items[i].events)
            try->items[i].position = receipt->base + try->items[i].events;
    for (size_t i = 0; i < try->n_advances; i++) {
        const struct advance *advance = &try->advances[i];
        batch->positions[advance->partition] = advance->to;
        batch->last_positions[advance->partition] = advance->last_position;
        memmove (batch->last_hashes[advance->partition], advance->last_hash.data, ENTRY_HASH_SIZE);
    }
}

static enum rc
attempt_commit (struct attempt *try, struct err *err)
{
    struct ledger_write write = {
        .arena = try->arena,
        .rows = try->rows,
        .parked = try->parked,
        .n_parked = try->n_parked,
        .due = try->unit.due,
        .n_due = try->unit.n_due,
        .due_done = try->done,
        .n_due_done = try->n_done,
        .due_failed = try->failed,
        .n_due_failed = try->n_failed,
        .due_cancel = try->unit.cancel,
        .n_due_cancel = try->unit.n_cancel,
        .log = try->unit.log,
        .n_log = try->unit.n_log,
        .replies = try->replies,
        .n_replies = try->n_replies,
    };
    struct ledger_receipt receipt = { .epoch = try->view.epoch };
    enum rc rc = try->ledger->commit (try->ledger->self, &write, &receipt, err);
    if (rc == RC_OK)
        attempt_keep (try, &receipt);
    return rc;
}

enum rc
attempt_run (struct attempt *try, struct err *err)
{
    try->rows = row_map_new (try->arena);
    MUST (try->rows);
    try->parked = engine_memory (try->arena, try->n, sizeof *try->parked);
    try->failed = engine_memory (try->arena, try->n, sizeof *try->failed);
    try->done = engine_memory (try->arena, try->n, sizeof *try->done);
    try->replies = engine_memory (try->arena, try->n, sizeof *try->replies);
    enum rc rc = attempt_begin (try, err);
    if (rc == RC_OK) {
        try->unit = (struct unit){
            .arena = try->arena,
            .rows = try->rows,
            .now = try->view.now,
            .random = try->batch->random,
            .random_self = try->batch->random_self,
        };
        attempt_fold (try);
        if (try->unsure) {
            try->ledger->rollback (try->ledger->self);
            rc = err_set (err, RC_CONFLICT, "replies given before must be looked for");
        } else {
            rc = attempt_commit (try, err);
        }
    }
    row_map_destroy (&try->rows);
    return rc;
}
