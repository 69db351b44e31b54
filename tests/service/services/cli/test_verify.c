/* padan verify: a good database passes; each broken row is named by the invariant it breaks. */
#include <stdio.h>
#include <string.h>

#include "tests/support/fleet.h"
#include "tests/support/test.h"

static struct fleet *fleet;

#define SQL(...) scratch_sql (fleet_scratch (fleet), __VA_ARGS__)

static void
rows_make (void)
{
    SQL ("delete from accounts.log; delete from accounts.command; delete from accounts.due; delete from "
         "accounts.parked; "
         "delete from accounts.follow; update accounts.log_head set position = 3; "
         "insert into accounts.log select n, 0, 1272, gen_random_uuid (), 1, 'test', gen_random_uuid (), "
         "substring (sha256 ('x'::bytea) for 16), 'x'::bytea from generate_series (1, 3) n; "
         "insert into accounts.follow (log, partition, position) values ('intake', 0, 10); select 1");
}

/* Runs padan verify; what it said, owned until the next call. */
static int
verify (const char *record, char *out, size_t size)
{
    const char *argv[] = {
        "padan", "verify", "--database", scratch_auditor (fleet_scratch (fleet)), record ? "--record" : NULL,
        record,  NULL
    };
    CHILD_AUTO struct child *child = child_spawn (argv);
    int code = child_wait (child, 60000);
    snprintf (out, size, "%s", child_output (child));
    return code;
}

static void
test_good (void **state)
{
    char out[4096];
    (void)state;
    rows_make ();
    int code = verify (NULL, out, sizeof out);
    if (code != 0)
        fail_msg ("%s", out);
    assert_non_null (strstr (out, " 0 broken"));
}

static void
test_broken (void **state)
{
    static const struct {
        const char *sql, *named;
    } cases[] = {
        { "delete from accounts.log where position = 2; select 1", "accounts.log.gapless" },
        { "update accounts.log_head set position = 4; select 1", "accounts.log.gapless" },
        { "update accounts.log set envelope = 'y' where position = 1; select 1", "accounts.log.hash" },
        { "insert into accounts.command (tenant, person, route, key, body_hash, reply, position) values (1272, "
          "gen_random_uuid (), 'r', 'k', 'x', 'x', 99); select 1",
          "accounts.command.position" },
        { "insert into accounts.parked (log, position, partition, tenant, subject, envelope, attempts, reason) values "
          "('intake', 11, 0, 1272, gen_random_uuid (), 'x', 1, 'r'); select 1",
          "accounts.parked.position" },
        { "insert into accounts.due (id, tenant, kind, subject, input_version, priority, due_at, payload) values "
          "(gen_random_uuid (), 1272, 'k', gen_random_uuid (), 1, 0, null, ''); select 1",
          "accounts.due.lease" },
        { "insert into accounts.due (id, tenant, kind, subject, input_version, priority, due_at, payload, lease_until) "
          "values (gen_random_uuid (), 1272, 'k', gen_random_uuid (), 1, 0, now (), '', now () - interval '2 hours'); "
          "select 1",
          "accounts.due.lease" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char out[4096];
        rows_make ();
        SQL ("%s", cases[i].sql);
        assert_int_equal (verify (NULL, out, sizeof out), 1);
        if (!strstr (out, cases[i].named))
            fail_msg ("%s is not named:\n%s", cases[i].named, out);
    }
}

static void
record_write (const char *path, const char *key, const char *outcome)
{
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fprintf (file, "accounts\t1272\t00000000-0000-7000-8000-000000000001\tpadan.accounts.v1.AddPerson\t%s\t%s\n", key,
             outcome);
    fclose (file);
}

static void
test_record (void **state)
{
    char out[4096], path[256];
    (void)state;
    rows_make ();
    snprintf (path, sizeof path, "%s/record", fleet_dir (fleet));
    /* a Reply with outcome OK packs to nothing at all; \x1003 is outcome FORBIDDEN */
    SQL ("insert into accounts.command (tenant, person, route, key, body_hash, reply, position) values "
         "(1272, '00000000-0000-7000-8000-000000000001', 'padan.accounts.v1.AddPerson', 'good', 'x', '', 1), "
         "(1272, '00000000-0000-7000-8000-000000000001', 'padan.accounts.v1.AddPerson', 'bad', 'x', '\\x1003', 0); "
         "select 1");
    record_write (path, "good", "ok");
    assert_int_equal (verify (path, out, sizeof out), 0);
    record_write (path, "lost", "ok");
    assert_int_equal (verify (path, out, sizeof out), 1);
    assert_non_null (strstr (out, "accepted, and not remembered"));
    record_write (path, "bad", "ok");
    assert_int_equal (verify (path, out, sizeof out), 1);
    record_write (path, "good", "refused");
    assert_int_equal (verify (path, out, sizeof out), 1);
    record_write (path, "lost", "unknown");
    assert_int_equal (verify (path, out, sizeof out), 0);
    record_write (path, "good",
                  "ok\naccounts\t1272\t00000000-0000-7000-8000-000000000001\tpadan.accounts.v1.AddPerson"
                  "\tgood\trefused");
    assert_int_equal (verify (path, out, sizeof out), 1);
    assert_non_null (strstr (out, "line 2, key good: it stands there twice"));
}

/* Rows hidden by row-level security would be named as lost. */
static void
test_who_does_not_see_all (void **state)
{
    const char *reader = scratch_reader (fleet_scratch (fleet), "accounts");
    const char *const verbs[][6] = { { "padan", "verify", "--database", reader, NULL },
                                     { "padan", "audit", "verify", "--database", reader, NULL } };
    (void)state;
    rows_make ();
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        CHILD_AUTO struct child *child = child_spawn (verbs[i]);
        assert_int_equal (child_wait (child, 60000), 1);
        assert_non_null (strstr (child_output (child), "does not see every tenant's rows"));
        assert_null (strstr (child_output (child), "BROKEN"));
    }
}

static int
setup (void **state)
{
    (void)state;
    fleet = fleet_new (NULL, (const char *const[]){ "accounts", NULL }, "", "tester");
    return 0;
}

static int
teardown (void **state)
{
    (void)state;
    fleet_destroy (&fleet);
    return 0;
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_good),
        cmocka_unit_test (test_broken),
        cmocka_unit_test (test_record),
        cmocka_unit_test (test_who_does_not_see_all),
    };
    return cmocka_run_group_tests (tests, setup, teardown);
}
