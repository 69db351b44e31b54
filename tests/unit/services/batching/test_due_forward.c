/* Once its batch is with BPJS, each application waits for the answer, until when its own procedure says. */
#include "tests/unit/services/batching/fixture.h"

static const int64_t answer_due_at = HARNESS_NOW + 30 * 86400 * (int64_t)CLOCK_SECOND;

static struct waiting *
waiting_row (struct harness *harness, char name, const char *state)
{
    struct waiting *waiting = harness_row (harness, &waiting_table, harness_id (name));
    waiting->version = 11;
    waiting->state = state;
    waiting->batch_id = harness_id ('b');
    waiting->due_at = HARNESS_NOW;
    return waiting;
}

static void
forward (struct harness *harness, const char *names, bool more)
{
    Padan__Batching__V1__ForwardResult result = PADAN__BATCHING__V1__FORWARD_RESULT__INIT;
    Padan__Batching__V1__ForwardedApplication items[4], *list[4];
    struct uuid ids[4];
    for (size_t i = 0; names[i]; i++) {
        ids[i] = harness_id (names[i]);
        padan__batching__v1__forwarded_application__init (&items[i]);
        items[i].application_id = uuid_field (&ids[i]);
        items[i].due_at = answer_due_at;
        list[i] = &items[i];
        result.n_applications++;
    }
    result.applications = list;
    result.more = more;
    harness_due (harness, harness_id ('b'), 1, &result);
    assert_rc (harness_run (harness, on_forward, on_forward_keys), RC_OK);
}

static void
the_answer_is_due_from_the_sending (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    const struct waiting *waiting = waiting_row (harness, 'a', "batched");
    const struct waiting *done = waiting_row (harness, 'd', "finished");
    forward (harness, "ad", false);
    assert_int_equal (waiting->due_at, answer_due_at);
    assert_int_equal (harness_events (harness), 1);
    assert_int_equal (harness_event_version (harness, 0), 12);
    const Padan__Batching__V1__ApplicationForwarded *event =
        harness_event (harness, 0, &padan__batching__v1__application_forwarded__descriptor);
    assert_int_equal (event->due_at, answer_due_at);
    assert_int_equal (done->due_at, HARNESS_NOW); /* answered before it was told of */
    assert_int_equal (done->version, 11);
    assert_null (harness_due_of (harness, "forward"));
}

static void
more_goes_on_behind_the_last (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    waiting_row (harness, 'a', "batched");
    waiting_row (harness, 'c', "batched");
    forward (harness, "ac", true);
    const struct due_row *due = harness_due_of (harness, "forward");
    assert_int_equal (due->input_version, 2);
    struct uuid last = harness_id ('c'), after;
    Padan__Batching__V1__ForwardDue *payload = padan__batching__v1__forward_due__unpack (
        arena_protobuf (harness->arena), due->payload.size, due->payload.data);
    assert_true (uuid_from (payload->after_id, &after));
    assert_int_equal (uuid_compare (after, last), 0);
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (the_answer_is_due_from_the_sending),
                                        cmocka_unit_test (more_goes_on_behind_the_last) };
    return cmocka_run_group_tests_name ("services/batching/due_forward", tests, NULL, NULL);
}
