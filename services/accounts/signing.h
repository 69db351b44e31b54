/* The Ed25519 key that principals are signed with. */
#pragma once

#include "common/bus/principal.h"
#include "common/engine/service.h"

enum { PRINCIPAL_SECONDS = 60 }; /* a revoked session lives no longer in anybody's cache */

/* Once, before anything is served. */
enum rc signing_start (struct gather *gather, struct err *err);
/* What query_authenticate says of a person, signed; never beyond `until` (UTC µs). */
enum rc signing_sign (Padan__Principal *principal, int64_t now, int64_t until, struct arena *arena,
                      Padan__SignedPrincipal *ret_signed, struct err *err);
