/* Due work that ends the program of whoever does it: it waits for a person at last, and everything else is done. */
#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"
#include "toy.pb-c.h"
#include "tests/toy/till/till.h"

enum { TENANT = 1272, CALL_MS = 5000, PATIENCE_MS = 60000, ACCOUNTS = 5, DEATHS_MAX = 20 };

#define SQL(...) scratch_sql (scratch, __VA_ARGS__)

static void
tell (struct fleet *fleet, struct uuid account, const char *key, const void *command)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    Padan__Reply *reply;
    struct err err = { 0 };
    assert_int_equal (
        fleet_command (fleet, "till", NULL, TENANT, account, 0, key, command, CALL_MS, arena, &reply, &err), RC_OK);
    assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_OK);
}

/* The audit of the first is fatal, and it is due first. */
static void
account_make (struct fleet *fleet, int i)
{
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Toy__Withdraw withdraw = TOY__WITHDRAW__INIT;
    struct uuid id = { { (uint8_t)(i + 1) } };
    char key[32];
    open.holder = (char *)"Pemegang Uji";
    open.balance = i ? i + 1 : TILL_FATAL_BALANCE + 1;
    withdraw.amount = 1;
    snprintf (key, sizeof key, "open %d", i);
    tell (fleet, id, key, &open);
    snprintf (key, sizeof key, "withdraw %d", i);
    tell (fleet, id, key, &withdraw);
}

static bool
all_is_done (struct scratch *scratch)
{
    return strcmp (SQL ("select count (*) from till.due where kind = 'audit' and due_at is not null"), "0") == 0;
}

static void
work_that_ends_its_worker_waits_for_a_person (void **state)
{
    FLEET_AUTO struct fleet *fleet = fleet_new (NULL, (const char *const[]){ "till", NULL }, "toy-", "tester");
    struct scratch *scratch = fleet_scratch (fleet);
    char config[256];
    int deaths = 0;
    snprintf (config, sizeof config, "%s/till-0.conf", fleet_dir (fleet));
    fleet_set (fleet, "till", "workers = 0");
    fleet_start (fleet, "till", 0);
    for (int i = 0; i < ACCOUNTS; i++)
        account_make (fleet, i);
    assert_int_equal (fleet_stop (fleet, "till", 0), 0);
    for (; !all_is_done (scratch) && deaths < DEATHS_MAX; deaths++) {
        CHILD_AUTO struct child *till =
            child_spawn ((const char *const[]){ "toy-till", "--config", config, "--set", "workers=1", NULL });
        WAIT_UNTIL (!child_running (till) || all_is_done (scratch), PATIENCE_MS);
        SQL ("update till.due set lease_until = now () - interval '1 second' where lease_until is not null");
    }
    assert_in_range (deaths, 2, DEATHS_MAX - 1);
    assert_string_equal (SQL ("select count (*) from till.due where kind = 'audit'"), "1");
    assert_string_equal (SQL ("select balance from till.due d join till.account a on a.id = d.subject "
                              "where kind = 'audit' and reason like 'whoever%%'"),
                         "666000666000");
    assert_string_equal (SQL ("select count (*) from till.account where audits = 1"), "4");
}

/* Neither its end nor its failure can be written. */
static void
work_that_cannot_be_ended_is_told (void **state)
{
    FLEET_AUTO struct fleet *fleet = fleet_new (NULL, (const char *const[]){ "till", NULL }, "toy-", "tester");
    struct scratch *scratch = fleet_scratch (fleet);
    SQL ("create function till.keep () returns trigger language plpgsql as $$ begin raise 'kept'; end $$");
    SQL ("grant execute on function till.keep () to public");
    SQL ("create trigger keep before delete on till.due for each row execute function till.keep ()");
    SQL ("create trigger stay before update on till.due for each row when (new.reason is not null) "
         "execute function till.keep ()");
    fleet_start (fleet, "till", 0);
    account_make (fleet, 1);
    WAIT_UNTIL (strstr (child_output (fleet_child (fleet, "till", 0)), "batch.failed"), PATIENCE_MS);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (work_that_ends_its_worker_waits_for_a_person),
        cmocka_unit_test (work_that_cannot_be_ended_is_told),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
