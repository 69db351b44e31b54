/* Decisions of due "check", and of what writes it. */
#include <string.h>

#include "intake.pb-c.h"
#include "services/validation/answer_store.h"
#include "services/validation/claim_store.h"
#include "services/validation/registry_store.h"
#include "services/validation/validation.h"
#include "tests/support/harness.h"
#include "tests/support/test.h"

#define V(name) PADAN__COMMON__V1__VERDICT__VERDICT_##name

static uint8_t profile[PROFILE_HASH], member_ids[2][16] = { { 1 }, { 2 } }, claim_id[16] = { 7 },
                                      answer_key[16] = { 9 };

static Padan__Common__V1__Dossier *
dossier_of (const char *nik, const char *name)
{
    static Padan__Common__V1__Dossier dossier;
    static Padan__Common__V1__Member member, *members[1] = { &member };
    padan__common__v1__dossier__init (&dossier);
    padan__common__v1__member__init (&member);
    member.member_id = (ProtobufCBinaryData){ 16, member_ids[0] };
    member.nik = (char *)nik;
    member.name = (char *)name;
    member.birth_date = (char *)"1990-01-01";
    dossier.kk = (char *)"1272010101200001";
    dossier.track = (char *)"baru";
    dossier.profile_sha256 = (ProtobufCBinaryData){ sizeof profile, profile };
    dossier.members = members;
    dossier.n_members = 1;
    return &dossier;
}

static void
enter (struct harness *harness, char id, int64_t version, const char *nik, const char *source)
{
    Padan__Intake__V1__ApplicationEntered event = PADAN__INTAKE__V1__APPLICATION_ENTERED__INIT;
    event.dossier = dossier_of (nik, "BUDIARTI");
    event.source = (char *)source;
    harness_entry (harness, "intake", harness_id (id), version, &event);
    assert_rc (harness_run (harness, on_application_entered, NULL), RC_OK);
}

static void
entered_application_is_due_for_a_check (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    enter (harness, 'a', 3, "1272014101900001", "counter");
    const struct application *row = harness_find (harness, &application_table, harness_id ('a'));
    assert_int_equal (row->version, 3);
    assert_int_equal (row->members[0].nik, 1272014101900001);
    const struct due_row *due = harness_due_of (harness, "check");
    assert_int_equal (due->input_version, 3);
    assert_int_equal (due->priority, PRIORITY_COUNTER);
    enter (harness, 'a', 3, "1272014101900001", "counter"); /* seen before */
    assert_int_equal (harness_dues (harness), 0);
    enter (harness, 'b', 1, "1272014101900001", "import");
    assert_int_equal (harness_due_of (harness, "check")->priority, PRIORITY_IMPORT);
}

static void
corrected_member_loses_the_verdict (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    enter (harness, 'a', 1, "1272014101900001", "counter");
    struct application *row = (struct application *)harness_find (harness, &application_table, harness_id ('a'));
    row->members[0].verdict = V (BLOCK);
    Padan__Intake__V1__ApplicationCorrected event = PADAN__INTAKE__V1__APPLICATION_CORRECTED__INIT;
    event.dossier = dossier_of ("1272014101900001", "BUDIARTI");
    harness_entry (harness, "intake", harness_id ('a'), 2, &event);
    assert_rc (harness_run (harness, on_application_corrected, NULL), RC_OK);
    assert_int_equal (row->members[0].verdict, V (BLOCK)); /* nothing about the person changed */
    event.dossier = dossier_of ("1272014101900001", "BUDI ARTI");
    harness_entry (harness, "intake", harness_id ('a'), 3, &event);
    assert_rc (harness_run (harness, on_application_corrected, NULL), RC_OK);
    assert_int_equal (row->members[0].verdict, V (NONE));
    assert_int_equal (row->n_members, 1);
    assert_non_null (harness_due_of (harness, "release"));
}

struct outcome {
    Padan__Validation__V1__CheckResult result;
    Padan__Common__V1__MemberVerdict verdict, *verdicts[1];
    ProtobufCBinaryData claims[1];
    Padan__Validation__V1__KeptAnswer answer, *answers[1];
};

static void
outcome_make (struct outcome *outcome, Padan__Common__V1__Verdict verdict)
{
    padan__validation__v1__check_result__init (&outcome->result);
    padan__common__v1__member_verdict__init (&outcome->verdict);
    outcome->verdict.member_id = (ProtobufCBinaryData){ 16, member_ids[0] };
    outcome->verdict.verdict = verdict;
    outcome->verdicts[0] = &outcome->verdict;
    outcome->result.verdicts = outcome->verdicts;
    outcome->result.n_verdicts = 1;
    outcome->result.priority = PRIORITY_COUNTER;
    outcome->claims[0] = (ProtobufCBinaryData){ 16, claim_id };
    outcome->result.claim_id = outcome->claims;
    padan__validation__v1__kept_answer__init (&outcome->answer);
    outcome->answer.answer_id = (ProtobufCBinaryData){ 16, answer_key };
    outcome->answer.pairs = (ProtobufCBinaryData){ 16, answer_key };
    outcome->answers[0] = &outcome->answer;
    outcome->result.answers = outcome->answers;
}

static void
judge (struct harness *harness, char id, int64_t version, struct outcome *outcome)
{
    harness_due (harness, harness_id (id), version, &outcome->result);
    assert_rc (harness_run (harness, check_decide, check_keys), RC_OK);
}

static void
verdict_is_kept_and_told_at_the_judged_version (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct outcome outcome;
    enter (harness, 'a', 4, "1272014101900001", "counter");
    outcome_make (&outcome, V (CLEAR));
    outcome.result.n_answers = 1;
    judge (harness, 'a', 4, &outcome);
    assert_int_equal (harness_events (harness), 1);
    assert_int_equal (harness_event_version (harness, 0), 4);
    const Padan__Validation__V1__Judged *event = harness_event (harness, 0, &padan__validation__v1__judged__descriptor);
    assert_int_equal (event->verdicts[0]->verdict, V (CLEAR));
    const struct application *row = harness_find (harness, &application_table, harness_id ('a'));
    assert_int_equal (row->judged_version, 4);
    assert_int_equal (row->members[0].verdict, V (CLEAR));
    judge (harness, 'a', 4, &outcome); /* the same again says nothing */
    assert_int_equal (harness_events (harness), 0);
}

static void
verdict_on_an_older_version_is_dropped (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct outcome outcome;
    enter (harness, 'a', 4, "1272014101900001", "counter");
    outcome_make (&outcome, V (CLEAR));
    judge (harness, 'a', 3, &outcome);
    assert_int_equal (harness_events (harness), 0);
    assert_int_equal (
        ((const struct application *)harness_find (harness, &application_table, harness_id ('a')))->judged_version, 0);
}

static void
verdict_by_a_snapshot_that_was_replaced_is_made_again (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct outcome outcome;
    struct registry *registry = harness_row (harness, &registry_held_table, registry_id ("poverty"));
    registry->current_version = 2;
    enter (harness, 'a', 1, "1272014101900001", "counter");
    outcome_make (&outcome, V (CLEAR));
    outcome.result.poverty_version = 1;
    judge (harness, 'a', 1, &outcome);
    assert_int_equal (harness_events (harness), 0);
    assert_int_equal (harness_due_of (harness, "check")->input_version, 1);
    outcome.result.poverty_version = 2;
    judge (harness, 'a', 1, &outcome);
    assert_int_equal (harness_events (harness), 1);
}

static void
waiting_is_shown_once_and_tried_again (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct outcome outcome;
    enter (harness, 'a', 1, "1272014101900001", "counter");
    outcome_make (&outcome, V (WAITING));
    outcome.result.waiting = true;
    outcome.result.again_at = HARNESS_NOW + 5 * CLOCK_SECOND;
    judge (harness, 'a', 1, &outcome);
    assert_int_equal (harness_events (harness), 1);
    assert_true (harness_due_of (harness, "check")->due_at == outcome.result.again_at);
    judge (harness, 'a', 1, &outcome);
    assert_int_equal (harness_events (harness), 0);
    assert_int_equal (harness_dues (harness), 1);
    const struct application *row = harness_find (harness, &application_table, harness_id ('a'));
    assert_int_equal (row->waits, 2);
    outcome_make (&outcome, V (CLEAR));
    judge (harness, 'a', 1, &outcome);
    assert_int_equal (harness_events (harness), 1);
    assert_int_equal (row->waits, 0);
}

static const struct claim *
claim_now (struct harness *harness)
{
    struct row *row = row_map_find (harness->rows, &claim_table, CLAIM_TENANT, (struct uuid){ { 7 } });
    return row ? row->data : NULL;
}

static void
person_is_held_by_the_first_that_was_judged (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct outcome outcome;
    enter (harness, 'a', 1, "1272014101900001", "counter");
    enter (harness, 'b', 1, "1272014101900001", "counter");
    outcome_make (&outcome, V (CLEAR));
    outcome.result.n_claim_id = 1;
    judge (harness, 'a', 1, &outcome);
    assert_int_equal (claim_now (harness)->holder, HARNESS_TENANT);
    judge (harness, 'b', 1, &outcome); /* both read that the person was free */
    assert_int_equal (harness_events (harness), 0);
    assert_non_null (harness_due_of (harness, "check"));
    assert_int_equal (uuid_compare (claim_now (harness)->application_id, harness_id ('a')), 0);
}

static void
ended_application_frees_its_people (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct outcome outcome;
    enter (harness, 'a', 1, "1272014101900001", "counter");
    outcome_make (&outcome, V (CLEAR));
    outcome.result.n_claim_id = 1;
    judge (harness, 'a', 1, &outcome);
    Padan__Intake__V1__ApplicationWithdrawn withdrawn = PADAN__INTAKE__V1__APPLICATION_WITHDRAWN__INIT;
    harness_entry (harness, "intake", harness_id ('a'), 2, &withdrawn);
    assert_rc (harness_run (harness, on_ended, NULL), RC_OK);
    assert_true (harness_cancelled (harness, "check"));
    assert_non_null (harness_due_of (harness, "release"));
    Padan__Validation__V1__ReleaseResult released = PADAN__VALIDATION__V1__RELEASE_RESULT__INIT;
    released.claim_id = outcome.claims;
    released.n_claim_id = 1;
    harness_due (harness, harness_id ('a'), 2, &released);
    assert_rc (harness_run (harness, release_decide, release_keys), RC_OK);
    assert_int_equal (claim_now (harness)->holder, 0);
    assert_non_null (harness_due_of (harness, "freed"));
}

/* A check that is under way read who held the person before they were free: its verdict must not be the last. */
static void
freed_person_cancels_the_check_under_way (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    struct uuid ids[2] = { harness_id ('a'), harness_id ('b') };
    ProtobufCBinaryData fields[2] = { uuid_field (&ids[0]), uuid_field (&ids[1]) };
    enter (harness, 'a', 1, "1272014101900001", "counter");
    enter (harness, 'b', 1, "1272014101900001", "counter");
    Padan__Validation__V1__FreedResult freed = PADAN__VALIDATION__V1__FREED_RESULT__INIT;
    freed.application_id = &fields[1];
    freed.n_application_id = 1;
    harness_due (harness, (struct uuid){ { 7 } }, 1, &freed);
    assert_rc (harness_run (harness, freed_decide, freed_keys), RC_OK);
    assert_true (harness_cancelled (harness, "check"));
    assert_int_equal (uuid_compare (harness_due_of (harness, "check")->subject, ids[1]), 0);
    ((struct application *)harness_find (harness, &application_table, ids[0]))->state = "ended";
    freed.application_id = &fields[0];
    harness_due (harness, (struct uuid){ { 7 } }, 2, &freed);
    assert_rc (harness_run (harness, freed_decide, freed_keys), RC_OK);
    assert_int_equal (harness_dues (harness), 0);
}

static void
end_that_comes_before_its_beginning_waits (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    Padan__Intake__V1__ApplicationWithdrawn withdrawn = PADAN__INTAKE__V1__APPLICATION_WITHDRAWN__INIT;
    harness_entry (harness, "approval", harness_id ('z'), 9, &withdrawn);
    assert_rc (harness_run (harness, on_ended, NULL), RC_RETRY);
}

static void
recheck_is_for_those_who_may_see_it (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&validation_service);
    Padan__Validation__V1__Recheck command = PADAN__VALIDATION__V1__RECHECK__INIT;
    enter (harness, 'a', 1, "1272014101900001", "counter");
    harness_command (harness, harness_id ('a'), &command);
    assert_refused (harness_run (harness, on_recheck, NULL), RC_NOT_FOUND, "common.not_found", NULL);
    harness_command (harness, harness_id ('a'), &command);
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_rc (harness_run (harness, on_recheck, NULL), RC_OK);
    assert_true (harness_cancelled (harness, "check"));
    assert_non_null (harness_due_of (harness, "check"));
    harness_command (harness, harness_id ('q'), &command);
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_refused (harness_run (harness, on_recheck, NULL), RC_NOT_FOUND, "common.not_found", NULL);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (entered_application_is_due_for_a_check),
        cmocka_unit_test (corrected_member_loses_the_verdict),
        cmocka_unit_test (verdict_is_kept_and_told_at_the_judged_version),
        cmocka_unit_test (verdict_on_an_older_version_is_dropped),
        cmocka_unit_test (verdict_by_a_snapshot_that_was_replaced_is_made_again),
        cmocka_unit_test (waiting_is_shown_once_and_tried_again),
        cmocka_unit_test (person_is_held_by_the_first_that_was_judged),
        cmocka_unit_test (ended_application_frees_its_people),
        cmocka_unit_test (freed_person_cancels_the_check_under_way),
        cmocka_unit_test (end_that_comes_before_its_beginning_waits),
        cmocka_unit_test (recheck_is_for_those_who_may_see_it),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
