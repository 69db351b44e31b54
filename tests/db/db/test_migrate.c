/* Migrations against a real schema: order, record, refusals, two at once. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/db/migrate.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static struct scratch *scratch;
static struct arena *arena;
static struct db *db;
static char root[64];
static char engine[96], service[96];
static const char *const dirs[] = { engine, service, NULL };

static void
file_write (const char *dir, const char *name, const char *text)
{
    char path[256];
    snprintf (path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fputs (text, file);
    assert_int_equal (fclose (file), 0);
}

static void
file_remove (const char *dir, const char *name)
{
    char path[256];
    snprintf (path, sizeof path, "%s/%s", dir, name);
    assert_int_equal (unlink (path), 0);
}

static void
files_make (void)
{
    file_write (engine, "0001_log.sql",
                "create table :schema.log (position int8); grant usage on schema :schema to :login;");
    file_write (engine, "0002_fill.sql",
                "insert into log select n from generate_series (1, 3) n; select ':schemas'::text;");
    file_write (service, "0001_own.sql", "create table own (id int8); grant select on :schema.own to :reader");
    file_write (service, "README.md", "not a migration");
}

static void
script (const char *text)
{
    struct err err = { 0 };
    if (db_script (db, text, &err))
        fail_msg ("%s: %s", text, err.text);
}

static const char *
value (const char *text)
{
    struct err err = { 0 };
    const char *got = NULL;
    if (db_value (db, text, arena, &got, &err))
        fail_msg ("%s: %s", text, err.text);
    return got;
}

static enum rc
migrate (struct err *err)
{
    return db_migrate (db, "toy", "postgres", "postgres", dirs, err);
}

static void
migrate_well (void)
{
    struct err err = { 0 };
    if (migrate (&err))
        fail_msg ("%s", err.text);
}

static int
group_setup (void **state)
{
    (void)state;
    scratch = scratch_new (NULL, (const char *const[]){ NULL });
    arena = arena_new (1 << 20);
    snprintf (root, sizeof root, "/tmp/padan-test-migrate-XXXXXX");
    assert_non_null (mkdtemp (root));
    snprintf (engine, sizeof engine, "%s/engine", root);
    snprintf (service, sizeof service, "%s/service", root);
    assert_int_equal (mkdir (engine, 0700) | mkdir (service, 0700), 0);
    return 0;
}

static int
group_teardown (void **state)
{
    (void)state;
    char command[128];
    snprintf (command, sizeof command, "rm -r %s", root);
    assert_int_equal (system (command), 0);
    arena_destroy (&arena);
    scratch_destroy (&scratch);
    return 0;
}

static int
setup (void **state)
{
    (void)state;
    db = db_new (scratch_admin (scratch), "test_migrate");
    files_make ();
    script ("drop schema if exists toy cascade");
    return 0;
}

static int
teardown (void **state)
{
    (void)state;
    char command[256];
    snprintf (command, sizeof command, "rm -f %s/* %s/*", engine, service);
    assert_int_equal (system (command), 0);
    db_destroy (&db);
    return 0;
}

static void
each_file_runs_once_in_order (void **state)
{
    for (int i = 0; i < 2; i++) {
        migrate_well ();
        assert_string_equal (value ("select string_agg (part || name, ' ' order by part, name) from toy.migration"),
                             "00001_log.sql 00002_fill.sql 10001_own.sql");
        assert_string_equal (value ("select count (*) from toy.log"), "3");
    }
    assert_string_equal (
        value ("select encode (sha256, 'hex') = encode (sha256 (convert_to ('create table own (id int8);"
               " grant select on :schema.own to :reader', 'UTF8')), 'hex') from toy.migration where part = 1"),
        "t");
    file_write (service, "0002_more.sql", "create table more (id int8)");
    migrate_well ();
    assert_string_equal (value ("select count (*) from toy.more"), "0");
}

static void
refuse (const char *code, const char *name)
{
    struct err err = { 0 };
    assert_int_not_equal (migrate (&err), RC_OK);
    assert_string_equal (err.code, code);
    assert_string_equal (err.field, name);
    assert_non_null (strstr (err.text, name));
}

static void
a_changed_or_missing_file_is_refused_by_name (void **state)
{
    migrate_well ();
    file_write (engine, "0002_fill.sql", "select 1");
    refuse ("migrate.changed", "0002_fill.sql");
    files_make ();
    migrate_well ();
    file_remove (service, "0001_own.sql");
    refuse ("migrate.missing", "0001_own.sql");
}

static void
misnamed_files_are_refused (void **state)
{
    file_write (service, "0003_gap.sql", "select 1");
    refuse ("migrate.number", "0003_gap.sql");
    file_remove (service, "0003_gap.sql");
    file_write (service, "0001_twice.sql", "select 1");
    refuse ("migrate.number", "0001_twice.sql");
    file_remove (service, "0001_twice.sql");
    file_write (service, "0002_Big.sql", "select 1");
    refuse ("migrate.name", "0002_Big.sql");
    assert_string_equal (value ("select count (*) from pg_namespace where nspname = 'toy'"), "0");
}

static void
what_ran_before_a_failure_stays_recorded (void **state)
{
    file_write (service, "0001_own.sql", "create table own (id int8); select nothing from nowhere");
    struct err err = { 0 };
    assert_int_equal (migrate (&err), RC_INTERNAL);
    assert_non_null (strstr (err.text, "0001_own.sql"));
    assert_string_equal (value ("select count (*) from toy.migration"), "2");
    assert_null (value ("select to_regclass ('toy.own')"));
    file_write (service, "0001_own.sql", "create table own (id int8)");
    migrate_well ();
    file_write (service, "0002_commits.sql", "create table half (id int8); commit");
    assert_int_equal (migrate (&err), RC_INVALID);
    assert_non_null (strstr (err.text, "0002_commits.sql"));
}

struct thread {
    pthread_t id;
    const char *conninfo;
    enum rc rc;
};

static void *
migrate_thread (void *argument)
{
    struct thread *thread = argument;
    DB_AUTO struct db *own = db_new (thread->conninfo, "racer");
    thread->rc = db_migrate (own, "toy", "postgres", "postgres", dirs, NULL);
    return NULL;
}

static void
many_at_once_run_each_file_once (void **state)
{
    enum { RACERS = 6 };
    for (int round = 0; round < 3; round++) {
        struct thread threads[RACERS];
        script ("drop schema if exists toy cascade");
        for (int i = 0; i < RACERS; i++) {
            threads[i].conninfo = scratch_admin (scratch);
            assert_int_equal (pthread_create (&threads[i].id, NULL, migrate_thread, &threads[i]), 0);
        }
        for (int i = 0; i < RACERS; i++)
            pthread_join (threads[i].id, NULL);
        for (int i = 0; i < RACERS; i++)
            assert_int_equal (threads[i].rc, RC_OK);
        assert_string_equal (value ("select count (*) from toy.log"), "3");
    }
}

static void
an_owner_of_the_schema_needs_no_more_rights (void **state)
{
    char conninfo[1024], role[64], text[256]; /* roles are the whole cluster's: one of this process's own */
    snprintf (role, sizeof role, "test_migrator_%d", (int)getpid ());
    snprintf (text, sizeof text, "create role %s login; create schema toy authorization %s", role, role);
    script (text);
    snprintf (conninfo, sizeof conninfo, "%s user=%s", scratch_admin (scratch), role);
    enum rc rc;
    struct err err = { 0 };
    {
        DB_AUTO struct db *own = db_new (conninfo, "migrator");
        rc = db_migrate (own, "toy", "postgres", "postgres", dirs, &err);
    }
    snprintf (text, sizeof text, "drop schema toy cascade; drop role %s", role);
    script (text);
    if (rc)
        fail_msg ("%s", err.text);
}

int
main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST (each_file_runs_once_in_order),    TEST (a_changed_or_missing_file_is_refused_by_name),
        TEST (misnamed_files_are_refused),      TEST (what_ran_before_a_failure_stays_recorded),
        TEST (many_at_once_run_each_file_once), TEST (an_owner_of_the_schema_needs_no_more_rights),
    };
    return cmocka_run_group_tests (tests, group_setup, group_teardown);
}
