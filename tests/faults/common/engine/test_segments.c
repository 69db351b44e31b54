/* A log's old segments are dropped when all who follow it have passed them, and never before; who comes too late is
 * told so and waits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fleet.h"
#include "tests/support/test.h"
#include "toy.pb-c.h"

enum { TENANT = 1272, CALL_MS = 5000, PATIENCE_MS = 60000 };

#define SQL(...)      scratch_sql (scratch, __VA_ARGS__)
#define IS(text, ...) (strcmp (SQL (__VA_ARGS__), text) == 0)

static void
account_open (struct fleet *fleet, const char *key)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Padan__Reply *reply;
    struct err err = { 0 };
    open.holder = (char *)"Pemegang Uji";
    enum rc rc = fleet_command (fleet, "till", NULL, TENANT, uuid_of (key, strlen (key)), 0, key, &open, CALL_MS, arena,
                                &reply, &err);
    assert_int_equal (rc, RC_OK);
    assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_OK);
}

static bool
page_says (struct fleet *fleet, const char *service, const char *words)
{
    char command[256];
    snprintf (command, sizeof command, "curl -s -m 5 http://127.0.0.1:%d/readyz | grep -q '%s'",
              fleet_page (fleet, service, 0), words);
    return system (command) == 0;
}

/* The log of a till that has worked for years: two entries of 2024 in its first segment, one of today in its second,
 * and its head in the fourth. */
static void
history_make (struct scratch *scratch)
{
    SQL ("create table till.newest as select id, envelope, hash from till.log order by position desc limit 1");
    SQL ("begin; delete from till.log; delete from till.due; "
         "insert into till.log select p, 0, 1272, gen_random_uuid (), 1, 'toy.AccountOpened', "
         "'018d0000-0000-7000-8000-000000000000', hash, envelope from till.newest, unnest (array[1, 1000000]) p; "
         "insert into till.log select 1000001, 0, 1272, gen_random_uuid (), 1, 'toy.AccountOpened', id, hash, envelope "
         "from till.newest; "
         "select till.log_segment (p) from generate_series (1000001, 5000001, 1000000) p; "
         "update till.log_head set position = 3500000; commit");
    SQL ("update mirror.follow set position = 3500000, last_position = least (last_position, 1) where log = 'till'");
}

static void
segments_go_when_all_have_passed_them (void **state)
{
    (void)state;
    FLEET_AUTO struct fleet *fleet =
        fleet_new (NULL, (const char *const[]){ "till", "mirror", "tally", NULL }, "toy-", "tester");
    struct scratch *scratch = fleet_scratch (fleet);
    fleet_start (fleet, "till", 0);
    fleet_start (fleet, "mirror", 0);
    account_open (fleet, "first");
    WAIT_UNTIL (IS ("1", "select count (*) from mirror.copy"), PATIENCE_MS);
    assert_int_equal (fleet_stop (fleet, "mirror", 0), 0);
    assert_int_equal (fleet_stop (fleet, "till", 0), 0);
    history_make (scratch);
    SQL ("insert into till.follower (name, passed) values ('tally', 10)"); /* it has read ten, long ago */

    fleet_start (fleet, "till", 0);
    fleet_start (fleet, "mirror", 0);
    WAIT_UNTIL (IS ("3500000", "select passed from till.follower where name = 'mirror'"), PATIENCE_MS);
    SQL ("update till.follower set heard_at = 'epoch'");
    WAIT_UNTIL (IS ("t", "select heard_at > now () - interval '1 hour' from till.follower where name = 'mirror'"),
                PATIENCE_MS); /* the keeper has looked again */
    assert_string_equal (SQL ("select position from till.log_floor"), "0");

    SQL ("update till.follower set passed = 3500000 where name = 'tally'");
    WAIT_UNTIL (IS ("1000000", "select position from till.log_floor"), PATIENCE_MS);
    SQL ("update till.follower set heard_at = 'epoch'");
    WAIT_UNTIL (IS ("t", "select heard_at > now () - interval '1 hour' from till.follower where name = 'mirror'"),
                PATIENCE_MS);
    assert_string_equal (SQL ("select position from till.log_floor"), "1000000"); /* the second holds news of today */
    assert_string_equal (SQL ("select string_agg (position::text, ' ') from till.log"), "1000001");

    /* its last entry went with the segment, and it still follows */
    account_open (fleet, "second");
    WAIT_UNTIL (IS ("2", "select count (*) from mirror.copy"), PATIENCE_MS);

    fleet_start (fleet, "tally", 0); /* whose own place says that it has read nothing */
    WAIT_UNTIL (page_says (fleet, "tally", "it dropped entries not read here"), PATIENCE_MS);
    assert_string_equal (SQL ("select max (position) from tally.follow"), "0");
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (segments_go_when_all_have_passed_them) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
