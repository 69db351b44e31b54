#include "common/bus/routes.h"

#include <string.h>

static enum rc
route_parse (const char *item, struct arena *arena, struct bus_route *ret_route, struct err *err)
{
    char *service = arena_string (arena, item), *equals = service ? strchr (service, '=') : NULL;
    if (!service)
        return err_set (err, RC_BUSY, "the arena is full");
    if (equals)
        *equals = '\0';
    if (!equals || !equals[1] || !keys_name_valid (service))
        return err_set (err, RC_INVALID, "peers: '%s' is not service=endpoint|endpoint", item);
    for (char *c = equals + 1; *c; c++)
        if (*c == '|')
            *c = ',';
    *ret_route = (struct bus_route){ service, equals + 1 };
    return RC_OK;
}

enum rc
bus_routes_parse (char *const *items, size_t count, struct arena *arena,
                  struct bus_route ret_routes[static BUS_CALL_SERVICES_MAX], struct err *err)
{
    if (count > BUS_CALL_SERVICES_MAX)
        return err_set (err, RC_INVALID, "peers: more than %d services", BUS_CALL_SERVICES_MAX);
    for (size_t i = 0; i < count; i++) {
        enum rc rc = route_parse (items[i], arena, &ret_routes[i], err);
        if (rc != RC_OK)
            return rc;
        for (size_t j = 0; j < i; j++)
            if (strcmp (ret_routes[i].service, ret_routes[j].service) == 0)
                return err_set (err, RC_INVALID, "peers: %s is named twice", ret_routes[i].service);
    }
    return RC_OK;
}
