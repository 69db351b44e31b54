#include "tests/unit/services/batching/fixture.h"

static struct sent_facts facts = { .answer_due_at = HARNESS_NOW + 30 * 86400 * (int64_t)CLOCK_SECOND };

static void
a_written_batch_is_sent_once (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    Padan__Batching__V1__MarkSent command = PADAN__BATCHING__V1__MARK_SENT__INIT;
    struct batch_row *batch = harness_row (harness, &batch_table, harness_id ('b'));
    batch->state = "written";
    batch->version = 2;
    batch->number = "BARU-2026-0001";
    batch->channel = "online_sheet"; /* as its procedure says */
    batch->due_at = HARNESS_NOW;
    command.receipt = (char *)"Tanda terima 7";
    harness_command (harness, harness_id ('b'), &command)->version = 1;
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_rc (harness_run (harness, on_mark_sent, NULL), RC_STALE);
    struct message *message = harness_command (harness, harness_id ('b'), &command);
    message->version = 2;
    message->facts = &facts;
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_rc (harness_run (harness, on_mark_sent, NULL), RC_OK);
    const Padan__Batching__V1__BatchReply *reply =
        harness_reply (harness, &padan__batching__v1__batch_reply__descriptor);
    assert_string_equal (reply->state, "sent");
    assert_int_equal (reply->version, 3);
    const Padan__Batching__V1__BatchSent *sent =
        harness_event (harness, 0, &padan__batching__v1__batch_sent__descriptor);
    assert_string_equal (sent->channel, "online_sheet");
    assert_int_equal (sent->due_at, facts.answer_due_at);
    assert_int_equal (batch->due_at, facts.answer_due_at);
    assert_non_null (harness_due_of (harness, "forward"));
    harness_command (harness, harness_id ('b'), &command);
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_refused (harness_run (harness, on_mark_sent, NULL), RC_CONFLICT, "batching.batch_state", NULL);
}

static void
a_channel_is_one_of_the_vocabulary (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    Padan__Batching__V1__MarkSent command = PADAN__BATCHING__V1__MARK_SENT__INIT;
    struct batch_row *batch = harness_row (harness, &batch_table, harness_id ('b'));
    batch->state = "written";
    batch->channel = "file";
    command.channel = (char *)"merpati pos";
    harness_command (harness, harness_id ('b'), &command)->facts = &facts;
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_refused (harness_run (harness, on_mark_sent, NULL), RC_UNPROCESSABLE, "batching.channel", "/channel");
    assert_string_equal (batch->state, "written");
    command.channel = (char *)"siks_ng";
    harness_command (harness, harness_id ('b'), &command)->facts = &facts;
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_rc (harness_run (harness, on_mark_sent, NULL), RC_OK);
    assert_string_equal (batch->channel, "siks_ng");
}

static void
unknown_and_forbidden (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    Padan__Batching__V1__MarkSent command = PADAN__BATCHING__V1__MARK_SENT__INIT;
    harness_command (harness, harness_id ('b'), &command);
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_refused (harness_run (harness, on_mark_sent, NULL), RC_NOT_FOUND, "common.not_found", NULL);
    harness_command (harness, harness_id ('b'), &command);
    harness_grant (harness, PADAN__ROLE__ROLE_KABID, "");
    assert_refused (harness_run (harness, on_mark_sent, NULL), RC_FORBIDDEN, "common.forbidden", NULL);
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (a_written_batch_is_sent_once),
                                        cmocka_unit_test (a_channel_is_one_of_the_vocabulary),
                                        cmocka_unit_test (unknown_and_forbidden) };
    return cmocka_run_group_tests_name ("services/batching/on_mark_sent", tests, NULL, NULL);
}
