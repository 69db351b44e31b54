/* From an application at the counter to the verdict on each person, with the real client against a stand-in of
 * Dukcapil that fails as the real one does. */
#include "tests/service/services/validation/bureau.h"

#define V(name) PADAN__COMMON__V1__VERDICT__VERDICT_##name

enum { JUDGED_MS = 30000 };

static struct bureau bureau;
static struct uuid family_id;

static const struct someone family[] = {
    { HEAD_NIK, "PARLINGGOM SIHOMBARU", "1980-03-01", PADAN__COMMON__V1__SEX__SEX_MALE,
      PADAN__COMMON__V1__RELATION__RELATION_HEAD },
    { WIFE_NIK, "ROTUA NAIBAHORA", "1985-03-02", PADAN__COMMON__V1__SEX__SEX_FEMALE,
      PADAN__COMMON__V1__RELATION__RELATION_WIFE },
    { CHILD_NIK, "TOGAR SIHOMBARU", "2012-05-04", PADAN__COMMON__V1__SEX__SEX_MALE,
      PADAN__COMMON__V1__RELATION__RELATION_CHILD },
};
static const struct someone lonely = { LONELY_NIK, "TIOLINDA SARAGITUA", "1970-06-15",
                                       PADAN__COMMON__V1__SEX__SEX_FEMALE, PADAN__COMMON__V1__RELATION__RELATION_HEAD };

static int
open_bureau (void **state)
{
    bureau_open (&bureau);
    return 0;
}

static int
close_bureau (void **state)
{
    bureau_close (&bureau);
    return 0;
}

/* The reason of a check in a verdict, "" none. */
static const char *
outcome_of (const Padan__Common__V1__MemberVerdict *verdict, const char *check)
{
    for (size_t i = 0; i < verdict->n_reasons; i++)
        if (strcmp (verdict->reasons[i]->check, check) == 0)
            return verdict->reasons[i]->outcome;
    return "";
}

static bool
dukcapil_says (struct uuid id, size_t member, const char *outcome)
{
    const Padan__Validation__V1__Verdicts *verdicts = bureau_verdicts (&bureau, id);
    return verdicts && verdicts->n_verdicts > member &&
           strcmp (outcome_of (verdicts->verdicts[member], "dukcapil"), outcome) == 0;
}

static struct uuid
one_of_many (int number)
{
    char nik[20], kk[20], name[40];
    snprintf (nik, sizeof nik, "127202410190%04d", number);
    snprintf (kk, sizeof kk, "127202010120%04d", number);
    snprintf (name, sizeof name, "ASMARINI KE %d", number);
    const struct someone someone = { nik, name, "1990-01-01", PADAN__COMMON__V1__SEX__SEX_FEMALE,
                                     PADAN__COMMON__V1__RELATION__RELATION_HEAD };
    return bureau_enter (&bureau, kk, &someone, 1);
}

static void
dead_father_is_held_and_the_child_goes_on (void **state)
{
    struct uuid id = family_id = bureau_enter (&bureau, FAMILY_KK, family, 3);
    WAIT_UNTIL (dukcapil_says (id, 2, "padan"), JUDGED_MS);
    const Padan__Validation__V1__Verdicts *verdicts = bureau_verdicts (&bureau, id);
    assert_int_equal (verdicts->input_version, 1);
    assert_string_equal (outcome_of (verdicts->verdicts[0], "dukcapil"), "meninggal");
    assert_int_equal (verdicts->verdicts[0]->verdict, V (BLOCK));
    assert_int_equal (verdicts->verdicts[1]->verdict, V (WARNING)); /* only that no registry is loaded yet */
    assert_int_equal (verdicts->verdicts[2]->verdict, V (WARNING));
    assert_string_equal (outcome_of (verdicts->verdicts[2], "membership"), "not_loaded");
    assert_string_equal (verdicts->verdicts[2]->payer, "kota");
    /* intake heard of it */
    WAIT_UNTIL (atoi (bureau_sql (&bureau, "select count (*) from intake.member where verdict = 5")) == 1, JUDGED_MS);
}

static void
positive_answers_are_kept_and_hold_no_names (void **state)
{
    assert_int_equal (atoi (bureau_sql (&bureau, "select count (*) from validation.answer")), 2); /* not the dead */
    assert_string_equal (bureau_sql (&bureau,
                                     "select count (*) from validation.answer where position "
                                     "('ROTUA'::bytea in pairs) > 0 or position ('12720'::bytea in pairs) > 0"),
                         "0");
}

/* Recheck asks again what does not hold any more; what nobody asks leaves. */
static void
rechecked_family_is_asked_again_once_answers_expired (void **state)
{
    Padan__Validation__V1__Recheck recheck = PADAN__VALIDATION__V1__RECHECK__INIT;
    bureau_sql (&bureau, "update validation.answer set valid_until = now () - interval '1 second'");
    bureau_sql (&bureau, "insert into validation.answer select tenant, gen_random_uuid (), pairs, valid_until "
                         "from validation.answer limit 1");
    assert_int_equal (bureau_tell (&bureau, &bureau.office.stranger, family_id, &recheck),
                      PADAN__OUTCOME__OUTCOME_NOT_FOUND);
    assert_int_equal (bureau_tell (&bureau, &bureau.office.auditor, family_id, &recheck),
                      PADAN__OUTCOME__OUTCOME_FORBIDDEN);
    assert_int_equal (bureau_tell (&bureau, &bureau.office.officer, family_id, &recheck), PADAN__OUTCOME__OUTCOME_OK);
    WAIT_UNTIL (atoi (bureau_sql (&bureau, "select count (*) from validation.answer where valid_until > now ()")) == 2,
                JUDGED_MS);
    assert_int_equal (atoi (bureau_sql (&bureau, "select count (*) from validation.answer")), 2);
}

static void
same_person_in_a_second_application_is_double (void **state)
{
    struct uuid first = one_of_many (1);
    WAIT_UNTIL (dukcapil_says (first, 0, "padan"), JUDGED_MS);
    /* intake refuses it at the counter; a case that came another way is still found */
    char text[1024];
    snprintf (
        text, sizeof text,
        "with a as (insert into validation.application select tenant, '01900000-0000-7000-8000-000000000001', 1, "
        "state, source, track, kk, kk_reason, profile, street, entered_at, 0, null, 0, 0, 0, village from "
        "validation.application where id = (select application_id from validation.member where nik = "
        "1272024101900001)), m as (insert into validation.member select tenant, "
        "'01900000-0000-7000-8000-000000000001', ordinal, member_id, gone, nik, nik_reason, mother_nik, name, "
        "birth_place, birth_date, sex, marital, conditions, claim, 0, null from validation.member where nik = "
        "1272024101900001) insert into validation.due (id, tenant, kind, subject, input_version, priority, due_at, "
        "payload) values (gen_random_uuid (), %d, 'check', '01900000-0000-7000-8000-000000000001', 1, 0, now (), "
        "'')",
        TENANT);
    bureau_sql (&bureau, text);
    struct uuid second;
    assert_true (uuid_parse ("01900000-0000-7000-8000-000000000001", &second));
    WAIT_UNTIL (dukcapil_says (second, 0, "padan"), JUDGED_MS);
    const Padan__Common__V1__MemberVerdict *verdict = bureau_verdicts (&bureau, second)->verdicts[0];
    assert_string_equal (outcome_of (verdict, "double"), "same_office");
    assert_int_equal (verdict->verdict, V (BLOCK));
    /* the first is withdrawn: the second is free without anybody's asking */
    Padan__Intake__V1__WithdrawApplication withdraw = PADAN__INTAKE__V1__WITHDRAW_APPLICATION__INIT;
    withdraw.reason = (char *)"uji";
    assert_int_equal (office_tell (&bureau.office, &bureau.office.officer, first, 1, &withdraw,
                                   &padan__intake__v1__application_reply__descriptor, NULL),
                      PADAN__OUTCOME__OUTCOME_OK);
    WAIT_UNTIL (strcmp (outcome_of (bureau_verdicts (&bureau, second)->verdicts[0], "double"), "none") == 0, JUDGED_MS);
}

static void
dukcapil_that_fails_lets_wait_and_is_tried_again (void **state)
{
    static const char *const faults[] = { "kind=500&rate=1", "kind=html&rate=1", "kind=timeout&rate=1&seconds=3" };
    for (int i = 0; i < 3; i++) {
        dukcapil_fault (&bureau, faults[i]);
        struct uuid id = one_of_many (10 + i);
        WAIT_UNTIL (dukcapil_says (id, 0, "waiting"), JUDGED_MS);
        assert_int_equal (bureau_verdicts (&bureau, id)->verdicts[0]->verdict, V (WAITING));
        dukcapil_fault (&bureau, "kind=none");
        WAIT_UNTIL (dukcapil_says (id, 0, "padan"), JUDGED_MS);
    }
}

static void
person_not_found_is_a_verdict (void **state)
{
    struct uuid id = one_of_many (900);
    WAIT_UNTIL (dukcapil_says (id, 0, "tidak_ditemukan"), JUDGED_MS);
    assert_int_equal (bureau_verdicts (&bureau, id)->verdicts[0]->verdict, V (BLOCK));
}

static void
two_instances_judge_each_application_once (void **state)
{
    enum { MANY = 30 };
    fleet_start (bureau.office.fleet, "validation", 1);
    for (int i = 0; i < MANY; i++)
        one_of_many (20 + i);
    WAIT_UNTIL (atoi (bureau_sql (&bureau, "select count (*) from validation.application a join validation.member m on "
                                           "m.application_id = a.id where m.nik between 1272024101900020 and "
                                           "1272024101900049 and a.judged_version = a.version")) == MANY,
                60000);
    assert_string_equal (bureau_sql (&bureau, "select count (*) from validation.log l join validation.member m on "
                                              "m.application_id = l.subject where m.nik between 1272024101900020 and "
                                              "1272024101900049 and l.type = 'padan.validation.v1.Judged'"),
                         "30");
    assert_int_equal (fleet_stop (bureau.office.fleet, "validation", 1), 0);
}

static void
others_do_not_see_a_verdict (void **state)
{
    struct uuid id = bureau_enter (&bureau, LONELY_KK, &lonely, 1);
    WAIT_UNTIL (dukcapil_says (id, 0, "padan"), JUDGED_MS);
    Padan__Validation__V1__GetVerdicts question = PADAN__VALIDATION__V1__GET_VERDICTS__INIT;
    assert_null (
        bureau_ask (&bureau, &bureau.office.stranger, id, &question, &padan__validation__v1__verdicts__descriptor));
    assert_string_equal (office_code, "common.not_found");
    assert_non_null (
        bureau_ask (&bureau, &bureau.office.officer, id, &question, &padan__validation__v1__verdicts__descriptor));
}

static void
output_holds_no_password_and_no_nik (void **state)
{
    const char *output = child_output (fleet_child (bureau.office.fleet, "validation", 0));
    assert_null (strstr (output, "demo-saja"));
    assert_null (strstr (output, "1272024101900"));
    assert_non_null (strstr (output, "service.started"));
}

/* Last: the client does not ask again for a while. */
static void
refused_login_stops_asking_and_says_so (void **state)
{
    char script[256];
    dukcapil_fault (&bureau, "kind=login&rate=1");
    struct uuid id = one_of_many (55);
    WAIT_UNTIL (dukcapil_says (id, 0, "waiting"), JUDGED_MS);
    snprintf (
        script, sizeof script,
        "import urllib.request as u, urllib.error as e\ntry:\n u.urlopen('http://127.0.0.1:%d/readyz', timeout=5)\n"
        "except e.HTTPError as x:\n raise SystemExit(0 if b'dukcapil' in x.read() else 2)\nraise SystemExit(1)",
        fleet_page (bureau.office.fleet, "validation", 0));
    child_run ((const char *const[]){ "/usr/bin/python3", "-c", script, NULL }, 20000);
    assert_string_equal (
        bureau_sql (&bureau, "select count (*) from validation.due where kind = 'check' and due_at is not null"), "1");
    assert_non_null (strstr (child_output (fleet_child (bureau.office.fleet, "validation", 0)), "dukcapil.refused"));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (dead_father_is_held_and_the_child_goes_on),
        cmocka_unit_test (positive_answers_are_kept_and_hold_no_names),
        cmocka_unit_test (rechecked_family_is_asked_again_once_answers_expired),
        cmocka_unit_test (same_person_in_a_second_application_is_double),
        cmocka_unit_test (dukcapil_that_fails_lets_wait_and_is_tried_again),
        cmocka_unit_test (person_not_found_is_a_verdict),
        cmocka_unit_test (two_instances_judge_each_application_once),
        cmocka_unit_test (others_do_not_see_a_verdict),
        cmocka_unit_test (output_holds_no_password_and_no_nik),
        cmocka_unit_test (refused_login_stops_asking_and_says_so),
    };
    return cmocka_run_group_tests (tests, open_bureau, close_bureau);
}
