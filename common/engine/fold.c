#include "common/engine/attempt.h"

#include <string.h>

#include "common/base/clock.h"

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

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
    struct seen_command *added = engine_memory (try->arena, 1, sizeof *added);
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
    if (rc == RC_OK && unit->too_large)
        rc = err_code (&item->err, RC_UNPROCESSABLE, "common.too_many", "", "its event is too large for a log");
    if (rc != RC_OK && item->err.rc != rc)
        err_set (&item->err, rc, "refused by %s", item->message.type);
    item->reply_data = unit->reply;
    unit_end (unit, rc == RC_OK);
    if (rc == RC_OK && unit->refusal.rc != RC_OK)
        item->err = unit->refusal;
    item->rc = rc == RC_OK ? unit->refusal.rc : rc;
    return rc;
}

static void
decide_new_command (struct attempt *try, struct item *item)
{
    struct arena *arena = try->batch->arena;
    if (item->refused) {
        item->rc = item->refused;
        item->reply = reply_refusal (arena, &item->err);
        return;
    }
    if (item->deadline && item->deadline < try->view.now) {
        item->rc = err_set (&item->err, RC_EXPIRED, "deadline passed before it was decided");
        item->reply = reply_refusal (arena, &item->err);
        return;
    }
    enum rc rc = item_decide (try, item);
    item->reply = item->rc == RC_OK ? reply_accepted (arena, item->reply_type, item->reply_data)
                                    : reply_refusal (arena, &item->err);
    item->events = (int64_t)try->unit.n_log;
    if (rc == RC_BUSY || rc == RC_RETRY || rc == RC_INTERNAL || item->secret)
        return; /* may be otherwise next time, or must not be kept */
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

/* stored: what was given before, unless it has not been looked for. */
static void
decide_command (struct attempt *try, struct seen *seen, struct item *item, const struct stored_reply *stored)
{
    if (stored && stored->found) { /* what it was refused for since does not undo it */
        command_answer_stored (try, item, stored);
        return;
    }
    if (command_repeats (try, seen, item))
        return;
    size_t kept = try->n_replies;
    decide_new_command (try, item);
    bool found_out = try->n_replies > kept || item->secret; /* writing its reply would fail; secret ones have none */
    try->unsure = try->unsure || (!stored && !found_out);
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
        known = engine_memory (try->arena, 1, sizeof *known);
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
    if (!item->decide || entry_is_done (try->batch, item))
        return;
    if (behind || parked_now)
        item_park (try, seen, item, 0, "behind an earlier entry of its subject");
    else if (item->poison)
        item_park (try, seen, item, 1, item->poison);
    else if (item->refused || item_decide (try, item) != RC_OK)
        item_park (try, seen, item, 1, item->err.text);
}

/* What asks to be run later has not failed: it is never left to a person for that. */
static bool
asks_for_later (const struct item *item)
{
    return item->refused == RC_RETRY || item->rc == RC_RETRY;
}

static void
decide_parked (struct attempt *try, struct seen *seen, struct item *item, bool won)
{
    if (!won) {
        item->rc = RC_LOST;
        return;
    }
    const char *reason = item->poison;
    item->rc = RC_OK;
    if (!item->decide)
        return;
    if (!reason && (item->refused || item_decide (try, item) != RC_OK))
        reason = item->err.text;
    bool counts = !asks_for_later (item) || item->attempts < PARKED_LATER;
    if (reason)
        item_park (try, seen, item, item->attempts + counts, reason);
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
    int32_t attempts = item->attempts + !asks_for_later (item);
    bool to_person = attempts >= (int32_t)item->attempts_allowed;
    try->failed[try->n_failed++] = (struct due_failed){
        .id = item->due.id,
        .attempts = attempts,
        .retry_at = to_person ? 0 : retry_at (try->batch, try->view.now, attempts),
        .reason = reason,
    };
}

void
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
            decide_command (try, &seen, item, try->certain ? &try->view.replies[command++] : NULL);
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
