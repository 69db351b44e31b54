/* What every service counts. */
#include <string.h>

#include "common/base/metrics.h"
#include "common/engine/runtime.h"
#include "common/http/page.h"

static struct metric refusals = METRIC_COUNTER_BY ("padan_refusals_total", "Requests refused, by code.", "code");
static struct metric messages = METRIC_COUNTER_BY ("padan_messages_total", "Messages committed, by source.", "source");
static struct metric batch_size =
    METRIC_HISTOGRAM_BY ("padan_batch_messages", "Messages of one transaction.", "source", METRIC_COUNTS);
static struct metric batch_time =
    METRIC_HISTOGRAM_BY ("padan_batch_seconds", "Time of a batch, gathering and commit.", "source", METRIC_TIMES);
static struct metric commit_time =
    METRIC_HISTOGRAM ("padan_commit_seconds", "Time of writing a batch and its COMMIT.", METRIC_TIMES);
static struct metric waiting =
    METRIC_GAUGE_BY ("padan_waiting", "Depth of queues and age in seconds of the oldest due work.", "what");
static struct metric lag = METRIC_GAUGE_BY ("padan_lag_entries", "Entries of a followed log not seen yet.", "log");

static struct metric *const all[] = {
    &refusals, &messages, &batch_size, &batch_time, &commit_time, &waiting, &lag, NULL
};

void
engine_metrics_register (void)
{
    metrics_register (all);
}

void
engine_count_refusal (const char *code)
{
    metric_add (&refusals, code, 1);
}

void
engine_count_batch (const char *source, size_t n, int64_t microseconds)
{
    metric_add (&messages, source, (int64_t)n);
    metric_observe (&batch_size, source, (int64_t)n);
    metric_observe (&batch_time, source, microseconds);
}

void
engine_count_commit (int64_t microseconds)
{
    metric_observe (&commit_time, NULL, microseconds);
}

void
engine_gauge (const char *name, int64_t value)
{
    metric_set (&waiting, name, value);
}

void
engine_gauge_lag (const char *log, int64_t value)
{
    metric_set (&lag, log, value);
}

void
engine_page_ready (void *self, void *reasons)
{
    struct engine *engine = self;
    http_page_reason (reasons, "database", engine->database_ok, engine->database_ok ? NULL : "not answering");
    http_page_reason (reasons, "taking requests", !engine->stopping, NULL);
    http_page_reason (reasons, "own log", !engine_rewound (engine),
                      engine_rewound (engine) ? "followers have read entries that are gone: taking no commands" : NULL);
    for (size_t i = 0; i < engine->n_follows; i++) {
        const char *why = engine->follows[i].rewound    ? "its log was rewound: not following"
                          : engine->follows[i].expelled ? "it dropped entries not read here: not following"
                                                        : NULL;
        http_page_reason (reasons, engine->follows[i].log, !why, why);
    }
    if (engine->service->ready)
        engine->service->ready (reasons);
}
