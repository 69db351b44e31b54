/* The tables of legal moves against their golden file: a change must be seen by whoever reviews it. */
#include "tests/unit/services/batching/fixture.h"

static void
moves_are_those_of_the_golden_file (void **state)
{
    char drawn[8192], golden[8192] = "";
    size_t used = 0;
    for (int from = 0; from < BATCH_STATE_END; from++)
        for (int act = 0; act < BATCH_ACT_END; act++) {
            int to = batch_move ((enum batch_state)from, (enum batch_act)act);
            if (to >= 0)
                used +=
                    (size_t)snprintf (drawn + used, sizeof drawn - used, "batch  %-8s %-8s %s\n",
                                      batch_state_word ((enum batch_state)from), batch_act_word ((enum batch_act)act),
                                      batch_state_word ((enum batch_state)to));
        }
    for (int from = 0; from < PERSON_STATE_END; from++)
        for (int act = 0; act < PERSON_ACT_END; act++) {
            int to = person_move ((enum person_state)from, (enum person_act)act);
            if (to >= 0)
                used += (size_t)snprintf (drawn + used, sizeof drawn - used, "person %-8s %-8s %s\n",
                                          person_state_word ((enum person_state)from),
                                          person_act_word ((enum person_act)act),
                                          person_state_word ((enum person_state)to));
        }
    FILE *file = fopen ("tests/unit/services/batching/moves.golden", "r");
    assert_non_null (file);
    golden[fread (golden, 1, sizeof golden - 1, file)] = '\0';
    fclose (file);
    assert_string_equal (drawn, golden);
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (moves_are_those_of_the_golden_file) };
    return cmocka_run_group_tests_name ("services/batching/moves", tests, NULL, NULL);
}
