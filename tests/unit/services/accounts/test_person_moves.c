/* The legal moves of a person, as agreed in person_moves.golden: state, act, state after it. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "services/accounts/person_moves.h"

static void
test_the_table_is_the_golden_one (void **state)
{
    char text[4096] = "", golden[4096] = "";
    struct err err;
    size_t used = 0;
    (void)state;
    for (enum person_state from = PERSON_NONE; from < PERSON_STATES; from++) {
        for (enum person_act act = 0; act < PERSON_ACTS; act++) {
            enum person_state to;
            if (person_move (from, act, &to, &err) == RC_OK)
                used += (size_t)snprintf (text + used, sizeof text - used, "%-9s %-16s %s\n",
                                          from ? person_state_name (from) : "none", person_act_name (act),
                                          person_state_name (to));
        }
    }
    FILE *file = fopen ("tests/unit/services/accounts/person_moves.golden", "r");
    assert_non_null (file);
    golden[fread (golden, 1, sizeof golden - 1, file)] = '\0';
    fclose (file);
    assert_string_equal (text, golden);
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
        cmocka_unit_test (test_the_table_is_the_golden_one),
        cmocka_unit_test (test_refusals),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
