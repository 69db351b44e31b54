/* SQLSTATE → result: one row for each state somebody relies on. */
#include <stdbool.h>

#include "common/db/db_state.h"
#include "tests/support/test.h"

static void
every_state_has_its_result (void **state)
{
    static const struct {
        const char *sqlstate;
        enum rc rc;
        bool reconnect;
    } expected[] = {
        { "08006", RC_RETRY, true },     { "08007", RC_UNKNOWN, true },   { "08P01", RC_INTERNAL, false },
        { "0A000", RC_INTERNAL, false }, { "22P02", RC_INTERNAL, false }, { "23502", RC_INTERNAL, false },
        { "23503", RC_INTERNAL, false }, { "23505", RC_CONFLICT, false }, { "23514", RC_INTERNAL, false },
        { "23P01", RC_CONFLICT, false }, { "25006", RC_RETRY, true },     { "25P02", RC_INTERNAL, false },
        { "25P03", RC_RETRY, true },     { "26000", RC_RETRY, true },     { "28P01", RC_INTERNAL, false },
        { "40001", RC_RETRY, false },    { "40003", RC_UNKNOWN, true },   { "40P01", RC_RETRY, false },
        { "42501", RC_INTERNAL, false }, { "42P01", RC_INTERNAL, false }, { "53100", RC_BUSY, false },
        { "53200", RC_BUSY, false },     { "53300", RC_BUSY, false },     { "55P03", RC_RETRY, false },
        { "57014", RC_RETRY, false },    { "57P01", RC_RETRY, true },     { "57P02", RC_RETRY, true },
        { "57P03", RC_RETRY, true },     { "57P04", RC_INTERNAL, false }, { "57P05", RC_RETRY, true },
        { "58030", RC_INTERNAL, false }, { "P0001", RC_INTERNAL, false }, { "XX000", RC_INTERNAL, false },
        { "XX001", RC_CORRUPT, false },  { "XX002", RC_CORRUPT, false },  { "", RC_INTERNAL, false },
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        bool reconnect = !expected[i].reconnect;
        enum rc rc = db_state_rc (expected[i].sqlstate, &reconnect);
        if (rc != expected[i].rc || reconnect != expected[i].reconnect)
            fail_msg ("%s: %s", expected[i].sqlstate, rc_name (rc));
    }
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (every_state_has_its_result) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
