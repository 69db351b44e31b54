/* What the page of a service tells its operator while it is cut off, while it works, and while something is parked. */
#include <string.h>

#include "tests/support/fleet.h"
#include "tests/support/test.h"
#include "toy.pb-c.h"

enum { TENANT = 1272, CALL_MS = 20000, PATIENCE_MS = 60000 };
#define FIGURE(series)         fleet_figure (fleet, "mirror", 0, series)
#define FIGURE_OF_TILL(series) fleet_figure (fleet, "till", 0, series)

static Padan__Outcome
command_send (struct fleet *fleet, const char *service, const char *account, const char *key, const void *message)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    Padan__Reply *reply;
    struct err err = { 0 };
    assert_int_equal (fleet_command (fleet, service, NULL, TENANT, uuid_of (account, strlen (account)), 0, key, message,
                                     CALL_MS, arena, &reply, &err),
                      RC_OK);
    return reply->outcome;
}

static void
account_open (struct fleet *fleet, const char *name, bool faulty)
{
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    open.holder = (char *)"Pemegang Uji";
    open.faulty = faulty;
    assert_int_equal (command_send (fleet, "till", name, name, &open), PADAN__OUTCOME__OUTCOME_OK);
}

static void
the_page_tells_of_lag_and_of_what_is_parked (void **state)
{
    (void)state;
    FLEET_AUTO struct fleet *fleet =
        fleet_new (NULL, (const char *const[]){ "till", "mirror", NULL }, "toy-", "tester");
    fleet_start (fleet, "mirror", 0); /* nobody answers it */
    double silent = FIGURE ("padan_lag_seconds{log=\"till\"}");
    WAIT_UNTIL (FIGURE ("padan_lag_seconds{log=\"till\"}") > silent, PATIENCE_MS);
    silent = FIGURE ("padan_lag_seconds{log=\"till\"}");
    fleet_start (fleet, "till", 0);
    account_open (fleet, "good", false);
    WAIT_UNTIL (FIGURE ("padan_messages_total{source=\"till\"}") >= 1, PATIENCE_MS);
    WAIT_UNTIL (FIGURE ("padan_lag_seconds{log=\"till\"}") < silent, PATIENCE_MS);
    assert_true (FIGURE_OF_TILL ("padan_messages_total{source=\"command\"}") >= 1);
    assert_true (FIGURE_OF_TILL ("padan_batch_messages_count{source=\"command\"}") >= 1);
    assert_true (FIGURE_OF_TILL ("padan_commit_seconds_count") >= 1);

    account_open (fleet, "bad", true);
    WAIT_UNTIL (FIGURE ("padan_queue_depth{queue=\"parked\"}") >= 1, PATIENCE_MS);
    double age = FIGURE ("padan_queue_oldest_seconds{queue=\"parked\"}");
    assert_true (age > 0);
    WAIT_UNTIL (FIGURE ("padan_queue_oldest_seconds{queue=\"parked\"}") > age, PATIENCE_MS);
    Toy__Mend mend = TOY__MEND__INIT;
    mend.version = 1;
    assert_int_equal (command_send (fleet, "mirror", "bad", "mend", &mend), PADAN__OUTCOME__OUTCOME_OK);
    WAIT_UNTIL (FIGURE ("padan_queue_depth{queue=\"parked\"}") == 0, PATIENCE_MS);
    assert_true (FIGURE ("padan_queue_oldest_seconds{queue=\"parked\"}") == 0);

    Toy__Withdraw withdraw = TOY__WITHDRAW__INIT;
    withdraw.amount = 1; /* the account is empty */
    assert_int_equal (command_send (fleet, "till", "good", "refused", &withdraw),
                      PADAN__OUTCOME__OUTCOME_UNPROCESSABLE);
    assert_true (FIGURE_OF_TILL ("padan_refusals_total{code=\"till.too_little\"}") == 1);
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (the_page_tells_of_lag_and_of_what_is_parked) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
