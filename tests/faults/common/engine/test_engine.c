/* The engine under real faults: two services as processes, clients that repeat until they are answered, kill -9,
 * SIGSTOP, two instances racing, a PostgreSQL stopped immediate. Nothing accepted is lost or done twice. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/base/clock.h"
#include "tests/support/cluster.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"
#include "toy.pb-c.h"

enum { CLIENTS = 4, ACCOUNTS = 8, ROUNDS = 14, TENANT = 1272, PATIENCE_S = 90, CALL_MS = 1500 };

struct world {
    struct fleet *fleet;
    atomic_bool done;
    atomic_int answered, repeated, refused;
};

struct client {
    struct world *world;
    struct uuid accounts[ACCOUNTS];
    int64_t balances[ACCOUNTS]; /* by this client's own record of what was answered */
    int index;
    bool failed;
};

/* Repeats under the same key until there is a final answer; false when there was none in time. */
static bool
command_insist (struct client *client, struct uuid account, const char *key, const void *message, Padan__Outcome *ret)
{
    int64_t until = clock_monotonic () + PATIENCE_S * (int64_t)CLOCK_SECOND;
    for (bool first = true; clock_monotonic () < until; first = false) {
        ARENA_AUTO struct arena *arena = arena_new (1 << 22);
        Padan__Reply *reply;
        struct err err = { 0 };
        if (!first)
            client->world->repeated++;
        enum rc rc = fleet_command (client->world->fleet, "till", NULL, TENANT, account, 0, key, message, CALL_MS,
                                    arena, &reply, &err);
        if (rc == RC_OK && reply->outcome != PADAN__OUTCOME__OUTCOME_BUSY &&
            reply->outcome != PADAN__OUTCOME__OUTCOME_EXPIRED && reply->outcome != PADAN__OUTCOME__OUTCOME_INTERNAL) {
            *ret = reply->outcome;
            client->world->answered++;
            return true;
        }
        if (rc != RC_OK)
            wait_pause (clock_monotonic () + CLOCK_SECOND);
    }
    return false;
}

static bool
account_open (struct client *client, int i)
{
    char key[64];
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Padan__Outcome outcome;
    open.holder = (char *)"Pemegang Uji";
    open.balance = 1000;
    client->accounts[i] = uuid_new (clock_now ());
    client->balances[i] = open.balance;
    snprintf (key, sizeof key, "open-%d-%d", client->index, i);
    return command_insist (client, client->accounts[i], key, &open, &outcome) && outcome == PADAN__OUTCOME__OUTCOME_OK;
}

static bool
account_move (struct client *client, int number)
{
    char key[64];
    int i = (int)randombytes_uniform (ACCOUNTS);
    int64_t amount = 1 + randombytes_uniform (400);
    Toy__Deposit deposit = TOY__DEPOSIT__INIT;
    Toy__Withdraw withdraw = TOY__WITHDRAW__INIT;
    bool in = number % 2 == 0;
    Padan__Outcome outcome;
    deposit.amount = withdraw.amount = amount;
    snprintf (key, sizeof key, "move-%d-%d", client->index, number);
    if (!command_insist (client, client->accounts[i], key, in ? (void *)&deposit : (void *)&withdraw, &outcome))
        return false;
    if (outcome == PADAN__OUTCOME__OUTCOME_OK)
        client->balances[i] += in ? amount : -amount;
    else
        client->world->refused++;
    return true;
}

static void *
client_run (void *self)
{
    struct client *client = self;
    for (int i = 0; i < ACCOUNTS && !client->failed; i++)
        client->failed = !account_open (client, i);
    for (int number = 0; !client->world->done && !client->failed; number++)
        client->failed = !account_move (client, number);
    return NULL;
}

static void
progress_wait (struct world *world, int more)
{
    int before = world->answered;
    WAIT_UNTIL (world->answered >= before + more, PATIENCE_S * 1000);
}

static void
fault_inject (struct world *world, struct cluster *cluster, int round, int counts[static 4])
{
    const char *victim = round % 2 ? "till" : "mirror";
    int instance = round / 2 % 2;
    switch (round % 7) {
    case 0 ... 3:
        fleet_kill (world->fleet, victim, instance);
        progress_wait (world, 50);
        fleet_start (world->fleet, victim, instance);
        counts[0]++;
        break;
    case 4:
    case 5: /* frozen until others have gone on, then it wakes up in the middle of what it did */
        child_signal (fleet_child (world->fleet, victim, instance), SIGSTOP);
        progress_wait (world, 100);
        child_signal (fleet_child (world->fleet, victim, instance), SIGCONT);
        counts[1]++;
        break;
    default:
        cluster_crash (cluster);
        cluster_start (cluster);
        counts[2]++;
    }
    progress_wait (world, 100);
}

#define SQL(...) scratch_sql (fleet_scratch (world->fleet), __VA_ARGS__)

static void
mirror_is_even (struct world *world)
{
    WAIT_UNTIL (
        strcmp (SQL ("select (select coalesce (min (position), 0) from mirror.follow) >= "
                     "(select coalesce (max (position), 0) from till.log) or not exists (select from till.account a "
                     "left join mirror.copy c using (tenant, id) where c.version is distinct from a.version "
                     "and c.log_version is distinct from a.version)"),
                "t") == 0,
        PATIENCE_S * 1000);
}

static void
world_check (struct world *world, const struct client clients[static CLIENTS])
{
    char id[UUID_TEXT];
    for (int c = 0; c < CLIENTS; c++)
        for (int i = 0; i < ACCOUNTS; i++) {
            const char *balance = SQL ("select balance from till.account where tenant = %d and id = '%s'", TENANT,
                                       uuid_format (clients[c].accounts[i], id));
            assert_int_equal (strtoll (balance, NULL, 10), clients[c].balances[i]);
        }
    assert_string_equal (SQL ("select count (*) from till.account"), "32");
    /* positions 1 … n without a gap, versions of each account 1 … n without a gap */
    assert_string_equal (SQL ("select count (*) = max (position) and max (position) = (select position from "
                              "till.log_head) from till.log"),
                         "t");
    assert_string_equal (SQL ("select count (*) from (select subject, count (*) n, max (version) m from till.log group "
                              "by tenant, subject having count (*) <> max (version)) x"),
                         "0");
    assert_string_equal (SQL ("select count (*) from till.account a join mirror.copy c using (tenant, id) where "
                              "c.balance <> a.balance"),
                         "0");
    assert_string_equal (SQL ("select count (*) from mirror.copy"), "32");
    assert_string_equal (SQL ("select count (*) from mirror.parked"), "0");
}

static void
test_faults (void **state)
{
    (void)state;
    CLUSTER_AUTO struct cluster *cluster = cluster_new ();
    FLEET_AUTO struct fleet *fleet =
        fleet_new (cluster_admin (cluster), (const char *const[]){ "till", "mirror", NULL }, "toy-", "tester");
    struct world world = { .fleet = fleet };
    struct client clients[CLIENTS] = { 0 };
    pthread_t threads[CLIENTS];
    int counts[4] = { 0 };
    for (int k = 0; k < 2; k++) {
        fleet_start (fleet, "till", k);
        fleet_start (fleet, "mirror", k);
    }
    for (int c = 0; c < CLIENTS; c++) {
        clients[c].world = &world;
        clients[c].index = c;
        pthread_create (&threads[c], NULL, client_run, &clients[c]);
    }
    for (int round = 0; round < ROUNDS; round++)
        fault_inject (&world, cluster, round, counts);
    world.done = true;
    for (int c = 0; c < CLIENTS; c++) {
        pthread_join (threads[c], NULL);
        assert_false (clients[c].failed);
    }
    mirror_is_even (&world);
    world_check (&world, clients);
    print_message ("answered %d, repeated %d, refused %d; kills %d, freezes %d, crashes of PostgreSQL %d\n",
                   world.answered, world.repeated, world.refused, counts[0], counts[1], counts[2]);
    assert_true (counts[0] && counts[1] && counts[2] && world.repeated);
    for (int k = 0; k < 2; k++) { /* a restart was never needed, and SIGTERM drains */
        assert_int_equal (fleet_stop (fleet, "till", k), 0);
        assert_int_equal (fleet_stop (fleet, "mirror", k), 0);
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (test_faults) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
