#include "tests/unit/services/intake/fixture.h"

static void
a_family_is_entered (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    const Padan__Intake__V1__ApplicationReply *reply =
        harness_reply (harness, &padan__intake__v1__application_reply__descriptor);
    assert_int_equal (reply->version, 1);
    assert_string_equal (reply->state, "entered");
    assert_int_equal (strncmp (reply->ticket, "1272-", 5), 0);
    assert_int_equal (reply->n_missing, 4); /* sktm, kk, and the KTP of two grown-ups */
    assert_string_equal (reply->missing[0], "sktm");
    const Padan__Intake__V1__ApplicationEntered *event =
        harness_event (harness, 0, &padan__intake__v1__application_entered__descriptor);
    assert_string_equal (event->source, "counter");
    assert_string_equal (event->dossier->members[2]->nik, CHILD_NIK);
    assert_int_equal (event->dossier->members[2]->member_id.len, 16);
    assert_int_equal (harness_event_version (harness, 0), 1);
}

static void
a_newborn_enters_under_its_mother (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    family.enter.n_members = 4;
    assert_refused (family_enter (harness, &family, 'a'), RC_UNPROCESSABLE, "intake.nik_missing", "/members/3/nik");
    family.people[3].mother_nik = (char *)MOTHER_NIK;
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    assert_true (family_row (harness, 'a')->members[3].conditions & 1 << CONDITION_NEWBORN);
    family.people[3].birth_date = (char *)"2024-11-02";
    assert_refused (family_enter (harness, &family, 'b'), RC_UNPROCESSABLE, "intake.newborn_old", "/members/3/nik");
}

static void
wrong_fields_are_named (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
#define WRONG(CHANGE, CODE, FIELD)                                                                                     \
    do {                                                                                                               \
        family_make (&family);                                                                                         \
        CHANGE;                                                                                                        \
        assert_refused (family_enter (harness, &family, 'a'), RC_UNPROCESSABLE, CODE, FIELD);                          \
    } while (0)
    WRONG (family.enter.track = (char *)"lain", "intake.track", "/track");
    WRONG (family.enter.kk = (char *)"127201", "nik.length", "/kk");
    WRONG (family.enter.n_members = 0, "intake.members", "/members");
    WRONG (family.address.village = (char *)"12.08.01.1003", "intake.village", "/address/village");
    WRONG (family.address.street = (char *)" ", "common.required", "/address/street");
    WRONG (family.people[1].nik = (char *)"1272013803850002", "nik.day", "/members/1/nik");
    WRONG (family.people[1].nik = (char *)FATHER_NIK, "intake.nik_double", "/members/1/nik");
    WRONG (family.people[1].birth_date = (char *)"12-03-1985", "intake.birth_date", "/members/1/birth_date");
    WRONG (family.people[1].birth_date = (char *)"2027-01-01", "intake.birth_date", "/members/1/birth_date");
    WRONG (family.people[1].relation = 0, "intake.relation", "/members/1/relation");
    WRONG (family.people[1].relation = 1, "intake.two_heads", "/members/1/relation");
    WRONG (family.people[1].sex = 0, "intake.sex", "/members/1/sex");
    WRONG (family.people[0].name = (char *)"", "common.required", "/members/0/name");
    assert_null (family_row (harness, 'a'));
}

static void
a_nik_unlike_the_birth_date_is_no_obstacle (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    family.people[0].birth_date = (char *)"1981-02-12";
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
}

static void
an_officer_enters_only_for_their_kelurahan (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    harness_command (harness, harness_id ('a'), &family.enter)->facts = &family.facts;
    harness_grant (harness, PADAN__ROLE__ROLE_KELURAHAN, OTHER_PLACE);
    assert_refused (harness_run (harness, on_enter_application, on_enter_application_keys), RC_FORBIDDEN,
                    "intake.place", "/address/village");
    harness_grant (harness, PADAN__ROLE__ROLE_OPERATOR, "");
    assert_rc (harness_run (harness, on_enter_application, on_enter_application_keys), RC_OK);
}

static void
a_person_is_in_one_open_application (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    const char *ticket = family_row (harness, 'a')->ticket;
    assert_refused (family_enter (harness, &family, 'b'), RC_CONFLICT, "intake.claimed", "/members/0/nik");
    assert_string_equal (harness->err.argument, ticket);
    assert_null (family_row (harness, 'b'));
    assert_refused (family_enter (harness, &family, 'a'), RC_CONFLICT, "common.exists", NULL);
}

static void
across_tenants_the_answer_is_blind (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    struct family family;
    claim_key_set ("kunci uji");
    family_make (&family);
    assert_rc (family_enter (harness, &family, 'a'), RC_OK);
    harness_command (harness, harness_id ('b'), &family.enter)->facts = &family.facts;
    harness_grant (harness, PADAN__ROLE__ROLE_KELURAHAN, VILLAGE);
    harness->message.tenant = 1273;
    ((Padan__Principal *)harness->message.principal)->grants[0]->tenant = 1273;
    assert_refused (harness_run (harness, on_enter_application, on_enter_application_keys), RC_CONFLICT,
                    "intake.claimed_elsewhere", "/members/0/nik");
    assert_string_equal (harness->err.argument, "");
    harness->message.subject = harness_id ('a'); /* the same id elsewhere holds nobody here */
    assert_refused (harness_run (harness, on_enter_application, on_enter_application_keys), RC_CONFLICT,
                    "intake.claimed_elsewhere", "/members/0/nik");
    claim_key_set (NULL);
    assert_rc (harness_run (harness, on_enter_application, on_enter_application_keys), RC_OK);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_family_is_entered),
        cmocka_unit_test (a_newborn_enters_under_its_mother),
        cmocka_unit_test (wrong_fields_are_named),
        cmocka_unit_test (a_nik_unlike_the_birth_date_is_no_obstacle),
        cmocka_unit_test (an_officer_enters_only_for_their_kelurahan),
        cmocka_unit_test (a_person_is_in_one_open_application),
        cmocka_unit_test (across_tenants_the_answer_is_blind),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
