#include "services/journal/journal.h"
#include "tests/support/senders.h"
#include "tests/support/test.h"

static void
every_row_takes_only_whom_it_names (void **state)
{
    senders_are_those_of (&journal_service, "tests/unit/services/journal/senders.golden");
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (every_row_takes_only_whom_it_names) };
    return cmocka_run_group_tests_name ("services/journal/senders", tests, NULL, NULL);
}
