#include "tests/support/moves.h"

#include "services/distribution/distribution.h"
#include "tests/support/test.h"

static void
the_page_is_what_the_tables_say (void **state)
{
    moves_page_is_true (&distribution_service);
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (the_page_is_what_the_tables_say) };
    return cmocka_run_group_tests_name ("services/distribution/card_moves", tests, NULL, NULL);
}
