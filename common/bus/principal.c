#include "common/bus/principal.h"

#include <stdlib.h>
#include <string.h>
#include <sodium.h>
#include "common/base/clock.h"
#include "common/bus/message.h"

/* Statements checked lately: one a session and minute, so this is several hundred officers at work. */
enum { VERIFIED = 1024 };

struct principal_verifier {
    struct bus_peers *peers;
    uint64_t generation; /* of peers, that `keys` is from */
    struct sign_public keys;
    uint8_t verified[VERIFIED][crypto_generichash_BYTES]; /* BLAKE2b of statement and signature that were good */
};

struct principal_verifier *
principal_verifier_new (struct bus_peers *peers)
{
    if (sodium_init () < 0)
        return NULL;
    struct principal_verifier *self = calloc (1, sizeof *self);
    if (self)
        self->peers = peers;
    return self;
}

void
principal_verifier_destroy (struct principal_verifier **self)
{
    free (*self);
    *self = NULL;
}

static bool
grant_valid (const Padan__Grant *grant)
{
    return grant->tenant >= 0 && grant->role > PADAN__ROLE__ROLE_NONE && strlen (grant->place) <= PRINCIPAL_PLACE_MAX;
}

/* What must hold of every principal, whoever made it. */
static bool
principal_valid (const Padan__Principal *principal)
{
    int64_t life = 0;
    if (principal->person_id.len != sizeof (struct uuid) ||
        (principal->session_id.len != 0 && principal->session_id.len != sizeof (struct uuid)) ||
        principal->n_grants > PRINCIPAL_GRANTS_MAX || strlen (principal->name) > PRINCIPAL_NAME_MAX)
        return false;
    if (principal->issued_at <= 0 || __builtin_sub_overflow (principal->expires_at, principal->issued_at, &life) ||
        life <= 0 || life > (int64_t)PRINCIPAL_LIFETIME_MAX * CLOCK_SECOND)
        return false;
    for (size_t i = 0; i < principal->n_grants; i++)
        if (!grant_valid (principal->grants[i]))
            return false;
    return true;
}

enum rc
principal_sign (const struct sign_secret *secret, const Padan__Principal *principal, struct arena *arena,
                Padan__SignedPrincipal *ret_signed, struct err *err)
{
    if (!principal_valid (principal))
        return err_set (err, RC_INVALID, "this principal would not be accepted");
    size_t size = padan__principal__get_packed_size (principal);
    if (size > PRINCIPAL_STATEMENT_MAX)
        return err_set (err, RC_INVALID, "a principal of %zu bytes", size);
    uint8_t *statement = arena_alloc (arena, size), *signature = arena_alloc (arena, crypto_sign_BYTES);
    if (!statement || !signature)
        return err_set (err, RC_BUSY, "the arena is full");
    padan__principal__pack (principal, statement);
    if (message_check (&padan__principal__descriptor, statement, size, err) != RC_OK)
        return RC_INVALID;
    crypto_sign_detached (signature, NULL, statement, size, secret->key);
    padan__signed_principal__init (ret_signed);
    ret_signed->statement = (ProtobufCBinaryData){ size, statement };
    ret_signed->signature = (ProtobufCBinaryData){ crypto_sign_BYTES, signature };
    return RC_OK;
}

/* A key that accounts gave up takes the memory of what it signed with it. */
static void
keys_follow (struct principal_verifier *self)
{
    uint64_t generation = bus_peers_generation (self->peers);
    if (generation == self->generation)
        return;
    struct sign_public keys;
    bus_peers_sign_public (self->peers, &keys);
    if (memcmp (&keys, &self->keys, sizeof keys) != 0)
        memset (self->verified, 0, sizeof self->verified);
    self->keys = keys;
    self->generation = generation;
}

static bool
signature_good (struct principal_verifier *self, const Padan__SignedPrincipal *statement)
{
    uint8_t digest[crypto_generichash_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init (&state, NULL, 0, sizeof digest);
    crypto_generichash_update (&state, statement->signature.data, statement->signature.len);
    crypto_generichash_update (&state, statement->statement.data, statement->statement.len);
    crypto_generichash_final (&state, digest, sizeof digest);
    uint16_t slot;
    memcpy (&slot, digest, sizeof slot);
    slot %= VERIFIED;
    if (memcmp (self->verified[slot], digest, sizeof digest) == 0)
        return true;
    for (unsigned i = 0; i < self->keys.count; i++)
        if (crypto_sign_verify_detached (statement->signature.data, statement->statement.data, statement->statement.len,
                                         self->keys.keys[i]) == 0) {
            memcpy (self->verified[slot], digest, sizeof digest);
            return true;
        }
    return false;
}

enum rc
principal_verify (struct principal_verifier *self, const Padan__SignedPrincipal *statement, int64_t now,
                  struct arena *arena, Padan__Principal **ret_principal, struct err *err)
{
    if (!statement || statement->statement.len == 0)
        return err_code (err, RC_UNAUTHENTICATED, "principal.missing", "", "nobody is said to act");
    if (statement->statement.len > PRINCIPAL_STATEMENT_MAX)
        return err_code (err, RC_UNAUTHENTICATED, "principal.malformed", "", "the principal is too large");
    keys_follow (self);
    if (statement->signature.len != crypto_sign_BYTES || !signature_good (self, statement))
        return err_code (err, RC_UNAUTHENTICATED, "principal.signature", "", "accounts did not sign this principal");
    ProtobufCMessage *message;
    struct err why;
    enum rc rc = message_unpack (&padan__principal__descriptor, arena, statement->statement.data,
                                 statement->statement.len, &message, &why);
    if (rc == RC_BUSY)
        return err_set (err, rc, "the arena is full");
    Padan__Principal *principal = (Padan__Principal *)message;
    if (rc != RC_OK || !principal_valid (principal))
        return err_code (err, RC_UNAUTHENTICATED, "principal.malformed", "", "the principal is not well-formed");
    if (now >= principal->expires_at || principal->issued_at - now > (int64_t)PRINCIPAL_SKEW_MAX * CLOCK_SECOND)
        return err_code (err, RC_UNAUTHENTICATED, "principal.expired", "", "the principal is not valid now");
    *ret_principal = principal;
    return RC_OK;
}

static bool
place_covers (const char *granted, const char *place)
{
    size_t length = strlen (granted);
    return length == 0 || (strncmp (granted, place, length) == 0 && (place[length] == '\0' || place[length] == '.'));
}

bool
principal_has_role (const Padan__Principal *principal, int64_t tenant, Padan__Role role, const char *place)
{
    for (size_t i = 0; i < principal->n_grants; i++) {
        const Padan__Grant *grant = principal->grants[i];
        if (grant->tenant == tenant && grant->role == role && (!place || place_covers (grant->place, place)))
            return true;
    }
    return false;
}
