/* padan parked: a person sees why an entry is parked, has it tried again, or drops it; what is behind follows. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"
#include "toy.pb-c.h"

enum { TENANT = 1272 };

static struct fleet *fleet;

#define SQL(...) scratch_sql (fleet_scratch (fleet), __VA_ARGS__)

static void
command (struct uuid account, const char *key, const void *message)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 22);
    Padan__Reply *reply;
    struct err err;
    assert_int_equal (fleet_command (fleet, "till", NULL, TENANT, account, 0, key, message, 20000, arena, &reply, &err),
                      RC_OK);
    assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_OK);
}

static int
padan (char *out, size_t size, const char *verb, const char *position)
{
    const char *argv[] = { "padan",     "parked",   "--database", scratch_login (fleet_scratch (fleet), "mirror"),
                           "--service", "mirror",   "--log",      "till",
                           "--reason",  "uji coba", "--position", position,
                           verb,        NULL };
    CHILD_AUTO struct child *child = child_spawn (argv);
    int code = child_wait (child, 60000);
    snprintf (out, size, "%s", child_output (child));
    return code;
}

static void
test_parked (void **state)
{
    char out[8192], id[UUID_TEXT];
    (void)state;
    struct uuid account = uuid_new (clock_now ());
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Toy__Deposit deposit = TOY__DEPOSIT__INIT;
    open.holder = (char *)"Pemegang Uji";
    open.balance = 10;
    open.faulty = true;
    deposit.amount = 5;
    command (account, "open", &open);
    command (account, "deposit", &deposit);
    WAIT_UNTIL (
        strcmp (SQL ("select count (*) from mirror.parked where subject = '%s'", uuid_format (account, id)), "2") == 0,
        20000);
    char first[32], second[32];
    snprintf (first, sizeof first, "%s", SQL ("select min (position) from mirror.parked"));
    snprintf (second, sizeof second, "%s", SQL ("select max (position) from mirror.parked"));
    assert_int_equal (padan (out, sizeof out, "list", first), 0);
    assert_non_null (strstr (out, "faulty"));
    assert_non_null (strstr (out, "(behind)"));
    assert_int_equal (padan (out, sizeof out, "drop", second), 1); /* not before the one in front of it */
    assert_int_equal (padan (out, sizeof out, "retry", first), 0);
    WAIT_UNTIL (strcmp (SQL ("select attempts >= 1 from mirror.parked where position = %s", first), "t") == 0, 20000);
    assert_int_equal (padan (out, sizeof out, "drop", first), 0);
    WAIT_UNTIL (strcmp (SQL ("select count (*) from mirror.parked"), "0") == 0, 20000);
    assert_string_equal (SQL ("select dropped_because from mirror.dropped"), "uji coba");
    assert_string_equal (SQL ("select balance from mirror.copy"), "5"); /* the dropped opening is missing, as it says */
}

static int
setup (void **state)
{
    (void)state;
    fleet = fleet_new (NULL, (const char *const[]){ "till", "mirror", NULL }, "toy-", "tester");
    fleet_start_all (fleet);
    return 0;
}

static int
teardown (void **state)
{
    (void)state;
    fleet_destroy (&fleet);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (test_parked) };
    return cmocka_run_group_tests (tests, setup, teardown);
}
