#include "approval.pb-c.h"
#include "batching.pb-c.h"
#include "services/intake/completeness.h"
#include "tests/unit/services/intake/fixture.h"

static enum rc
send_it (struct harness *harness, struct family *family, char name)
{
    Padan__Intake__V1__SendApplication command = PADAN__INTAKE__V1__SEND_APPLICATION__INIT;
    return family_command (harness, family, name, &command, on_send_application, keys_application);
}

static void
complete_and_judged_it_is_sent (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    family_ready (harness, &family, 'a');
    assert_refused (send_it (harness, &family, 'a'), RC_CONFLICT, "intake.not_judged", NULL);
    assert_rc (family_judge (harness, &family, 'a', CLEAR), RC_OK);
    assert_int_equal (harness_events (harness), 0);
    assert_rc (send_it (harness, &family, 'a'), RC_OK);
    const Padan__Intake__V1__ApplicationSent *sent =
        harness_event (harness, 0, &padan__intake__v1__application_sent__descriptor);
    assert_int_equal (harness_event_version (harness, 0), 6); /* entered, four papers, sent */
    assert_int_equal (sent->dossier->n_members, 3);
    assert_int_equal (sent->dossier->n_papers, 4);
    assert_int_equal (sent->n_verdicts, 3);
    assert_string_equal (sent->dossier->payer, "provinsi");
    assert_string_equal (sent->next_act, "terima"); /* what it waits for at the office, of whom, until when */
    assert_string_equal (sent->next_role, "operator");
    assert_true (sent->due_at > HARNESS_NOW);
    assert_refused (send_it (harness, &family, 'a'), RC_CONFLICT, "common.held_elsewhere", NULL);
    assert_string_equal (harness->err.argument, "approval");
}

static void
what_is_missing_is_named (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    assert_rc (family_judge (harness, &family, 'a', CLEAR), RC_OK);
    assert_refused (send_it (harness, &family, 'a'), RC_CONFLICT, "intake.paper_missing", NULL);
    assert_string_equal (harness->err.argument, "4");
    assert_int_equal (harness->err.n_fields, 4);
    static const struct err_field expected[] = {
        { "intake.need_of_family", "/dossier/papers", "SKTM dari kelurahan" },
        { "intake.need_of_family", "/dossier/papers", "Fotokopi KK" },
        { "intake.need_of_person", "/dossier/members/0", "Fotokopi KTP" },
        { "intake.need_of_person", "/dossier/members/1", "Fotokopi KTP" },
    };
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal (harness->err.fields[i].code, expected[i].code);
        assert_string_equal (harness->err.fields[i].field, expected[i].field);
        assert_string_equal (harness->err.fields[i].argument, expected[i].argument);
    }
}

static void
a_member_taken_out_does_not_shift_the_pointers (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    family.correct.members++; /* without the father */
    family.correct.n_members = 2;
    assert_rc (
        family_command (harness, &family, 'a', &family.correct, on_correct_application, on_correct_application_keys),
        RC_OK);
    const struct application *row = family_row (harness, 'a');
    struct err err;
    assert_rc (completeness_check (row, siantar (), TODAY, harness->arena, &err), RC_CONFLICT);
    assert_int_equal (err.n_fields, 3);
    assert_string_equal (err.fields[2].field, "/dossier/members/0");
    assert_string_equal (application_dossier (row, true, harness->arena)->members[0]->nik, MOTHER_NIK);
}

static void
an_old_sktm_no_longer_counts (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    family_ready (harness, &family, 'a');
    assert_rc (family_judge (harness, &family, 'a', CLEAR), RC_OK);
    harness_pass (harness, 181 * 86400 * (int64_t)CLOCK_SECOND);
    assert_refused (send_it (harness, &family, 'a'), RC_CONFLICT, "intake.paper_missing", NULL);
    assert_int_equal (harness->err.n_fields, 1);
    assert_string_equal (harness->err.fields[0].argument, "SKTM dari kelurahan");
}

/* A dead or mismatched father never holds the child. */
static void
a_blocked_member_does_not_hold_the_others (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    assert_rc (family_attach (harness, &family, 'a', "sktm", NULL), RC_OK);
    assert_rc (family_attach (harness, &family, 'a', "kk", NULL), RC_OK);
    assert_rc (family_attach (harness, &family, 'a', "ktp", &family_row (harness, 'a')->members[1]), RC_OK);
    const Padan__Common__V1__Verdict verdicts[] = { PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK,
                                                    PADAN__COMMON__V1__VERDICT__VERDICT_WARNING,
                                                    PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR };
    assert_rc (family_judge (harness, &family, 'a', verdicts), RC_OK);
    assert_string_equal (family_row (harness, 'a')->missing, ""); /* nobody asks for his KTP */
    assert_rc (send_it (harness, &family, 'a'), RC_OK);
    const Padan__Intake__V1__ApplicationSent *sent =
        harness_event (harness, 0, &padan__intake__v1__application_sent__descriptor);
    assert_int_equal (sent->dossier->n_members, 2);
    assert_string_equal (sent->dossier->members[0]->nik, MOTHER_NIK);
    assert_int_equal (sent->n_verdicts, 3); /* his reasons travel too */
    assert_true (family_row (harness, 'a')->members[0].excluded);
    assert_true (uuid_is_nil (claim_of (harness, 1272011201800001)->application_id));
    assert_false (uuid_is_nil (claim_of (harness, 1272015203850002)->application_id));
}

/* What was copied of people who stay behind, or were taken out, stays with us. */
static void
papers_of_those_left_behind_do_not_travel (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    family_ready (harness, &family, 'a');
    const Padan__Common__V1__Verdict verdicts[] = { PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK,
                                                    PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR,
                                                    PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR };
    assert_rc (family_judge (harness, &family, 'a', verdicts), RC_OK);
    assert_int_equal (application_dossier (family_row (harness, 'a'), true, harness->arena)->n_papers, 4);
    assert_rc (send_it (harness, &family, 'a'), RC_OK);
    const Padan__Intake__V1__ApplicationSent *sent =
        harness_event (harness, 0, &padan__intake__v1__application_sent__descriptor);
    assert_int_equal (sent->dossier->n_papers, 3);
    assert_string_equal (sent->dossier->papers[2]->kind, "ktp");
    assert_memory_equal (sent->dossier->papers[2]->member_id.data, &family_row (harness, 'a')->members[1].member_id,
                         16);
}

static void
papers_of_those_taken_out_are_not_shown (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    family_ready (harness, &family, 'a');
    family.correct.members++;
    family.correct.n_members = 2;
    assert_rc (
        family_command (harness, &family, 'a', &family.correct, on_correct_application, on_correct_application_keys),
        RC_OK);
    assert_int_equal (application_dossier (family_row (harness, 'a'), true, harness->arena)->n_papers, 3);
}

static void
with_everybody_blocked_nothing_goes (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    family_ready (harness, &family, 'a');
    const Padan__Common__V1__Verdict verdicts[] = { PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK,
                                                    PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK,
                                                    PADAN__COMMON__V1__VERDICT__VERDICT_RETURN };
    assert_rc (family_judge (harness, &family, 'a', verdicts), RC_OK);
    assert_refused (send_it (harness, &family, 'a'), RC_CONFLICT, "intake.nobody_left", NULL);
    assert_false (family_row (harness, 'a')->members[0].excluded); /* the refusal left nothing */
}

static void
a_waiting_registry_holds_it (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    family_ready (harness, &family, 'a');
    const Padan__Common__V1__Verdict verdicts[] = { PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR,
                                                    PADAN__COMMON__V1__VERDICT__VERDICT_WAITING,
                                                    PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR };
    assert_rc (family_judge (harness, &family, 'a', verdicts), RC_OK);
    assert_refused (send_it (harness, &family, 'a'), RC_CONFLICT, "intake.not_judged", NULL);
}

static void
returned_it_may_be_sent_again (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    family_ready (harness, &family, 'a');
    assert_rc (family_judge (harness, &family, 'a', CLEAR), RC_OK);
    assert_rc (send_it (harness, &family, 'a'), RC_OK);
    Padan__Approval__V1__ApplicationReturned returned = PADAN__APPROVAL__V1__APPLICATION_RETURNED__INIT;
    returned.reason = (char *)"Foto KK tidak terbaca";
    harness_entry (harness, "approval", harness_id ('a'), 8, &returned)->facts = family_facts (harness, &family, 'a');
    assert_rc (harness_run (harness, on_application_returned, NULL), RC_OK);
    const struct application *row = family_row (harness, 'a');
    assert_string_equal (row->state, "returned");
    assert_string_equal (row->held_by, "intake");
    assert_string_equal (row->returned_reason, returned.reason);
    assert_int_equal (row->version, 8);
    assert_rc (family_attach (harness, &family, 'a', "kk", NULL), RC_OK);
    assert_int_equal (harness_event_version (harness, 0), 9);
    harness_entry (harness, "approval", harness_id ('a'), 8, &returned); /* a repeat */
    assert_rc (harness_run (harness, on_application_returned, NULL), RC_OK);
    assert_int_equal (family_row (harness, 'a')->version, 9);
    assert_rc (send_it (harness, &family, 'a'), RC_OK);
}

static void
its_end_frees_everybody (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    family_ready (harness, &family, 'a');
    assert_rc (family_judge (harness, &family, 'a', CLEAR), RC_OK);
    assert_rc (send_it (harness, &family, 'a'), RC_OK);
    assert_refused (family_enter (harness, &family, 'b'), RC_CONFLICT, "intake.claimed", NULL);
    Padan__Batching__V1__ApplicationFinished finished = PADAN__BATCHING__V1__APPLICATION_FINISHED__INIT;
    harness_entry (harness, "batching", harness_id ('a'), 20, &finished)->facts = family_facts (harness, &family, 'a');
    assert_rc (harness_run (harness, on_application_finished, keys_application), RC_OK);
    assert_string_equal (family_row (harness, 'a')->state, "finished");
    Padan__Approval__V1__ApplicationApproved late = PADAN__APPROVAL__V1__APPLICATION_APPROVED__INIT;
    harness_entry (harness, "approval", harness_id ('a'), 15, &late);
    assert_rc (harness_run (harness, on_application_approved, NULL), RC_OK);
    assert_string_equal (family_row (harness, 'a')->state, "finished");
    assert_refused (send_it (harness, &family, 'a'), RC_CONFLICT, "intake.ended", NULL);
    assert_rc (family_enter (harness, &family, 'b'), RC_OK);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (complete_and_judged_it_is_sent),
        cmocka_unit_test (what_is_missing_is_named),
        cmocka_unit_test (a_member_taken_out_does_not_shift_the_pointers),
        cmocka_unit_test (an_old_sktm_no_longer_counts),
        cmocka_unit_test (a_blocked_member_does_not_hold_the_others),
        cmocka_unit_test (papers_of_those_left_behind_do_not_travel),
        cmocka_unit_test (papers_of_those_taken_out_are_not_shown),
        cmocka_unit_test (with_everybody_blocked_nothing_goes),
        cmocka_unit_test (a_waiting_registry_holds_it),
        cmocka_unit_test (returned_it_may_be_sent_again),
        cmocka_unit_test (its_end_frees_everybody),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
