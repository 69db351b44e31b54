/* The inside of a unit of work: what the messages of one batch did, kept per message so that a refusal undoes it. */
#pragma once

#include "common/engine/ledger.h"

/* Where a keys function names rows. */
struct keys {
    struct row_map *rows;
    bool certain; /* nothing is taken to be absent */
};

struct unit {
    struct arena *arena;
    struct row_map *rows;
    int64_t now;
    uint64_t (*random) (void *); /* fresh ids; the simulator's is seeded */
    void *random_self;
    const struct message *message; /* being decided */
    const Padan__Principal *actor; /* whom its events name; NULL: a service */
    struct log_row *log;           /* of accepted messages, in order */
    size_t n_log, log_room;
    struct due_row *due;
    size_t n_due, due_room;
    struct due_cancel *cancel;
    size_t n_cancel, cancel_room;
    struct bytes reply;  /* of the message being decided */
    struct err refusal;  /* its answer although its effects are kept; rc RC_OK: none */
    bool too_large;      /* it emitted an event past EVENT_MAX, which no follower could read: it is refused */
    struct row *touched; /* rows it touched, to undo or to keep */
    size_t mark_log, mark_due, mark_cancel;
    struct due_row *mark_due_rows; /* a cancellation makes another array: the old one is how it was */
    size_t mark_due_room;
};

/* Around each message. unit_end: accepted keeps its effects, otherwise they are undone. */
void unit_start (struct unit *unit, const struct message *message);
void unit_end (struct unit *unit, bool accepted);
