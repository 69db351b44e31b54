/* The engine under real faults: two services as processes, clients that repeat until they are answered, kill -9,
 * SIGSTOP, two instances racing, a PostgreSQL stopped immediate, events that cannot be taken until they are mended.
 * Nothing accepted is lost or done twice, nor is work that is due. */
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
#include "tests/toy/till/till.h"

enum { CLIENTS = 4, ACCOUNTS = 8, ROUNDS = 14, TENANT = 1272, PATIENCE_S = 90, CALL_MS = 1500 };
enum { FAULTY = 0 }; /* this account of each client is opened by an event that mirror refuses until it is mended */
enum { CRASHES_MORE = 20 }; /* of PostgreSQL, until one leaves a COMMIT unanswered */

struct world {
    struct fleet *fleet;
    atomic_bool done;
    atomic_int answered, repeated, refused;
};

struct client {
    struct world *world;
    int64_t balances[ACCOUNTS]; /* by this client's own record of what was answered */
    int withdrawals[ACCOUNTS];
    int index;
    bool failed;
};

static struct uuid
account_id (int client, int i)
{
    char name[32];
    int size = snprintf (name, sizeof name, "account-%d-%d", client, i);
    return uuid_of (name, (size_t)size);
}

/* Repeats under the same key until there is a final answer; false when there was none in time. */
static bool
command_insist (struct world *world, const char *service, struct uuid account, const char *key, const void *message,
                Padan__Outcome *ret)
{
    int64_t until = clock_monotonic () + PATIENCE_S * (int64_t)CLOCK_SECOND;
    for (bool first = true; clock_monotonic () < until; first = false) {
        ARENA_AUTO struct arena *arena = arena_new (1 << 22);
        Padan__Reply *reply;
        struct err err = { 0 };
        if (!first)
            world->repeated++;
        enum rc rc =
            fleet_command (world->fleet, service, NULL, TENANT, account, 0, key, message, CALL_MS, arena, &reply, &err);
        if (rc == RC_OK && reply->outcome != PADAN__OUTCOME__OUTCOME_BUSY &&
            reply->outcome != PADAN__OUTCOME__OUTCOME_EXPIRED && reply->outcome != PADAN__OUTCOME__OUTCOME_INTERNAL) {
            *ret = reply->outcome;
            world->answered++;
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
    open.faulty = i == FAULTY;
    client->balances[i] = open.balance;
    snprintf (key, sizeof key, "open-%d-%d", client->index, i);
    return command_insist (client->world, "till", account_id (client->index, i), key, &open, &outcome) &&
           outcome == PADAN__OUTCOME__OUTCOME_OK;
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
    if (!command_insist (client->world, "till", account_id (client->index, i), key,
                         in ? (void *)&deposit : (void *)&withdraw, &outcome))
        return false;
    if (outcome != PADAN__OUTCOME__OUTCOME_OK) {
        client->world->refused++;
        return true;
    }
    client->balances[i] += in ? amount : -amount;
    client->withdrawals[i] += !in;
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

/* What happened so far; a program's own figures are taken before it is killed. */
struct counts {
    int kills, freezes, crashes;
    double unknown, lost; /* commits without an answer; work that the other instance committed first */
};

static void
figures_add (struct world *world, const char *service, int instance, struct counts *counts)
{
    struct fleet *fleet = world->fleet;
    counts->unknown += fleet_figure (fleet, service, instance, "padan_commits_unknown_total");
    counts->lost += fleet_figure (fleet, service, instance, "padan_races_lost_total{source=\"till\"}");
}

static void
crash (struct cluster *cluster, struct counts *counts)
{
    cluster_crash (cluster);
    cluster_start (cluster);
    counts->crashes++;
}

static void
fault_inject (struct world *world, struct cluster *cluster, int round, struct counts *counts)
{
    const char *victim = round % 2 ? "till" : "mirror";
    int instance = round / 2 % 2;
    switch (round % 7) {
    case 0 ... 3:
        figures_add (world, victim, instance, counts);
        fleet_kill (world->fleet, victim, instance);
        progress_wait (world, 50);
        fleet_start (world->fleet, victim, instance);
        counts->kills++;
        break;
    case 4:
    case 5: /* frozen until others have gone on, then it wakes up in the middle of what it did */
        child_signal (fleet_child (world->fleet, victim, instance), SIGSTOP);
        progress_wait (world, 100);
        child_signal (fleet_child (world->fleet, victim, instance), SIGCONT);
        counts->freezes++;
        break;
    default:
        crash (cluster, counts);
    }
    progress_wait (world, 100);
}

static struct counts
counts_of (struct world *world, struct counts counts)
{
    for (int k = 0; k < 2; k++) {
        figures_add (world, "till", k, &counts);
        figures_add (world, "mirror", k, &counts);
    }
    return counts;
}

#define SQL(...) scratch_sql (fleet_scratch (world->fleet), __VA_ARGS__)

/* Every opening that is faulty waits in mirror; then they are mended. */
static void
faulty_mend (struct world *world)
{
    WAIT_UNTIL (strcmp (SQL ("select count (distinct subject) from mirror.parked where attempts > 0"), "4") == 0,
                PATIENCE_S * 1000);
    Toy__Mend mend = TOY__MEND__INIT;
    mend.version = 1;
    for (int c = 0; c < CLIENTS; c++) {
        char key[32];
        Padan__Outcome outcome;
        snprintf (key, sizeof key, "mend-%d", c);
        assert_true (command_insist (world, "mirror", account_id (c, FAULTY), key, &mend, &outcome));
        assert_int_equal (outcome, PADAN__OUTCOME__OUTCOME_OK);
    }
}

/* Nobody writes any more, no work is left to do, and mirror has seen everything. */
static void
world_settle (struct world *world)
{
    WAIT_UNTIL (
        strcmp (SQL ("select (select min (position) from mirror.follow) >= (select max (position) from till.log) "
                     "and not exists (select from till.due) and not exists (select from mirror.due) "
                     "and not exists (select from mirror.parked)"),
                "t") == 0,
        PATIENCE_S * 1000);
}

/* Each audit, statement and check was done once. */
static void
work_check (struct world *world, const struct client clients[static CLIENTS])
{
    char id[UUID_TEXT];
    for (int c = 0; c < CLIENTS; c++)
        for (int i = 0; i < ACCOUNTS; i++) {
            const char *audits =
                SQL ("select audits from till.account where id = '%s'", uuid_format (account_id (c, i), id));
            assert_int_equal (strtol (audits, NULL, 10), clients[c].withdrawals[i]);
        }
    assert_string_equal (SQL ("select count (*) from till.account a where statements <> %d or statements <> "
                              "(select count (*) from till.log l where l.subject = a.id and l.type = "
                              "'toy.StatementIssued')",
                              TILL_STATEMENTS),
                         "0");
    assert_string_equal (SQL ("select count (*) from till.account a where (select count (*) from mirror.log c where "
                              "c.subject = a.id and c.type in ('toy.CheckPassed', 'toy.CheckDropped')) <> (select "
                              "count (*) from till.log l where l.subject = a.id and l.type <> 'toy.AccountAudited')"),
                         "0");
}

static void
world_check (struct world *world, const struct client clients[static CLIENTS])
{
    char id[UUID_TEXT];
    for (int c = 0; c < CLIENTS; c++)
        for (int i = 0; i < ACCOUNTS; i++) {
            const char *balance = SQL ("select balance from till.account where tenant = %d and id = '%s'", TENANT,
                                       uuid_format (account_id (c, i), id));
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
    work_check (world, clients);
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
    struct counts counts = { 0 };
    for (int k = 0; k < 2; k++) {
        fleet_start (fleet, "till", k);
        fleet_start (fleet, "mirror", k);
    }
    for (int c = 0; c < CLIENTS; c++) {
        clients[c].world = &world;
        clients[c].index = c;
        pthread_create (&threads[c], NULL, client_run, &clients[c]);
    }
    faulty_mend (&world);
    for (int round = 0; round < ROUNDS; round++)
        fault_inject (&world, cluster, round, &counts);
    for (int i = 0; i < CRASHES_MORE && counts_of (&world, counts).unknown < 1; i++) {
        crash (cluster, &counts);
        progress_wait (&world, 100);
    }
    world.done = true;
    for (int c = 0; c < CLIENTS; c++) {
        pthread_join (threads[c], NULL);
        assert_false (clients[c].failed);
    }
    world_settle (&world);
    world_check (&world, clients);
    counts = counts_of (&world, counts);
    print_message (
        "answered %d, repeated %d, refused %d; kills %d, freezes %d, crashes of PostgreSQL %d; commits without "
        "an answer %.0f, races lost %.0f\n",
        world.answered, world.repeated, world.refused, counts.kills, counts.freezes, counts.crashes, counts.unknown,
        counts.lost);
    assert_true (counts.kills && counts.freezes && counts.crashes && world.repeated);
    assert_true (counts.unknown >= 1 && counts.lost >= 1);
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
