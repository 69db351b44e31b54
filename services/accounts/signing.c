#include "services/accounts/signing.h"

#include "common/base/clock.h"

static struct sign_secret secret;

enum rc
signing_start (struct gather *gather, struct err *err)
{
    return keys_sign_load (gather_keys (gather), "accounts", &secret, err);
}

enum rc
signing_sign (Padan__Principal *principal, int64_t now, int64_t until, struct arena *arena,
              Padan__SignedPrincipal *ret_signed, struct err *err)
{
    int64_t expires = now + PRINCIPAL_SECONDS * (int64_t)CLOCK_SECOND;
    principal->issued_at = now;
    principal->expires_at = expires < until ? expires : until;
    return principal_sign (&secret, principal, arena, ret_signed, err);
}
