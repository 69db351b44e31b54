#include "services/gateway/worker.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "common/bus/context.h"

enum { THREADS_MAX = 16 };

struct job {
    void (*run) (void *context);
    void *context;
};

struct worker {
    pthread_mutex_t lock;
    pthread_cond_t ready;
    pthread_t threads[THREADS_MAX];
    unsigned n_threads;
    bool stopping;
    size_t first, count; /* of the ring */
    struct job jobs[WORKER_QUEUE];
};

static void *
worker_run (void *context)
{
    struct worker *self = context;
    pthread_mutex_lock (&self->lock);
    for (;;) {
        while (!self->count && !self->stopping)
            pthread_cond_wait (&self->ready, &self->lock);
        if (!self->count)
            break;
        struct job job = self->jobs[self->first];
        self->first = (self->first + 1) % WORKER_QUEUE;
        self->count--;
        pthread_mutex_unlock (&self->lock);
        job.run (job.context);
        pthread_mutex_lock (&self->lock);
    }
    pthread_mutex_unlock (&self->lock);
    return NULL;
}

struct worker *
worker_new (unsigned threads, struct err *err)
{
    struct worker *self = calloc (1, sizeof *self);
    if (!self) {
        err_set (err, RC_INTERNAL, "no memory for workers");
        return NULL;
    }
    pthread_mutex_init (&self->lock, NULL);
    pthread_cond_init (&self->ready, NULL);
    for (; self->n_threads < threads && self->n_threads < THREADS_MAX; self->n_threads++)
        if (bus_thread_start (&self->threads[self->n_threads], "worker", worker_run, self, err) != RC_OK) {
            worker_destroy (&self);
            return NULL;
        }
    return self;
}

void
worker_destroy (struct worker **worker)
{
    struct worker *self = *worker;
    if (!self)
        return;
    pthread_mutex_lock (&self->lock);
    self->stopping = true;
    pthread_cond_broadcast (&self->ready);
    pthread_mutex_unlock (&self->lock);
    for (unsigned i = 0; i < self->n_threads; i++)
        pthread_join (self->threads[i], NULL);
    pthread_cond_destroy (&self->ready);
    pthread_mutex_destroy (&self->lock);
    free (self);
    *worker = NULL;
}

size_t
worker_depth (struct worker *self)
{
    pthread_mutex_lock (&self->lock);
    size_t depth = self->count;
    pthread_mutex_unlock (&self->lock);
    return depth;
}

enum rc
worker_do (struct worker *self, void (*run) (void *context), void *context, struct err *err)
{
    pthread_mutex_lock (&self->lock);
    bool room = self->count < WORKER_QUEUE && !self->stopping;
    if (room) {
        self->jobs[(self->first + self->count++) % WORKER_QUEUE] = (struct job){ run, context };
        pthread_cond_signal (&self->ready);
    }
    pthread_mutex_unlock (&self->lock);
    return room ? RC_OK : err_code (err, RC_BUSY, "common.busy", "", "the disk is behind");
}
