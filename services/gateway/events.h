/* GET /v1/events as Server-Sent Events: each reader has a place in the tenant's history and is given what lies after
 * it, asked of the journal one page at a time. Who does not read is not asked for; who loses the right is cut off at
 * once, whatever the journal is about to say. */
#pragma once

#include "common/base/uuid.h"
#include "services/gateway/gateway.h"

struct events *events_new (struct gateway *gateway, struct err *err);
/* `session_revoked` of sessions_tell: cuts the readers of this person, session or key. */
void events_revoke (void *events, struct uuid subject);
/* After the HTTP server has ended its streams: no new ones, and those that rest end. */
void events_stop (struct events *self);
/* After the bus's caller has stopped. */
void events_destroy (struct events **self);
