/* padan registry load: a file becomes the current snapshot; the same again does nothing; an older one after a wrong
 * newer one is current again; a load that was overtaken ends and says so; bad arguments are named. */
#include <stdio.h>
#include <string.h>

#include "tests/support/fleet.h"
#include "tests/support/test.h"

static struct fleet *fleet;

#define SQL(...) scratch_sql (fleet_scratch (fleet), __VA_ARGS__)

static int
load (const char *registry, const char *file, char *out, size_t size)
{
    char config[256], store[256];
    snprintf (config, sizeof config, "%s/padan.conf", fleet_dir (fleet));
    snprintf (store, sizeof store, "%s/store", fleet_dir (fleet));
    const char *argv[] = { "padan", "registry", "load",    "--config",   config,   "--store", store, "--tenant",
                           "1272",  "--period", "2026-11", "--registry", registry, file,      NULL };
    CHILD_AUTO struct child *child = child_spawn (argv);
    int code = child_wait (child, 60000);
    snprintf (out, size, "%s", child_output (child));
    return code;
}

static void
members_write (const char *path, const char *rows)
{
    FILE *file = fopen (path, "w");
    assert_non_null (file);
    fprintf (file, "no_kartu,nik,nama,segmen,pembayar,status\n%s", rows);
    fclose (file);
}

static void
files_write (char *members, size_t size)
{
    char path[256], endpoint[64];
    fleet_endpoint (fleet, "validation", endpoint, sizeof endpoint);
    snprintf (path, sizeof path, "%s/padan.conf", fleet_dir (fleet));
    FILE *file = fopen (path, "w");
    fprintf (file, "keys = %s/keys\npeers = validation=%s\n", fleet_dir (fleet), endpoint);
    fclose (file);
    snprintf (members, size, "%s/peserta.csv", fleet_dir (fleet));
    members_write (members, "0000000000001,1272020101900001,ORANG SATU,PBI JAMINAN KESEHATAN,APBN,AKTIF\n"
                            "0000000000002,1272020101900002,ORANG DUA,PEKERJA MANDIRI,MANDIRI,AKTIF\n");
}

/* People of the current snapshot. */
static const char *
members_current (void)
{
    return SQL ("select coalesce (string_agg (right (nik::text, 1), '' order by nik), '') from validation.membership m "
                "join validation.registry r on r.name = 'membership' and r.current_version = m.version");
}

static void
test_load (void **state)
{
    char out[4096], members[256];
    (void)state;
    files_write (members, sizeof members);
    if (load ("membership", members, out, sizeof out) != 0)
        fail_msg ("%s", out);
    assert_non_null (strstr (out, "done: 2 rows, 0 refused"));
    assert_int_equal (load ("membership", members, out, sizeof out), 0);
    assert_string_equal (SQL ("select count (*) from validation.import where same_as is null"), "1");
    assert_string_equal (SQL ("select count (*) from validation.membership"), "2");
    SQL ("delete from validation.command"); /* replies are not kept for ever */
    assert_int_equal (load ("membership", members, out, sizeof out), 0);
    assert_string_equal (SQL ("select count (*) from validation.import where same_as is null"), "1");
    assert_int_equal (load ("nothing", members, out, sizeof out), 1);
    assert_non_null (strstr (out, "validation.registry"));
    assert_int_equal (load ("membership", "/nowhere.csv", out, sizeof out), 1);
    assert_string_equal (SQL ("select count (*) from validation.import where same_as is null"), "1");
}

static void
test_older_file_after_a_wrong_newer_one (void **state)
{
    char out[4096], members[256], wrong[300];
    (void)state;
    files_write (members, sizeof members);
    snprintf (wrong, sizeof wrong, "%s.salah", members);
    members_write (wrong, "0000000000003,1272020101900003,ORANG TIGA,PBPU,MANDIRI,AKTIF\n");
    assert_int_equal (load ("membership", wrong, out, sizeof out), 0);
    assert_string_equal (members_current (), "3");
    assert_int_equal (load ("membership", members, out, sizeof out), 0);
    assert_string_equal (members_current (), "12");
}

/* Last: nothing becomes current after it. */
static void
test_overtaken_load_ends (void **state)
{
    char out[4096], members[256];
    (void)state;
    files_write (members, sizeof members);
    members_write (members, "0000000000004,1272020101900004,ORANG EMPAT,PBPU,MANDIRI,AKTIF\n");
    SQL ("update validation.registry set current_version = 1000 where name = 'membership'");
    assert_int_equal (load ("membership", members, out, sizeof out), 1);
    assert_non_null (strstr (out, "superseded: 1 rows"));
    assert_non_null (strstr (out, "a newer load became current first"));
}

static int
setup (void **state)
{
    char line[300];
    (void)state;
    fleet =
        fleet_new (NULL, (const char *const[]){ "validation", "+intake", "+approval", "+batching", NULL }, "", "padan");
    snprintf (line, sizeof line, "store = %s/store", fleet_dir (fleet));
    fleet_set (fleet, "validation", line);
    fleet_start (fleet, "validation", 0);
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
    const struct CMUnitTest tests[] = { cmocka_unit_test (test_load),
                                        cmocka_unit_test (test_older_file_after_a_wrong_newer_one),
                                        cmocka_unit_test (test_overtaken_load_ends) };
    return cmocka_run_group_tests (tests, setup, teardown);
}
