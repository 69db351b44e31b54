/* The queue: who is taken before whom, how much at once, and as its operator sees it. */
#include "common/base/clock.h"
#include "common/engine/queue.h"
#include "tests/support/test.h"

enum { SIZE = 10, ORDER_MAX = 64 };

static struct job *
job_new (enum lane lane)
{
    struct arena *arena = arena_new (1 << 12);
    assert_non_null (arena);
    struct job *job = arena_alloc (arena, sizeof *job);
    assert_non_null (job);
    job->arena = arena;
    job->lane = lane;
    job->size = SIZE;
    return job;
}

static void
put (struct queue *queue, enum lane lane)
{
    struct job *job = job_new (lane);
    assert_true (queue_push (queue, &job));
}

static void
put_many (struct queue *queue, enum lane lane, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put (queue, lane);
}

/* A letter for each job of a list, in order: p of a person, b of bulk. Within a lane the older come first. */
static const char *
order_of (struct job *list)
{
    static char order[ORDER_MAX + 1];
    int64_t newest[QUEUE_LANES] = { 0 };
    size_t n = 0;
    for (struct job *job = list, *next; job; job = next) {
        next = job->next;
        assert_true (n < ORDER_MAX);
        assert_true (job->queued >= newest[job->lane]);
        newest[job->lane] = job->queued;
        order[n++] = job->lane == LANE_PERSON ? 'p' : 'b';
        job_destroy (&job);
    }
    order[n] = '\0';
    return order;
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

static void
an_officer_never_waits_behind_an_import (void **state)
{
    struct queue *queue = queue_new ();
    put_many (queue, LANE_BULK, 50);
    put_many (queue, LANE_PERSON, 3);
    assert_string_equal (order_of (queue_take (queue, 8, SIZE_MAX, 0)), "pppbbbbb");
    put (queue, LANE_PERSON);
    assert_string_equal (order_of (queue_take (queue, 2, SIZE_MAX, 0)), "pb");
    queue_destroy (&queue);
}

static void
an_import_goes_on_however_many_officers_there_are (void **state)
{
    struct queue *queue = queue_new ();
    put_many (queue, LANE_PERSON, 50);
    put_many (queue, LANE_BULK, 50);
    assert_string_equal (order_of (queue_take (queue, 2 * LANE_BULK_SHARE, SIZE_MAX, 0)), "pppbpppb");
    queue_destroy (&queue);
}

static void
no_more_bytes_are_taken_at_once_than_asked_for (void **state)
{
    struct queue *queue = queue_new ();
    put_many (queue, LANE_PERSON, 5);
    assert_string_equal (order_of (queue_take (queue, 5, 2 * SIZE + 1, 0)), "ppp"); /* the last may reach beyond */
    assert_string_equal (order_of (queue_take (queue, 5, 1, 0)), "p");              /* one that is larger alone */
    assert_int_equal (queue_look (queue).length, 1);
    queue_destroy (&queue);
}

static void
a_full_lane_takes_no_more_and_the_other_does (void **state)
{
    struct queue *queue = queue_new ();
    put_many (queue, LANE_BULK, QUEUE_LANE_MAX);
    struct job *job = job_new (LANE_BULK);
    assert_false (queue_push (queue, &job));
    assert_non_null (job);
    job_destroy (&job);
    put (queue, LANE_PERSON);
    assert_int_equal (queue_look (queue).length, QUEUE_LANE_MAX + 1);
    queue_destroy (&queue);
}

/* A batch costs nearly the same for one as for many, and they end one after the other. */
static void
a_second_batch_waits_for_more (void **state)
{
    struct queue *queue = queue_new ();
    put (queue, LANE_PERSON);
    assert_string_equal (order_of (queue_take_batch (queue, 400, SIZE_MAX, 0)), "p");
    put (queue, LANE_PERSON);
    int64_t since = queue_look (queue).since;
    assert_string_equal (order_of (queue_take_batch (queue, 400, SIZE_MAX, 0)), "p");
    assert_true (clock_monotonic () >= since + QUEUE_BEHIND_MS * (CLOCK_SECOND / 1000));
    queue_batch_end (queue);
    queue_batch_end (queue);
    assert_null (queue_take_batch (queue, 400, SIZE_MAX, 0));
    queue_destroy (&queue);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (its_oldest_is_known),
        cmocka_unit_test (a_new_oldest_counts_from_its_own_arrival),
        cmocka_unit_test (an_officer_never_waits_behind_an_import),
        cmocka_unit_test (an_import_goes_on_however_many_officers_there_are),
        cmocka_unit_test (no_more_bytes_are_taken_at_once_than_asked_for),
        cmocka_unit_test (a_full_lane_takes_no_more_and_the_other_does),
        cmocka_unit_test (a_second_batch_waits_for_more),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
