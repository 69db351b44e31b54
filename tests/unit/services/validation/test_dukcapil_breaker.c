#include "services/validation/dukcapil_breaker.h"

#include "tests/support/test.h"

static void
single_failures_are_ordinary (void **state)
{
    struct breaker breaker = { 0 };
    for (int i = 1; i < BREAKER_FAILURES; i++) {
        assert_false (breaker_record (&breaker, BREAKER_FAILED, 1000, 0));
        assert_true (breaker_allows (&breaker, 1000));
    }
    breaker_record (&breaker, BREAKER_GOOD, 1000, 0);
    assert_false (breaker_record (&breaker, BREAKER_FAILED, 1000, 0));
    assert_true (breaker_allows (&breaker, 1000));
}

static void
failures_in_a_row_stop_it_and_one_question_probes (void **state)
{
    struct breaker breaker = { 0 };
    for (int i = 1; i < BREAKER_FAILURES; i++)
        breaker_record (&breaker, BREAKER_FAILED, 0, 0);
    assert_true (breaker_record (&breaker, BREAKER_FAILED, 0, 0));
    assert_false (breaker_allows (&breaker, 0));
    int64_t first = breaker.closed_until;
    assert_true (first >= BREAKER_FIRST_MS * 1000 / 2 && first <= BREAKER_FIRST_MS * 1000);
    assert_true (breaker_allows (&breaker, first));
    assert_false (breaker_allows (&breaker, first)); /* one at a time */
    assert_false (breaker_record (&breaker, BREAKER_FAILED, first, 0));
    assert_true (breaker.closed_until - first > first); /* longer than before */
    int64_t second = breaker.closed_until;
    assert_true (breaker_allows (&breaker, second));
    assert_true (breaker_record (&breaker, BREAKER_GOOD, second, 0));
    assert_true (breaker_allows (&breaker, second));
}

static void
pauses_have_an_end (void **state)
{
    struct breaker breaker = { 0 };
    for (int i = 0; i < 1000; i++)
        breaker_record (&breaker, BREAKER_FAILED, 0, 999);
    assert_true (breaker.closed_until <= (int64_t)BREAKER_LAST_MS * 1000);
}

static void
refusal_of_us_stops_at_once (void **state)
{
    struct breaker breaker = { 0 };
    assert_true (breaker_record (&breaker, BREAKER_SETUP, 0, 0));
    assert_true (breaker.setup);
    assert_false (breaker_allows (&breaker, 0));
    assert_true (breaker_allows (&breaker, BREAKER_SETUP_MS * 1000));
    assert_true (breaker_record (&breaker, BREAKER_GOOD, 0, 0));
    assert_false (breaker.setup);
}

static void
quota_ends_by_the_clock (void **state)
{
    struct breaker breaker = { 0 };
    assert_true (breaker_record (&breaker, BREAKER_QUOTA, 0, 0));
    assert_false (breaker.setup);
    assert_false (breaker_allows (&breaker, BREAKER_QUOTA_MS / 2 * 1000 - 1));
    assert_true (breaker_allows (&breaker, BREAKER_QUOTA_MS * (int64_t)1000));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (single_failures_are_ordinary),
        cmocka_unit_test (failures_in_a_row_stop_it_and_one_question_probes),
        cmocka_unit_test (pauses_have_an_end),
        cmocka_unit_test (refusal_of_us_stops_at_once),
        cmocka_unit_test (quota_ends_by_the_clock),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
