/* What the engine does on this machine, against what PostgreSQL does for the same rows one at a time, in one run:
 *   commands   durable deposits through the bus (CURVE) by a client with WINDOW calls open, against pgbench writing the
 *              same three rows (state, reply, event) with 64 clients
 *   hop        events of till's log taken over by tally, each exactly once
 * Prints medians over interleaved rounds. Build preset release with -DPADAN_TESTS=ON; run with PADAN_TEST_DATABASE set.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <sodium.h>

#include "common/base/clock.h"
#include "tests/support/cluster.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"
#include "toy.pb-c.h"

enum { ROUNDS = 5, SECONDS = 3, WINDOW = 512, ACCOUNTS = 50000, TENANT = 1272 };

struct load {
    struct fleet *fleet;
    struct uuid accounts[ACCOUNTS];
    atomic_long sent, done, ok;
    atomic_bool stop;
    pthread_mutex_t mutex;
    pthread_cond_t room;
    int open;
};

static void
deposit_done (void *context, enum rc rc, struct bus_reply **reply)
{
    struct load *load = context;
    if (rc == RC_OK) {
        ARENA_AUTO struct arena *arena = arena_new (1 << 20);
        Padan__Reply *message;
        struct err err;
        if (bus_reply_unpack (*reply, arena, &message, &err) == RC_OK && message->outcome == PADAN__OUTCOME__OUTCOME_OK)
            load->ok++;
    }
    load->done++;
    pthread_mutex_lock (&load->mutex);
    load->open--;
    pthread_cond_signal (&load->room);
    pthread_mutex_unlock (&load->mutex);
}

static void
send_one (struct load *load, struct uuid account, const ProtobufCMessage *message)
{
    static atomic_long number;
    ARENA_AUTO struct arena *arena = arena_new (1 << 16);
    char key[32];
    struct err err;
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    struct uuid id = uuid_new (clock_now ());
    snprintf (key, sizeof key, "b%ld", atomic_fetch_add (&number, 1));
    envelope.id = uuid_field (&id);
    envelope.type = (char *)message->descriptor->name;
    envelope.tenant = TENANT;
    envelope.subject = uuid_field (&account);
    envelope.key = key;
    envelope.data.len = protobuf_c_message_get_packed_size (message);
    envelope.data.data = arena_alloc (arena, envelope.data.len + 1);
    protobuf_c_message_pack (message, envelope.data.data);
    request.command = &envelope;
    pthread_mutex_lock (&load->mutex);
    while (load->open >= WINDOW)
        pthread_cond_wait (&load->room, &load->mutex);
    load->open++;
    pthread_mutex_unlock (&load->mutex);
    while (bus_call_async (fleet_caller (load->fleet), "till", &request, 20000, deposit_done, load, &err) != RC_OK)
        wait_pause (clock_monotonic () + 1000);
    load->sent++;
}

static void
load_drain (struct load *load)
{
    WAIT_UNTIL (load->done == load->sent, 30000);
}

static double
commands_round (struct load *load)
{
    Toy__Deposit deposit = TOY__DEPOSIT__INIT;
    deposit.amount = 1;
    long before = load->ok;
    int64_t start = clock_monotonic ();
    while (clock_monotonic () - start < SECONDS * (int64_t)CLOCK_SECOND)
        send_one (load, load->accounts[randombytes_uniform (ACCOUNTS)], &deposit.base);
    load_drain (load);
    return (double)(load->ok - before) * CLOCK_SECOND / (double)(clock_monotonic () - start);
}

static double
pgbench_round (struct fleet *fleet, const char *script)
{
    char command[1024];
    snprintf (command, sizeof command,
              "/usr/lib/postgresql/15/bin/pgbench -n -M prepared -c 64 -j 2 -T %d -f %s \"%s\" 2>&1 | sed -n 's/^tps = "
              "\\([0-9.]*\\).*/\\1/p'",
              SECONDS, script, scratch_admin (fleet_scratch (fleet)));
    FILE *pipe = popen (command, "r");
    double tps = 0;
    assert_non_null (pipe);
    assert_int_equal (fscanf (pipe, "%lf", &tps), 1);
    pclose (pipe);
    return tps;
}

static int
double_compare (const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double
median (double *values)
{
    qsort (values, ROUNDS, sizeof *values, double_compare);
    return values[ROUNDS / 2];
}

static void
script_write (struct fleet *fleet, char *path, size_t size)
{
    snprintf (path, size, "%s/rows.sql", fleet_dir (fleet));
    FILE *file = fopen (path, "w");
    fprintf (
        file,
        "\\set a random(1, %d)\n"
        "with s as (update bench.account set balance = balance + 1, version = version + 1 where n = :a "
        "returning id, version), p as (insert into bench.posting select 1272, id, version, 1, 1, version from s), "
        "c as (insert into bench.command select 1272, id, 'toy.Deposit', gen_random_uuid ()::text, "
        "decode ('00112233445566778899aabbccddeeff', 'hex'), decode (repeat ('ab', 40), 'hex'), 1 from s) "
        "insert into bench.log (partition, tenant, subject, version, type, id, hash, envelope) select 1, 1272, id, "
        "version, 'toy.BalanceChanged', gen_random_uuid (), decode ('00112233445566778899aabbccddeeff', 'hex'), "
        "decode (repeat ('ab', 150), 'hex') from s;\n",
        ACCOUNTS);
    fclose (file);
    scratch_sql (
        fleet_scratch (fleet),
        "create schema bench; create table bench.account as select n, gen_random_uuid () id, 1000::bigint balance, "
        "1::bigint as version from generate_series (1, %d) n; create unique index on bench.account (n);"
        "create table bench.posting (tenant bigint, account_id uuid, ordinal bigint, change bigint, balance bigint, "
        "version bigint, primary key (tenant, account_id, ordinal));"
        "create table bench.command (tenant bigint, person uuid, route text, key text, body_hash bytea, reply bytea, "
        "position bigint, stored_at timestamptz default now (), primary key (tenant, person, route, key));"
        "create index on bench.command (stored_at);"
        "create table bench.log (position bigserial primary key, partition integer, tenant bigint, subject uuid, "
        "version bigint, type text, id uuid, hash bytea, envelope bytea);"
        "create index on bench.log (partition, position); alter table bench.account set (fillfactor = 70); select 1",
        ACCOUNTS);
}

static void
bench_hop (struct fleet *fleet)
{
    long events = strtol (
        scratch_sql (fleet_scratch (fleet),
                     "select count (*) from till.log where type in ('toy.AccountOpened', 'toy.BalanceChanged')"),
        NULL, 10);
    long last = strtol (scratch_sql (fleet_scratch (fleet), "select max (position) from till.log where type in "
                                                            "('toy.AccountOpened', 'toy.BalanceChanged')"),
                        NULL, 10);
    int64_t start = clock_monotonic ();
    fleet_start (fleet, "tally", 0);
    WAIT_UNTIL (strcmp (scratch_sql (fleet_scratch (fleet),
                                     "select coalesce (max (last_position), 0) >= %ld from tally.follow", last),
                        "t") == 0,
                300000);
    double seconds = (double)(clock_monotonic () - start) / CLOCK_SECOND;
    print_message ("hop: %ld events in %.1f s = %.0f/s, parked %s\n", events, seconds, (double)events / seconds,
                   scratch_sql (fleet_scratch (fleet), "select count (*) from tally.parked"));
}

static void
bench (void **state)
{
    (void)state;
    CLUSTER_AUTO struct cluster *cluster = cluster_new ();
    FLEET_AUTO struct fleet *fleet =
        fleet_new (cluster_admin (cluster), (const char *const[]){ "till", "tally", NULL }, "toy-", "tester");
    static struct load load;
    double engine[ROUNDS], floor[ROUNDS], ratio[ROUNDS];
    char script[256];
    load.fleet = fleet;
    pthread_mutex_init (&load.mutex, NULL);
    pthread_cond_init (&load.room, NULL);
    fleet_start (fleet, "till", 0);
    script_write (fleet, script, sizeof script);
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    open.holder = (char *)"Pemegang Uji";
    open.balance = 1000;
    for (int i = 0; i < ACCOUNTS; i++) {
        load.accounts[i] = uuid_new (clock_now ());
        send_one (&load, load.accounts[i], &open.base);
    }
    load_drain (&load);
    for (int round = 0; round < ROUNDS; round++) {
        engine[round] = commands_round (&load);
        floor[round] = pgbench_round (fleet, script);
        ratio[round] = engine[round] / floor[round];
        print_message ("round %d: engine %.0f/s, pgbench %.0f/s, ratio %.2f\n", round + 1, engine[round], floor[round],
                       ratio[round]);
    }
    print_message ("commands: engine %.0f/s, pgbench 64 clients %.0f/s, median ratio %.2f\n", median (engine),
                   median (floor), median (ratio));
    bench_hop (fleet);
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (bench) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
