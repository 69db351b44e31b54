/* Follows accounts' log from its present end, in memory, so that what it revokes is gone here within a second. */
#pragma once

#include "services/gateway/gateway.h"

struct watch;

/* Borrows the gateway. NULL with *err. */
struct watch *watch_start (struct gateway *gateway, struct err *err);
void watch_stop (struct watch **self);

struct watch_state {
    int64_t lag;      /* entries behind accounts' head, as it last answered */
    int64_t heard_at; /* monotonic µs: its last answer, or when we began to ask */
};
struct watch_state watch_look (const struct watch *self);
