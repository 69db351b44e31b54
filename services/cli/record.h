/* What a client wrote down of its own commands, held against what the services remember. */
#pragma once

#include <stddef.h>

#include "common/base/err.h"

/* A record is a text file, one command a line, tab separated:
 *     service  tenant  person  route  key  outcome
 * route is the message's full name, person a UUID, outcome "ok" when the client was told it was accepted, "refused"
 * when it was told it was not, "unknown" when it was told nothing. A command (service, tenant, person, route, key)
 * stands there once. Accepted ones must be remembered, with the reply the client saw and a position its log has come
 * to; that what they made is there is for the invariants to see. Replies are forgotten after 30 days: a record that is
 * older proves nothing. */
enum rc record_check (const char *conninfo, const char *path, size_t *ret_checked, size_t *ret_broken, struct err *err);
