#include "common/base/metrics.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const int64_t bounds[] = { 1000, 1000000, INT64_MAX };

static struct metric refusals = METRIC_COUNTER_BY ("padan_refusals_total", "Commands refused.", "reason");
static struct metric parked = METRIC_GAUGE ("padan_parked", "Messages\nthat \\wait.");
static struct metric age = METRIC_GAUGE_BY ("padan_oldest_seconds", "Age of the oldest.", "queue");
static struct metric commits = METRIC_HISTOGRAM ("padan_commit_seconds", "Time of COMMIT.", bounds);
static struct metric batches =
    METRIC_HISTOGRAM_BY ("padan_batch_messages", "Messages per batch.", "source", METRIC_COUNTS);
static struct metric many = METRIC_COUNTER_BY ("padan_many_total", "Too many values.", "reason");
static struct metric raced = METRIC_COUNTER_BY ("padan_raced_total", "Raced.", "reason");
static struct metric raced_times = METRIC_HISTOGRAM ("padan_raced_seconds", "Raced.", METRIC_TIMES);
static struct metric *const first_table[] = { &refusals, &parked, &age, &commits, NULL };
static struct metric *const second_table[] = { &batches, &many, &raced, &raced_times, NULL };

static int
register_tables (void **state)
{
    metrics_register (first_table);
    metrics_register (second_table);
    return 0;
}

static void
assert_line (const struct text_buffer *page, const char *line)
{
    char whole[200];
    snprintf (whole, sizeof whole, "\n%s\n", line);
    if (!strstr (page->data, whole))
        print_error ("no line %s in\n%s", line, page->data);
    assert_non_null (strstr (page->data, whole));
}

static void
page_has_every_kind (void **state)
{
    metric_add (&refusals, "a\"b\\c\nd", 2);
    metric_add (&refusals, "paper_missing", 40);
    metric_add (&refusals, "paper_missing", 2);
    metric_set (&parked, NULL, 5);
    metric_add (&parked, NULL, -6);
    metric_set (&age, "checks", 1500000);
    metric_set (&age, "back", -250000);
    metric_observe (&commits, NULL, 1000);
    metric_observe (&commits, NULL, 1001);
    metric_observe (&commits, NULL, 5000000);
    metric_observe (&batches, "command", 100);
    TEXT_AUTO struct text_buffer page = TEXT_BUFFER (100000);
    assert_true (metrics_write (&page));
    assert_non_null (
        strstr (page.data, "# HELP padan_refusals_total Commands refused.\n# TYPE padan_refusals_total counter\n"));
    assert_line (&page, "# HELP padan_parked Messages\\nthat \\\\wait.");
    assert_line (&page, "padan_refusals_total{reason=\"a\\\"b\\\\c\\nd\"} 2");
    assert_line (&page, "padan_refusals_total{reason=\"paper_missing\"} 42");
    assert_line (&page, "padan_parked -1");
    assert_line (&page, "padan_oldest_seconds{queue=\"checks\"} 1.500000");
    assert_line (&page, "padan_oldest_seconds{queue=\"back\"} -0.250000");
    assert_line (&page, "padan_commit_seconds_bucket{le=\"0.001000\"} 1");
    assert_line (&page, "padan_commit_seconds_bucket{le=\"1.000000\"} 2");
    assert_line (&page, "padan_commit_seconds_bucket{le=\"+Inf\"} 3");
    assert_line (&page, "padan_commit_seconds_sum 5.002001");
    assert_line (&page, "padan_commit_seconds_count 3");
    assert_line (&page, "padan_batch_messages_bucket{source=\"command\",le=\"50\"} 0");
    assert_line (&page, "padan_batch_messages_bucket{source=\"command\",le=\"100\"} 1");
    assert_line (&page, "padan_batch_messages_sum{source=\"command\"} 100");
    assert_int_equal (metric_read (&commits, NULL), 3);
    assert_int_equal (metric_read (&refusals, "paper_missing"), 42);
    assert_int_equal (metric_read (&refusals, "never"), 0);
}

static void
small_buffer_is_told (void **state)
{
    TEXT_AUTO struct text_buffer page = TEXT_BUFFER (100);
    assert_false (metrics_write (&page));
}

static void
label_values_are_bounded (void **state)
{
    for (int i = 0; i < METRIC_SERIES + 50; i++) {
        char value[16];
        snprintf (value, sizeof value, "v%d", i);
        metric_add (&many, value, 1);
    }
    assert_int_equal (metric_read (&many, "v0"), 1);
    assert_int_equal (metric_read (&many, "other"), 50);
    assert_int_equal (metric_read (&many, "v149"), 0);
}

static void *
count_many (void *unused)
{
    static const char *const reasons[] = { "a", "b", "c", "d", "e" };
    for (int i = 0; i < 50000; i++) {
        metric_add (&raced, reasons[i % 5], 1);
        metric_observe (&raced_times, NULL, i);
    }
    return NULL;
}

static void
threads_lose_nothing (void **state)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal (pthread_create (&threads[i], NULL, count_many, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join (threads[i], NULL);
    assert_int_equal (metric_read (&raced, "a"), 40000);
    assert_int_equal (metric_read (&raced, "e"), 40000);
    assert_int_equal (metric_read (&raced_times, NULL), 200000);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (page_has_every_kind),
        cmocka_unit_test (small_buffer_is_told),
        cmocka_unit_test (label_values_are_bounded),
        cmocka_unit_test (threads_lose_nothing),
    };
    return cmocka_run_group_tests (tests, register_tables, NULL);
}
