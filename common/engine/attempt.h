/* One try at a range of a batch's items: begin, decide, commit. Private to the engine. */
#pragma once

#include "common/engine/batch.h"
#include "common/engine/unit.h"

/* Everything that is forgotten when it must be run again. */
struct attempt {
    struct batch *batch;
    const struct ledger *ledger;
    struct item *items;
    size_t n;
    bool is_last; /* of a follower's batch: quiet partitions move with it */
    bool certain; /* looks for everything: rows named as new, replies given before */
    bool unsure;  /* out: something was answered and not stored, that may have been answered before */
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

/* Begins, decides and commits. Fill batch, ledger, items, n, is_last, certain and arena; the rest is its own.
 * RC_CONFLICT: run it again, certain. */
enum rc attempt_run (struct attempt *try, struct err *err);
/* Decides the items in order on what the ledger showed. */
void attempt_fold (struct attempt *try);

/* Done: by a half of this batch that did commit. */
static inline bool
entry_is_done (const struct batch *batch, const struct item *item)
{
    return item->message.position <= batch->positions[item->partition];
}

/* Zeroed memory of the attempt's or batch's arena; these are sized far above any batch, so none left is the end. */
static inline void *
engine_memory (struct arena *arena, size_t count, size_t size)
{
    void *bytes = arena_array (arena, count ? count : 1, size);
    MUST (bytes);
    return bytes;
}
