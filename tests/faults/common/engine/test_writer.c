/* What senders are told while the database takes nothing (a full disk, played by a trigger with its SQLSTATE), and
 * while an instance ends. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"
#include "toy.pb-c.h"

enum { TENANT = 1272, CALL_MS = 15000, SOON = 8 * CLOCK_SECOND };

static Padan__Outcome
account_open (struct fleet *fleet, const char *key)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Padan__Reply *reply;
    struct err err = { 0 };
    open.holder = (char *)"Pemegang Uji";
    open.balance = 10;
    assert_int_equal (fleet_command (fleet, "till", NULL, TENANT, uuid_of (key, strlen (key)), 0, key, &open, CALL_MS,
                                     arena, &reply, &err),
                      RC_OK);
    return reply->outcome;
}

static bool
page_is_ready (struct fleet *fleet)
{
    char command[128];
    snprintf (command, sizeof command, "curl -fs -m 5 http://127.0.0.1:%d/readyz >/dev/null",
              fleet_page (fleet, "till", 0));
    return system (command) == 0;
}

static void
a_full_disk_is_told_at_once_and_heals (void **state)
{
    (void)state;
    FLEET_AUTO struct fleet *fleet = fleet_new (NULL, (const char *const[]){ "till", NULL }, "toy-", "tester");
    struct scratch *scratch = fleet_scratch (fleet);
    fleet_start (fleet, "till", 0);
    assert_int_equal (account_open (fleet, "before"), PADAN__OUTCOME__OUTCOME_OK);
    scratch_sql (scratch, "create function till.no_room () returns trigger language plpgsql as $$ begin "
                          "raise exception using errcode = 'disk_full'; end $$");
    scratch_sql (scratch, "grant execute on function till.no_room () to public");
    scratch_sql (scratch,
                 "create trigger no_room before insert on till.account for each row execute function till.no_room ()");
    int64_t start = clock_monotonic ();
    assert_int_equal (account_open (fleet, "during"), PADAN__OUTCOME__OUTCOME_BUSY); /* surely not done: 503 */
    assert_true (clock_monotonic () - start < SOON);
    assert_false (page_is_ready (fleet));
    assert_string_equal (scratch_sql (scratch, "select count (*) from till.account"), "1");
    scratch_sql (scratch, "drop trigger no_room on till.account");
    assert_int_equal (account_open (fleet, "during"), PADAN__OUTCOME__OUTCOME_OK);
    WAIT_UNTIL (page_is_ready (fleet), 20000);
    assert_int_equal (fleet_stop (fleet, "till", 0), 0);
}

struct slow {
    struct fleet *fleet;
    Padan__Outcome outcome;
};

static void *
slow_open (void *self)
{
    struct slow *slow = self;
    slow->outcome = account_open (slow->fleet, "slow");
    return NULL;
}

/* Found as 504s after 15 s at every restart: what came while it ended was never read. */
static void
an_instance_that_ends_refuses_at_once_and_finishes_what_it_has (void **state)
{
    (void)state;
    FLEET_AUTO struct fleet *fleet = fleet_new (NULL, (const char *const[]){ "till", NULL }, "toy-", "tester");
    struct scratch *scratch = fleet_scratch (fleet);
    struct slow slow = { .fleet = fleet };
    pthread_t thread;
    scratch_sql (scratch, "create function till.wait () returns trigger language plpgsql as $$ begin "
                          "perform pg_sleep (3); return new; end $$");
    scratch_sql (scratch, "grant execute on function till.wait () to public");
    scratch_sql (scratch,
                 "create trigger slow before insert on till.account for each row execute function till.wait ()");
    fleet_start (fleet, "till", 0);
    pthread_create (&thread, NULL, slow_open, &slow);
    WAIT_UNTIL (strcmp (scratch_sql (scratch, "select count (*) from pg_stat_activity where wait_event = 'PgSleep' and "
                                              "datname = current_database ()"),
                        "1") == 0,
                10000);
    child_signal (fleet_child (fleet, "till", 0), SIGTERM);
    WAIT_UNTIL (!page_is_ready (fleet), 2000);
    int64_t start = clock_monotonic ();
    assert_int_equal (account_open (fleet, "late"), PADAN__OUTCOME__OUTCOME_BUSY);
    assert_true (clock_monotonic () - start < 2 * CLOCK_SECOND);
    pthread_join (thread, NULL);
    assert_int_equal (slow.outcome, PADAN__OUTCOME__OUTCOME_OK);
    assert_int_equal (fleet_stop (fleet, "till", 0), 0);
    assert_string_equal (scratch_sql (scratch, "select count (*) from till.account"), "1");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_full_disk_is_told_at_once_and_heals),
        cmocka_unit_test (an_instance_that_ends_refuses_at_once_and_finishes_what_it_has),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
