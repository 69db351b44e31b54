/* padan as it is typed: what it prints, what it makes, how it ends. */
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64];

/* Exit code; *ret_output lives until the next call. */
static int
padan (const char *const argv[], const char **ret_output)
{
    static char output[65536];
    CHILD_AUTO struct child *child = child_spawn (argv);
    int code = child_wait (child, 20000);
    snprintf (output, sizeof output, "%s", child_output (child));
    *ret_output = output;
    return code;
}

static const char *
path_of (const char *name)
{
    static char path[256];
    snprintf (path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void
file_write (const char *name, const char *text)
{
    FILE *file = fopen (path_of (name), "w");
    assert_non_null (file);
    fputs (text, file);
    fclose (file);
}

static unsigned
mode_of (const char *name)
{
    struct stat status;
    return stat (path_of (name), &status) == 0 ? status.st_mode & 0777 : 0;
}

static int
dir_make (void **state)
{
    (void)state;
    snprintf (dir, sizeof dir, "/tmp/padan-cli-XXXXXX");
    return mkdtemp (dir) ? 0 : -1;
}

static int
dir_remove (void **state)
{
    (void)state;
    child_run ((const char *const[]){ "rm", "-rf", dir, NULL }, 10000);
    return 0;
}

static void
test_keys_makes_what_is_missing (void **state)
{
    const char *output;
    char keys[128];
    (void)state;
    snprintf (keys, sizeof keys, "%s/keys", dir);
    assert_int_equal (padan ((const char *const[]){ "padan", "keys", "--keys", keys, "intake", NULL }, &output), 0);
    assert_int_equal (mode_of ("keys/padan.secret"), 0600);
    assert_int_equal (mode_of ("keys/intake.secret"), 0600);
    assert_int_equal (mode_of ("keys/accounts.sign"), 0); /* intake signs nothing */
    assert_int_equal (
        padan ((const char *const[]){ "padan", "keys", "--keys", keys, "intake", "accounts", NULL }, &output), 0);
    assert_string_equal (output, "made the key of accounts\nmade the key of principals\n");
    assert_int_equal (mode_of ("keys/accounts.sign"), 0600);
    assert_int_equal (
        padan ((const char *const[]){ "padan", "keys", "--keys", keys, "intake", "accounts", NULL }, &output), 0);
    assert_string_equal (output, "");
    assert_int_equal (padan ((const char *const[]){ "padan", "keys", "--keys", keys, "journal", NULL }, &output), 0);
    assert_string_equal (output, "made the key of journal\nmade the key of checkpoints\n");
    assert_int_equal (mode_of ("keys/journal.sign"), 0600);
    assert_int_equal (padan ((const char *const[]){ "padan", "keys", "--keys", keys, "../evil", NULL }, &output), 2);
    assert_int_equal (padan ((const char *const[]){ "padan", "keys", "intake", NULL }, &output), 2);
}

static void
test_profile_check_draws_or_names_every_problem (void **state)
{
    const char *output, *profile = "deploy/profiles/pematangsiantar.yaml";
    (void)state;
    assert_int_equal (padan ((const char *const[]){ "padan", "profile", "check", profile, NULL }, &output), 0);
    assert_non_null (strstr (output, "sha256 "));
    file_write ("bad.yaml", "profile: 1\nacts: [nonsense\n");
    assert_int_equal (padan ((const char *const[]){ "padan", "profile", "check", path_of ("bad.yaml"), NULL }, &output),
                      1);
    assert_non_null (strstr (output, "bad.yaml:")); /* file:line:column */
    assert_int_equal (padan ((const char *const[]){ "padan", "profile", "check", path_of ("none"), NULL }, &output), 1);
    assert_int_equal (padan ((const char *const[]){ "padan", "profile", "check", NULL }, &output), 2);
}

static void
test_nothing_reachable_may_be_tried_again (void **state)
{
    const char *output;
    char text[256], keys[128];
    (void)state;
    snprintf (keys, sizeof keys, "%s/keys", dir);
    padan ((const char *const[]){ "padan", "keys", "--keys", keys, "accounts", NULL }, &output);
    snprintf (text, sizeof text, "keys = %s\npeers = accounts=tcp://127.0.0.1:%d\n", keys, port_free ());
    file_write ("padan.conf", text);
    const char *const add[] = { "padan", "tenant", "add",   "--config", path_of ("padan.conf"), "--tenant",
                                "1272",  "--code", "12.72", "--name",   "Kota Pematangsiantar", NULL };
    assert_int_equal (padan (add, &output), 75);
    snprintf (text, sizeof text, "keys = %s\npeers = accounts\n", keys);
    file_write ("padan.conf", text);
    assert_int_equal (padan (add, &output), 1);
    assert_non_null (strstr (output, "peers"));
}

static void
test_what_is_not_understood (void **state)
{
    const char *output;
    (void)state;
    assert_int_equal (padan ((const char *const[]){ "padan", "--help", NULL }, &output), 0);
    assert_non_null (strstr (output, "padan person add"));
    assert_int_equal (padan ((const char *const[]){ "padan", NULL }, &output), 2);
    assert_int_equal (padan ((const char *const[]){ "padan", "tenant", NULL }, &output), 2);
    assert_int_equal (padan ((const char *const[]){ "padan", "tenant", "remove", NULL }, &output), 2);
    assert_int_equal (padan ((const char *const[]){ "padan", "tenant", "add", "--tenant", "0x1", NULL }, &output), 2);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_keys_makes_what_is_missing),
        cmocka_unit_test (test_profile_check_draws_or_names_every_problem),
        cmocka_unit_test (test_nothing_reachable_may_be_tried_again),
        cmocka_unit_test (test_what_is_not_understood),
    };
    return cmocka_run_group_tests (tests, dir_make, dir_remove);
}
