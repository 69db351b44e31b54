/* How threads of an engine wake each other. */
#include <errno.h>
#include <time.h>

#include "common/engine/runtime.h"

void
engine_signals_open (struct engine *engine)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init (&monotonic);
    pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
    for (int i = 0; i < SIGNALS; i++)
        pthread_cond_init (&engine->signals.came[i], &monotonic);
    pthread_condattr_destroy (&monotonic);
    pthread_mutex_init (&engine->signals.mutex, NULL);
}

void
engine_signal (struct engine *engine, enum engine_signal which)
{
    struct engine_signals *signals = &engine->signals;
    pthread_mutex_lock (&signals->mutex);
    for (int i = 0; i < SIGNALS; i++)
        if (which == SIGNAL_STOP || i == (int)which) {
            signals->n[i]++;
            pthread_cond_broadcast (&signals->came[i]);
        }
    pthread_mutex_unlock (&signals->mutex);
}

void
engine_await (struct engine *engine, enum engine_signal which, uint64_t *seen, int timeout_ms)
{
    struct engine_signals *signals = &engine->signals;
    struct timespec until;
    clock_gettime (CLOCK_MONOTONIC, &until);
    until.tv_nsec += timeout_ms % 1000 * 1000000L;
    until.tv_sec += timeout_ms / 1000 + until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock (&signals->mutex);
    while (!engine->stopping && *seen == signals->n[which])
        if (pthread_cond_timedwait (&signals->came[which], &signals->mutex, &until) == ETIMEDOUT)
            break;
    *seen = signals->n[which];
    pthread_mutex_unlock (&signals->mutex);
}

void
engine_sleep (struct engine *engine, int timeout_ms)
{
    uint64_t none = 0;
    engine_await (engine, SIGNAL_STOP, &none, timeout_ms);
}
