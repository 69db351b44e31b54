#include "tests/unit/services/batching/fixture.h"

static struct close_facts facts;

static enum rc
ask (struct harness *harness, const char *track, const char *reason, Padan__Role role, const char *place)
{
    Padan__Batching__V1__CloseBatch command = PADAN__BATCHING__V1__CLOSE_BATCH__INIT;
    command.track = (char *)track;
    command.reason = (char *)reason;
    harness_command (harness, harness_id ('b'), &command)->facts = &facts;
    harness_grant (harness, role, place);
    return harness_run (harness, on_close_batch, NULL);
}

static int
facts_set (void **state)
{
    facts = (struct close_facts){ .known_track = true, .waiting = 3, .first_day = 20806, .today = 20780 };
    return 0;
}

static void
early_needs_a_reason_and_takes_all (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    assert_refused (ask (harness, "baru", "", PADAN__ROLE__ROLE_OPERATOR, ""), RC_UNPROCESSABLE,
                    "batching.reason_needed", "/reason");
    assert_null (harness_find (harness, &batch_table, harness_id ('b')));
    assert_rc (ask (harness, "baru", "Akhir tahun", PADAN__ROLE__ROLE_OPERATOR, ""), RC_OK);
    const struct batch_row *batch = harness_find (harness, &batch_table, harness_id ('b'));
    assert_string_equal (batch->state, "closing");
    assert_string_equal (batch->reason, "Akhir tahun");
    assert_int_equal (batch->until_day, DATE_NONE);
    assert_int_equal (batch->version, 0);
    assert_int_equal (harness_events (harness), 0); /* it is in the log once it has its number */
    assert_non_null (harness_due_of (harness, "collect"));
}

static void
on_its_day_it_needs_none (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    facts.today = facts.first_day;
    assert_rc (ask (harness, "baru", "", PADAN__ROLE__ROLE_KABID, ""), RC_OK);
    const struct batch_row *batch = harness_find (harness, &batch_table, harness_id ('b'));
    assert_int_equal (batch->until_day, facts.today);
}

static void
refusals (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    char long_reason[TEXT_MAX_REASON + 2];
    memset (long_reason, 'a', sizeof long_reason - 1);
    long_reason[sizeof long_reason - 1] = '\0';
    assert_refused (ask (harness, "baru", "x", PADAN__ROLE__ROLE_OPERATOR, "12.72.01"), RC_FORBIDDEN,
                    "common.forbidden", NULL);
    assert_refused (ask (harness, "baru", long_reason, PADAN__ROLE__ROLE_OPERATOR, ""), RC_UNPROCESSABLE,
                    "common.too_long", "/reason");
    facts.waiting = 0;
    assert_refused (ask (harness, "baru", "x", PADAN__ROLE__ROLE_OPERATOR, ""), RC_CONFLICT, "batching.nothing_waiting",
                    NULL);
    facts.known_track = false;
    assert_refused (ask (harness, "lain", "x", PADAN__ROLE__ROLE_OPERATOR, ""), RC_UNPROCESSABLE, "batching.no_track",
                    "/track");
    facts_set (NULL);
    assert_rc (ask (harness, "baru", "x", PADAN__ROLE__ROLE_OPERATOR, ""), RC_OK);
    assert_refused (ask (harness, "baru", "x", PADAN__ROLE__ROLE_OPERATOR, ""), RC_CONFLICT, "common.exists", NULL);
}

static void
the_timer_closes_what_is_due (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    Padan__Batching__V1__CloseDue due = PADAN__BATCHING__V1__CLOSE_DUE__INIT;
    due.track = (char *)"baru";
    due.day_date = (char *)"2026-12-18";
    struct message *message = harness_due (harness, harness_id ('t'), 0, &due);
    struct uuid id = message->id;
    assert_rc (harness_run (harness, on_close, on_close_keys), RC_OK);
    const struct batch_row *batch = harness_find (harness, &batch_table, id);
    char date[DATE_TEXT];
    assert_string_equal (date_format (batch->until_day, date), "2026-12-18");
    assert_string_equal (batch->track, "baru");
    assert_true (uuid_is_nil (batch->started_by));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup (early_needs_a_reason_and_takes_all, facts_set),
        cmocka_unit_test_setup (on_its_day_it_needs_none, facts_set),
        cmocka_unit_test_setup (refusals, facts_set),
        cmocka_unit_test_setup (the_timer_closes_what_is_due, facts_set),
    };
    return cmocka_run_group_tests_name ("services/batching/on_close_batch", tests, profile_open, profile_close);
}
