/* Counters, gauges and histograms in the Prometheus text format 0.0.4.
 *
 *     static struct metric refusals = METRIC_COUNTER_BY ("padan_refusals_total", "Commands refused.", "reason");
 *     static struct metric commit = METRIC_HISTOGRAM ("padan_commit_seconds", "Time of COMMIT.", METRIC_TIMES);
 *     static struct metric *const metrics[] = { &refusals, &commit, NULL };
 *     metrics_register (metrics);                     once, at start
 *     metric_add (&refusals, "intake.paper_missing", 1);
 *     metric_observe (&commit, NULL, microseconds);
 *
 * Metrics are static objects; values are int64 and updates are lock-free, from any thread. Names that end in _seconds
 * take and keep microseconds and are written in seconds. A label value is a code from a small vocabulary, never data:
 * past METRIC_SERIES values of one metric, new ones count as "other". */
#pragma once

#include <stdatomic.h>
#include <stdint.h>
#include "common/base/text.h"

enum {
    METRIC_SERIES = 100, /* label values a metric may have */
    METRIC_BUCKETS = 16, /* besides +Inf */
    METRIC_TABLES = 16
}; /* tables a program may register */

enum metric_type { METRIC_TYPE_COUNTER, METRIC_TYPE_GAUGE, METRIC_TYPE_HISTOGRAM };

struct metric_series;

struct metric {
    enum metric_type type;
    const char *name, *help, *label;        /* label NULL: one series */
    const int64_t *bounds;                  /* histograms: upper bounds in rising order, ended by INT64_MAX */
    _Atomic (struct metric_series *) first; /* the rest belongs to metrics.c */
};

#define METRIC_COUNTER(name_, help_)                                                                                   \
    {                                                                                                                  \
        METRIC_TYPE_COUNTER, (name_), (help_), NULL, NULL, NULL                                                        \
    }
#define METRIC_COUNTER_BY(name_, help_, label_)                                                                        \
    {                                                                                                                  \
        METRIC_TYPE_COUNTER, (name_), (help_), (label_), NULL, NULL                                                    \
    }
#define METRIC_GAUGE(name_, help_)                                                                                     \
    {                                                                                                                  \
        METRIC_TYPE_GAUGE, (name_), (help_), NULL, NULL, NULL                                                          \
    }
#define METRIC_GAUGE_BY(name_, help_, label_)                                                                          \
    {                                                                                                                  \
        METRIC_TYPE_GAUGE, (name_), (help_), (label_), NULL, NULL                                                      \
    }
#define METRIC_HISTOGRAM(name_, help_, bounds_)                                                                        \
    {                                                                                                                  \
        METRIC_TYPE_HISTOGRAM, (name_), (help_), NULL, (bounds_), NULL                                                 \
    }
#define METRIC_HISTOGRAM_BY(name_, help_, label_, bounds_)                                                             \
    {                                                                                                                  \
        METRIC_TYPE_HISTOGRAM, (name_), (help_), (label_), (bounds_), NULL                                             \
    }

extern const int64_t METRIC_TIMES[];  /* 100 µs to 30 s, in microseconds */
extern const int64_t METRIC_COUNTS[]; /* 1 to 10,000 in steps of 1, 2, 5: batch sizes */

/* Once per table, before it is read; ends with NULL. Names must be legal and new (MUST). */
void metrics_register (struct metric *const *metrics);

/* value: the label's value, NULL for a metric without label. */
void metric_add (struct metric *metric, const char *value, int64_t amount); /* counters: amount >= 0; gauges: any */
void metric_set (struct metric *metric, const char *value, int64_t amount); /* gauges */
void metric_observe (struct metric *metric, const char *value, int64_t amount);
int64_t metric_read (struct metric *metric, const char *value); /* value, or how many were observed; 0 unknown */

/* Every registered metric. False when the buffer failed. */
bool metrics_write (struct text_buffer *out);
