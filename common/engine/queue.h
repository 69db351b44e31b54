/* Bounded queues between the reactor and its threads, and the way back. */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/bus/server.h"
#include "common/engine/service.h"

enum {
    QUEUE_LANES = 2,
    QUEUE_LANE_MAX = 4096, /* messages waiting per lane; more are answered busy: about half a second of work */
    QUEUE_BEHIND = 64,     /* jobs worth a batch beside an open one */
    QUEUE_BEHIND_MS = 10,  /* the longest wait for one that takes its time: hashing passwords, a row that is locked */
    LANE_BULK_SHARE = 4,   /* of a full batch, every fourth place is kept for bulk, so that it never starves */
};

/* A request on its way through: owned by whoever holds it. */
struct job {
    struct job *next;
    struct arena *arena; /* holds the request, as it came and unpacked: what a peer fills ends here */
    struct bus_request request;
    Padan__Principal *principal; /* verified; NULL: a service asks */
    enum lane lane;
    int64_t queued;     /* monotonic µs: since when it is in a queue */
    size_t size;        /* bytes of the request */
    int64_t expires;    /* monotonic µs: nobody waits for an answer after this */
    int64_t failing;    /* monotonic µs: since when the database fails it, 0 it does not */
    bool unsure;        /* it may be done although the database failed */
    struct item *item;  /* a command's, made by the first writer that takes it */
    struct bytes reply; /* packed Reply without number and position, in memory of its own */
    int64_t position;
    bool waits;                 /* a log read or query that found nothing yet: goes on waiting */
    bool patient;               /* its own patience has been set (query_wait) */
    unsigned long long commits; /* of the engine when the query began */
    int64_t look_at;            /* monotonic µs: it is asked again then, whatever happened */
};
void job_destroy (struct job **job);
/* Room for a packed reply, in the place of any before. */
uint8_t *job_reply (struct job *job, size_t size);
/* Its sender has stopped waiting: nothing more is done for it. */
enum rc job_in_time (const struct job *job, struct err *err);
/* Answers with a refusal, packed in the scratch arena, which no peer fills. */
void job_refuse (struct job *job, struct arena *scratch, const struct err *err);

struct queue;
struct queue *queue_new (void);
void queue_destroy (struct queue **queue);
/* Takes ownership; false (and nothing taken) when the lane is full. */
bool queue_push (struct queue *queue, struct job **job);
/* Up to `most` jobs of at most `bytes` in all, in order within a lane; waits until there is one or timeout_ms passed.
 * Returns a list. NULL: nothing came. */
struct job *queue_take (struct queue *queue, size_t most, size_t bytes, int timeout_ms);
/* The same for those who make batches of them. Batches of one service end one after the other, by the counter of its
 * log, and a small one costs nearly what a large one does: so while one is open, what comes waits for its end, until it
 * is worth a batch of its own, or for QUEUE_BEHIND_MS. After each list: queue_batch_end. */
struct job *queue_take_batch (struct queue *queue, size_t most, size_t bytes, int timeout_ms);
void queue_batch_end (struct queue *queue);

struct queue_state {
    size_t length;
    int64_t since; /* monotonic µs: since when the oldest waits; 0: none does */
};
struct queue_state queue_look (struct queue *queue);

/* Jobs going back to the reactor, which sleeps on the descriptor. */
struct outbox;
struct outbox *outbox_new (void);
void outbox_destroy (struct outbox **outbox);
int outbox_fd (struct outbox *outbox);
void outbox_push (struct outbox *outbox, struct job *list); /* takes ownership of a list */
void outbox_wake (struct outbox *outbox);
struct job *outbox_take (struct outbox *outbox);
