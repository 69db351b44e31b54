#include "common/engine/queue.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/base/err.h"

struct lane_list {
    struct job *first, **last;
    size_t length;
};

struct queue {
    pthread_mutex_t mutex;
    pthread_cond_t filled;
    struct lane_list lanes[QUEUE_LANES];
    unsigned open;   /* batches */
    int64_t waiting; /* monotonic µs: since when there is a job */
};

struct queue *
queue_new (void)
{
    struct queue *self = calloc (1, sizeof *self);
    MUST (self);
    pthread_condattr_t monotonic;
    pthread_condattr_init (&monotonic);
    pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init (&self->mutex, NULL);
    pthread_cond_init (&self->filled, &monotonic);
    pthread_condattr_destroy (&monotonic);
    for (int i = 0; i < QUEUE_LANES; i++)
        self->lanes[i].last = &self->lanes[i].first;
    return self;
}

void
queue_destroy (struct queue **queue)
{
    if (!*queue)
        return;
    for (int i = 0; i < QUEUE_LANES; i++)
        for (struct job *job = (*queue)->lanes[i].first, *next; job; job = next) {
            next = job->next;
            job_destroy (&job);
        }
    pthread_cond_destroy (&(*queue)->filled);
    pthread_mutex_destroy (&(*queue)->mutex);
    free (*queue);
    *queue = NULL;
}

static size_t
queue_total (const struct queue *self)
{
    return self->lanes[LANE_PERSON].length + self->lanes[LANE_BULK].length;
}

bool
queue_push (struct queue *self, struct job **job)
{
    struct lane_list *lane = &self->lanes[(*job)->lane];
    pthread_mutex_lock (&self->mutex);
    bool room = lane->length < QUEUE_LANE_MAX;
    size_t length = queue_total (self);
    if (room) {
        (*job)->queued = clock_monotonic ();
        if (!length)
            self->waiting = (*job)->queued;
        (*job)->next = NULL;
        *lane->last = *job;
        lane->last = &(*job)->next;
        lane->length++;
        *job = NULL;
        if (!self->open || !length || length >= QUEUE_BEHIND) /* otherwise somebody counts or comes back */
            pthread_cond_signal (&self->filled);
    }
    pthread_mutex_unlock (&self->mutex);
    return room;
}

static struct job *
lane_pop (struct lane_list *lane)
{
    struct job *job = lane->first;
    if (!job)
        return NULL;
    lane->first = job->next;
    if (!lane->first)
        lane->last = &lane->first;
    lane->length--;
    job->next = NULL;
    return job;
}

/* People first, but every LANE_BULK_SHARE-th place is bulk's. */
static struct job *
queue_pop (struct queue *self, size_t place)
{
    bool bulk_turn = place % LANE_BULK_SHARE == LANE_BULK_SHARE - 1;
    struct job *job = lane_pop (&self->lanes[bulk_turn ? LANE_BULK : LANE_PERSON]);
    return job ? job : lane_pop (&self->lanes[bulk_turn ? LANE_PERSON : LANE_BULK]);
}

/* Until there is something to take, at most until `end`. */
static void
queue_wait (struct queue *self, int64_t end, bool batch)
{
    for (;;) {
        size_t length = queue_total (self);
        bool behind = batch && self->open && length < QUEUE_BEHIND;
        int64_t until = length && behind ? self->waiting + QUEUE_BEHIND_MS * (CLOCK_SECOND / 1000) : end;
        if ((length && !behind) || clock_monotonic () >= until)
            return;
        struct timespec time = { .tv_sec = until / CLOCK_SECOND, .tv_nsec = until % CLOCK_SECOND * 1000 };
        pthread_cond_timedwait (&self->filled, &self->mutex, &time);
    }
}

static struct job *
take (struct queue *self, size_t most, size_t bytes, int timeout_ms, bool batch)
{
    struct job *list = NULL, **last = &list;
    size_t n = 0, size = 0;
    int64_t now = clock_monotonic ();
    pthread_mutex_lock (&self->mutex);
    queue_wait (self, now + timeout_ms * (CLOCK_SECOND / 1000), batch);
    while (n < most && size < bytes) {
        struct job *job = queue_pop (self, n);
        if (!job)
            break;
        *last = job;
        last = &job->next;
        size += job->size;
        n++;
    }
    if (list && batch)
        self->open++;
    if (queue_total (self)) {
        self->waiting = clock_monotonic ();
        pthread_cond_signal (&self->filled);
    }
    pthread_mutex_unlock (&self->mutex);
    return list;
}

struct job *
queue_take (struct queue *self, size_t most, size_t bytes, int timeout_ms)
{
    return take (self, most, bytes, timeout_ms, false);
}

struct job *
queue_take_batch (struct queue *self, size_t most, size_t bytes, int timeout_ms)
{
    return take (self, most, bytes, timeout_ms, true);
}

void
queue_batch_end (struct queue *self)
{
    pthread_mutex_lock (&self->mutex);
    self->open--;
    pthread_mutex_unlock (&self->mutex);
}

struct queue_state
queue_look (struct queue *self)
{
    pthread_mutex_lock (&self->mutex);
    struct queue_state state = { .length = queue_total (self) };
    for (int i = 0; i < QUEUE_LANES; i++) {
        const struct job *first = self->lanes[i].first;
        if (first && (!state.since || first->queued < state.since))
            state.since = first->queued;
    }
    pthread_mutex_unlock (&self->mutex);
    return state;
}

struct outbox {
    pthread_mutex_t mutex;
    struct job *first, **last;
    int fd;
};

struct outbox *
outbox_new (void)
{
    struct outbox *self = calloc (1, sizeof *self);
    MUST (self);
    pthread_mutex_init (&self->mutex, NULL);
    self->last = &self->first;
    self->fd = eventfd (0, EFD_NONBLOCK | EFD_CLOEXEC);
    MUST (self->fd >= 0);
    return self;
}

void
outbox_destroy (struct outbox **outbox)
{
    if (!*outbox)
        return;
    for (struct job *job = (*outbox)->first, *next; job; job = next) {
        next = job->next;
        job_destroy (&job);
    }
    close ((*outbox)->fd);
    pthread_mutex_destroy (&(*outbox)->mutex);
    free (*outbox);
    *outbox = NULL;
}

int
outbox_fd (struct outbox *self)
{
    return self->fd;
}

void
outbox_wake (struct outbox *self)
{
    eventfd_write (self->fd, 1);
}

void
outbox_push (struct outbox *self, struct job *list)
{
    if (!list)
        return;
    struct job *end = list;
    while (end->next)
        end = end->next;
    pthread_mutex_lock (&self->mutex);
    *self->last = list;
    self->last = &end->next;
    pthread_mutex_unlock (&self->mutex);
    outbox_wake (self);
}

struct job *
outbox_take (struct outbox *self)
{
    eventfd_t ignored;
    eventfd_read (self->fd, &ignored);
    pthread_mutex_lock (&self->mutex);
    struct job *list = self->first;
    self->first = NULL;
    self->last = &self->first;
    pthread_mutex_unlock (&self->mutex);
    return list;
}
