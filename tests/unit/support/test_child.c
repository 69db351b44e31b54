#include <signal.h>

#include "tests/support/test.h"

static void
test_output_and_code (void **state)
{
    struct child *child CHILD_AUTO = child_spawn ((const char *[]){ "sh", "-c", "echo out; echo err >&2; exit 3", 0 });
    assert_int_equal (child_wait (child, 10000), 3);
    assert_string_equal (child_output (child), "out\nerr\n");
    assert_false (child_running (child));
}

static void
test_signal (void **state)
{
    struct child *child CHILD_AUTO = child_spawn ((const char *[]){ "tail", "-f", "/dev/null", 0 });
    assert_true (child_running (child));
    child_signal (child, SIGTERM);
    assert_int_equal (child_wait (child, 10000), 128 + SIGTERM);
}

static void
test_kill_is_final (void **state)
{
    struct child *child CHILD_AUTO = child_spawn ((const char *[]){ "tail", "-f", "/dev/null", 0 });
    pid_t pid = child_pid (child);
    child_kill (child);
    assert_false (child_running (child));
    assert_int_equal (kill (pid, 0), -1);
    child_kill (child); /* harmless again */
}

static void
test_missing_program (void **state)
{
    struct child *child CHILD_AUTO = child_spawn ((const char *[]){ "no-such-program", 0 });
    assert_int_equal (child_wait (child, 10000), 127);
    assert_true (child_said (child, "cannot run no-such-program"));
}

static bool
never (void *data)
{
    ++*(int *)data;
    return false;
}

static void
test_deadline (void **state)
{
    int looks = 0;
    assert_false (wait_until (never, &looks, 20));
    assert_in_range (looks, 2, 20);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_output_and_code), cmocka_unit_test (test_signal),
        cmocka_unit_test (test_kill_is_final),   cmocka_unit_test (test_missing_program),
        cmocka_unit_test (test_deadline),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
