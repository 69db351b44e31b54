/* An older copy of one service's schema is brought back: its followers have read what is not there any more. They wait
 * and say so, it takes no commands, and all go on when the missing entries are there again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "tests/support/fleet.h"
#include "tests/support/test.h"
#include "toy.pb-c.h"

enum { TENANT = 1272, CALL_MS = 5000, MORE = 10, PATIENCE_MS = 60000 };

static Padan__Outcome
account_open (struct fleet *fleet, const char *name, int number)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Padan__Reply *reply;
    struct err err = { 0 };
    char key[64];
    snprintf (key, sizeof key, "%s-%d", name, number);
    open.holder = (char *)"Pemegang Uji";
    enum rc rc = fleet_command (fleet, "till", NULL, TENANT, uuid_of (key, strlen (key)), 0, key, &open, CALL_MS, arena,
                                &reply, &err);
    assert_int_equal (rc, RC_OK);
    return reply->outcome;
}

static bool
page_is_ready (struct fleet *fleet, const char *service)
{
    char command[128];
    snprintf (command, sizeof command, "curl -fs -m 5 http://127.0.0.1:%d/readyz >/dev/null",
              fleet_page (fleet, service, 0));
    return system (command) == 0;
}

#define SQL(...)      scratch_sql (scratch, __VA_ARGS__)
#define IS(text, ...) (strcmp (SQL (__VA_ARGS__), text) == 0)

static void
a_rewound_log_is_neither_followed_nor_written (void **state)
{
    (void)state;
    FLEET_AUTO struct fleet *fleet =
        fleet_new (NULL, (const char *const[]){ "till", "mirror", NULL }, "toy-", "tester");
    struct scratch *scratch = fleet_scratch (fleet);
    fleet_start_all (fleet);
    for (int i = 0; i < MORE; i++)
        assert_int_equal (account_open (fleet, "kept", i), PADAN__OUTCOME__OUTCOME_OK);
    SQL ("delete from till.due"); /* timers: nothing but this test writes the log */
    SQL ("create table till.copy as table till.log_head");
    for (int i = 0; i < MORE; i++)
        assert_int_equal (account_open (fleet, "lost", i), PADAN__OUTCOME__OUTCOME_OK);
    SQL ("delete from till.due");
    WAIT_UNTIL (IS ("20", "select count (*) from mirror.copy"), PATIENCE_MS);
    SQL ("create table till.gone as select l.* from till.log l, till.copy c where l.position > c.position");
    SQL ("create table till.newest as table till.log_head");
    SQL ("begin; delete from till.log using till.copy c where log.position > c.position; "
         "update till.log_head h set position = c.position from till.copy c; commit");

    WAIT_UNTIL (!page_is_ready (fleet, "mirror") && !page_is_ready (fleet, "till"), PATIENCE_MS);
    assert_int_equal (account_open (fleet, "refused", 0), PADAN__OUTCOME__OUTCOME_BUSY);
    assert_string_equal (SQL ("select h.position = c.position from till.log_head h, till.copy c"), "t");
    /* even when it grew past what they have read, its entries are not those */
    SQL ("begin; insert into till.log select position, partition, tenant, subject, version, type, gen_random_uuid (), "
         "decode (md5 (id::text), 'hex'), envelope from till.gone; "
         "update till.log_head h set position = n.position from till.newest n; commit");
    fleet_kill (fleet, "mirror", 0);
    fleet_start (fleet, "mirror", 0);
    WAIT_UNTIL (!page_is_ready (fleet, "mirror"), PATIENCE_MS);
    assert_int_equal (account_open (fleet, "refused", 1), PADAN__OUTCOME__OUTCOME_BUSY);
    assert_string_equal (SQL ("select count (*) from mirror.copy"), "20");

    SQL ("begin; delete from till.log using till.copy c where log.position > c.position; "
         "insert into till.log select * from till.gone; commit");
    WAIT_UNTIL (page_is_ready (fleet, "mirror") && page_is_ready (fleet, "till"), PATIENCE_MS);
    assert_int_equal (account_open (fleet, "mended", 0), PADAN__OUTCOME__OUTCOME_OK);
    WAIT_UNTIL (IS ("21", "select count (*) from mirror.copy"), PATIENCE_MS);
    assert_string_equal (SQL ("select count (*) from mirror.parked"), "0");
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (a_rewound_log_is_neither_followed_nor_written) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
