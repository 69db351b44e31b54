/* The tables of legal moves against their page, and the acts that are moves against acts.golden beside this file. */
#include <stdio.h>
#include <stdlib.h>

#include "services/approval/approval.h"
#include "services/approval/file_moves.h"
#include "services/approval/letter_moves.h"
#include "tests/support/moves.h"
#include "tests/support/test.h"

static void
print_acts (FILE *out)
{
    for (int act = 0; act < ACT_END; act++)
        fprintf (out, "act %s = %s\n", words_word (&words_acts, act),
                 file_move_of ((enum act)act) < 0 ? "-"
                                                  : file_move_word ((enum file_move)file_move_of ((enum act)act)));
}

static void
test_golden (void **state)
{
    static char golden[8192];
    char *text;
    size_t size;
    FILE *out = open_memstream (&text, &size), *file = fopen ("tests/unit/services/approval/acts.golden", "re");
    print_acts (out);
    fclose (out);
    assert_non_null (file);
    golden[fread (golden, 1, sizeof golden - 1, file)] = '\0';
    fclose (file);
    if (strcmp (text, golden) != 0)
        fail_msg ("the acts are now:\n%s", text);
    free (text);
}

static void
test_page (void **state)
{
    moves_page_is_true (&approval_service);
}

static void
test_unknown_state (void **state)
{
    assert_int_equal (file_move (FILE_STATE_END, FILE_MOVE_PASS), -1);
    assert_int_equal (letter_move (LETTER_STATE_END, LETTER_MOVE_SIGN), -1);
    assert_int_equal (file_move_of (ACT_END), -1);
    assert_string_equal (file_holder (&(struct file){ .state = "returned" }), "intake");
    assert_string_equal (file_holder (&(struct file){ .state = "rejected" }), "");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_golden),
        cmocka_unit_test (test_page),
        cmocka_unit_test (test_unknown_state),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
