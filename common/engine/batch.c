#include "common/engine/batch.h"

#include <stddef.h>
#include <string.h>

#include "common/engine/attempt.h"

enum { DOUBT_MAX = 64 }; /* what is tried in vain then costs a hundredth */

static bool
doubt_looks (struct batch_doubt *doubt)
{
    if (doubt && doubt->left)
        doubt->left--;
    else if (doubt)
        return false;
    return true;
}

static void
doubt_learn (struct batch_doubt *doubt, enum rc rc)
{
    if (rc == RC_OK)
        doubt->span = 0;
    else if (rc == RC_CONFLICT)
        doubt->span = !doubt->span ? 1 : doubt->span < DOUBT_MAX ? 2 * doubt->span : DOUBT_MAX;
    doubt->left = doubt->span;
}

static enum rc
range_try (struct batch *batch, const struct ledger *ledger, size_t first, size_t n, struct err *err)
{
    bool certain = doubt_looks (batch->doubt);
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
            .certain = certain,
            .arena = arena,
        };
        rc = attempt_run (&try, err);
        if (!certain)
            doubt_learn (batch->doubt, rc);
        certain = true;
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
    for (size_t i = first; i < first + n && (rc == RC_OK || rc == RC_UNKNOWN); i++)
        batch->items[i].unsure = true;
    if (!is_poison (rc))
        return rc == RC_UNKNOWN || rc == RC_BUSY ? RC_RETRY : rc;
    if (n <= 1)
        return n ? range_poisoned (batch, ledger, first, err) : rc;
    size_t half = n / 2;
    rc = range_run (batch, ledger, first, half, err);
    return rc == RC_OK ? range_run (batch, ledger, first + half, n - half, err) : rc;
}

/* Another service is away, which only some messages need. Without the database (which has no code, or one of its own)
 * all of them wait, and so do the entries of a log, which stay in order. */
static bool
concerns_some (const struct batch *batch, enum rc rc, const struct err *err)
{
    if (rc == RC_RETRY)
        return !batch->log && err->code[0] && strncmp (err->code, "db.", 3) != 0;
    return is_poison (rc) && rc != RC_EXPIRED;
}

static void
gather_fails (struct message *message, enum rc rc, const struct err *err)
{
    struct item *item = (struct item *)((char *)message - offsetof (struct item, message));
    if (rc == RC_RETRY)
        err_code (&item->err, rc, "common.busy", "", "%s", err->text);
    else
        item->err = *err;
    item->refused = item->err.rc = rc;
}

/* A gather function that cannot serve one message must not hold up the others: they are given to it in halves, and the
 * one it fails on is refused, or comes back later. */
static enum rc
gather_some (struct batch *batch, struct gather *gather, struct message *const *messages, size_t n, gather_fn *function,
             struct err *err)
{
    enum rc rc = function (gather, messages, n, err);
    if (rc == RC_OK || !concerns_some (batch, rc, err))
        return rc;
    if (n == 1) {
        gather_fails (messages[0], rc, err);
        return RC_OK;
    }
    size_t half = n / 2;
    rc = gather_some (batch, gather, messages, half, function, err);
    return rc == RC_OK ? gather_some (batch, gather, messages + half, n - half, function, err) : rc;
}

static enum rc
batch_gather (struct batch *batch, struct gather *gather, struct err *err)
{
    struct message **messages = engine_memory (batch->arena, batch->n_items, sizeof *messages);
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
        enum rc rc = gather_some (batch, gather, messages, n, function, err);
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
