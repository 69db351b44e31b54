#include "common/base/clock.h"
#include "services/gateway/pace.h"
#include "tests/support/test.h"

static const struct uuid siti = { { [12] = 1 } }, budi = { { [12] = 2 } };

static void
a_burst_then_one_after_the_other (void **state)
{
    static struct pace pace = PACE (3600, 3);
    int64_t now = 1000 * (int64_t)CLOCK_SECOND;
    for (int i = 0; i < 3; i++)
        assert_int_equal (pace_take (&pace, siti, 1, now), 0);
    assert_int_equal (pace_take (&pace, siti, 1, now), CLOCK_SECOND);
    assert_int_equal (pace_take (&pace, siti, 1, now + CLOCK_SECOND / 4), CLOCK_SECOND * 3 / 4);
    assert_int_equal (pace_take (&pace, budi, 3, now), 0);
    now += CLOCK_SECOND;
    assert_int_equal (pace_take (&pace, siti, 1, now), 0);
    assert_int_equal (pace_take (&pace, siti, 1, now), CLOCK_SECOND);
    now += 3600 * (int64_t)CLOCK_SECOND; /* the bucket holds no more than a burst */
    assert_int_equal (pace_take (&pace, siti, 3, now), 0);
    assert_int_equal (pace_take (&pace, siti, 1, now), CLOCK_SECOND);
}

static void
nothing_is_everything (void **state)
{
    static struct pace pace = PACE (0, 0);
    assert_int_equal (pace_take (&pace, siti, INT64_MAX, 0), 0);
}

static void
large_amounts_fit (void **state)
{
    static struct pace pace = PACE ((int64_t)16 << 30, (int64_t)16 << 30);
    int64_t now = 1000 * (int64_t)CLOCK_SECOND;
    assert_int_equal (pace_take (&pace, siti, (int64_t)16 << 30, now), 0);
    assert_true (pace_take (&pace, siti, (int64_t)8 << 30, now) > 1700 * (int64_t)CLOCK_SECOND);
    assert_int_equal (pace_take (&pace, siti, (int64_t)8 << 30, now + 1801 * (int64_t)CLOCK_SECOND), 0);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_burst_then_one_after_the_other),
        cmocka_unit_test (nothing_is_everything),
        cmocka_unit_test (large_amounts_fit),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
