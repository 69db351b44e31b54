/* Who heads an imported family, in whatever order its rows come. */
#include "tests/unit/services/intake/pushing.h"

#define MOTHER_IS(RELATION)                                                                                            \
    "1272010101150004,1272015203850002,,SITI," RELATION ",12/03/1985,P,2,Jl. B,12.72.01.1003,baru,081\n"
#define FATHER_IS(RELATION)                                                                                            \
    "1272010101150004,1272011201800001,,BUDI," RELATION ",12/01/1980,L,2,Jl. A,12.72.01.1003,baru,081\n"

static int32_t
relation_of (struct harness *harness, size_t member)
{
    return application_of (harness, FATHER)->members[member].relation;
}

/* Her row comes before the one by which he is head no longer. */
static void
heads_change_in_any_order (void **state)
{
    static const char *const orders[] = { MOTHER_IS ("1") FATHER_IS ("3"), FATHER_IS ("3") MOTHER_IS ("1") };
    for (size_t i = 0; i < 2; i++) {
        HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
        push (harness, 'i', FATHER MOTHER);
        const struct import *import = push (harness, 'j', orders[i]);
        assert_int_equal (import->changed, 2);
        assert_int_equal (import->refused, 0);
        assert_int_equal (relation_of (harness, 0), PADAN__COMMON__V1__RELATION__RELATION_CHILD);
        assert_int_equal (relation_of (harness, 1), PADAN__COMMON__V1__RELATION__RELATION_HEAD);
    }
}

static void
two_heads_in_a_file_are_told (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER MOTHER);
    for (const char *name = "jk"; *name; name++) {
        const struct import *import = push (harness, *name, MOTHER_IS ("1") FATHER);
        assert_int_equal (import->refused, 1);
        assert_string_equal (problem_of (harness, *name, 2), "intake.two_heads");
        assert_int_equal (relation_of (harness, 0), PADAN__COMMON__V1__RELATION__RELATION_HEAD);
    }
}

/* The head is in the file no more; when he comes back, he and she cannot both be it. */
static void
a_head_that_is_gone_gives_way (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', FATHER MOTHER);
    const struct import *import = push (harness, 'j', MOTHER_IS ("1"));
    assert_int_equal (import->changed, 1);
    const Padan__Intake__V1__ApplicationCorrected *event =
        harness_event (harness, 0, &padan__intake__v1__application_corrected__descriptor);
    assert_int_equal (event->n_changed_member_id, 2);
    assert_int_equal (relation_of (harness, 0), PADAN__COMMON__V1__RELATION__RELATION_OTHER);
    assert_int_equal (relation_of (harness, 1), PADAN__COMMON__V1__RELATION__RELATION_HEAD);
    import = push (harness, 'k', FATHER MOTHER_IS ("1"));
    assert_int_equal (import->refused, 1);
    assert_string_equal (problem_of (harness, 'k', 2), "intake.two_heads");
}

/* An officer's head is no row's to replace. */
static void
a_head_an_officer_named_stays (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&intake_service);
    push (harness, 'i', MOTHER);
    struct application *application = (struct application *)application_of (harness, MOTHER);
    struct member *member = harness_child (harness, &application_table, application, APPLICATION_MEMBERS);
    member->member_id = harness_id ('m');
    member->relation = PADAN__COMMON__V1__RELATION__RELATION_HEAD;
    member->name = member->birth_place = member->phone = "";
    push (harness, 'j', MOTHER_IS ("1"));
    assert_string_equal (problem_of (harness, 'j', 2), "intake.two_heads");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (heads_change_in_any_order),
        cmocka_unit_test (two_heads_in_a_file_are_told),
        cmocka_unit_test (a_head_that_is_gone_gives_way),
        cmocka_unit_test (a_head_an_officer_named_stays),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
