/* How threads wake each other. A signal that is not heard is a test that does not end. */
#include <pthread.h>

#include "common/engine/runtime.h"
#include "tests/support/test.h"

enum { FOR_EVER_MS = 24 * 3600 * 1000 };

static struct engine engine;

static int
setup (void **state)
{
    engine = (struct engine){ 0 };
    engine_signals_open (&engine);
    return 0;
}

static void *
await (void *which)
{
    uint64_t seen = 0;
    engine_await (&engine, *(const enum engine_signal *)which, &seen, FOR_EVER_MS);
    return NULL;
}

static void *
rest (void *nothing)
{
    engine_sleep (&engine, FOR_EVER_MS);
    return NULL;
}

static void
who_waits_hears_what_it_waits_for (void **state)
{
    enum engine_signal which = SIGNAL_WAITING;
    pthread_t thread;
    assert_int_equal (pthread_create (&thread, NULL, await, &which), 0);
    engine_signal (&engine, SIGNAL_DUE); /* is not for it */
    engine_signal (&engine, SIGNAL_WAITING);
    pthread_join (thread, NULL);
}

static void
what_came_before_is_heard_once (void **state)
{
    uint64_t seen = 0;
    engine_signal (&engine, SIGNAL_DUE);
    engine_signal (&engine, SIGNAL_DUE);
    engine_await (&engine, SIGNAL_DUE, &seen, FOR_EVER_MS);
    assert_int_equal (seen, 2);
    engine_await (&engine, SIGNAL_DUE, &seen, 1);
    assert_int_equal (seen, 2);
}

static void
the_end_wakes_everybody (void **state)
{
    enum engine_signal due = SIGNAL_DUE, waiting = SIGNAL_WAITING;
    pthread_t threads[3];
    assert_int_equal (pthread_create (&threads[0], NULL, await, &due), 0);
    assert_int_equal (pthread_create (&threads[1], NULL, await, &waiting), 0);
    assert_int_equal (pthread_create (&threads[2], NULL, rest, NULL), 0);
    engine.stopping = true;
    engine_signal (&engine, SIGNAL_STOP);
    for (int i = 0; i < 3; i++)
        pthread_join (threads[i], NULL);
    rest (NULL); /* and nobody sleeps any more */
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup (who_waits_hears_what_it_waits_for, setup),
        cmocka_unit_test_setup (what_came_before_is_heard_once, setup),
        cmocka_unit_test_setup (the_end_wakes_everybody, setup),
    };
    return cmocka_run_group_tests_name ("engine/signals", tests, NULL, NULL);
}
