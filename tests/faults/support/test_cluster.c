/* A committed row outlives an immediate stop; without that no fault test means anything. */
#include "tests/support/cluster.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

static void
test_crash_and_back (void **state)
{
    struct cluster *cluster CLUSTER_AUTO = cluster_new ();
    struct scratch *scratch SCRATCH_AUTO = scratch_new (cluster_admin (cluster), (const char *[]){ NULL });
    assert_string_equal (scratch_sql (scratch, "show fsync"), "on");
    assert_string_equal (scratch_sql (scratch, "show data_checksums"), "on");
    scratch_sql (scratch, "create table thing as select 7 as id");
    cluster_crash (cluster);
    cluster_start (cluster);
    assert_string_equal (scratch_try (scratch, scratch_admin (scratch), "select 1 / count (*) from thing"), "");
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (test_crash_and_back) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
