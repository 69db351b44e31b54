#include "common/bus/keys.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <czmq.h>
#include "common/bus/peers.h"
#include "tests/support/test.h"

static char dir[64];

static int
setup (void **state)
{
    snprintf (dir, sizeof dir, "/tmp/padan-bus-XXXXXX");
    return mkdtemp (dir) ? 0 : -1;
}

static int
teardown (void **state)
{
    char command[128];
    snprintf (command, sizeof command, "rm -rf %s", dir);
    return system (command);
}

static const char *
path_of (const char *name)
{
    static char path[KEYS_PATH];
    snprintf (path, sizeof path, "%s/%s", dir, name);
    return path;
}

static void
file_put (const char *name, const char *text)
{
    FILE *file = fopen (path_of (name), "w");
    assert_non_null (file);
    fputs (text, file);
    fclose (file);
}

static mode_t
mode_of (const char *name)
{
    struct stat status;
    assert_int_equal (stat (path_of (name), &status), 0);
    return status.st_mode & 0777;
}

static void
pair_is_made_once_and_read_back (void **state)
{
    struct err err;
    struct bus_cert cert;
    char key[KEYS_Z85];
    assert_int_equal (keys_load (dir, "intake", &cert, &err), RC_NOT_FOUND);
    assert_int_equal (keys_generate (dir, "intake", &err), RC_OK);
    assert_int_equal (keys_generate (dir, "intake", &err), RC_CONFLICT);
    assert_int_equal (keys_load (dir, "intake", &cert, &err), RC_OK);
    assert_string_equal (cert.service, "intake");
    assert_int_equal (mode_of ("intake.secret"), 0600);
    assert_int_equal (keys_load_public (path_of ("public/intake"), key, &err), RC_OK);
    assert_string_equal (key, cert.public_key);
}

static void
czmq_reads_our_files (void **state)
{
    struct err err;
    struct bus_cert cert;
    assert_int_equal (keys_generate (dir, "intake", &err), RC_OK);
    assert_int_equal (keys_load (dir, "intake", &cert, &err), RC_OK);
    zcert_t *theirs = zcert_load (path_of ("intake.secret"));
    assert_non_null (theirs);
    assert_string_equal (zcert_public_txt (theirs), cert.public_key);
    assert_string_equal (zcert_secret_txt (theirs), cert.secret_key);
    zcert_destroy (&theirs);
}

static void
we_read_files_of_czmq (void **state)
{
    struct err err;
    struct bus_cert cert;
    zcert_t *theirs = zcert_new ();
    zcert_set_meta (theirs, "name", "intake = \"public-key\"");
    assert_int_equal (zcert_save_secret (theirs, path_of ("intake.secret")), 0);
    assert_int_equal (keys_load (dir, "intake", &cert, &err), RC_OK);
    assert_string_equal (zcert_public_txt (theirs), cert.public_key);
    zcert_destroy (&theirs);
}

static void
open_or_broken_secrets_are_refused (void **state)
{
    struct err err;
    struct bus_cert cert, other;
    char text[512];
    assert_int_equal (keys_generate (dir, "intake", &err), RC_OK);
    assert_int_equal (keys_generate (dir, "journal", &err), RC_OK);
    assert_int_equal (keys_load (dir, "journal", &other, &err), RC_OK);
    assert_int_equal (keys_load (dir, "intake", &cert, &err), RC_OK);
    chmod (path_of ("intake.secret"), 0604);
    assert_int_equal (keys_load (dir, "intake", &cert, &err), RC_FORBIDDEN);
    chmod (path_of ("intake.secret"), 0640); /* a group is how clusters mount secrets */
    assert_int_equal (keys_load (dir, "intake", &cert, &err), RC_OK);
    snprintf (text, sizeof text, "curve\n  public-key = \"%s\"\n  secret-key = \"%s\"\n", other.public_key,
              cert.secret_key);
    file_put ("intake.secret", text); /* halves of two pairs */
    assert_int_equal (keys_load (dir, "intake", &cert, &err), RC_CORRUPT);
    file_put ("intake.secret", "");
    assert_int_equal (keys_load (dir, "intake", &cert, &err), RC_CORRUPT);
    file_put ("intake.secret", "curve\n    public-key = \"short\"\n    secret-key = \"");
    assert_int_equal (keys_load (dir, "intake", &cert, &err), RC_CORRUPT);
    assert_null (strstr (err.text, "short"));
}

static void
names_cannot_leave_the_directory (void **state)
{
    struct err err;
    assert_true (keys_name_valid ("intake-2"));
    assert_false (keys_name_valid (""));
    assert_false (keys_name_valid ("../intake"));
    assert_false (keys_name_valid ("intake.next"));
    assert_false (keys_name_valid ("2intake"));
    assert_false (keys_name_valid ("Intake"));
    assert_false (keys_name_valid ("abcdefghijklmnopqrstuvwxyzabcdef"));
    assert_int_equal (keys_generate (dir, "a/b", &err), RC_INVALID);
}

static void
key_changes_in_three_steps (void **state)
{
    struct err err;
    struct bus_cert before, after;
    char keys[PEERS_KEYS_OF_ONE][KEYS_Z85];
    assert_int_equal (keys_generate (dir, "intake", &err), RC_OK);
    assert_int_equal (keys_load (dir, "intake", &before, &err), RC_OK);
    assert_int_equal (keys_promote (dir, "intake", &err), RC_NOT_FOUND);
    assert_int_equal (keys_load (dir, "intake", &after, &err), RC_OK);
    struct bus_peers *peers = bus_peers_new (dir, &err);
    assert_int_equal (keys_generate_next (dir, "intake", &err), RC_OK);
    assert_int_equal (keys_generate_next (dir, "intake", &err), RC_CONFLICT);
    assert_true (bus_peers_refresh (peers));
    assert_int_equal (bus_peers_keys (peers, "intake", keys), 2);
    assert_int_equal (keys_promote (dir, "intake", &err), RC_OK);
    assert_int_equal (keys_load (dir, "intake", &after, &err), RC_OK);
    assert_string_not_equal (after.public_key, before.public_key);
    bus_peers_refresh (peers);
    assert_int_equal (bus_peers_keys (peers, "intake", keys), 2);
    assert_int_equal (keys_retire (dir, "intake", &err), RC_OK);
    assert_true (bus_peers_refresh (peers));
    assert_int_equal (bus_peers_keys (peers, "intake", keys), 1);
    assert_string_equal (keys[0], after.public_key);
    assert_int_equal (access (path_of ("intake.secret.next"), F_OK), -1);
    bus_peers_destroy (&peers);
}

static void
no_other_file_speaks_for_a_key (void **state)
{
    struct err err;
    char before[KEYS_Z85], after[KEYS_Z85];
    assert_int_equal (keys_generate (dir, "intake", &err), RC_OK);
    assert_int_equal (keys_load_public (path_of ("public/intake"), before, &err), RC_OK);
    zcert_t *theirs = zcert_new ();
    assert_int_equal (zcert_save_public (theirs, path_of ("public/intake_secret")), 0); /* zcert_load prefers it */
    assert_int_equal (keys_load_public (path_of ("public/intake"), after, &err), RC_OK);
    assert_string_equal (after, before);
    zcert_destroy (&theirs);
}

static void
half_a_file_is_no_key (void **state)
{
    struct err err;
    struct bus_cert cert;
    struct rlimit before, small;
    assert_int_equal (getrlimit (RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 150; /* as a full disk would end it */
    void (*handler) (int) = signal (SIGXFSZ, SIG_IGN);
    assert_int_equal (setrlimit (RLIMIT_FSIZE, &small), 0);
    enum rc rc = keys_generate (dir, "intake", &err);
    assert_int_equal (setrlimit (RLIMIT_FSIZE, &before), 0);
    signal (SIGXFSZ, handler);
    assert_int_equal (rc, RC_INTERNAL);
    assert_int_equal (keys_load (dir, "intake", &cert, &err), RC_NOT_FOUND);
    assert_int_equal (access (path_of ("intake.secret.new"), F_OK), -1);
    assert_int_equal (keys_generate (dir, "intake", &err), RC_OK);
}

static void
signing_keys_are_made_and_read (void **state)
{
    struct err err;
    struct sign_secret secret;
    struct sign_public public_keys;
    assert_int_equal (keys_sign_load_public (dir, "accounts", &public_keys, &err), RC_OK);
    assert_int_equal (public_keys.count, 0);
    assert_int_equal (keys_sign_load (dir, "accounts", &secret, &err), RC_NOT_FOUND);
    assert_int_equal (keys_sign_generate (dir, "accounts", &err), RC_OK);
    assert_int_equal (keys_sign_generate (dir, "accounts", &err), RC_CONFLICT);
    assert_int_equal (mode_of ("accounts.sign"), 0600);
    assert_int_equal (keys_sign_load (dir, "accounts", &secret, &err), RC_OK);
    assert_int_equal (keys_sign_load_public (dir, "accounts", &public_keys, &err), RC_OK);
    assert_int_equal (public_keys.count, 1);
    assert_memory_equal (secret.key + 32, public_keys.keys[0], 32);
    assert_int_equal (keys_sign_load (dir, "journal", &secret, &err), RC_NOT_FOUND); /* each has its own */
    assert_int_equal (keys_sign_generate (dir, "journal", &err), RC_OK);
    assert_int_equal (keys_sign_load (dir, "journal", &secret, &err), RC_OK);
    assert_memory_not_equal (secret.key + 32, public_keys.keys[0], 32);
    file_put ("public/accounts.sign", "AAAA\n");
    assert_int_equal (keys_sign_load_public (dir, "accounts", &public_keys, &err), RC_CORRUPT);
}

int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE (pair_is_made_once_and_read_back),
        CASE (czmq_reads_our_files),
        CASE (we_read_files_of_czmq),
        CASE (open_or_broken_secrets_are_refused),
        CASE (names_cannot_leave_the_directory),
        CASE (key_changes_in_three_steps),
        CASE (no_other_file_speaks_for_a_key),
        CASE (half_a_file_is_no_key),
        CASE (signing_keys_are_made_and_read),
    };
    return cmocka_run_group_tests_name ("bus keys", tests, NULL, NULL);
}
