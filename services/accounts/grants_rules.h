/* Which grants a tenant's administrator may give. */
#pragma once

#include "common/bus/grants.h"
#include "services/accounts/accounts.h"

/* RC_UNPROCESSABLE with the grant at fault: unknown roles and places, another tenant's, a kelurahan officer without a
 * kelurahan, none where `least` is one, too many. `padan` may name several tenants. */
enum rc grants_allowed (const struct message *message, Padan__Grant *const *items, size_t count, size_t least,
                        struct err *err);
/* For events: the grants a row's text says. The text was ours, so it parses. */
struct grants grants_of (const char *text, struct arena *arena);
