#include "common/engine/batch.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/engine/unit.h"

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

/* One try at a range of items: everything that is forgotten when it must be run again. */
struct attempt {
    struct batch *batch;
    const struct ledger *ledger;
    struct item *items;
    size_t n;
    bool is_last; /* of a follower's batch: quiet partitions move with it */
    struct arena *arena;
    struct row_map *rows;
    struct unit unit;
    struct ledger_view view;
    struct parked_row *parked;
    size_t n_parked;
    struct due_failed *failed;
    size_t n_failed;
    struct uuid *done;
    size_t n_done;
    struct reply_row *replies;
    size_t n_replies;
    struct advance *advances;
    size_t n_advances;
    int64_t *tenants;
    size_t n_tenants;
};

struct keys {
    struct row_map *rows;
};

void
keys_add (struct keys *keys, const struct table *table, int64_t tenant, struct uuid id)
{
    MUST (row_map_want (keys->rows, table, tenant, id));
}

static void *
memory (struct arena *arena, size_t count, size_t size)
{
    void *bytes = arena_array (arena, count ? count : 1, size);
    MUST (bytes);
    return bytes;
}

/* ------------------------------------------------------------ reading */

/* Positions move per partition from the entry before this range to the last one in it, so that a batch cut in
 * halves advances in halves. */
static bool
entry_is_done (const struct batch *batch, const struct item *item)
{
    return item->message.position <= batch->positions[item->partition];
}

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
    try->advances = memory (try->arena, ENGINE_PARTITIONS, sizeof *try->advances);
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
    struct keys keys = { try->rows };
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
    struct parked_id *parked = memory (try->arena, try->n, sizeof *parked);
    struct due_id *due = memory (try->arena, try->n, sizeof *due);
    struct command_key *commands = memory (try->arena, try->n, sizeof *commands);
    struct subject_id *subjects = memory (try->arena, try->n, sizeof *subjects);
    try->tenants = memory (try->arena, try->n, sizeof *try->tenants);
    for (size_t i = 0; i < try->n; i++) {
        struct item *item = &try->items[i];
        enum rc rc = keys_collect (try, item);
        if (rc != RC_OK) /* it named no rows it can be decided on: refused like by its decision, but undecided */
            item->refused = rc;
        tenant_add (try, item->message.tenant);
        switch (item->kind) {
        case ITEM_COMMAND:
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

/* ------------------------------------------------------------ deciding */

struct seen_command {
    const struct item *item;
    UT_hash_handle hh;
};
struct seen_subject {
    struct subject_key {
        int64_t tenant;
        struct uuid subject;
    } key;
    UT_hash_handle hh;
};
struct seen {
    struct seen_command *commands;
    struct seen_subject *parked;
};

static const char *
command_name (struct arena *arena, const struct item *item)
{
    char person[UUID_TEXT];
    const char *name = arena_printf (arena, "%lld/%s/%s/%s", (long long)item->key.tenant,
                                     uuid_format (item->key.person, person), item->key.route, item->key.key);
    MUST (name);
    return name;
}

static uint64_t
random_next (struct batch *batch)
{
    if (batch->random)
        return batch->random (batch->random_self);
    struct uuid id = uuid_new (0);
    uint64_t value;
    memcpy (&value, id.bytes + 8, sizeof value);
    return value;
}

/* Full jitter: 1 s doubled by each failure up to 5 min, then a random part of it but never below a tenth. */
static int64_t
retry_at (struct batch *batch, int64_t now, int32_t failures)
{
    int64_t span = (int64_t)CLOCK_SECOND << (failures < 9 ? failures : 9);
    if (span > 300 * (int64_t)CLOCK_SECOND)
        span = 300 * (int64_t)CLOCK_SECOND;
    return now + span / 10 + (int64_t)(random_next (batch) % (uint64_t)span);
}

static bool
same_bytes (struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp (a.data, b.data, a.size) == 0);
}

static void
command_refuse_reuse (struct attempt *try, struct item *item)
{
    item->rc = err_code (&item->err, RC_KEY_REUSED, "common.key_reused", "", "same key, another body");
    item->reply = reply_refusal (try->batch->arena, &item->err);
}

static void
command_answer_stored (struct attempt *try, struct item *item, const struct stored_reply *stored)
{
    if (!same_bytes (stored->body_hash, item->body_hash)) {
        command_refuse_reuse (try, item);
        return;
    }
    void *copy = arena_copy (try->batch->arena, stored->reply.data, stored->reply.size);
    MUST (copy);
    item->rc = RC_OK;
    item->from_store = true;
    item->reply = (struct bytes){ copy, stored->reply.size };
    item->position = stored->position;
}

/* The same command twice in one batch: the later one gets what the earlier one got. */
static bool
command_repeats (struct attempt *try, struct seen *seen, struct item *item)
{
    const char *name = command_name (try->arena, item);
    struct seen_command *earlier;
    HASH_FIND_STR (seen->commands, name, earlier);
    if (earlier) {
        if (!same_bytes (earlier->item->body_hash, item->body_hash)) {
            command_refuse_reuse (try, item);
        } else {
            item->rc = earlier->item->rc;
            item->reply = earlier->item->reply;
            item->events = earlier->item->events;
            item->duplicate_of_earlier = true;
        }
        return true;
    }
    struct seen_command *added = memory (try->arena, 1, sizeof *added);
    added->item = item;
    HASH_ADD_KEYPTR (hh, seen->commands, name, strlen (name), added);
    return false;
}

static enum rc
item_decide (struct attempt *try, struct item *item)
{
    struct unit *unit = &try->unit;
    unit_start (unit, &item->message);
    item->err = (struct err){ 0 };
    enum rc rc = item->decide (unit, &item->message, &item->err);
    if (rc != RC_OK && item->err.rc != rc)
        err_set (&item->err, rc, "refused by %s", item->message.type);
    item->reply_data = unit->reply;
    unit_end (unit, rc == RC_OK);
    item->rc = rc;
    return rc;
}

static void
decide_command (struct attempt *try, struct seen *seen, struct item *item, const struct stored_reply *stored)
{
    struct arena *arena = try->batch->arena;
    if (item->refused) {
        item->rc = item->refused;
        item->reply = reply_refusal (arena, &item->err);
        return;
    }
    if (stored->found) {
        command_answer_stored (try, item, stored);
        return;
    }
    if (command_repeats (try, seen, item))
        return;
    if (item->deadline && item->deadline < try->view.now) {
        item->rc = err_set (&item->err, RC_EXPIRED, "deadline passed before it was decided");
        item->reply = reply_refusal (arena, &item->err);
        return;
    }
    enum rc rc = item_decide (try, item);
    item->reply =
        rc == RC_OK ? reply_accepted (arena, item->reply_type, item->reply_data) : reply_refusal (arena, &item->err);
    item->events = (int64_t)try->unit.n_log;
    if (rc == RC_BUSY || rc == RC_RETRY || rc == RC_INTERNAL)
        return; /* may be otherwise next time: not remembered */
    try->replies[try->n_replies++] = (struct reply_row){
        .tenant = item->key.tenant,
        .person = item->key.person,
        .route = item->key.route,
        .key = item->key.key,
        .body_hash = item->body_hash,
        .reply = item->reply,
        .events = item->events,
    };
}

static struct subject_key
subject_key (const struct item *item)
{
    struct subject_key key;
    memset (&key, 0, sizeof key);
    key.tenant = item->message.tenant;
    key.subject = item->message.subject;
    return key;
}

static void
item_park (struct attempt *try, struct seen *seen, struct item *item, int32_t attempts, const char *reason)
{
    struct subject_key key = subject_key (item);
    struct seen_subject *known;
    HASH_FIND (hh, seen->parked, &key, sizeof key, known);
    if (!known) {
        known = memory (try->arena, 1, sizeof *known);
        known->key = key;
        HASH_ADD (hh, seen->parked, key, sizeof known->key, known);
    }
    bool to_person = attempts >= PARKED_ATTEMPTS;
    int64_t at = attempts ? retry_at (try->batch, try->view.now, attempts) : try->view.now;
    item->parked = true;
    try->parked[try->n_parked++] = (struct parked_row){
        .log = item->message.log,
        .position = item->message.position,
        .partition = item->partition,
        .tenant = item->message.tenant,
        .subject = item->message.subject,
        .envelope = item->raw,
        .attempts = attempts,
        .retry_at = to_person ? 0 : at,
        .reason = reason,
    };
}

static void
decide_entry (struct attempt *try, struct seen *seen, struct item *item, bool behind)
{
    struct subject_key key = subject_key (item);
    struct seen_subject *parked_now;
    HASH_FIND (hh, seen->parked, &key, sizeof key, parked_now);
    item->rc = RC_OK;
    if (!item->decide || entry_is_done (try->batch, item)) /* done: by a half of this batch that did commit */
        return;
    if (behind || parked_now)
        item_park (try, seen, item, 0, "behind an earlier entry of its subject");
    else if (item->poison)
        item_park (try, seen, item, 1, item->poison);
    else if (item->refused || item_decide (try, item) != RC_OK)
        item_park (try, seen, item, 1, item->err.text);
}

static void
decide_parked (struct attempt *try, struct seen *seen, struct item *item, bool won)
{
    if (!won) {
        item->rc = RC_LOST;
        return;
    }
    item->rc = RC_OK;
    if (!item->decide)
        return;
    if (item->poison)
        item_park (try, seen, item, item->attempts + 1, item->poison);
    else if (item->refused || item_decide (try, item) != RC_OK)
        item_park (try, seen, item, item->attempts + 1, item->err.text);
}

static void
decide_due (struct attempt *try, struct item *item, bool won)
{
    if (!won) {
        item->rc = RC_LOST;
        return;
    }
    const char *reason = item->poison;
    item->rc = RC_OK;
    if (!reason && (item->refused || (item->decide && item_decide (try, item) != RC_OK)))
        reason = item->err.text;
    if (!reason) {
        try->done[try->n_done++] = item->due.id;
        return;
    }
    bool to_person = item->attempts + 1 >= (int32_t)item->attempts_allowed;
    try->failed[try->n_failed++] = (struct due_failed){
        .id = item->due.id,
        .attempts = item->attempts + 1,
        .retry_at = to_person ? 0 : retry_at (try->batch, try->view.now, item->attempts + 1),
        .reason = reason,
    };
}

static void
attempt_fold (struct attempt *try)
{
    struct seen seen = { 0 };
    size_t command = 0, subject = 0, parked = 0, due = 0;
    for (size_t i = 0; i < try->n; i++) {
        struct item *item = &try->items[i];
        item->parked = item->from_store = item->duplicate_of_earlier = false;
        item->position = item->events = 0;
        switch (item->kind) {
        case ITEM_COMMAND:
            decide_command (try, &seen, item, &try->view.replies[command++]);
            break;
        case ITEM_ENTRY:
            decide_entry (try, &seen, item, try->view.subject_parked[subject++]);
            break;
        case ITEM_PARKED:
            decide_parked (try, &seen, item, try->view.parked_won[parked++]);
            break;
        case ITEM_DUE:
            decide_due (try, item, try->view.due_won[due++]);
            break;
        }
    }
    HASH_CLEAR (hh, seen.commands);
    HASH_CLEAR (hh, seen.parked);
}

/* ------------------------------------------------------------ writing */

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

static enum rc
attempt_run (struct attempt *try, struct err *err)
{
    try->rows = row_map_new (try->arena);
    MUST (try->rows);
    try->parked = memory (try->arena, try->n, sizeof *try->parked);
    try->failed = memory (try->arena, try->n, sizeof *try->failed);
    try->done = memory (try->arena, try->n, sizeof *try->done);
    try->replies = memory (try->arena, try->n, sizeof *try->replies);
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
        rc = attempt_commit (try, err);
    }
    row_map_destroy (&try->rows);
    return rc;
}

static enum rc
range_try (struct batch *batch, const struct ledger *ledger, size_t first, size_t n, struct err *err)
{
    enum rc rc = RC_CONFLICT;
    for (int i = 0; i < BATCH_CONFLICTS && rc == RC_CONFLICT; i++) {
        ARENA_AUTO struct arena *arena = arena_new (BATCH_ARENA);
        MUST (arena);
        struct attempt try = {
            .batch = batch,
            .ledger = ledger,
            .items = batch->items + first,
            .n = n,
            .is_last = first + n == batch->n_items,
            .arena = arena,
        };
        rc = attempt_run (&try, err);
    }
    return rc;
}

static bool
is_poison (enum rc rc)
{
    return rc != RC_OK && rc != RC_RETRY && rc != RC_UNKNOWN && rc != RC_LOST && rc != RC_BUSY;
}

/* One message whose rows cannot be written: it is answered, parked or failed, and the others go on. */
static enum rc
range_poisoned (struct batch *batch, const struct ledger *ledger, size_t first, struct err *err)
{
    struct item *item = &batch->items[first];
    if (item->poison) /* even parking it fails: nothing here can mend that */
        return err->rc = RC_INTERNAL;
    if (item->kind == ITEM_COMMAND) {
        item->rc = err_set (&item->err, RC_INTERNAL, "%s", err->text);
        item->reply = reply_refusal (batch->arena, &item->err);
        return RC_OK;
    }
    item->poison = arena_string (batch->arena, err->text);
    MUST (item->poison);
    return range_try (batch, ledger, first, 1, err);
}

/* The item's own arena strings outlive the attempt only in batch->arena; halving bounds the depth by log2 (n). */
static enum rc
range_run (struct batch *batch, const struct ledger *ledger, size_t first, size_t n, struct err *err)
{
    enum rc rc = range_try (batch, ledger, first, n, err);
    if (!is_poison (rc))
        return rc == RC_UNKNOWN || rc == RC_BUSY ? RC_RETRY : rc;
    if (n <= 1)
        return n ? range_poisoned (batch, ledger, first, err) : rc;
    size_t half = n / 2;
    rc = range_run (batch, ledger, first, half, err);
    return rc == RC_OK ? range_run (batch, ledger, first + half, n - half, err) : rc;
}

static enum rc
batch_gather (struct batch *batch, struct gather *gather, struct err *err)
{
    struct message **messages = memory (batch->arena, batch->n_items, sizeof *messages);
    for (size_t i = 0; i < batch->n_items; i++) {
        gather_fn *function = batch->items[i].gather;
        bool done = false;
        for (size_t j = 0; j < i && !done; j++)
            done = batch->items[j].gather == function;
        if (!function || done || batch->items[i].refused)
            continue;
        size_t n = 0;
        for (size_t j = i; j < batch->n_items; j++)
            if (batch->items[j].gather == function && !batch->items[j].refused)
                messages[n++] = &batch->items[j].message;
        enum rc rc = function (gather, messages, n, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

enum rc
batch_run (struct batch *batch, const struct ledger *ledger, struct gather *gather, struct err *err)
{
    enum rc rc = batch_gather (batch, gather, err);
    if (rc != RC_OK)
        return RC_RETRY;
    return range_run (batch, ledger, 0, batch->n_items, err);
}
