#include "tests/support/test.h"

#include <sodium.h>

#include "common/base/clock.h"
#include "services/accounts/throttle.h"

static int64_t
wait_after (int32_t failures)
{
    int64_t last = 1000 * (int64_t)CLOCK_SECOND;
    int64_t until = throttle_until (failures, last, last);
    return until ? (until - last) / CLOCK_SECOND : 0;
}

static void
test_waits_double_up_to_the_longest (void **state)
{
    (void)state;
    assert_int_equal (wait_after (0), 0);
    assert_int_equal (wait_after (THROTTLE_FREE - 1), 0);
    assert_int_equal (wait_after (THROTTLE_FREE), THROTTLE_FIRST);
    assert_int_equal (wait_after (THROTTLE_FREE + 1), 2 * THROTTLE_FIRST);
    assert_int_equal (wait_after (THROTTLE_FREE + 5), 32 * THROTTLE_FIRST);
    assert_int_equal (wait_after (THROTTLE_FREE + 6), THROTTLE_LONGEST);
    assert_int_equal (wait_after (INT32_MAX), THROTTLE_LONGEST);
    assert_int_equal (throttle_until (100, 0, THROTTLE_FORGOTTEN * (int64_t)CLOCK_SECOND), 0);
}

static void
test_check (void **state)
{
    struct throttle throttle = { .failures = THROTTLE_FREE, .last_at = CLOCK_SECOND };
    struct err err;
    (void)state;
    assert_int_equal (throttle_check (NULL, CLOCK_SECOND, &err), RC_OK);
    assert_int_equal (throttle_check (&throttle, CLOCK_SECOND, &err), RC_BUSY);
    assert_string_equal (err.code, "accounts.throttled");
    assert_int_equal (err.retry_after, THROTTLE_FIRST);
    assert_int_equal (throttle_check (&throttle, CLOCK_SECOND + 1, &err), RC_BUSY); /* never told too early */
    assert_int_equal (err.retry_after, THROTTLE_FIRST);
    assert_int_equal (throttle_check (&throttle, (1 + THROTTLE_FIRST) * (int64_t)CLOCK_SECOND, &err), RC_OK);
}

static void
test_a_login_has_one_row (void **state)
{
    (void)state;
    assert_true (sodium_init () >= 0);
    assert_int_equal (uuid_compare (throttle_id ("admin"), throttle_id ("admin")), 0);
    assert_int_not_equal (uuid_compare (throttle_id ("admin"), throttle_id ("admin2")), 0);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_waits_double_up_to_the_longest),
        cmocka_unit_test (test_check),
        cmocka_unit_test (test_a_login_has_one_row),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
