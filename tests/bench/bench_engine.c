/* What the engine does on this machine, against what PostgreSQL does for the same rows one at a time, in one run:
 *   commands   durable deposits through the bus (CURVE) by a client with WINDOW calls open, against pgbench writing the
 *              same four rows (state, posting, reply, event), with the same keys and indexes, with 64 clients
 *   hop        events of till's log taken over by tally, each exactly once; against pgbench's rate of those writes
 * Prints medians over interleaved rounds.
 *   bench_engine [rounds [seconds]]
 * Build preset release with -DPADAN_TESTS=ON; run with PADAN_TEST_DATABASE set.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/base/clock.h"
#include "tests/bench/measure.h"
#include "tests/support/cluster.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"
#include "toy.pb-c.h"

enum { ROUNDS = 5, SECONDS = 3, WINDOW = 512, ACCOUNTS = 50000, TENANT = 1272 };

static int rounds = ROUNDS, seconds = SECONDS;

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
    ARENA_AUTO struct arena *arena = arena_new (1 << 16);
    char key[UUID_TEXT];
    struct err err;
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    struct uuid id = uuid_new (clock_now ()), random;
    randombytes_buf (&random, sizeof random); /* keys of clients are random; pgbench's are too */
    uuid_format (random, key);
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
    while (clock_monotonic () - start < seconds * (int64_t)CLOCK_SECOND)
        send_one (load, load->accounts[randombytes_uniform (ACCOUNTS)], &deposit.base);
    load_drain (load);
    return (double)(load->ok - before) * CLOCK_SECOND / (double)(clock_monotonic () - start);
}

static void
script_write (struct fleet *fleet, char *path, size_t size)
{
    snprintf (path, size, "%s/rows.sql", fleet_dir (fleet));
    FILE *file = fopen (path, "w");
    fprintf (
        file,
        "\\set a random(1, %d)\n"
        "with s as (update bench.account set balance = balance + 1, version = version + 1 where tenant = %d and "
        "id = lpad (to_hex (:a::bigint), 32, '0')::uuid returning tenant, id, version), p as (insert into "
        "bench.posting "
        "select tenant, id, version, 1, 1, version from s), c as (insert into bench.command (tenant, person, route, "
        "key, body_hash, reply, position) select tenant, id, 'toy.Deposit', gen_random_uuid ()::text, "
        "decode ('00112233445566778899aabbccddeeff', 'hex'), decode (repeat ('ab', 40), 'hex'), 1 from s) "
        "insert into bench.log (partition, tenant, subject, version, type, id, hash, envelope) select 1, tenant, "
        "id, version, 'toy.BalanceChanged', gen_random_uuid (), decode ('00112233445566778899aabbccddeeff', 'hex'), "
        "decode (repeat ('ab', 150), 'hex') from s;\n",
        ACCOUNTS, TENANT);
    fclose (file);
    scratch_sql (fleet_scratch (fleet),
                 "create schema bench; create sequence bench.number; "
                 "create table bench.account (like till.account including all); "
                 "create table bench.posting (like till.posting including all); "
                 "create table bench.command (like till.command including all); "
                 "create table bench.log (like till.log including all); "
                 "alter table bench.log alter column position set default nextval ('bench.number'); "
                 "insert into bench.account (tenant, id, holder, balance, version, closed, statements, audits) "
                 "select %d, lpad (to_hex (n), 32, '0')::uuid, 'Pemegang Uji', 1000, 1, false, 0, 0 "
                 "from generate_series (1, %d) n; select 1",
                 TENANT, ACCOUNTS);
}

/* ------------------------------------------------------------ hop */

static long
position_of (struct fleet *fleet)
{
    return strtol (scratch_sql (fleet_scratch (fleet), "select coalesce (max (last_position), 0) from tally.follow"),
                   NULL, 10);
}

struct hop {
    double rate[BENCH_ROUNDS_MAX], till[BENCH_ROUNDS_MAX], tally[BENCH_ROUNDS_MAX],
        postgres[BENCH_ROUNDS_MAX]; /* entries a second; CPU us of each */
};

/* Tally starts from nothing; timed from its first commit to the end of the log. */
static void
hop_round (struct fleet *fleet, pid_t postmaster, long last, struct hop *hop, int round)
{
    struct scratch *scratch = fleet_scratch (fleet);
    scratch_sql (scratch, "truncate tally.follow, tally.sum");
    fleet_start (fleet, "tally", 0);
    WAIT_UNTIL (position_of (fleet) > 0, 30000);
    pid_t till = child_pid (fleet_child (fleet, "till", 0)), tally = child_pid (fleet_child (fleet, "tally", 0));
    int64_t cpu[] = { cpu_of (till), cpu_of (tally), cpu_of_family (postmaster) }, start = clock_monotonic ();
    long first = position_of (fleet);
    WAIT_UNTIL (position_of (fleet) >= last, 300000);
    double entries = (double)(last - first), took = (double)(clock_monotonic () - start) / CLOCK_SECOND;
    hop->rate[round] = entries / took;
    hop->till[round] = (double)(cpu_of (till) - cpu[0]) / entries;
    hop->tally[round] = (double)(cpu_of (tally) - cpu[1]) / entries;
    hop->postgres[round] = (double)(cpu_of_family (postmaster) - cpu[2]) / entries;
    print_message ("hop %d: %.0f entries in %.2f s = %.0f/s\n", round + 1, entries, took, hop->rate[round]);
    assert_string_equal (scratch_sql (scratch, "select (select sum (events) from tally.sum) = (select count (*) from "
                                               "till.log where type in ('toy.AccountOpened', 'toy.BalanceChanged'))"),
                         "t");
    assert_int_equal (fleet_stop (fleet, "tally", 0), 0);
    if (round == 0)
        scratch_sql (scratch, "analyze"); /* as autovacuum has done before long */
}

static void
bench_hop (struct fleet *fleet, double floor)
{
    static struct hop hop;
    struct scratch *scratch = fleet_scratch (fleet);
    pid_t postmaster = (pid_t)strtol (scratch_sql (scratch, "select pg_read_file ('postmaster.pid')"), NULL, 10);
    long last = strtol (scratch_sql (scratch, "select max (position) from till.log"), NULL, 10);
    for (int round = 0; round < rounds; round++)
        hop_round (fleet, postmaster, last, &hop, round);
    double rate = median (hop.rate, (size_t)rounds);
    print_message (
        "hop: %.0f entries a second, %.2f times pgbench's writes; CPU us each: till %.1f tally %.1f postgres %.1f\n",
        rate, rate / floor, median (hop.till, (size_t)rounds), median (hop.tally, (size_t)rounds),
        median (hop.postgres, (size_t)rounds));
}

static void
bench (void **state)
{
    (void)state;
    CLUSTER_AUTO struct cluster *cluster = cluster_new ();
    FLEET_AUTO struct fleet *fleet =
        fleet_new (cluster_admin (cluster), (const char *const[]){ "till", "tally", NULL }, "toy-", "tester");
    static struct load load;
    double engine[BENCH_ROUNDS_MAX], floor[BENCH_ROUNDS_MAX], ratio[BENCH_ROUNDS_MAX], milliseconds;
    long done;
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
    scratch_sql (fleet_scratch (fleet), "analyze"); /* as autovacuum has done before long */
    for (int round = 0; round < rounds; round++) {
        engine[round] = commands_round (&load);
        floor[round] = pgbench_run (scratch_admin (fleet_scratch (fleet)), script, seconds, &milliseconds, &done);
        ratio[round] = engine[round] / floor[round];
        print_message ("round %d: engine %.0f/s, pgbench %.0f/s, ratio %.2f\n", round + 1, engine[round], floor[round],
                       ratio[round]);
    }
    print_message ("commands: engine %.0f/s, pgbench 64 clients %.0f/s, median ratio %.2f\n",
                   median (engine, (size_t)rounds), median (floor, (size_t)rounds), median (ratio, (size_t)rounds));
    bench_hop (fleet, median (floor, (size_t)rounds));
}

int
main (int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (bench) };
    if (argc > 1)
        rounds = (int)strtol (argv[1], NULL, 10);
    if (argc > 2)
        seconds = (int)strtol (argv[2], NULL, 10);
    if (rounds < 1 || rounds > BENCH_ROUNDS_MAX || seconds < 1) {
        fprintf (stderr, "bench_engine [rounds, at most %d [seconds]]\n", BENCH_ROUNDS_MAX);
        return 2;
    }
    return cmocka_run_group_tests (tests, NULL, NULL);
}
