#include "services/validation/verdict.h"

#include "common/domain/nik.h"
#include "tests/unit/services/validation/facts.h"

#define V(name) PADAN__COMMON__V1__VERDICT__VERDICT_##name

static struct arena *arena;
static const struct profile *profile;
static struct person person;

static Padan__Common__V1__MemberVerdict *
judge (bool *ret_waiting)
{
    Padan__Common__V1__MemberVerdict *verdict;
    bool waiting;
    struct err err;
    assert_int_equal (verdict_judge (profile, &person.facts, arena, &verdict, &waiting, &err), RC_OK);
    if (ret_waiting)
        *ret_waiting = waiting;
    return verdict;
}

static const Padan__Common__V1__Reason *
reason_of (const Padan__Common__V1__MemberVerdict *verdict, const char *check)
{
    for (size_t i = 0; i < verdict->n_reasons; i++)
        if (strcmp (verdict->reasons[i]->check, check) == 0)
            return verdict->reasons[i];
    fail_msg ("no reason of %s", check);
    return NULL;
}

static int
setup (void **state)
{
    person_make (&person, profile);
    return 0;
}

static void
nothing_against_a_person_is_clear (void **state)
{
    bool waiting;
    Padan__Common__V1__MemberVerdict *verdict = judge (&waiting);
    assert_int_equal (verdict->verdict, V (CLEAR));
    assert_int_equal (verdict->n_reasons, 6); /* each check says what it found */
    assert_string_equal (verdict->payer, "kota");
    assert_false (waiting);
}

static void
dead_father_does_not_hold_the_child (void **state)
{
    person.answer.result = DUKCAPIL_DEAD;
    assert_int_equal (judge (NULL)->verdict, V (BLOCK));
    assert_string_equal (reason_of (judge (NULL), "dukcapil")->outcome, "meninggal");
    person_make (&person, profile);
    person.member.nik = person.facts.nik = 1272010101150002;
    person.member.sex = 1;
    date_parse ("2015-01-01", 10, &person.member.birth_date);
    assert_int_equal (judge (NULL)->verdict, V (CLEAR));
}

static void
transfer_is_for_mandiri (void **state)
{
    static const struct membership mandiri = { "PEKERJA MANDIRI", "MANDIRI", "AKTIF" };
    person.facts.memberships = &mandiri;
    person.facts.n_memberships = 1;
    assert_int_equal (judge (NULL)->verdict, V (RETURN)); /* on track baru */
    person.application.track = "pengalihan";
    assert_int_equal (judge (NULL)->verdict, V (CLEAR));
    person.facts.n_memberships = 0;
    assert_int_equal (judge (NULL)->verdict, V (BLOCK));
}

static void
strongest_finding_decides (void **state)
{
    person.member.sex = 1; /* odd NIK: a warning */
    assert_int_equal (judge (NULL)->verdict, V (WARNING));
    person.facts.holding = HELD_HERE;
    assert_int_equal (judge (NULL)->verdict, V (BLOCK));
    assert_int_equal (verdict_fold (V (WAITING), V (SITE_CHECK)), V (WAITING));
    assert_int_equal (verdict_fold (V (RETURN), V (WAITING)), V (RETURN));
    assert_int_equal (verdict_fold (V (CLEAR), V (WARNING)), V (WARNING));
}

static void
registry_that_does_not_answer_lets_wait (void **state)
{
    bool waiting;
    person.facts.dukcapil = NULL;
    person.facts.dukcapil_why = "timeout";
    assert_int_equal (judge (&waiting)->verdict, V (WAITING));
    assert_true (waiting);
    person.facts.holding = HELD_HERE; /* cannot be proposed whatever the answer */
    assert_int_equal (judge (&waiting)->verdict, V (BLOCK));
    assert_true (waiting);
}

static void
registry_never_loaded_only_warns (void **state)
{
    bool waiting;
    person.facts.membership_version = 0;
    assert_int_equal (judge (&waiting)->verdict, V (WARNING));
    assert_string_equal (reason_of (judge (NULL), "membership")->outcome, "not_loaded");
    assert_false (waiting);
}

static void
newborn_without_nik_goes_on (void **state)
{
    person.member.nik = 0;
    person.member.nik_reason = NIK_EMPTY;
    person.member.mother_nik = 1272014101900001;
    date_parse ("2026-11-10", 10, &person.member.birth_date);
    person.facts.under_mother = true;
    assert_int_equal (judge (NULL)->verdict, V (WARNING));
    assert_string_equal (reason_of (judge (NULL), "nik")->outcome, "missing");
}

static void
unknown_track_is_refused (void **state)
{
    Padan__Common__V1__MemberVerdict *verdict;
    bool waiting;
    struct err err;
    person.application.track = "tidak_ada";
    assert_int_equal (verdict_judge (profile, &person.facts, arena, &verdict, &waiting, &err), RC_CORRUPT);
}

int
main (void)
{
    arena = arena_new (64 << 20);
    profile = profile_of_siantar (arena);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup (nothing_against_a_person_is_clear, setup),
        cmocka_unit_test_setup (dead_father_does_not_hold_the_child, setup),
        cmocka_unit_test_setup (transfer_is_for_mandiri, setup),
        cmocka_unit_test_setup (strongest_finding_decides, setup),
        cmocka_unit_test_setup (registry_that_does_not_answer_lets_wait, setup),
        cmocka_unit_test_setup (registry_never_loaded_only_warns, setup),
        cmocka_unit_test_setup (newborn_without_nik_goes_on, setup),
        cmocka_unit_test_setup (unknown_track_is_refused, setup),
    };
    int failed = cmocka_run_group_tests (tests, NULL, NULL);
    arena_destroy (&arena);
    return failed;
}
