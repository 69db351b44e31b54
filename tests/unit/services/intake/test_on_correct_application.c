#include "tests/unit/services/intake/fixture.h"

static enum rc
correct (struct harness *harness, struct family *family, char name)
{
    return family_command (harness, family, name, &family->correct, on_correct_application,
                           on_correct_application_keys);
}

static void
nothing_changed_is_no_event (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    assert_rc (correct (harness, &family, 'a'), RC_OK);
    assert_int_equal (harness_events (harness), 0);
    assert_int_equal (family_row (harness, 'a')->version, 1);
}

static void
only_changed_members_lose_their_verdict (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    assert_rc (family_judge (harness, &family, 'a', CLEAR), RC_OK);
    family.people[1].name = (char *)"SITI RUMONDANG SINAGA";
    assert_rc (correct (harness, &family, 'a'), RC_OK);
    const struct application *row = family_row (harness, 'a');
    const Padan__Intake__V1__ApplicationCorrected *event =
        harness_event (harness, 0, &padan__intake__v1__application_corrected__descriptor);
    assert_int_equal (event->n_changed_member_id, 1);
    assert_memory_equal (event->changed_member_id[0].data, &row->members[1].member_id, 16);
    assert_int_equal (row->version, 2);
    assert_int_equal (row->content_version, 2);
    assert_int_equal (row->members[1].verdict, PADAN__COMMON__V1__VERDICT__VERDICT_NONE);
    assert_int_equal (row->members[0].verdict, PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR);
}

static void
a_late_verdict_on_older_words_is_dropped (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    family.people[1].name = (char *)"SITI SINAGA";
    assert_rc (correct (harness, &family, 'a'), RC_OK);
    Padan__Validation__V1__Judged judged = PADAN__VALIDATION__V1__JUDGED__INIT;
    harness_entry (harness, "validation", harness_id ('a'), 1, &judged)->facts = family_facts (harness, &family, 'a');
    assert_rc (harness_run (harness, on_judged, NULL), RC_OK);
    assert_int_equal (family_row (harness, 'a')->judged_version, 0);
}

static void
who_is_left_out_is_free_and_may_come_back (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    family.correct.n_members = 2;
    assert_rc (correct (harness, &family, 'a'), RC_OK);
    assert_true (uuid_is_nil (claim_of (harness, 1272014505120003)->application_id));
    const Padan__Intake__V1__ApplicationCorrected *event =
        harness_event (harness, 0, &padan__intake__v1__application_corrected__descriptor);
    assert_int_equal (event->dossier->n_members, 2);
    assert_int_equal (event->n_changed_member_id, 1);
    family.correct.n_members = 3;
    assert_rc (correct (harness, &family, 'a'), RC_OK);
    assert_false (uuid_is_nil (claim_of (harness, 1272014505120003)->application_id));
}

/* Two officers had mixed the numbers up: swapping them must leave both people claimed. */
static void
numbers_that_are_swapped_stay_claimed (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    const struct application *row = family_row (harness, 'a');
    struct uuid first = row->members[0].member_id, second = row->members[1].member_id;
    family.people[0].member_id = uuid_field (&second);
    family.people[1].member_id = uuid_field (&first);
    assert_rc (correct (harness, &family, 'a'), RC_OK);
    row = family_row (harness, 'a');
    assert_int_equal (row->members[1].nik, 1272011201800001);
    assert_false (uuid_is_nil (claim_of (harness, 1272011201800001)->application_id));
    assert_false (uuid_is_nil (claim_of (harness, 1272015203850002)->application_id));
}

/* One officer corrects a number by id and adds its owner without one: two people, in either order of the lines. */
static void
an_id_and_a_number_are_never_one_person (void **state)
{
    for (int order = 0; order < 2; order++) {
        HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
        struct family family;
        family_make (&family);
        family.enter.n_members = 2;
        assert_rc (family_enter (harness, &family, 'a'), RC_OK);
        struct uuid father = family_row (harness, 'a')->members[0].member_id;
        family.people[2].nik = (char *)FATHER_NIK; /* new, with the number he had */
        family.people[0].member_id = uuid_field (&father);
        family.people[0].nik = (char *)CHILD_NIK;
        if (order) {
            family.members[0] = &family.people[2];
            family.members[2] = &family.people[0];
        }
        assert_rc (correct (harness, &family, 'a'), RC_OK);
        const struct application *row = family_row (harness, 'a');
        assert_int_equal (row->n_members, 3);
        assert_int_equal (row->members[0].nik, 1272014505120003);
        assert_int_equal (row->members[2].nik, 1272011201800001);
        assert_string_equal (row->members[2].name, "ROSA SARAGIH");
        assert_false (uuid_is_nil (claim_of (harness, 1272011201800001)->application_id));
        assert_false (uuid_is_nil (claim_of (harness, 1272014505120003)->application_id));
    }
}

static void
it_must_be_the_version_that_was_seen (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    struct message *message = harness_command (harness, harness_id ('a'), &family.correct);
    message->facts = family_facts (harness, &family, 'a');
    message->version = 3;
    harness_grant (harness, PADAN__ROLE__ROLE_KELURAHAN, VILLAGE);
    assert_refused (harness_run (harness, on_correct_application, on_correct_application_keys), RC_STALE,
                    "common.stale", NULL);
}

static void
unknown_ones_and_other_places_are_refused (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    harness_command (harness, harness_id ('x'), &family.correct);
    assert_refused (harness_run (harness, on_correct_application, on_correct_application_keys), RC_NOT_FOUND,
                    "common.not_found", NULL);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    harness_command (harness, harness_id ('a'), &family.correct)->facts = family_facts (harness, &family, 'a');
    harness_grant (harness, PADAN__ROLE__ROLE_KELURAHAN, OTHER_PLACE);
    assert_refused (harness_run (harness, on_correct_application, on_correct_application_keys), RC_NOT_FOUND,
                    "common.not_found", NULL);
}

/* Between gathering and locking another officer added somebody: run it again, with that person's claim locked. */
static void
changed_since_gathered_is_tried_again (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    family_facts (harness, &family, 'a');
    family.facts.n_niks--;
    harness_command (harness, harness_id ('a'), &family.correct)->facts = &family.facts;
    harness_grant (harness, PADAN__ROLE__ROLE_KELURAHAN, VILLAGE);
    assert_rc (harness_run (harness, on_correct_application, on_correct_application_keys), RC_RETRY);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (nothing_changed_is_no_event),
        cmocka_unit_test (only_changed_members_lose_their_verdict),
        cmocka_unit_test (a_late_verdict_on_older_words_is_dropped),
        cmocka_unit_test (who_is_left_out_is_free_and_may_come_back),
        cmocka_unit_test (numbers_that_are_swapped_stay_claimed),
        cmocka_unit_test (an_id_and_a_number_are_never_one_person),
        cmocka_unit_test (it_must_be_the_version_that_was_seen),
        cmocka_unit_test (unknown_ones_and_other_places_are_refused),
        cmocka_unit_test (changed_since_gathered_is_tried_again),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
