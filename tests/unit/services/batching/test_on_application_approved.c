#include "tests/unit/services/batching/fixture.h"

static const char *const pair[] = { "1272015203850001", "1272010505120001" };

static void
it_waits_for_its_day (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    assert_rc (approve (harness, harness_id ('a'), "baru", pair, 2, NULL), RC_OK);
    const struct waiting *waiting = waiting_find (harness, harness_id ('a'));
    const Padan__Batching__V1__ApplicationQueued *queued =
        harness_event (harness, 0, &padan__batching__v1__application_queued__descriptor);
    assert_int_equal (harness_events (harness), 1);
    assert_int_equal (harness_event_version (harness, 0), 10);
    assert_int_equal (queued->people, 2);
    assert_int_equal (queued->due_at, waiting->due_at);
    assert_string_equal (waiting->state, "waiting");
    assert_int_equal (waiting->count, 2);
    assert_false (waiting->transfer);
    assert_int_equal (harness_due_of (harness, "close")->due_at, waiting->due_at);
}

static struct uuid
timer_of (struct harness *harness, char application, const char *nik)
{
    assert_rc (approve (harness, harness_id (application), "pengalihan", &nik, 1, NULL), RC_OK);
    return harness_due_of (harness, "close")->subject;
}

/* While the common timer fires, one who is just being written would be seen by nobody. */
static void
who_comes_at_the_last_moment_has_a_timer_of_their_own (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    struct uuid common = timer_of (harness, 'a', "1272015203850001");
    assert_int_equal (uuid_compare (common, timer_of (harness, 'c', "1272015203850002")), 0);
    harness_pass (harness, (9 * 3600 - CLOSING_MARGIN / 2) * (int64_t)CLOCK_SECOND); /* 07.00 to 16.00, nearly */
    struct uuid late = timer_of (harness, 'd', "1272015203850003");
    assert_int_not_equal (uuid_compare (common, late), 0);
    assert_int_not_equal (uuid_compare (late, timer_of (harness, 'e', "1272015203850004")), 0);
    assert_int_equal (harness_due_of (harness, "close")->due_at, HARNESS_NOW + 9 * 3600 * (int64_t)CLOCK_SECOND);
}

static void
twice_is_once (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    assert_rc (approve (harness, harness_id ('a'), "pengalihan", pair, 2, NULL), RC_OK);
    assert_true (waiting_find (harness, harness_id ('a'))->transfer);
    assert_rc (approve (harness, harness_id ('a'), "pengalihan", pair, 2, NULL), RC_OK);
    assert_int_equal (harness_events (harness), 0);
}

static void
a_person_of_another_open_application_is_refused (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    static const char *const other[] = { "1272010505120001", "1272015203850009", "" };
    approve (harness, harness_id ('a'), "baru", pair, 2, NULL);
    assert_rc (approve (harness, harness_id ('b'), "baru", other, 3, NULL), RC_OK);
    const struct waiting *waiting = waiting_find (harness, harness_id ('b'));
    assert_int_equal (harness_events (harness), 2);
    const Padan__Batching__V1__ApplicationQueued *queued =
        harness_event (harness, 0, &padan__batching__v1__application_queued__descriptor);
    const Padan__Batching__V1__MemberRefused *refused =
        harness_event (harness, 1, &padan__batching__v1__member_refused__descriptor);
    assert_int_equal (queued->people, 3);
    assert_memory_equal (refused->member_id.data, &waiting->people[0].member_id, 16);
    assert_int_equal (harness_event_version (harness, 1), 11);
    assert_string_equal (waiting->people[0].state, "refused");
    assert_string_equal (waiting->people[1].state, "waiting");
    assert_string_equal (waiting->state, "waiting");
}

static void
all_doubles_end_it_at_once (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    approve (harness, harness_id ('a'), "baru", pair, 2, NULL);
    assert_rc (approve (harness, harness_id ('b'), "baru", pair, 2, NULL), RC_OK);
    assert_int_equal (harness_events (harness), 3);
    harness_event (harness, 0, &padan__batching__v1__member_refused__descriptor);
    harness_event (harness, 1, &padan__batching__v1__member_refused__descriptor);
    const Padan__Batching__V1__ApplicationFinished *finished =
        harness_event (harness, 2, &padan__batching__v1__application_finished__descriptor);
    assert_int_equal (finished->refused, 2);
    assert_string_equal (waiting_find (harness, harness_id ('b'))->state, "finished");
}

static void
need_goes_first (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    static const char *const one[] = { "1272015203850003" }, *const two[] = { "1272015203850004" };
    approve (harness, harness_id ('a'), "baru", one, 1, NULL);
    approve (harness, harness_id ('b'), "baru", two, 1, "pregnant");
    assert_true (waiting_find (harness, harness_id ('b'))->priority <
                 waiting_find (harness, harness_id ('a'))->priority);
}

static void
what_cannot_be_understood_is_parked (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    static const char *const wrong[] = { "12720152038500" };
    assert_rc (approve (harness, harness_id ('a'), "baru", wrong, 1, NULL), RC_CORRUPT);
    assert_rc (approve (harness, harness_id ('a'), "baru", pair, 0, NULL), RC_CORRUPT);
    assert_rc (approve (harness, harness_id ('a'), "lain", pair, 2, NULL), RC_CORRUPT);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (it_waits_for_its_day),
        cmocka_unit_test (who_comes_at_the_last_moment_has_a_timer_of_their_own),

        cmocka_unit_test (twice_is_once),
        cmocka_unit_test (a_person_of_another_open_application_is_refused),
        cmocka_unit_test (all_doubles_end_it_at_once),
        cmocka_unit_test (need_goes_first),
        cmocka_unit_test (what_cannot_be_understood_is_parked),
    };
    return cmocka_run_group_tests_name ("services/batching/on_application_approved", tests, profile_open,
                                        profile_close);
}
