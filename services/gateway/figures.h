/* What /metrics shows of the gateway's queues: looked at when somebody reads the page. */
#pragma once

#include "services/gateway/gateway.h"

void figures_register (void);
void figures_take (const struct gateway *gateway);
