/* Durable HTTP intake of the whole product against PostgreSQL doing the same one row at a time, interleaved:
 *   A  POST /v1/applications of families of one to four, 64 and 256 keep-alive connections; only answers 201 count
 *   B  pgbench, 64 clients: the same rows in one statement per application; and a plainer application with its event
 * The other services follow meanwhile, as they do for a user. Prints rates, ratios, latencies, CPU per application by
 * process, and the gateway's memory.
 *   bench_intake [rounds [seconds]]     from the root of the sources; PADAN_BIN names the programs, of preset release
 * (cmake --preset release -DPADAN_TESTS=ON) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/bench/measure.h"
#include "tests/bench/posts.h"
#include "tests/bench/product.h"
#include "tests/support/test.h"

enum { ROUNDS = 5, SECONDS = 5, WARM_SECONDS = 3, MEMBERS = 4, FEW = 64, MANY = 256, EVEN_MS = 600000 };

static int rounds = ROUNDS, seconds = SECONDS;

/* ------------------------------------------------------------ what the client sends */

struct family {
    const struct product *product;
    uint64_t person; /* each NIK is used once */
    uint64_t number;
};

/* A NIK nobody had before: women's days, months, years and serials are counted through. */
static uint64_t
nik_next (struct family *family)
{
    uint64_t n = family->person++;
    uint64_t serial = n % 9999 + 1, year = n / 9999 % 100, month = n / 999900 % 12 + 1, day = n / 11998800 % 28 + 41;
    return 1272010000000000 + day * 100000000 + month * 1000000 + year * 10000 + serial;
}

static size_t
family_write (void *context, char *request)
{
    static const char *const relations[MEMBERS] = { "head", "wife", "child", "child" };
    struct family *family = context;
    char body[POSTS_REQUEST_MAX - 512], key[UUID_TEXT];
    unsigned members = (unsigned)(family->number++ * 2654435761U >> 16) % MEMBERS + 1;
    size_t size =
        (size_t)snprintf (body, sizeof body,
                          "{\"track\":\"baru\",\"kk\":\"127201010101%04u\",\"address\":{\"street\":\"Jl. Merdeka "
                          "1\",\"rt\":\"001\",\"rw\":\"002\",\"village\":\"" PRODUCT_VILLAGE "\"},\"members\":[",
                          (unsigned)(family->number % 9999) + 1);
    for (unsigned i = 0; i < members; i++)
        size += (size_t)snprintf (body + size, sizeof body - size,
                                  "%s{\"nik\":\"%llu\",\"name\":\"SITI AMINAH SIREGAR\",\"relation\":\"%s\","
                                  "\"birth_place\":\"PEMATANGSIANTAR\",\"birth_date\":\"1990-06-05\",\"sex\":"
                                  "\"female\",\"marital\":\"married\"}",
                                  i ? "," : "", (unsigned long long)nik_next (family), relations[i]);
    size += (size_t)snprintf (body + size, sizeof body - size, "]}");
    return (size_t)snprintf (request, POSTS_REQUEST_MAX,
                             "POST /v1/applications HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer "
                             "%s\r\nContent-Type: application/json\r\nIdempotency-Key: %s\r\nContent-Length: "
                             "%zu\r\n\r\n%s",
                             family->product->port, family->product->token, uuid_format (uuid_new (clock_now ()), key),
                             size, body);
}

/* ------------------------------------------------------------ one part of a round */

enum process { GATEWAY, INTAKE, OTHERS, POSTGRES, CLIENT, PROCESSES };
static const char *const process_names[] = { "gateway", "intake", "others", "postgres", "client" };

struct part {
    double rate[BENCH_ROUNDS_MAX], p50[BENCH_ROUNDS_MAX], p99[BENCH_ROUNDS_MAX];
    double cpu[PROCESSES][BENCH_ROUNDS_MAX]; /* µs an operation */
};

static void
cpu_read (const struct product *product, bool pgbench, int64_t ret_cpu[static PROCESSES])
{
    ret_cpu[GATEWAY] = cpu_of (child_pid (product->gateway));
    ret_cpu[INTAKE] = cpu_of (child_pid (fleet_child (product->fleet, "intake", 0)));
    ret_cpu[OTHERS] = -ret_cpu[INTAKE];
    for (size_t i = 0; product_services[i]; i++)
        ret_cpu[OTHERS] += cpu_of (child_pid (fleet_child (product->fleet, product_services[i], 0)));
    ret_cpu[POSTGRES] = cpu_of_family (product->postmaster);
    ret_cpu[CLIENT] = pgbench ? cpu_of_ended_children () : cpu_of (getpid ());
}

static void
part_end (const struct product *product, bool pgbench, struct part *part, int round, double done,
          const int64_t before[static PROCESSES])
{
    int64_t after[PROCESSES];
    cpu_read (product, pgbench, after);
    for (int i = 0; i < PROCESSES; i++)
        part->cpu[i][round] = (double)(after[i] - before[i]) / done;
}

static void
posts_part (struct family *family, unsigned connections, int length, struct part *part, int round)
{
    int64_t cpu[PROCESSES];
    struct posts_result result;
    cpu_read (family->product, false, cpu);
    posts_run (family->product->port, connections, length, family_write, family, &result);
    if (result.others)
        print_error ("%ld answers were not 201: %s\n", result.others, result.other);
    part->rate[round] = (double)result.created / result.seconds;
    part->p50[round] = (double)percentile (result.times, (size_t)result.created, 0.5) / 1000;
    part->p99[round] = (double)percentile (result.times, (size_t)result.created, 0.99) / 1000;
    part_end (family->product, false, part, round, (double)result.created, cpu);
    free (result.times);
}

static bool
followers_are_even (const struct product *product)
{
    static const struct {
        const char *service, *series;
    } lags[] = {
        { "validation", "padan_lag_entries{log=\"intake\"}" },  { "approval", "padan_lag_entries{log=\"intake\"}" },
        { "intake", "padan_lag_entries{log=\"validation\"}" },  { "journal", "padan_lag_entries{log=\"intake\"}" },
        { "journal", "padan_lag_entries{log=\"validation\"}" },
    };
    for (size_t i = 0; i < sizeof lags / sizeof *lags; i++)
        if (fleet_figure (product->fleet, lags[i].service, 0, lags[i].series) > 0)
            return false;
    return strcmp (scratch_sql (fleet_scratch (product->fleet),
                                "select not exists (select from validation.due where due_at <= now ())"),
                   "t") == 0;
}

/* PostgreSQL has the machine to itself: nobody follows any more what was entered before. */
static void
pgbench_part (const struct product *product, const char *script, struct part *part, int round)
{
    int64_t cpu[PROCESSES];
    long done;
    WAIT_UNTIL (followers_are_even (product), EVEN_MS);
    cpu_read (product, true, cpu);
    part->rate[round] =
        pgbench_run (scratch_admin (fleet_scratch (product->fleet)), script, seconds, &part->p50[round], &done);
    part_end (product, true, part, round, (double)done, cpu);
}

/* ------------------------------------------------------------ the whole */

static void
part_print (const char *name, const struct part *part)
{
    size_t n = (size_t)rounds;
    double sum = 0;
    print_message ("%-22s %7.0f/s", name, median (part->rate, n));
    if (part->p99[0] > 0)
        print_message ("  p50 %5.1f ms  p99 %6.1f ms ", median (part->p50, n), median (part->p99, n));
    else
        print_message ("  average %5.1f ms          ", median (part->p50, n));
    print_message (" CPU us each:");
    for (int i = 0; i < PROCESSES; i++) {
        print_message (" %s %.0f", process_names[i], median (part->cpu[i], n));
        sum += median (part->cpu[i], n);
    }
    print_message (" sum %.0f\n", sum);
}

static double
ratio_print (const char *name, const struct part *a, const struct part *b)
{
    double ratios[BENCH_ROUNDS_MAX];
    for (int i = 0; i < rounds; i++)
        ratios[i] = a->rate[i] / b->rate[i];
    print_message ("ratio %-38s %.2f (", name, median (ratios, (size_t)rounds));
    for (int i = 0; i < rounds; i++)
        print_message ("%s%.2f", i ? " " : "", ratios[i]);
    print_message (")\n");
    return median (ratios, (size_t)rounds);
}

static void
floor_make (const struct product *product)
{
    child_run ((const char *const[]){ "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d",
                                      scratch_admin (fleet_scratch (product->fleet)), "-f",
                                      "tests/bench/intake_floor.sql", NULL },
               60000);
}

/* Everything answered is there, and nothing else. */
static void
rows_check (const struct product *product, long created)
{
    struct scratch *scratch = fleet_scratch (product->fleet);
    assert_int_equal (strtol (scratch_sql (scratch, "select count(*) from intake.application"), NULL, 10), created);
    assert_int_equal (strtol (scratch_sql (scratch, "select count(*) from intake.log where type = "
                                                    "'padan.intake.v1.ApplicationEntered'"),
                              NULL, 10),
                      created);
}

static void
bench (void **state)
{
    (void)state;
    static struct part few, many, same, simple;
    PRODUCT_AUTO struct product product = { 0 };
    product_open (&product);
    struct family family = { .product = &product };
    struct posts_result warm;
    posts_run (product.port, FEW, WARM_SECONDS, family_write, &family, &warm);
    free (warm.times);
    if (!warm.created)
        fail_msg ("no application was entered: %s", warm.other);
    rows_check (&product, warm.created);
    floor_make (&product);
    long resident = 0, proportional = 0;
    for (int round = 0; round < rounds; round++) {
        posts_part (&family, FEW, seconds, &few, round);
        pgbench_part (&product, "tests/bench/intake_rows.pgbench", &same, round);
        posts_part (&family, MANY, seconds, &many, round);
        resident = memory_of (child_pid (product.gateway), "Rss");
        proportional = memory_of (child_pid (product.gateway), "Pss");
        pgbench_part (&product, "tests/bench/intake_simple.pgbench", &simple, round);
        print_message ("round %d: %.0f/s (64), %.0f/s (256), pgbench %.0f/s the same rows, %.0f/s plain\n", round + 1,
                       few.rate[round], many.rate[round], same.rate[round], simple.rate[round]);
    }
    part_print ("intake, 64", &few);
    part_print ("intake, 256", &many);
    part_print ("pgbench, same rows", &same);
    part_print ("pgbench, plain", &simple);
    ratio_print ("64 connections / pgbench same rows", &few, &same);
    ratio_print ("256 connections / pgbench same rows", &many, &same);
    ratio_print ("64 connections / pgbench plain", &few, &simple);
    print_message ("gateway after 256 connections: %ld kB resident, %ld kB its share\n", resident, proportional);
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
        fprintf (stderr, "bench_intake [rounds, at most %d [seconds]]\n", BENCH_ROUNDS_MAX);
        return 2;
    }
    return cmocka_run_group_tests (tests, NULL, NULL);
}
