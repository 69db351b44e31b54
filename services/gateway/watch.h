/* Follows accounts' log from its present end, in memory, so that what it revokes is gone here within a second. */
#pragma once

#include "services/gateway/gateway.h"

struct watch;

/* Borrows the gateway. NULL with *err. */
struct watch *watch_start (struct gateway *gateway, struct err *err);
void watch_stop (struct watch **self);
