/* The table of legal moves against its golden file: a change must be seen by whoever reviews it. */
#include <stdio.h>
#include <stdlib.h>

#include "services/distribution/card_moves.h"
#include "tests/support/test.h"

static void
moves_are_those_of_the_golden_file (void **state)
{
    char drawn[8192], golden[8192] = "";
    size_t used = 0;
    for (int from = 0; from < CARD_STATE_END; from++)
        for (int act = 0; act < CARD_ACT_END; act++) {
            int to = card_move ((enum card_state)from, (enum card_act)act);
            if (to >= 0)
                used += (size_t)snprintf (drawn + used, sizeof drawn - used, "%-9s %-8s %s\n",
                                          card_state_word ((enum card_state)from), card_act_word ((enum card_act)act),
                                          card_state_word ((enum card_state)to));
        }
    FILE *file = fopen ("tests/unit/services/distribution/card_moves.golden", "r");
    assert_non_null (file);
    golden[fread (golden, 1, sizeof golden - 1, file)] = '\0';
    fclose (file);
    assert_string_equal (drawn, golden);
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (moves_are_those_of_the_golden_file) };
    return cmocka_run_group_tests_name ("services/distribution/card_moves", tests, NULL, NULL);
}
