/* One batch: what waits is decided in order and committed in one transaction. The heart of the engine; it does no I/O
 * of its own but through the ledger and the gather functions, so that the simulator runs this very code. */
#pragma once

#include "common/engine/ledger.h"

enum {
    BATCH_MESSAGES = 400,            /* group commit gains nothing beyond (measured: 33 k/s at 100, 36 k/s at 400) */
    BATCH_BYTES = 8 * 1024 * 1024,   /* of requests: keeps a batch's arena far below its limit */
    BATCH_ARENA = 512 * 1024 * 1024, /* rows loaded for one batch stay far below it; past it the process ends */
    BATCH_CONFLICTS = 8,  /* a row or key that appeared meanwhile is found by the next run; more is a defect */
    PARKED_ATTEMPTS = 10, /* then it waits for a person: about a quarter of an hour of back-off in all */
    PARKED_LATER = 6, /* what only asks for later is looked at again after a minute at most, and never waits for one */
};

enum item_kind { ITEM_COMMAND, ITEM_ENTRY, ITEM_PARKED, ITEM_DUE };

struct item {
    enum item_kind kind;
    struct message message;
    decide_fn *decide; /* NULL: nobody here cares for this entry */
    keys_fn *keys;
    gather_fn *gather;
    enum rc refused;    /* before the transaction (authorisation, gather); not stored */
    const char *poison; /* its rows cannot be written: park it or fail it with this reason, undecided */

    /* command */
    struct command_key key;
    struct bytes body_hash;
    bool secret; /* not remembered */
    int64_t deadline;
    const char *reply_type;
    void *origin; /* the sender's address, for whoever sends replies */

    /* entry, parked */
    int32_t partition;
    struct bytes raw; /* the packed envelope */
    struct bytes hash;
    int32_t attempts; /* parked and due: failures so far */

    /* due */
    struct due_id due;
    unsigned attempts_allowed;

    /* out */
    enum rc rc; /* RC_OK: decided and committed, or the stored reply; RC_LOST: somebody else did it */
    struct err err;
    struct bytes reply; /* packed Reply without number and position; data NULL when there is nothing to answer */
    struct bytes reply_data;
    int64_t position; /* where its events ended; 0 none */
    bool from_store, duplicate_of_earlier, parked;
    bool unsure; /* the batch failed, but this one may be done: it was committed, or nobody knows */
    int64_t events;
};

/* How often new rows and commands were there after all, kept by whoever runs batches one after another: after a run in
 * vain the next ones look first, twice as many each time up to a bound. */
struct batch_doubt {
    unsigned span, left;
};

struct batch {
    const struct service *service;
    struct batch_doubt *doubt; /* NULL: always look first */
    struct arena *arena;
    struct item *items;
    size_t n_items;
    /* A follower's batch: all entries of one log's answer, in order. */
    const char *log;
    int64_t *positions;      /* per partition as stored, ENGINE_PARTITIONS of them; moved on success */
    int64_t *last_positions; /* newest entry per partition; moved on success */
    uint8_t (*last_hashes)[ENTRY_HASH_SIZE];
    uint64_t quiet; /* partitions that move to `upto` although they have no entry here */
    int64_t upto;
    struct uuid epoch;           /* out: of our own log, after a commit */
    int64_t head;                /* out: our newest position written, 0 none */
    bool scheduled;              /* out: due work became ready */
    uint64_t (*random) (void *); /* NULL: the system's */
    void *random_self;
};

/* Decides and commits items [0, n). RC_OK: every item has its outcome (rc, reply). RC_RETRY: nothing happened or nobody
 * knows (database gone): run the same batch again later. RC_LOST: another instance advanced these positions: read them
 * again. A message whose rows cannot be written is cut out by halving: a command is answered RC_INTERNAL, an entry is
 * parked, due work fails. gather may be NULL when no handler gathers. */
enum rc batch_run (struct batch *batch, const struct ledger *ledger, struct gather *gather, struct err *err);

/* May whoever asks ask it? A person by one of the roles in its tenant, a program by its name. */
enum rc query_authorise (const struct query_handler *handler, const struct message *message, struct err *err);

/* Building items; all return RC_OK or say why the message is refused. A command is unpacked into an arena of its own,
 * which holds its envelope and lives as long as the batch: how much becomes of a few bytes is its sender's choice. */
enum rc item_command (const struct service *service, struct arena *arena, const Padan__Envelope *envelope,
                      const Padan__Principal *principal, const char *sender, struct item *ret_item, struct err *err);
enum rc item_entry (struct batch *batch, const struct follow *follow, const char *log, int64_t position,
                    int32_t partition, struct bytes hash, struct bytes raw, struct item *ret_item, struct err *err);

/* A packed Reply for what was accepted, and {outcome, problem} for a refusal. */
struct bytes reply_accepted (struct arena *arena, const char *type, struct bytes data);
struct bytes reply_refusal (struct arena *arena, const struct err *err);
Padan__Outcome outcome_of (enum rc rc);
