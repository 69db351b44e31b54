/* padan verify over a whole installation: what the journal read of the logs, it has once and nothing else. */
#include <stdio.h>
#include <string.h>

#include "tests/support/fleet.h"
#include "tests/support/test.h"

static struct fleet *fleet;

#define SQL(...) scratch_sql (fleet_scratch (fleet), __VA_ARGS__)
#define EVENT_ID "00000000-0000-7000-8000-00000000000"
#define EVENT(NUMBER, ID)                                                                                              \
    "insert into journal.event (tenant, number, story, event_id, type, kind, version, state, place, code, role, at, "  \
    "personal_hash, chain) values (1272, " NUMBER ", '" EVENT_ID "9', '" EVENT_ID ID "', "                             \
    "'padan.accounts.v1.SessionStarted', 'person', " NUMBER ", '', '', '', 'service', now (), 'x', 'x'); "

/* Three entries of accounts, all of them read and placed; their hashes are right. */
static void
rows_make (void)
{
    SQL ("truncate accounts.log, journal.event, journal.head, journal.story, journal.follow, journal.parked; "
         "update accounts.log_head set position = 3; "
         "insert into accounts.log select n, 0, 1272, '" EVENT_ID "9', n, 'test', ('" EVENT_ID "' || n)::uuid, "
         "substring (sha256 ('x'::bytea) for 16), 'x'::bytea from generate_series (1, 3) n; "
         "insert into journal.follow (log, partition, position) values ('accounts', 0, 3); "
         "insert into journal.head (tenant, id, number, chain) values (1272, gen_random_uuid (), 3, 'x'); "
         "insert into journal.story (tenant, id, version, kind, ticket, ticket_key, state, holder, waits_for, place, "
         "people, excluded, people_version, ids, changed_at) values (1272, '" EVENT_ID "9', 3, 'person', '', '', '', "
         "'', '', '', 0, 0, 0, '', now ()); " EVENT ("1", "1") EVENT ("2", "2") EVENT ("3", "3") "select 1");
}

static int
verify (char *out, size_t size)
{
    const char *argv[] = { "padan", "verify", "--database", scratch_auditor (fleet_scratch (fleet)), NULL };
    CHILD_AUTO struct child *child = child_spawn (argv);
    int code = child_wait (child, 60000);
    snprintf (out, size, "%s", child_output (child));
    return code;
}

static void
what_was_read_is_there (void **state)
{
    char out[4096];
    rows_make ();
    int code = verify (out, sizeof out);
    if (code != 0)
        fail_msg ("%s", out);
}

static void
what_is_lost_or_made_up_is_named (void **state)
{
    static const struct {
        const char *sql, *named;
    } cases[] = {
        { "delete from journal.event where number = 2", "entry 2 of accounts" },
        { "update journal.event set event_id = gen_random_uuid () where number = 2", "is in no log" },
        { "update journal.event set event_id = '" EVENT_ID "1' where number = 2", "history 2 times" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[8192];
        rows_make ();
        SQL ("%s; select 1", cases[i].sql);
        assert_int_equal (verify (out, sizeof out), 1);
        if (!strstr (out, cases[i].named) || !strstr (out, "journal.complete"))
            fail_msg ("%s is not named:\n%s", cases[i].named, out);
    }
}

/* An entry that waits for a person, or lies ahead of the position, is not lost. */
static void
what_waits_is_not_lost (void **state)
{
    char out[8192];
    rows_make ();
    SQL ("delete from journal.event where number = 3; update journal.head set number = 2; update journal.story set "
         "version = 2; insert into journal.parked (log, position, partition, tenant, subject, envelope, attempts, "
         "reason) values ('accounts', 3, 0, 1272, '" EVENT_ID "9', 'x', 10, 'r'); select 1");
    if (verify (out, sizeof out) != 0)
        fail_msg ("%s", out);
    SQL ("delete from journal.parked; update journal.follow set position = 2; select 1");
    if (verify (out, sizeof out) != 0)
        fail_msg ("%s", out);
}

static int
setup (void **state)
{
    fleet = fleet_new (NULL,
                       (const char *const[]){ "accounts", "intake", "validation", "approval", "batching",
                                              "distribution", "journal", NULL },
                       "", "tester");
    return 0;
}

static int
teardown (void **state)
{
    fleet_destroy (&fleet);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (what_was_read_is_there),
        cmocka_unit_test (what_is_lost_or_made_up_is_named),
        cmocka_unit_test (what_waits_is_not_lost),
    };
    return cmocka_run_group_tests (tests, setup, teardown);
}
