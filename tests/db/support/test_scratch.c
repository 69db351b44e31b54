/* The rights that roles.sql gives, as every test and every installation gets them. */
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static const char *const services[] = { "alpha", "beta", NULL };
static const char *const denied = "42501";

static int
setup (void **state)
{
    struct scratch *scratch = scratch_new (NULL, services);
    *state = scratch;
    assert_string_equal (scratch_try (scratch, scratch_owner (scratch, "alpha"),
                                      "create table thing (id int); insert into thing values (7);"
                                      "grant select, insert on thing to padan_alpha;"
                                      "grant select on thing to padan_alpha_reader"),
                         "");
    return 0;
}

static int
teardown (void **state)
{
    struct scratch *scratch = *state;
    scratch_destroy (&scratch);
    return 0;
}

static void
test_own_schema_only (void **state)
{
    struct scratch *scratch = *state;
    assert_string_equal (scratch_sql (scratch, "select id from alpha.thing"), "7");
    assert_string_equal (scratch_try (scratch, scratch_login (scratch, "alpha"), "insert into thing values (8)"), "");
    assert_string_equal (scratch_try (scratch, scratch_login (scratch, "beta"), "select * from alpha.thing"), denied);
    assert_string_equal (scratch_try (scratch, scratch_owner (scratch, "beta"), "select * from alpha.thing"), denied);
    assert_string_equal (scratch_try (scratch, scratch_login (scratch, "alpha"), "create table other (id int)"),
                         denied);
    assert_string_equal (scratch_try (scratch, scratch_login (scratch, "alpha"), "create table public.other (id int)"),
                         denied);
    assert_string_equal (scratch_try (scratch, scratch_login (scratch, "alpha"), "create temp table other (id int)"),
                         denied);
}

static void
test_readers_only_read (void **state)
{
    struct scratch *scratch = *state;
    assert_string_equal (scratch_try (scratch, scratch_reader (scratch, "alpha"), "select * from thing"), "");
    assert_string_equal (scratch_try (scratch, scratch_reader (scratch, "alpha"), "insert into thing values (9)"),
                         "25006");
    assert_string_equal (scratch_try (scratch, scratch_reader (scratch, "alpha"),
                                      "begin read write; insert into alpha.thing values (9)"),
                         denied);
}

static void
test_auditor_reads_all (void **state)
{
    struct scratch *scratch = *state;
    assert_string_equal (scratch_try (scratch, scratch_auditor (scratch), "select * from alpha.thing"), "");
    scratch_sql (scratch, "alter table alpha.thing enable row level security, force row level security");
    assert_string_equal (
        scratch_try (scratch, scratch_auditor (scratch), "select 1 / count (*) from alpha.thing where id = 7"), "");
}

static void
test_roles_again (void **state)
{
    struct scratch *scratch = *state;
    child_run ((const char *[]){ "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", scratch_admin (scratch), "-c",
                                 "\\set service alpha", "-f", "deploy/database/roles.sql", NULL },
               30000);
    assert_string_equal (scratch_sql (scratch, "select count (*) from alpha.thing where id = 7"), "1");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_own_schema_only),
        cmocka_unit_test (test_readers_only_read),
        cmocka_unit_test (test_auditor_reads_all),
        cmocka_unit_test (test_roles_again),
    };
    return cmocka_run_group_tests (tests, setup, teardown);
}
