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
padan_says (const char *const argv[], char *out, size_t size)
{
    CHILD_AUTO struct child *child = child_spawn (argv);
    int code = child_wait (child, 60000);
    snprintf (out, size, "%s", child_output (child));
    return code;
}

static int
padan (char *out, size_t size, const char *verb, const char *position)
{
    const char *const argv[] = { "padan",     "parked",   "--database", scratch_login (fleet_scratch (fleet), "mirror"),
                                 "--service", "mirror",   "--log",      "till",
                                 "--reason",  "uji coba", "--position", position,
                                 verb,        NULL };
    return padan_says (argv, out, size);
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

/* Work that was given up is shown with its reason, tried again when somebody asks, and can not be dropped. */
static void
test_work (void **state)
{
    static const char id[] = "018d0000-0000-7000-8000-00000000000a";
    char out[8192];
    (void)state;
    SQL ("insert into mirror.due (id, tenant, kind, subject, input_version, priority, payload, attempts, reason) "
         "values ('%s', 1272, 'no-such-kind', gen_random_uuid (), 1, 0, '', 8, 'the store is full') returning id",
         id);
    const char *const argv[] = { "padan",     "parked", "--database", scratch_login (fleet_scratch (fleet), "mirror"),
                                 "--service", "mirror", NULL };
    assert_int_equal (padan_says (argv, out, sizeof out), 0);
    assert_non_null (strstr (out, id));
    assert_non_null (strstr (out, "the store is full"));
    const char *const drop[] = { "padan",  "parked", "--database", argv[3], "--service", "mirror",
                                 "--work", id,       "--reason",   "x",     "drop",      NULL };
    assert_int_not_equal (padan_says (drop, out, sizeof out), 0);
    const char *const retry[] = { "padan",  "parked", "--database", argv[3], "--service",
                                  "mirror", "--work", id,           "retry", NULL };
    assert_int_equal (padan_says (retry, out, sizeof out), 0);
    assert_string_equal (SQL ("select attempts || ' ' || (due_at <= now ()) from mirror.due where id = '%s'", id),
                         "0 true");
    assert_int_equal (padan_says (retry, out, sizeof out), 1); /* it does not wait for a person any more */
    SQL ("delete from mirror.due where id = '%s' returning id", id);
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
    const struct CMUnitTest tests[] = { cmocka_unit_test (test_parked), cmocka_unit_test (test_work) };
    return cmocka_run_group_tests (tests, setup, teardown);
}
