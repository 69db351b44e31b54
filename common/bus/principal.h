/* The signed statement of who acts: made by accounts, checked by every owner, so that a stolen gateway is nobody. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/base/uuid.h"
#include "common/bus/keys.h"
#include "common/bus/peers.h"
#include "envelope.pb-c.h"

enum {
    PRINCIPAL_STATEMENT_MAX = 8192, /* bytes; 256 grants of one kelurahan each fit */
    PRINCIPAL_GRANTS_MAX = 256,     /* a person with more roles than this is a mistake */
    PRINCIPAL_NAME_MAX = 200,       /* bytes; names with titles reach about 80 */
    PRINCIPAL_PLACE_MAX = 32,       /* bytes; a kelurahan code has 13 */
    PRINCIPAL_LIFETIME_MAX = 300,   /* seconds; accounts gives 60, a revoked session must not live on */
    PRINCIPAL_SKEW_MAX = 5,         /* seconds an issuing clock may run ahead of ours */
};

/* Checks signatures, remembering the last good ones: an officer's statement comes again with each request, and
 * Ed25519 costs as much as the rest of a command. One thread each. Follows peers when accounts changes its key. */
struct principal_verifier;

struct principal_verifier *principal_verifier_new (struct bus_peers *peers); /* borrows peers; NULL without memory */
void principal_verifier_destroy (struct principal_verifier **self);

/* Signs what principal_verify would accept; RC_INVALID otherwise. Statement and signature live in the arena. */
enum rc principal_sign (const struct sign_secret *secret, const Padan__Principal *principal, struct arena *arena,
                        Padan__SignedPrincipal *ret_signed, struct err *err);
/* now: UTC microseconds. RC_UNAUTHENTICATED for everything from a missing signature to an expired statement, with
 * codes principal.missing, principal.signature, principal.malformed, principal.expired. */
enum rc principal_verify (struct principal_verifier *self, const Padan__SignedPrincipal *statement, int64_t now,
                          struct arena *arena, Padan__Principal **ret_principal, struct err *err);

/* Whether the principal has the role there. place: a Kemendagri code; "" asks for the whole tenant; NULL for
 * anywhere in it. A grant covers the codes below its own: "12.72.01" covers "12.72.01.1003", not "12.72.011". */
bool principal_has_role (const Padan__Principal *principal, int64_t tenant, Padan__Role role, const char *place);
