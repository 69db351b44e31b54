#include "tests/support/test.h"

#include <string.h>

#include "common/bus/grants.h"

static void
test_text_and_back (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    struct grants grants;
    struct err err;
    (void)state;
    assert_int_equal (grants_parse ("1272:operator 1272:kelurahan:12.72.01.1003  1272:operator", arena, &grants, &err),
                      RC_OK);
    assert_int_equal (grants.count, 3);
    assert_int_equal (grants.items[1]->role, PADAN__ROLE__ROLE_KELURAHAN);
    assert_string_equal (grants.items[1]->place, "12.72.01.1003");
    assert_string_equal (grants_text (grants.items, grants.count, arena), "1272:kelurahan:12.72.01.1003 1272:operator");
    assert_string_equal (grants_text (NULL, 0, arena), "");
}

static void
test_what_is_no_grant (void **state)
{
    static const char *const bad[] = { "",
                                       "1272",
                                       "1272:",
                                       ":operator",
                                       "0:operator",
                                       "-1:admin",
                                       "1272:king",
                                       "1272:none",
                                       "1272:service",
                                       "x:admin",
                                       "1272:tksk:.",
                                       "1272:tksk:12..7",
                                       "1272:tksk:12.72.",
                                       "1272:tksk:Pusat",
                                       "1272:tksk:12.72.01.1003.12.72.01.1003.12.72" };
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    Padan__Grant *grant;
    struct err err;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (grant_parse (bad[i], arena, &grant, &err) == RC_OK)
            fail_msg ("'%s' was taken for a grant", bad[i]);
}

static void
test_the_field_at_fault_is_named (void **state)
{
    Padan__Grant good = PADAN__GRANT__INIT, bad = PADAN__GRANT__INIT, *grants[] = { &good, &bad };
    struct err err;
    (void)state;
    good.tenant = bad.tenant = 1272;
    good.role = PADAN__ROLE__ROLE_ADMIN;
    bad.role = PADAN__ROLE__ROLE_SERVICE;
    assert_int_equal (grants_check (grants, 2, &err), RC_UNPROCESSABLE);
    assert_string_equal (err.field, "/grants/1/role");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_text_and_back),
        cmocka_unit_test (test_what_is_no_grant),
        cmocka_unit_test (test_the_field_at_fault_is_named),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
