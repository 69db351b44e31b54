/* What a service answers those who read its log over the bus, by the test as a follower with a socket of its own. */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "common/base/clock.h"
#include "common/bus/client.h"
#include "common/engine/ledger.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"
#include "toy.pb-c.h"

enum { TENANT = 1272, CALL_MS = 20000, READ_ARENA = 8 << 20, LONG_MS = 5000, SHORT_MS = 500 };

static struct fleet *fleet;
static struct arena *arena;

static int
open_fleet (void **state)
{
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Padan__Reply *reply;
    struct err err;
    arena = arena_new (READ_ARENA);
    fleet = fleet_new (NULL, (const char *const[]){ "till", "+mirror", NULL }, "toy-", "tester");
    fleet_start (fleet, "till", 0);
    open.holder = (char *)"Pemegang Uji";
    assert_int_equal (fleet_command (fleet, "till", NULL, TENANT, (struct uuid){ { 1 } }, 0, "open", &open, CALL_MS,
                                     arena, &reply, &err),
                      RC_OK);
    assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_OK);
    return 0;
}

static int
close_fleet (void **state)
{
    fleet_destroy (&fleet);
    arena_destroy (&arena);
    return 0;
}

static struct bus_client *
reader_new (const char *service)
{
    static struct bus_cert cert;
    char endpoint[64];
    struct err err;
    fleet_endpoint (fleet, "till", endpoint, sizeof endpoint);
    assert_int_equal (keys_load (fleet_keys (fleet), service, &cert, &err), RC_OK);
    struct bus_client *client = bus_client_new (&cert, fleet_peers (fleet), "till", endpoint, &err);
    assert_non_null (client);
    return client;
}

/* Asks for entries of all partitions after these positions. */
static void
ask (struct bus_client *client, uint64_t number, const char *follower, uint64_t partitions, int64_t after,
     int64_t others_after, uint32_t wait_ms)
{
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__LogRead read = PADAN__LOG_READ__INIT;
    Padan__LogFrom some = PADAN__LOG_FROM__INIT, others = PADAN__LOG_FROM__INIT, *from[] = { &some, &others };
    struct err err;
    some.partitions = partitions;
    some.position = after;
    others.partitions = ~partitions;
    others.position = others_after;
    read.follower = (char *)follower;
    read.from = from;
    read.n_from = 2;
    read.wait_ms = wait_ms;
    request.number = number;
    request.log_read = &read;
    WAIT_UNTIL (bus_client_send (client, &request, &err) == RC_OK, CALL_MS); /* busy while it connects */
}

static const Padan__Reply *
answer_of (struct bus_client *client)
{
    Padan__Reply *reply;
    struct err err;
    WAIT_UNTIL (bus_client_receive (client, arena, &reply, &err) == RC_OK, CALL_MS);
    return reply;
}

static void
only_followers_may_read (void **state)
{
    struct bus_client *stranger = reader_new ("tester"), *mirror = reader_new ("mirror");
    ask (stranger, 1, "tester", 1, 0, 0, 0);
    const Padan__Reply *reply = answer_of (stranger);
    assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_FORBIDDEN);
    assert_null (reply->log_answer);
    ask (stranger, 2, "mirror", 1, 0, 0, 0); /* by its word */
    assert_int_equal (answer_of (stranger)->outcome, PADAN__OUTCOME__OUTCOME_FORBIDDEN);
    ask (mirror, 1, "mirror", 1, 0, 0, 0);
    assert_int_equal (answer_of (mirror)->log_answer->n_entries, 1);
    bus_client_destroy (&stranger);
    bus_client_destroy (&mirror);
}

/* Found as seconds in which nobody saw what was just done: whoever lost a race, or started, asks from where it stands
 * in each partition, and was kept waiting although the log had long been read further. */
static void
who_stands_behind_is_told_at_once_that_there_is_nothing (void **state)
{
    struct bus_client *mirror = reader_new ("mirror");
    uint64_t partition = UINT64_C (1) << partition_of ((struct uuid){ { 1 } });
    ask (mirror, 1, "mirror", partition, 1, 0, LONG_MS);  /* it has the entry, and knows nothing of the others */
    ask (mirror, 2, "mirror", partition, 1, 1, SHORT_MS); /* there is nothing after this */
    const Padan__Reply *first = answer_of (mirror), *second = answer_of (mirror);
    assert_int_equal (first->number, 1);
    assert_int_equal (first->log_answer->n_entries, 0);
    assert_int_equal (first->log_answer->upto, 1);
    assert_int_equal (second->number, 2);
    assert_int_equal (second->log_answer->upto, 1);
    bus_client_destroy (&mirror);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (only_followers_may_read),
        cmocka_unit_test (who_stands_behind_is_told_at_once_that_there_is_nothing),
    };
    return cmocka_run_group_tests_name ("engine/log_read", tests, open_fleet, close_fleet);
}
