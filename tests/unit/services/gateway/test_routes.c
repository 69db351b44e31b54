#include <stdlib.h>
#include <string.h>

#include "common/bus/call.h"
#include "services/gateway/problems.h"
#include "services/gateway/route.h"
#include "tests/support/test.h"

static void
every_route_can_be_served (void **state)
{
    static struct gateway gateway;
    struct bound *bound = calloc (route_count, sizeof *bound);
    struct http_route *served = calloc (route_count, sizeof *served);
    struct http_router *router;
    struct err err;
    gateway.settings.file_limit = 1 << 20;
    routes_bind (&gateway, bound, served);
    if (http_router_new (served, route_count, &router, &err) != RC_OK)
        fail_msg ("%s", err.text);
    http_router_destroy (&router);
    free (bound);
    free (served);
}

static void
every_row_is_whole (void **state)
{
    for (size_t i = 0; i < route_count; i++) {
        const struct route *route = &routes[i];
        const char *path = route->path;
        assert_non_null (route->summary);
        if (route->kind == ROUTE_OWN)
            assert_non_null (route->handler);
        else if (!route->targets && (!route->service || !route->type))
            fail_msg ("%s lacks its message", path);
        else if (!route->targets && !route->reply && route->kind != ROUTE_COMMAND)
            fail_msg ("%s: a question without an answer", path);
        if (route->kind == ROUTE_FILE)
            assert_non_null (route->file);
        if (route->subject && strcmp (route->subject, ROUTE_NEW) != 0 && !route_in_path (route, route->subject))
            fail_msg ("%s: subject %s is not in the path", path, route->subject);
        if (route->location && !strstr (route->location, "%s"))
            fail_msg ("%s: location without an id", path);
        if (route->body_limit >= BUS_REQUEST_MAX)
            fail_msg ("%s: a body larger than the bus carries", path);
        if (!route->open && !route->roles && !route->tenantless && strcmp (path, "/v1/people/{person_id}/password"))
            fail_msg ("%s says nobody's role", path);
    }
}

static void
no_number_of_a_person_stands_in_an_address (void **state)
{
    static const char *const forbidden[] = { "nik", "kk", "name", "phone", "text", "login" };
    for (size_t i = 0; i < route_count; i++)
        for (size_t k = 0; k < sizeof forbidden / sizeof *forbidden; k++) {
            const ProtobufCMessageDescriptor *type = routes[i].targets ? routes[i].targets[0].type : routes[i].type;
            assert_false (route_in_path (&routes[i], forbidden[k]));
            for (size_t f = 0; type && f < type->n_fields; f++)
                if (strcmp (type->fields[f].name, forbidden[k]) == 0)
                    assert_false (route_is_parameter (&routes[i], &type->fields[f]));
        }
}

static void
every_refusal_has_its_words (void **state)
{
    struct http_catalogue *catalogue;
    struct err err;
    size_t count;
    const struct http_problem_row *rows = problems_all (&count);
    if (http_catalogue_new (rows, count, &catalogue, &err) != RC_OK)
        fail_msg ("%s", err.text);
    assert_non_null (http_catalogue_find (catalogue, "common.not_found"));
    assert_non_null (http_catalogue_find (catalogue, "gateway.service_away"));
    http_catalogue_destroy (&catalogue);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_route_can_be_served),
        cmocka_unit_test (every_row_is_whole),
        cmocka_unit_test (no_number_of_a_person_stands_in_an_address),
        cmocka_unit_test (every_refusal_has_its_words),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
