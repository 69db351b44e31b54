/* The running engine: what its threads share. Inside common/engine only. */
#pragma once

#include <stdatomic.h>

#include "common/base/config.h"
#include "common/bus/call.h"
#include "common/bus/keys.h"
#include "common/bus/peers.h"
#include "common/engine/batch.h"
#include "common/engine/ledger_pg.h"
#include "common/engine/queue.h"

enum {
    FOLLOW_MAX = 16,            /* logs one service follows */
    FOLLOWERS_MAX = 16,         /* services that follow one log */
    FOLLOW_LIMIT = 1000,        /* entries of one answer: one transaction's worth */
    LOG_ANSWER_BYTES = 3 << 20, /* stays below BUS_REPLY_MAX with its framing */
    LOG_WAIT_MS = 1000,         /* a follower's long poll: an owner answers at least so often, or is not heard */
    HEAD_LOOK_MS = 20,          /* how often a waiting instance looks for commits of its siblings */
    IDLE_LOOK_MS = 500,         /* how often one that nobody waits for looks for parked and due work */
    REQUEST_ARENA = 4 << 20,    /* one request, as it came and unpacked: what is meant takes thrice its bytes */
    COMMAND_PATIENCE = 30,      /* seconds a command without a deadline is tried */
    REWOUND_SECONDS = 15,       /* followers ask every few: what none of them said for so long is mended */
    REFUSED_SECONDS = 5,        /* the database has room again when nothing was refused for so long */
    DUE_KINDS_MAX = 16,
    ROUTES_ARENA = 1 << 20, /* endpoints as the configuration names them */
};

struct engine_settings {
    char *instance, *listen, *page, *keys, *database, *database_reader, *database_owner, *data;
    struct config_list peers;
    int64_t writers, readers, workers, drain;
};
extern const struct config_row engine_rows[];

/* How far a followed log is known here, for queries that wait for it. */
struct follow_state {
    const char *log;
    atomic_llong seen;         /* every partition is stored at least this far */
    atomic_llong lag;          /* entries behind the owner's head, as it last answered */
    atomic_llong committed_at; /* monotonic µs: when an answer of it was last committed here, or following began */
    atomic_bool rewound;
    atomic_bool expelled; /* entries we have not read are dropped there */
};

/* What threads sleep for. */
enum engine_signal {
    SIGNAL_STOP,    /* the service ends: comes with every other, too */
    SIGNAL_DUE,     /* due work became ready */
    SIGNAL_WAITING, /* somebody began to wait for news of our log */
    SIGNALS,
};

struct engine {
    const struct service *service;
    struct engine_settings settings;
    struct bus_cert cert;
    struct bus_peers *peers;
    struct bus_server *server;
    struct bus_caller *caller;
    struct queue *commands, *reads;
    struct outbox *outbox;
    atomic_bool stopping;               /* no new messages are taken */
    atomic_llong head;                  /* newest position of our log known here */
    atomic_ullong commits;              /* batches committed here: a query that waits for news looks again */
    atomic_int waiting;                 /* log readers that wait: someone must look at the head */
    atomic_llong passed[FOLLOWERS_MAX]; /* by the order of service->followers: 1 + what is committed there, as heard
                                           here; 0 unheard */
    atomic_llong rewound_at; /* monotonic µs: when a follower last proved that entries of our log are gone; 0 never */
    atomic_bool database_ok;
    atomic_llong refused_at; /* monotonic µs: when the database last had no room for a write */
    struct engine_signals {
        pthread_mutex_t mutex;
        pthread_cond_t came[SIGNALS];
        uint64_t n[SIGNALS]; /* so often */
    } signals;
    atomic_llong due_since, parked_since; /* monotonic µs: since when the oldest waits; 0: none does */
    struct follow_state follows[FOLLOW_MAX];
    size_t n_follows;
};

/* One thread's way out: a reader connection, other services. */
struct gather {
    struct engine *engine;
    struct arena *arena;
    struct db *reader;
    char away[KEYS_NAME]; /* the service that did not answer last … */
    int64_t away_until;   /* … and is not asked again before this (monotonic µs) */
};
struct gather *gather_new (struct engine *engine, const char *purpose);
void gather_destroy (struct gather **gather);

struct query {
    struct gather *gather;
    int64_t tenant;
    unsigned wait_ms; /* 0: the answer may leave */
};

/* Threads. Each runs until engine->stopping and its queue is empty. */
void *writer_thread (void *engine);
void *reader_thread (void *engine);
void *due_thread (void *engine);
void *keeper_thread (void *engine);
struct follower {
    struct engine *engine;
    const struct follow *follow;
    struct follow_state *state;
};
void *follower_thread (void *follower);
void reactor_run (struct engine *engine, int signals);
/* After the threads have ended: refuses what came meanwhile, so that no sender waits out its patience. */
void reactor_farewell (struct engine *engine);

/* A log the query wants to have been seen here is not there yet. */
bool engine_too_early (const struct engine *engine, const Padan__Position *after);
/* Somebody has read entries of our log that are not there any more. What is decided on such a history would be decided
 * twice, so commands are refused, and work and followed logs wait, until it is
 * mended. */
bool engine_rewound (const struct engine *engine);
/* A commit happened here: followers that wait and due workers are told at once. */
void engine_committed (struct engine *engine, const struct batch *batch);
void engine_signals_open (struct engine *engine);
void engine_signal (struct engine *engine, enum engine_signal which);
/* Sleeps until it has come since *seen (which then counts it), at most so long. */
void engine_await (struct engine *engine, enum engine_signal which, uint64_t *seen, int timeout_ms);
/* Sleeps so long; shorter when stopping. */
void engine_sleep (struct engine *engine, int timeout_ms);
/* Sleeps with jitter after a failure of the database; shorter when stopping. */
void engine_back_off (struct engine *engine, unsigned failures);
/* Logs when the state of the database changes, never once per failure. One that is full still answers reads: it counts
 * as away until it has refused no write for a while. */
void engine_database_state (struct engine *engine, bool ok, const struct err *err);

/* A batch that could not be written even in parts; it is tried again, so this may be said again. Quiet when the
 * database is away or another instance was first, which is said elsewhere. */
void engine_batch_failed (const char *source, enum rc rc, const struct err *err);

/* Metrics of every service (metrics.c). */
void engine_metrics_register (void);
void engine_count_refusal (const char *code);
void engine_count_batch (const char *source, size_t n, int64_t microseconds);
void engine_count_commit (int64_t microseconds);
void engine_count_unknown (void);
/* Of two instances that did the same work, the other committed it. */
void engine_count_lost (const char *source, size_t n);
/* How many are in a queue of the database; the others are looked at by engine_metrics_take. */
void engine_count_queue (const char *queue, int64_t depth);
void engine_count_log (int64_t entries);
/* Brings up to date what depends on when it is looked at. */
void engine_metrics_take (struct engine *engine);
void engine_page_ready (void *engine, void *reasons);
