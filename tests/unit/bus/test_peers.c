#include "common/bus/peers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "tests/support/test.h"

static char dir[64];

static int
setup (void **state)
{
    struct err err;
    snprintf (dir, sizeof dir, "/tmp/padan-bus-XXXXXX");
    return mkdtemp (dir) && keys_generate (dir, "intake", &err) == RC_OK &&
                   keys_generate (dir, "journal", &err) == RC_OK
               ? 0
               : -1;
}

static int
teardown (void **state)
{
    char command[128];
    snprintf (command, sizeof command, "rm -rf %s", dir);
    return system (command);
}

static void
shell (const char *format)
{
    char command[512];
    snprintf (command, sizeof command, "cd %s/public && %s", dir, format);
    assert_int_equal (system (command), 0);
}

static void
key_fixes_the_service (void **state)
{
    struct err err;
    struct bus_cert cert;
    char service[KEYS_NAME], keys[PEERS_KEYS_OF_ONE][KEYS_Z85];
    struct bus_peers *peers = bus_peers_new (dir, &err);
    assert_non_null (peers);
    assert_int_equal (keys_load (dir, "journal", &cert, &err), RC_OK);
    assert_true (bus_peers_service (peers, cert.public_key, service));
    assert_string_equal (service, "journal");
    assert_false (bus_peers_service (peers, cert.secret_key, service));
    assert_false (bus_peers_service (peers, "", service));
    assert_int_equal (bus_peers_keys (peers, "journal", keys), 1);
    assert_string_equal (keys[0], cert.public_key);
    assert_int_equal (bus_peers_keys (peers, "approval", keys), 0);
    bus_peers_destroy (&peers);
}

static void
changes_are_followed (void **state)
{
    struct err err;
    char keys[PEERS_KEYS_OF_ONE][KEYS_Z85];
    struct sign_public sign;
    struct bus_peers *peers = bus_peers_new (dir, &err);
    assert_false (bus_peers_refresh (peers));
    assert_int_equal (bus_peers_generation (peers), 1);
    assert_int_equal (keys_generate (dir, "approval", &err), RC_OK);
    assert_true (bus_peers_refresh (peers));
    assert_false (bus_peers_refresh (peers));
    assert_int_equal (bus_peers_generation (peers), 2);
    assert_int_equal (bus_peers_keys (peers, "approval", keys), 1);
    shell ("rm approval");
    assert_true (bus_peers_refresh (peers));
    assert_int_equal (bus_peers_keys (peers, "approval", keys), 0);
    bus_peers_sign_public (peers, &sign);
    assert_int_equal (sign.count, 0);
    assert_int_equal (keys_sign_generate (dir, "accounts", &err), RC_OK);
    assert_true (bus_peers_refresh (peers));
    bus_peers_sign_public (peers, &sign);
    assert_int_equal (sign.count, 1);
    bus_peers_destroy (&peers);
}

static void
bad_file_stops_the_start_and_later_only_itself (void **state)
{
    struct err err;
    char keys[PEERS_KEYS_OF_ONE][KEYS_Z85];
    struct bus_peers *peers = bus_peers_new (dir, &err);
    shell ("echo nonsense > approval; rm journal");
    assert_true (bus_peers_refresh (peers));
    assert_int_equal (bus_peers_broken (peers), 1);
    assert_int_equal (bus_peers_keys (peers, "intake", keys), 1);
    assert_int_equal (bus_peers_keys (peers, "approval", keys), 0);
    assert_int_equal (bus_peers_keys (peers, "journal", keys), 0);
    bus_peers_destroy (&peers);
    assert_null (bus_peers_new (dir, &err));
    assert_int_equal (err.rc, RC_CORRUPT);
    assert_non_null (strstr (err.text, "approval"));
}

static void
one_key_cannot_be_two_services (void **state)
{
    struct err err;
    shell ("cp intake approval");
    assert_null (bus_peers_new (dir, &err));
    assert_int_equal (err.rc, RC_CORRUPT);
}

static void
other_files_are_no_peers (void **state)
{
    struct err err;
    shell ("cp intake intake.new; cp intake .hidden; cp intake README; mkdir directory.d");
    struct bus_peers *peers = bus_peers_new (dir, &err);
    assert_non_null (peers);
    bus_peers_destroy (&peers);
    assert_null (bus_peers_new ("/nonexistent", &err));
    assert_int_equal (err.rc, RC_NOT_FOUND);
}

int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE (key_fixes_the_service),
        CASE (changes_are_followed),
        CASE (bad_file_stops_the_start_and_later_only_itself),
        CASE (one_key_cannot_be_two_services),
        CASE (other_files_are_no_peers),
    };
    return cmocka_run_group_tests_name ("bus peers", tests, NULL, NULL);
}
