/* Thousands of seeds of the simulated world, and the same world with one rule taken away at a time: the simulator must
 * notice each. `--seed N [--mutation N]` runs one with a trace, `--seeds N` as many as one has time for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sodium.h>

#include "common/base/clock.h"
#include "tests/sim/sim.h"

enum {
    SEEDS = 5000,
    SEEDS_LEAST = 300, /* on a slow machine; enough for everything to happen */
    SECONDS = 25,
    MUTATION_SEEDS = 400, /* within so many each mutation is caught */
};

static void
every_seed_keeps_every_promise (void **state)
{
    unsigned happened[HAPPENING_KINDS] = { 0 };
    char failure[400];
    int64_t until = clock_monotonic () + SECONDS * (int64_t)CLOCK_SECOND;
    uint64_t seed = 1;
    for (; seed <= SEEDS && (seed <= SEEDS_LEAST || clock_monotonic () < until); seed++)
        if (!sim_run (seed, 0, false, happened, failure))
            fail_msg ("seed %llu: %s", (unsigned long long)seed, failure);
    printf ("%llu seeds\n", (unsigned long long)seed - 1);
    for (int i = 0; i < HAPPENING_KINDS; i++)
        printf ("%10u %s\n", happened[i], happening_names[i]);
    for (int i = 0; i < HAPPENING_KINDS; i++)
        if (!happened[i])
            fail_msg ("never happened: %s", happening_names[i]);
}

static void
the_same_seed_gives_the_same_run (void **state)
{
    unsigned first[HAPPENING_KINDS] = { 0 }, second[HAPPENING_KINDS] = { 0 };
    char failure[400];
    for (uint64_t seed = 1; seed <= 5; seed++) {
        sim_run (seed, 0, false, first, failure);
        sim_run (seed, 0, false, second, failure);
    }
    assert_memory_equal (first, second, sizeof first);
}

static void
every_mutation_is_caught (void **state)
{
    for (unsigned i = 0; i < MUTATIONS; i++) {
        unsigned happened[HAPPENING_KINDS] = { 0 };
        char failure[400];
        uint64_t seed = 1;
        while (seed <= MUTATION_SEEDS && sim_run (seed, 1u << i, false, happened, failure))
            seed++;
        if (seed > MUTATION_SEEDS)
            fail_msg ("mutation %u is not caught in %d seeds", i, MUTATION_SEEDS);
        printf ("mutation %2u: seed %llu: %s\n", i, (unsigned long long)seed, failure);
    }
}

int
main (int argc, char **argv)
{
    MUST (sodium_init () >= 0);
    if (argc > 2 && strcmp (argv[1], "--seed") == 0) {
        unsigned happened[HAPPENING_KINDS] = { 0 };
        char failure[400];
        unsigned mutations = argc > 4 ? 1u << atoi (argv[4]) : 0;
        bool good = sim_run (strtoull (argv[2], NULL, 10), mutations, true, happened, failure);
        printf ("%s\n", good ? "good" : failure);
        return !good;
    }
    if (argc > 2 && strcmp (argv[1], "--seeds") == 0) {
        unsigned happened[HAPPENING_KINDS] = { 0 };
        char failure[400];
        int failed = 0;
        for (uint64_t seed = 1; seed <= strtoull (argv[2], NULL, 10); seed++)
            if (!sim_run (seed, 0, false, happened, failure))
                failed = printf ("seed %llu: %s\n", (unsigned long long)seed, failure);
        return failed != 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (the_same_seed_gives_the_same_run),
        cmocka_unit_test (every_mutation_is_caught),
        cmocka_unit_test (every_seed_keeps_every_promise),
    };
    return cmocka_run_group_tests_name ("sim", tests, NULL, NULL);
}
