#include "common/base/metrics.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/base/err.h"

const int64_t METRIC_TIMES[] = { 100,   250,    500,    1000,   2500,    5000,    10000,    25000,
                                 50000, 100000, 250000, 500000, 1000000, 5000000, 30000000, INT64_MAX };
const int64_t METRIC_COUNTS[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, INT64_MAX };

/* One label value's numbers. Series are only ever added, so readers follow the list without a lock. */
struct metric_series {
    struct metric_series *next;
    const char *value; /* of the label; NULL without one */
    size_t bucket_count;
    atomic_int_fast64_t amount;    /* counter and gauge: the value; histogram: the sum */
    atomic_int_fast64_t buckets[]; /* observations within each bound, not cumulated; the last is +Inf */
};

static pthread_mutex_t grow = PTHREAD_MUTEX_INITIALIZER; /* held to add a series or a table, never to count */
static struct metric *const *tables[METRIC_TABLES];
static atomic_size_t table_count;

static const char OTHER[] = "other";

static size_t
bound_count (const struct metric *metric)
{
    size_t count = 0;
    if (metric->bounds)
        while (metric->bounds[count] != INT64_MAX)
            count++;
    return count;
}

static struct metric_series *
series_find (struct metric_series *series, const char *value, size_t *ret_count)
{
    *ret_count = 0;
    for (; series; series = series->next, ++*ret_count)
        if (series->value == value || (value && strcmp (series->value, value) == 0))
            return series;
    return NULL;
}

static struct metric_series *
series_new (const struct metric *metric, const char *value)
{
    size_t buckets = metric->type == METRIC_TYPE_HISTOGRAM ? bound_count (metric) + 1 : 0;
    struct metric_series *series = calloc (1, sizeof *series + buckets * sizeof *series->buckets);
    char *copy = value ? strdup (value) : NULL;
    if (!series || (value && !copy)) {
        free (series);
        free (copy);
        return NULL;
    }
    series->value = copy;
    series->bucket_count = buckets;
    return series;
}

/* The series of a label value, made when new; NULL only without memory: a count is then lost, and nothing else. */
static struct metric_series *
series_get (struct metric *metric, const char *value)
{
    size_t count;
    MUST (!metric->label == !value);
    struct metric_series *series =
        series_find (atomic_load_explicit (&metric->first, memory_order_acquire), value, &count);
    if (series)
        return series;
    pthread_mutex_lock (&grow);
    struct metric_series *first = atomic_load (&metric->first);
    series = series_find (first, value, &count);
    if (!series && value && count >= METRIC_SERIES) {
        value = OTHER;
        series = series_find (first, value, &count);
    }
    if (!series && (series = series_new (metric, value))) {
        series->next = first;
        atomic_store_explicit (&metric->first, series, memory_order_release);
    }
    pthread_mutex_unlock (&grow);
    return series;
}

static bool
name_legal (const char *name)
{
    size_t legal = strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    return legal > 0 && name[legal] == '\0' && !(name[0] >= '0' && name[0] <= '9');
}

static bool
name_known (const char *name)
{
    for (size_t i = 0; i < table_count; i++)
        for (struct metric *const *metric = tables[i]; *metric; metric++)
            if (strcmp ((*metric)->name, name) == 0)
                return true;
    return false;
}

static void
metric_check (const struct metric *metric)
{
    MUST (name_legal (metric->name) && !name_known (metric->name));
    MUST (!metric->label || (name_legal (metric->label) && strcmp (metric->label, "le") != 0));
    MUST ((metric->type == METRIC_TYPE_HISTOGRAM) == (metric->bounds != NULL));
    size_t count = bound_count (metric);
    MUST (count <= METRIC_BUCKETS);
    for (size_t i = 1; metric->bounds && i < count; i++)
        MUST (metric->bounds[i - 1] < metric->bounds[i]);
}

void
metrics_register (struct metric *const *metrics)
{
    pthread_mutex_lock (&grow);
    MUST (table_count < METRIC_TABLES);
    for (struct metric *const *metric = metrics; *metric; metric++) {
        metric_check (*metric);
        for (struct metric *const *earlier = metrics; earlier < metric; earlier++)
            MUST (strcmp ((*earlier)->name, (*metric)->name) != 0);
    }
    tables[table_count] = metrics;
    atomic_fetch_add (&table_count, 1);
    pthread_mutex_unlock (&grow);
    for (struct metric *const *metric = metrics; *metric; metric++)
        if (!(*metric)->label) /* so that it is seen as 0 before anything happens */
            series_get (*metric, NULL);
}

void
metric_add (struct metric *metric, const char *value, int64_t amount)
{
    MUST (metric->type == METRIC_TYPE_GAUGE || (metric->type == METRIC_TYPE_COUNTER && amount >= 0));
    struct metric_series *series = series_get (metric, value);
    if (series)
        atomic_fetch_add_explicit (&series->amount, amount, memory_order_relaxed);
}

void
metric_set (struct metric *metric, const char *value, int64_t amount)
{
    MUST (metric->type == METRIC_TYPE_GAUGE);
    struct metric_series *series = series_get (metric, value);
    if (series)
        atomic_store_explicit (&series->amount, amount, memory_order_relaxed);
}

void
metric_observe (struct metric *metric, const char *value, int64_t amount)
{
    MUST (metric->type == METRIC_TYPE_HISTOGRAM);
    struct metric_series *series = series_get (metric, value);
    if (!series)
        return;
    size_t bucket = 0;
    while (bucket + 1 < series->bucket_count && amount > metric->bounds[bucket])
        bucket++;
    atomic_fetch_add_explicit (&series->buckets[bucket], 1, memory_order_relaxed);
    atomic_fetch_add_explicit (&series->amount, amount, memory_order_relaxed);
}

int64_t
metric_read (struct metric *metric, const char *value)
{
    size_t count;
    struct metric_series *series =
        series_find (atomic_load_explicit (&metric->first, memory_order_acquire), value, &count);
    if (!series)
        return 0;
    if (metric->type != METRIC_TYPE_HISTOGRAM)
        return atomic_load (&series->amount);
    int64_t observed = 0;
    for (size_t i = 0; i < series->bucket_count; i++)
        observed += atomic_load (&series->buckets[i]);
    return observed;
}

static bool
in_seconds (const struct metric *metric)
{
    static const char suffix[] = "_seconds";
    size_t length = strlen (metric->name);
    return length >= sizeof suffix - 1 && strcmp (metric->name + length - (sizeof suffix - 1), suffix) == 0;
}

static void
write_amount (struct text_buffer *out, const struct metric *metric, int64_t amount)
{
    if (!in_seconds (metric)) {
        text_add_int (out, amount);
        return;
    }
    uint64_t size = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
    text_printf (out, "%s%" PRIu64 ".%06" PRIu64, amount < 0 ? "-" : "", size / 1000000, size % 1000000);
}

static void
write_escaped (struct text_buffer *out, const char *text, bool quote)
{
    for (; *text; text++) {
        if (*text == '\\' || (quote && *text == '"')) {
            text_add_char (out, '\\');
            text_add_char (out, *text);
        } else if (*text == '\n') {
            text_add_string (out, "\\n");
        } else {
            text_add_char (out, *text);
        }
    }
}

/* name, suffix, {label="value",le="bound"} and a space. bound NULL: no le. */
static void
write_name (struct text_buffer *out, const struct metric *metric, const struct metric_series *series,
            const char *suffix, const int64_t *bound)
{
    text_add_string (out, metric->name);
    text_add_string (out, suffix);
    if (series->value || bound)
        text_add_char (out, '{');
    if (series->value) {
        text_printf (out, "%s=\"", metric->label);
        write_escaped (out, series->value, true);
        text_add_string (out, bound ? "\"," : "\"");
    }
    if (bound) {
        text_add_string (out, "le=\"");
        if (*bound == INT64_MAX)
            text_add_string (out, "+Inf");
        else
            write_amount (out, metric, *bound);
        text_add_char (out, '"');
    }
    if (series->value || bound)
        text_add_char (out, '}');
    text_add_char (out, ' ');
}

/* The count is the last bucket's, not a number of its own, so that one page always agrees with itself. */
static void
write_histogram (struct text_buffer *out, const struct metric *metric, const struct metric_series *series)
{
    int64_t cumulated = 0;
    for (size_t i = 0; i < series->bucket_count; i++) {
        cumulated += atomic_load_explicit (&series->buckets[i], memory_order_relaxed);
        write_name (out, metric, series, "_bucket", &metric->bounds[i]);
        text_add_int (out, cumulated);
        text_add_char (out, '\n');
    }
    write_name (out, metric, series, "_sum", NULL);
    write_amount (out, metric, atomic_load_explicit (&series->amount, memory_order_relaxed));
    text_add_char (out, '\n');
    write_name (out, metric, series, "_count", NULL);
    text_add_int (out, cumulated);
    text_add_char (out, '\n');
}

static void
write_metric (struct text_buffer *out, struct metric *metric)
{
    static const char *const types[] = { "counter", "gauge", "histogram" };
    text_printf (out, "# HELP %s ", metric->name);
    write_escaped (out, metric->help, false);
    text_printf (out, "\n# TYPE %s %s\n", metric->name, types[metric->type]);
    const struct metric_series *series = atomic_load_explicit (&metric->first, memory_order_acquire);
    for (; series; series = series->next) {
        if (metric->type == METRIC_TYPE_HISTOGRAM) {
            write_histogram (out, metric, series);
            continue;
        }
        write_name (out, metric, series, "", NULL);
        write_amount (out, metric, atomic_load_explicit (&series->amount, memory_order_relaxed));
        text_add_char (out, '\n');
    }
}

bool
metrics_write (struct text_buffer *out)
{
    size_t count = atomic_load (&table_count);
    for (size_t i = 0; i < count; i++)
        for (struct metric *const *metric = tables[i]; *metric; metric++)
            write_metric (out, *metric);
    return !out->failed;
}
