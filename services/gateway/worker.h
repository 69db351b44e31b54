/* A few threads for what must not hold up the HTTP server's: making an upload durable waits for the disk. */
#pragma once

#include <stddef.h>

#include "common/base/err.h"

struct worker;

enum { WORKER_QUEUE = 1024 }; /* jobs that wait: a second of a slow disk; then uploads are told to come back */

/* NULL with *err. */
struct worker *worker_new (unsigned threads, struct err *err);
/* Finishes what waits. */
void worker_destroy (struct worker **self);
size_t worker_depth (struct worker *self); /* jobs that wait */
/* Runs on one of the threads; RC_BUSY when too many wait. */
enum rc worker_do (struct worker *self, void (*run) (void *context), void *context, struct err *err);
