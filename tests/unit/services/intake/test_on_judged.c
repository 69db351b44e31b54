#include "approval.pb-c.h"
#include "tests/unit/services/intake/fixture.h"

struct verdicts {
    Padan__Validation__V1__Judged event;
    Padan__Common__V1__MemberVerdict members[3], *list[3];
    Padan__Common__V1__Reason reasons[3], *reason_lists[3][1];
};

/* Everybody clear of the row as it is, each with what the registry said. */
static void
verdicts_make (struct verdicts *verdicts, const struct application *row, const char *const outcomes[3])
{
    padan__validation__v1__judged__init (&verdicts->event);
    for (size_t i = 0; i < 3; i++) {
        padan__common__v1__member_verdict__init (&verdicts->members[i]);
        padan__common__v1__reason__init (&verdicts->reasons[i]);
        verdicts->reasons[i].check = (char *)"registry";
        verdicts->reasons[i].outcome = (char *)outcomes[i];
        verdicts->reason_lists[i][0] = &verdicts->reasons[i];
        verdicts->members[i].member_id = uuid_field (&row->members[i].member_id);
        verdicts->members[i].verdict = PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR;
        verdicts->members[i].reasons = verdicts->reason_lists[i];
        verdicts->members[i].n_reasons = 1;
        verdicts->list[i] = &verdicts->members[i];
    }
    verdicts->event.verdicts = verdicts->list;
    verdicts->event.n_verdicts = 3;
}

static enum rc
judged (struct harness *harness, struct family *family, int64_t version, const struct verdicts *verdicts)
{
    harness_entry (harness, "validation", harness_id ('a'), version, &verdicts->event)->facts =
        family_facts (harness, family, 'a');
    return harness_run (harness, on_judged, NULL);
}

static const char *const found[3] = { "by_kk", "not_found", "by_nik" };

static void
what_the_registry_knows_becomes_a_fact (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct verdicts verdicts;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    verdicts_make (&verdicts, family_row (harness, 'a'), found);
    assert_rc (judged (harness, &family, 1, &verdicts), RC_OK);
    assert_int_equal (harness_events (harness), 0); /* verdicts are validation's to tell */
    const struct application *row = family_row (harness, 'a');
    assert_int_equal (row->version, 1);
    assert_int_equal (row->judged_version, 1);
    assert_int_equal (row->members[0].facts, 1 << CONDITION_REGISTERED);
    assert_int_equal (row->members[1].facts, 1 << CONDITION_UNREGISTERED);
    assert_int_equal (row->members[2].facts, 1 << CONDITION_REGISTERED);
    size_t n;
    Padan__Common__V1__MemberVerdict **told = application_verdicts (row, harness->arena, &n);
    assert_int_equal (n, 3);
    assert_string_equal (told[1]->reasons[0]->outcome, "not_found");
}

/* The first who goes on and for whom a rule chose; else the track's. */
static void
the_payer_is_of_somebody_who_goes_on (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct verdicts verdicts;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    verdicts_make (&verdicts, family_row (harness, 'a'), found);
    assert_rc (judged (harness, &family, 1, &verdicts), RC_OK);
    assert_string_equal (family_row (harness, 'a')->payer, "kota");
    verdicts.members[0].payer = (char *)"pusat";
    verdicts.members[0].verdict = PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK;
    verdicts.members[1].payer = (char *)"provinsi";
    assert_rc (judged (harness, &family, 1, &verdicts), RC_OK);
    assert_string_equal (family_row (harness, 'a')->payer, "provinsi");
}

/* Nothing happens, and it is no failure. */
static void
a_verdict_that_comes_late_is_passed_over (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct verdicts verdicts;
    family_make (&family);
    family_ready (harness, &family, 'a'); /* version 5 */
    verdicts_make (&verdicts, family_row (harness, 'a'), found);
    assert_rc (judged (harness, &family, 5, &verdicts), RC_OK);
    verdicts.members[0].verdict = PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK;
    assert_rc (judged (harness, &family, 4, &verdicts), RC_OK); /* older than the last */
    assert_int_equal (family_row (harness, 'a')->members[0].verdict, PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR);
    Padan__Intake__V1__SendApplication send = PADAN__INTAKE__V1__SEND_APPLICATION__INIT;
    assert_rc (family_command (harness, &family, 'a', &send, on_send_application, keys_application), RC_OK);
    ((struct application *)family_row (harness, 'a'))->state = "approved";
    assert_rc (judged (harness, &family, 6, &verdicts), RC_OK); /* it is signed: of no interest any more */
    assert_int_equal (family_row (harness, 'a')->members[0].verdict, PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR);
}

/* Sent clear, then a registry switched: who comes back is not sent again by the verdict of then. */
static void
a_verdict_while_it_is_sent_holds_when_it_comes_back (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct verdicts verdicts;
    family_make (&family);
    family_ready (harness, &family, 'a');
    verdicts_make (&verdicts, family_row (harness, 'a'), found);
    assert_rc (judged (harness, &family, 5, &verdicts), RC_OK);
    Padan__Intake__V1__SendApplication send = PADAN__INTAKE__V1__SEND_APPLICATION__INIT;
    assert_rc (family_command (harness, &family, 'a', &send, on_send_application, keys_application), RC_OK);
    verdicts.members[1].verdict = PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK;
    assert_rc (judged (harness, &family, 6, &verdicts), RC_OK);
    const struct application *row = family_row (harness, 'a');
    assert_string_equal (row->state, "sent");
    assert_string_equal (row->held_by, "approval");
    assert_string_equal (row->act, ""); /* what it waits for is approval's to say */
    assert_int_equal (row->members[1].verdict, PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK);
    Padan__Approval__V1__ApplicationReturned returned = PADAN__APPROVAL__V1__APPLICATION_RETURNED__INIT;
    harness_entry (harness, "approval", harness_id ('a'), 7, &returned)->facts = family_facts (harness, &family, 'a');
    assert_rc (harness_run (harness, on_application_returned, NULL), RC_OK);
    assert_rc (family_command (harness, &family, 'a', &send, on_send_application, keys_application), RC_OK);
    const Padan__Intake__V1__ApplicationSent *sent =
        harness_event (harness, 0, &padan__intake__v1__application_sent__descriptor);
    for (size_t i = 0; i < sent->dossier->n_members; i++)
        assert_int_not_equal (
            memcmp (sent->dossier->members[i]->member_id.data, &row->members[1].member_id, sizeof (struct uuid)), 0);
}

static void
a_verdict_on_somebody_taken_out_is_passed_over (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    struct verdicts verdicts;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    verdicts_make (&verdicts, family_row (harness, 'a'), found);
    family.correct.n_members = 2;
    assert_rc (
        family_command (harness, &family, 'a', &family.correct, on_correct_application, on_correct_application_keys),
        RC_OK);
    assert_rc (judged (harness, &family, 2, &verdicts), RC_OK);
    assert_int_equal (family_row (harness, 'a')->members[2].verdict, PADAN__COMMON__V1__VERDICT__VERDICT_NONE);
    assert_int_equal (family_row (harness, 'a')->members[1].verdict, PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR);
}

static void
a_verdict_on_nothing_is_parked (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    Padan__Validation__V1__Judged event = PADAN__VALIDATION__V1__JUDGED__INIT;
    family_make (&family);
    harness_entry (harness, "validation", harness_id ('a'), 1, &event);
    assert_rc (harness_run (harness, on_judged, NULL), RC_NOT_FOUND);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    harness_entry (harness, "validation", harness_id ('a'), 1, &event); /* it came while the entry was gathered */
    assert_rc (harness_run (harness, on_judged, NULL), RC_RETRY);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (what_the_registry_knows_becomes_a_fact),
        cmocka_unit_test (the_payer_is_of_somebody_who_goes_on),
        cmocka_unit_test (a_verdict_that_comes_late_is_passed_over),
        cmocka_unit_test (a_verdict_while_it_is_sent_holds_when_it_comes_back),
        cmocka_unit_test (a_verdict_on_somebody_taken_out_is_passed_over),
        cmocka_unit_test (a_verdict_on_nothing_is_parked),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
