#include "tests/support/moves.h"

#include "services/intake/intake.h"
#include "tests/support/test.h"

static void
the_page_is_what_the_tables_say (void **state)
{
    moves_page_is_true (&intake_service);
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (the_page_is_what_the_tables_say) };
    return cmocka_run_group_tests_name ("services/intake/application_moves", tests, NULL, NULL);
}
