/* The table of legal moves against its golden file: a change must be seen by whoever reviews it. */
#include <stdio.h>

#include "tests/unit/services/intake/fixture.h"

static void
moves_are_those_of_the_golden_file (void **state)
{
    char drawn[8192], golden[8192] = "";
    size_t used = 0;
    for (int from = 0; from < APPLICATION_STATE_END; from++)
        for (int move = 0; move < MOVE_END; move++) {
            int to = application_move ((enum application_state)from, (enum application_move)move);
            if (to >= 0)
                used += (size_t)snprintf (drawn + used, sizeof drawn - used, "%-9s %-8s %s\n",
                                          application_state_word ((enum application_state)from),
                                          application_move_word ((enum application_move)move),
                                          application_state_word ((enum application_state)to));
        }
    FILE *file = fopen ("tests/unit/services/intake/application_moves.golden", "r");
    assert_non_null (file);
    golden[fread (golden, 1, sizeof golden - 1, file)] = '\0';
    fclose (file);
    assert_string_equal (drawn, golden);
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (moves_are_those_of_the_golden_file) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
