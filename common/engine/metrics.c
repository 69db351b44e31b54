/* What every service counts. */
#include <string.h>

#include "common/base/clock.h"
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
static struct metric unknown =
    METRIC_COUNTER ("padan_commits_unknown_total", "Commits whose answer was not seen; looked up and tried again.");
static struct metric lost =
    METRIC_COUNTER_BY ("padan_races_lost_total", "Work that another instance committed first.", "source");
static struct metric depth = METRIC_GAUGE_BY ("padan_queue_depth", "What waits now.", "queue");
static struct metric oldest =
    METRIC_GAUGE_BY ("padan_queue_oldest_seconds", "How long the oldest of it has waited.", "queue");
static struct metric log_entries = METRIC_GAUGE ("padan_log_entries", "Entries of the own log that are kept.");
static struct metric lag = METRIC_GAUGE_BY ("padan_lag_entries", "Entries of a followed log not taken over.", "log");
static struct metric silence = METRIC_GAUGE_BY (
    "padan_lag_seconds", "Since an answer of a followed log was last committed; without news one comes every second.",
    "log");

static struct metric *const all[] = {
    &refusals, &messages, &batch_size,  &batch_time, &commit_time, &unknown, &lost,
    &depth,    &oldest,   &log_entries, &lag,        &silence,     NULL,
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
engine_count_unknown (void)
{
    metric_add (&unknown, NULL, 1);
}

void
engine_count_lost (const char *source, size_t n)
{
    metric_add (&lost, source, (int64_t)n);
}

void
engine_count_queue (const char *queue, int64_t n)
{
    metric_set (&depth, queue, n);
}

void
engine_count_log (int64_t entries)
{
    metric_set (&log_entries, NULL, entries);
}

static void
oldest_set (const char *queue, int64_t since, int64_t now)
{
    metric_set (&oldest, queue, since && since < now ? now - since : 0);
}

static void
queue_take_figures (const char *name, struct queue *queue, int64_t now)
{
    struct queue_state state = queue_look (queue);
    metric_set (&depth, name, (int64_t)state.length);
    oldest_set (name, state.since, now);
}

void
engine_metrics_take (struct engine *engine)
{
    int64_t now = clock_monotonic ();
    queue_take_figures ("commands", engine->commands, now);
    queue_take_figures ("reads", engine->reads, now);
    oldest_set ("due", engine->due_since, now);
    oldest_set ("parked", engine->parked_since, now);
    for (size_t i = 0; i < engine->n_follows; i++) {
        const struct follow_state *state = &engine->follows[i];
        metric_set (&lag, state->log, state->lag);
        metric_set (&silence, state->log, now - state->committed_at);
    }
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
