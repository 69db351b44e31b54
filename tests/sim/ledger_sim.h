/* Durable storage of one service in memory, for the simulator: what `struct ledger` promises, as a PostgreSQL at READ
 * COMMITTED keeps it. Rows are deep copies by their column descriptions, so that a column missing there is missing
 * here. Locks are held to the end of the transaction and waited for; a circle of waits is a defect, for there is one
 * lock order. Every statement is a boundary where other transactions may run and faults happen. */
#pragma once

#include "common/engine/batch.h"

/* Where a transaction stands when somebody else may run, or something may break. */
enum boundary {
    BOUNDARY_BEGIN,
    BOUNDARY_LOCK,
    BOUNDARY_LOADED,
    BOUNDARY_COMMIT,
    BOUNDARY_WRITTEN,   /* everything but the COMMIT is done */
    BOUNDARY_COMMITTED, /* it is durable and its sender does not know yet */
};
enum storage_fault {
    STORAGE_FINE,
    STORAGE_RETRY,          /* serialization failure or a lost connection: rolled back */
    STORAGE_INTERNAL,       /* a row cannot be written */
    STORAGE_UNKNOWN_DONE,   /* the answer to COMMIT is lost; it committed */
    STORAGE_UNKNOWN_UNDONE, /* the same; it did not */
};

/* Rules that a mutation takes away, to see that the simulator notices. */
enum mutation {
    MUTATION_POSITION_CAS = 1 << 0,    /* positions move without compare-and-set */
    MUTATION_COMMAND_KEY = 1 << 1,     /* replies given before are not found, a second one is no conflict */
    MUTATION_PARKED_BEHIND = 1 << 2,   /* nobody queues behind a parked entry */
    MUTATION_PARKED_TAKE = 1 << 3,     /* a parked entry is taken though it is gone */
    MUTATION_PARKED_HEAD = 1 << 4,     /* any parked entry is tried, not only the first of its subject */
    MUTATION_DUE_TAKE = 1 << 5,        /* due work is taken though it is gone or another's */
    MUTATION_ROW_LOCK = 1 << 6,        /* rows are not locked */
    MUTATION_ROW_CONFLICT = 1 << 7,    /* a row that appeared meanwhile is overwritten */
    MUTATION_POSITION_EARLY = 1 << 8,  /* log positions are given before the commit, like a sequence's */
    MUTATION_UPTO = 1 << 9,            /* a log answer says it looked further than it did */
    MUTATION_TORN = 1 << 10,           /* a crash in COMMIT keeps the log without the rows */
    MUTATION_REPLY_APART = 1 << 11,    /* the reply is not in the transaction: a lost COMMIT answer loses it */
    MUTATION_POSITION_APART = 1 << 12, /* the follower's position is not in the transaction */
    MUTATION_DUE_LOST = 1 << 13,       /* claimed work is never claimed again */
    MUTATIONS = 14,
};

struct ledger_hooks {
    void *self;
    /* These three get the session's self. */
    void (*pause) (void *session_self, enum boundary at);
    void (*wait) (void *session_self, bool (*ready) (void *), void *argument);
    enum storage_fault (*fault) (void *session_self, enum boundary at);
    void (*note) (void *self, const char *what); /* counts what happened: "lock wait", "conflict", … */
    void (*fail) (void *self, const char *what); /* the engine asked for something it may not */
    int64_t (*now) (void *self);
    uint64_t (*random) (void *self);
};

struct ledger_sim;
/* hooks may be NULL: then nothing is ever interrupted and time passes by ledger_sim_advance only. */
struct ledger_sim *ledger_sim_new (const struct service *service, const struct ledger_hooks *hooks, unsigned mutations);
void ledger_sim_advance (struct ledger_sim *ledger, int64_t microseconds);
void ledger_sim_destroy (struct ledger_sim **ledger);

/* One connection: at most one transaction. */
struct session;
struct session *session_new (struct ledger_sim *ledger, void *self);
void session_destroy (struct session **session);
struct ledger session_ledger (struct session *session);
/* The connection breaks: the transaction is rolled back and everything until session_mend fails with RC_RETRY. */
void session_cut (struct session *session);
void session_mend (struct session *session);
bool session_is_open (const struct session *session);

/* What the engine's loops ask outside its transactions; each is one statement. */
void ledger_sim_positions (struct ledger_sim *ledger, const char *log, int64_t *positions, int64_t *last_positions,
                           uint8_t (*last_hashes)[ENTRY_HASH_SIZE]);
struct claimed_due {
    struct due_row row;
    struct uuid token;
    int32_t attempts;
};
size_t ledger_sim_claim_due (struct ledger_sim *ledger, const char *kind, size_t limit, int64_t lease,
                             struct claimed_due *ret_rows);
/* The first parked entry of each subject whose time has come. */
size_t ledger_sim_ready_parked (struct ledger_sim *ledger, size_t limit, struct parked_row *ret_rows);
/* Entries after the positions, in order; *ret_upto: how far all were read. */
struct log_entry {
    int64_t position;
    const struct log_row *row;
};
size_t ledger_sim_read_log (struct ledger_sim *ledger, const int64_t *positions, size_t limit,
                            struct log_entry *ret_entries, int64_t *ret_upto);
/* A person lets everything be tried again that waits for one, and what waits for its time. */
void ledger_sim_retry_all (struct ledger_sim *ledger);

/* For the checks. */
size_t ledger_sim_log_count (const struct ledger_sim *ledger);
struct log_entry ledger_sim_log_at (const struct ledger_sim *ledger, size_t i); /* in the order of commits */
int64_t ledger_sim_head (const struct ledger_sim *ledger);
size_t ledger_sim_parked_count (const struct ledger_sim *ledger);
size_t ledger_sim_due_count (const struct ledger_sim *ledger);
const void *ledger_sim_row (const struct ledger_sim *ledger, const struct table *table, int64_t tenant, struct uuid id);
