/* What the engine asks of durable storage: one transaction as three calls. ledger_pg.c is PostgreSQL;
 * the simulator's is in memory and crashes at every boundary. */
#pragma once

#include "common/engine/row.h"
#include "common/engine/service.h"

enum {
    ENGINE_PARTITIONS = 64, /* fixed for ever: a follower's positions are kept by partition */
    ENTRY_HASH_SIZE = 16,
    EVENT_MAX =
        512 * 1024, /* bytes of an event as it is stored: an answer about a log has room for many and one more */
};

unsigned partition_of (struct uuid subject); /* 0 … ENGINE_PARTITIONS - 1 */

/* A follower's position in one partition moves from → to, if it still stands at from. */
struct advance {
    const char *log;
    int32_t partition;
    int64_t from, to;
    int64_t last_position;  /* newest entry seen in the partition … */
    struct bytes last_hash; /* … and its hash */
};

struct command_key {
    int64_t tenant;
    struct uuid person; /* a service: uuid_of its name */
    const char *route;  /* the command's type */
    const char *key;
};
struct stored_reply {
    bool found;
    struct bytes body_hash;
    struct bytes reply; /* packed Reply without number and position */
    int64_t position;
    struct uuid epoch;
};

struct parked_id {
    const char *log;
    int64_t position;
};
struct due_id {
    struct uuid id;
    struct uuid token; /* of the lease under which it was claimed */
};
struct subject_id {
    const char *log;
    int64_t tenant;
    struct uuid subject;
};

/* Begins: positions by compare-and-set, parked rows taken, rows locked in order, due rows taken, then everything read.
 * Due rows come after their subject's row, because a decision that holds the row may cancel them. */
struct ledger_read {
    struct arena *arena;    /* for the view */
    const int64_t *tenants; /* whose rows the transaction may see */
    size_t n_tenants;
    const struct advance *advances; /* ordered by log, partition */
    size_t n_advances;
    const struct parked_id *parked; /* taken: deleted unless it fails again */
    size_t n_parked;
    const struct due_id *due; /* taken likewise, by lease token */
    size_t n_due;
    struct row_map *rows;               /* names the rows wanted; filled */
    const struct command_key *commands; /* whose replies are looked for */
    size_t n_commands;
    const struct subject_id *subjects; /* which of these have parked entries? */
    size_t n_subjects;
};
struct ledger_view {
    int64_t now;
    struct uuid epoch;
    size_t advanced;              /* equals n_advances, or the caller lost and rolls back */
    bool *parked_won;             /* by index of ledger_read.parked */
    bool *due_won;                /* by index of ledger_read.due */
    struct stored_reply *replies; /* by index of ledger_read.commands */
    bool *subject_parked;         /* by index of ledger_read.subjects */
};

struct log_row {
    int32_t partition;
    int64_t tenant;
    struct uuid subject;
    int64_t version;
    const char *type;
    struct uuid id;
    struct bytes hash;
    struct bytes envelope;
};
struct reply_row {
    int64_t tenant;
    struct uuid person;
    const char *route;
    const char *key;
    struct bytes body_hash;
    struct bytes reply;
    int64_t events; /* of this transaction up to and including this command's: its position is base + events */
};
struct parked_row {
    const char *log;
    int64_t position;
    int32_t partition;
    int64_t tenant;
    struct uuid subject;
    struct bytes envelope;
    int32_t attempts;
    int64_t retry_at; /* UTC µs, once no earlier entry of its subject is parked; 0: waits for a person */
    const char *reason;
};
struct due_row {
    struct uuid id;
    int64_t tenant;
    const char *kind;
    struct uuid subject;
    int64_t input_version;
    int32_t priority;
    int64_t due_at; /* 0: now */
    struct bytes payload;
};
struct due_failed {
    struct uuid id;
    int32_t attempts;
    int64_t retry_at; /* 0: waits for a person */
    const char *reason;
};
struct due_cancel {
    const char *kind;
    int64_t tenant;
    struct uuid subject;
};

/* Saves and commits. A taken parked row that failed again is named in `parked` and so comes back; a taken due row is
 * either done (deleted) or failed (stays). Due rows are done, failed and cancelled before new ones are inserted: a
 * timer may set itself again, and what is cancelled and then set stays set. */
struct ledger_write {
    struct arena *arena;
    struct row_map *rows; /* those that changed are written */
    const struct parked_row *parked;
    size_t n_parked;
    const struct due_row *due;
    size_t n_due;
    const struct uuid *due_done;
    size_t n_due_done;
    const struct due_failed *due_failed;
    size_t n_due_failed;
    const struct due_cancel *due_cancel;
    size_t n_due_cancel;
    const struct log_row *log;
    size_t n_log;
    const struct reply_row *replies;
    size_t n_replies;
};
struct ledger_receipt {
    int64_t base; /* position before the first of the log rows written */
    struct uuid epoch;
};

struct ledger {
    void *self;
    /* RC_RETRY: run it again later. Nothing is open after an error. */
    enum rc (*begin) (void *self, const struct ledger_read *read, struct ledger_view *ret_view, struct err *err);
    /* RC_UNKNOWN: it may have committed; running the batch again finds out. RC_CONFLICT: a row or key appeared
     * meanwhile, run it again. Nothing is open afterwards. */
    enum rc (*commit) (void *self, const struct ledger_write *write, struct ledger_receipt *ret_receipt,
                       struct err *err);
    void (*rollback) (void *self);
};
