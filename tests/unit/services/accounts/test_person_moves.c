/* The legal moves of a person, and what is said to others. */
#include "tests/support/moves.h"
#include "tests/support/test.h"

#include "services/accounts/accounts.h"
#include "services/accounts/person_moves.h"

static void
test_the_page_is_what_the_table_says (void **state)
{
    (void)state;
    moves_page_is_true (&accounts_service);
}

static void
test_refusals (void **state)
{
    enum person_state to;
    struct err err;
    (void)state;
    assert_int_equal (person_move (PERSON_NONE, PERSON_DISABLE, &to, &err), RC_NOT_FOUND);
    assert_string_equal (err.code, "common.not_found");
    assert_int_equal (person_move (PERSON_DISABLED, PERSON_SIGN_IN, &to, &err), RC_CONFLICT);
    assert_string_equal (err.code, "accounts.person_state");
    assert_int_equal (person_state_of ("disabled"), PERSON_DISABLED);
    assert_int_equal (person_state_of ("retired"), PERSON_NONE);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_the_page_is_what_the_table_says),
        cmocka_unit_test (test_refusals),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
