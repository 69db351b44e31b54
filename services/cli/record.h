/* What a client wrote down of its own commands, held against what the services remember. */
#pragma once

#include <stddef.h>

#include "common/base/err.h"

/* A record is a text file, one command a line, tab separated:
 *     service  tenant  person  route  key  outcome
 * route is the message's full name, person a UUID, outcome "ok" when the client was told it was accepted, "refused"
 * when it was told it was not, "unknown" when it was told nothing. Accepted commands must be remembered with a reply
 * and a position; a key may stand there once. */
enum rc record_check (const char *conninfo, const char *path, size_t *ret_checked, size_t *ret_broken, struct err *err);
