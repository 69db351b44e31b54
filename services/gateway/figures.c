#include "services/gateway/figures.h"

#include <pthread.h>

#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "services/gateway/watch.h"
#include "services/gateway/worker.h"

static struct metric depth = METRIC_GAUGE_BY ("padan_queue_depth", "What waits now.", "queue");
static struct metric calls =
    METRIC_COUNTER_BY ("padan_calls_total", "Questions to services, by how they ended.", "how");
static struct metric lag = METRIC_GAUGE_BY ("padan_lag_entries", "Entries of a followed log not taken over.", "log");
static struct metric silence =
    METRIC_GAUGE_BY ("padan_lag_seconds", "Since a followed log last answered; it does every second.", "log");

void
figures_register (void)
{
    static struct metric *const metrics[] = { &depth, &calls, &lag, &silence, NULL };
    metrics_register (metrics);
}

static void
call_count (const char *how, uint64_t now)
{
    metric_add (&calls, how, (int64_t)now - metric_read (&calls, how));
}

void
figures_take (const struct gateway *gateway)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* two readers would count what is new twice */
    pthread_mutex_lock (&lock);
    struct bus_caller_stats stats = bus_caller_stats (gateway->caller);
    metric_set (&depth, "calls", stats.open);
    metric_set (&depth, "uploads", (int64_t)worker_depth (gateway->worker));
    struct watch_state accounts = watch_look (gateway->watch);
    metric_set (&lag, "accounts", accounts.lag);
    metric_set (&silence, "accounts", clock_monotonic () - accounts.heard_at);
    call_count ("answered", stats.answered);
    call_count ("busy", stats.busy);
    call_count ("expired", stats.expired);
    call_count ("late", stats.late);
    call_count ("corrupt", stats.corrupt);
    pthread_mutex_unlock (&lock);
}
