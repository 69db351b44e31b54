/* Where services are reached, as configurations say it: "intake=tcp://127.0.0.1:5520|tcp://127.0.0.1:5521". */
#pragma once

#include <stddef.h>

#include "common/base/arena.h"
#include "common/bus/call.h"

/* One route per item, in the arena. RC_INVALID: an item is not service=endpoints, a service is named twice, or there
 * are more than BUS_CALL_SERVICES_MAX. */
enum rc bus_routes_parse (char *const *items, size_t count, struct arena *arena,
                          struct bus_route ret_routes[static BUS_CALL_SERVICES_MAX], struct err *err);
