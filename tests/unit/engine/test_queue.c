/* The queue as its operator sees it. */
#include "common/base/clock.h"
#include "common/engine/queue.h"
#include "tests/support/test.h"

static void
put (struct queue *queue, enum lane lane)
{
    struct arena *arena = arena_new (1 << 12);
    assert_non_null (arena);
    struct job *job = arena_alloc (arena, sizeof *job);
    assert_non_null (job);
    job->arena = arena;
    job->lane = lane;
    assert_true (queue_push (queue, &job));
}

/* How many came of those asked for. */
static size_t
take (struct queue *queue, size_t most)
{
    size_t n = 0;
    for (struct job *job = queue_take (queue, most, SIZE_MAX, 0), *next; job; job = next, n++) {
        next = job->next;
        job_destroy (&job);
    }
    return n;
}

static void
its_oldest_is_known (void **state)
{
    (void)state;
    struct queue *queue = queue_new ();
    assert_int_equal (queue_look (queue).length, 0);
    assert_int_equal (queue_look (queue).since, 0);
    int64_t before = clock_monotonic ();
    put (queue, LANE_BULK);
    int64_t between = clock_monotonic ();
    assert_in_range (queue_look (queue).since, before, between);
    while (clock_monotonic () == between)
        ;
    put (queue, LANE_PERSON);
    assert_int_equal (queue_look (queue).length, 2);
    assert_in_range (queue_look (queue).since, before, between); /* not the one that is taken next */
    assert_int_equal (take (queue, 1), 1);
    assert_in_range (queue_look (queue).since, before, between);
    assert_int_equal (take (queue, 1), 1);
    assert_int_equal (queue_look (queue).since, 0);
    queue_destroy (&queue);
}

static void
a_new_oldest_counts_from_its_own_arrival (void **state)
{
    (void)state;
    struct queue *queue = queue_new ();
    put (queue, LANE_PERSON);
    int64_t between = clock_monotonic ();
    while (clock_monotonic () == between)
        ;
    put (queue, LANE_PERSON);
    assert_in_range (queue_look (queue).since, 1, between);
    assert_int_equal (take (queue, 1), 1);
    assert_true (queue_look (queue).since > between);
    queue_destroy (&queue);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (its_oldest_is_known),
        cmocka_unit_test (a_new_oldest_counts_from_its_own_arrival),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
