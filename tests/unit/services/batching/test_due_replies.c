/* What one line of BPJS's reply does, and what it never does. */
#include "tests/unit/services/batching/fixture.h"

static const char *const niks[] = { "1272015203850001", "1272010505120001" };
static struct collected collected;
static const char *reconciler = ""; /* by the batch's procedure */

struct reply {
    int person; /* of the family */
    bool accepted;
    const char *card, *reason;
};

static const struct batch_row *
sent_batch (struct harness *harness)
{
    approve (harness, harness_id ('a'), "baru", niks, 2, NULL);
    collected = (struct collected){ 0 };
    collected_init (&collected, "baru", "", 0);
    collected_add (&collected, harness_id ('a'));
    struct batch_row *batch = (struct batch_row *)batch_make (harness, harness_id ('b'), &collected);
    batch->state = "sent";
    return batch;
}

static const struct import_row *
reply (struct harness *harness, char import_name, const struct reply *replies, size_t n)
{
    Padan__Batching__V1__RepliesResult result = PADAN__BATCHING__V1__REPLIES_RESULT__INIT;
    Padan__Batching__V1__ReplyLine lines[4], *list[4];
    struct uuid batch = harness_id ('b'), application = harness_id ('a'), members[4];
    struct uuid import_id = harness_id (import_name);
    struct import_row *import = (struct import_row *)harness_find (harness, &import_table, import_id);
    if (!import) {
        import = harness_row (harness, &import_table, import_id);
        import->batch_id = batch;
        import->source = import->state = import->failure = import->layout = "";
    }
    for (size_t i = 0; i < n; i++) {
        members[i] = member_of (application, replies[i].person);
        padan__batching__v1__reply_line__init (&lines[i]);
        lines[i].line = (int64_t)i + 2;
        lines[i].application_id = uuid_field (&application);
        lines[i].member_id = uuid_field (&members[i]);
        lines[i].nik = (char *)niks[replies[i].person];
        lines[i].accepted = replies[i].accepted;
        lines[i].card_number = (char *)(replies[i].card ? replies[i].card : "");
        lines[i].reason = (char *)(replies[i].reason ? replies[i].reason : "");
        list[i] = &lines[i];
    }
    result.batch_id = uuid_field (&batch);
    result.lines = list;
    result.n_lines = n;
    result.file_end = true;
    result.reconcile_act = (char *)"rekonsiliasi";
    result.reconciler = (char *)reconciler;
    result.reconcile_due_at = *reconciler ? HARNESS_NOW + 5 : 0;
    harness_due (harness, import_id, import->chunks + 1, &result);
    assert_rc (harness_run (harness, on_replies, on_replies_keys), RC_OK);
    return harness_find (harness, &import_table, import_id);
}

static const char *
problem (struct harness *harness, char import_name, int64_t line)
{
    const struct problem_line *row =
        harness_find (harness, &import_problem_table, problem_line_id (harness_id (import_name), line));
    return row ? row->code : "";
}

static void
each_person_has_an_outcome (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    const struct batch_row *batch = sent_batch (harness);
    const struct reply replies[] = { { 0, true, "0001234567890", NULL }, { 1, false, NULL, "NIK tidak padan" } };
    const struct import_row *import = reply (harness, 'i', replies, 2);
    assert_int_equal (import->changed, 2);
    assert_string_equal (import->state, "done");
    const Padan__Batching__V1__MemberAccepted *accepted =
        harness_event (harness, 0, &padan__batching__v1__member_accepted__descriptor);
    assert_string_equal (accepted->card_number, "0001234567890");
    assert_false (accepted->transfer);
    assert_int_equal (accepted->dossier->n_members, 2);
    assert_int_equal (harness_event_version (harness, 0), 12); /* queued 10, batched 11 */
    harness_event (harness, 1, &padan__batching__v1__member_refused__descriptor);
    const Padan__Batching__V1__ApplicationFinished *finished =
        harness_event (harness, 2, &padan__batching__v1__application_finished__descriptor);
    assert_int_equal (finished->accepted, 1);
    assert_int_equal (finished->refused, 1);
    harness_event (harness, 3, &padan__batching__v1__batch_answered__descriptor);
    harness_event (harness, 4, &padan__batching__v1__import_finished__descriptor);
    assert_int_equal (harness_events (harness), 5);
    assert_string_equal (batch->state, "answered");
}

static void
an_answered_batch_is_to_be_reconciled (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    const struct batch_row *batch = sent_batch (harness);
    const struct reply replies[] = { { 0, true, "0001234567890", NULL }, { 1, false, NULL, "NIK tidak padan" } };
    reconciler = "kabid";
    reply (harness, 'i', replies, 1);
    assert_string_equal (batch->reconciler, ""); /* one is still without an answer */
    reply (harness, 'j', replies + 1, 1);
    const Padan__Batching__V1__ReconciliationDue *event =
        harness_event (harness, 3, &padan__batching__v1__reconciliation_due__descriptor);
    assert_string_equal (event->next_act, "rekonsiliasi");
    assert_string_equal (event->next_role, "kabid");
    assert_int_equal (event->due_at, HARNESS_NOW + 5);
    assert_string_equal (batch->reconciler, "kabid");
    assert_string_equal (batch_next_role (batch), "kabid");
    assert_int_equal (batch->due_at, HARNESS_NOW + 5);
    ((struct batch_row *)batch)->state = "reconciled";
    assert_string_equal (reply (harness, 'k', replies, 2)->state, "done"); /* the same once more, afterwards */
    assert_string_equal (batch->state, "reconciled");
    reconciler = "";
}

static void
the_same_again_changes_nothing (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    sent_batch (harness);
    const struct reply replies[] = { { 0, true, "0001234567890", NULL }, { 1, false, NULL, "NIK tidak padan" } };
    reply (harness, 'i', replies, 2);
    const struct import_row *import = reply (harness, 'j', replies, 2);
    assert_int_equal (import->unchanged, 2);
    assert_int_equal (import->changed, 0);
    assert_int_equal (harness_events (harness), 1); /* ImportFinished */
}

static void
a_chunk_decided_before_is_dropped (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    Padan__Batching__V1__RepliesResult result = PADAN__BATCHING__V1__REPLIES_RESULT__INIT;
    struct uuid batch = harness_id ('b');
    sent_batch (harness);
    const struct reply one[] = { { 0, true, "0001234567890", NULL } };
    reply (harness, 'i', one, 1);
    result.batch_id = uuid_field (&batch);
    harness_due (harness, harness_id ('i'), 1, &result);
    assert_rc (harness_run (harness, on_replies, on_replies_keys), RC_OK);
    assert_int_equal (harness_events (harness), 0);
}

static void
contradictions_are_for_a_person (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    sent_batch (harness);
    const struct reply first[] = { { 0, true, "0001234567890", NULL }, { 1, false, NULL, "NIK tidak padan" } };
    const struct reply second[] = { { 0, false, NULL, "Berubah" }, { 1, true, "0001234567891", NULL } };
    const struct reply third[] = { { 0, true, "0009999999999", NULL } };
    reply (harness, 'i', first, 2);
    assert_int_equal (reply (harness, 'j', second, 2)->refused, 2);
    assert_string_equal (problem (harness, 'j', 2), "batching.reply_contradiction");
    assert_string_equal (problem (harness, 'j', 3), "batching.reply_contradiction");
    assert_int_equal (harness_events (harness), 1);
    reply (harness, 'k', third, 1); /* accepted, with another card */
    assert_string_equal (problem (harness, 'k', 2), "batching.reply_contradiction");
}

static void
doubles_and_taken_cards_are_problems (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    sent_batch (harness);
    const struct reply replies[] = { { 0, true, "0001234567890", NULL },
                                     { 0, true, "0001234567890", NULL },
                                     { 1, true, "0001234567890", NULL } };
    const struct import_row *import = reply (harness, 'i', replies, 3);
    assert_int_equal (import->changed, 1);
    assert_int_equal (import->refused, 2);
    assert_string_equal (problem (harness, 'i', 3), "batching.reply_double");
    assert_string_equal (problem (harness, 'i', 4), "batching.card_taken");
    assert_string_equal (waiting_find (harness, harness_id ('a'))->people[1].state, "batched");
}

static void
a_card_is_for_life (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    sent_batch (harness);
    const struct reply replies[] = { { 0, true, "0001234567890", NULL }, { 1, true, "0001234567891", NULL } };
    reply (harness, 'i', replies, 2);
    approve (harness, harness_id ('z'), "baru", niks, 1, NULL); /* years later: the place is free, the card the same */
    assert_string_equal (waiting_find (harness, harness_id ('z'))->people[0].state, "waiting");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (an_answered_batch_is_to_be_reconciled),
        cmocka_unit_test (each_person_has_an_outcome),
        cmocka_unit_test (the_same_again_changes_nothing),
        cmocka_unit_test (a_chunk_decided_before_is_dropped),
        cmocka_unit_test (contradictions_are_for_a_person),
        cmocka_unit_test (doubles_and_taken_cards_are_problems),
        cmocka_unit_test (a_card_is_for_life),
    };
    return cmocka_run_group_tests_name ("services/batching/due_replies", tests, profile_open, profile_close);
}
