#include "services/approval/approval.h"
#include "tests/support/senders.h"
#include "tests/support/test.h"

static void
every_row_takes_only_whom_it_names (void **state)
{
    senders_are_those_of (&approval_service, "tests/unit/services/approval/senders.golden");
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (every_row_takes_only_whom_it_names) };
    return cmocka_run_group_tests_name ("services/approval/senders", tests, NULL, NULL);
}
