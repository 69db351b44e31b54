/* How much somebody may do in an hour: a bucket that holds `burst` and is filled up with `hourly`. Thread-safe. */
#pragma once

#include <pthread.h>
#include <stdint.h>

#include "common/base/uuid.h"

enum { PACE_SLOTS = 8192 }; /* people told apart, more than work at once; two in one slot share their pace */

struct pace {
    int64_t hourly, burst; /* hourly 0: no limit */
    pthread_mutex_t lock;
    int64_t full_at[PACE_SLOTS]; /* monotonic: when a bucket is full again */
};

#define PACE(hourly_, burst_)                                                                                          \
    {                                                                                                                  \
        .hourly = (hourly_), .burst = (burst_), .lock = PTHREAD_MUTEX_INITIALIZER                                      \
    }

/* Takes so much of somebody's bucket. 0: done; else microseconds until there is enough, nothing taken. amount: at most
 * burst; now: clock_monotonic. */
int64_t pace_take (struct pace *self, struct uuid person, int64_t amount, int64_t now);
