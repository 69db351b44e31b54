#include "tests/support/test.h"

#include "common/bus/routes.h"

static void
test_routes (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    char *items[] = { (char *)"intake=tcp://a:1|tcp://b:2", (char *)"accounts=tcp://c:3" };
    struct bus_route routes[BUS_CALL_SERVICES_MAX];
    struct err err;
    (void)state;
    assert_int_equal (bus_routes_parse (items, 2, arena, routes, &err), RC_OK);
    assert_string_equal (routes[0].service, "intake");
    assert_string_equal (routes[0].endpoints, "tcp://a:1,tcp://b:2");
    assert_string_equal (routes[1].endpoints, "tcp://c:3");
}

static void
test_what_is_no_route (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    char *bad[] = { (char *)"intake", (char *)"intake=", (char *)"=tcp://a:1", (char *)"In take=tcp://a:1" };
    char *twice[] = { (char *)"intake=tcp://a:1", (char *)"intake=tcp://a:2" };
    char *many[BUS_CALL_SERVICES_MAX + 1];
    struct bus_route routes[BUS_CALL_SERVICES_MAX];
    struct err err;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal (bus_routes_parse (&bad[i], 1, arena, routes, &err), RC_INVALID);
    assert_int_equal (bus_routes_parse (twice, 2, arena, routes, &err), RC_INVALID);
    for (size_t i = 0; i < sizeof many / sizeof *many; i++)
        many[i] = arena_printf (arena, "s%zu=tcp://a:1", i);
    assert_int_equal (bus_routes_parse (many, sizeof many / sizeof *many, arena, routes, &err), RC_INVALID);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_routes),
        cmocka_unit_test (test_what_is_no_route),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
