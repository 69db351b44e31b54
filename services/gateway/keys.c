/* API keys. The secret follows from the request's Idempotency-Key and a key of the gateway's own, so that a repeat
 * after a lost answer gives the same one, and nobody else can work it out. */
#include <string.h>

#include <sodium.h>

#include "gateway.pb-c.h"
#include "services/gateway/handle.h"

static void
secret_make (const struct ask *ask, uint8_t ret_secret[static TOKEN_SECRET])
{
    crypto_generichash_state state;
    const struct gateway *gateway = ask->gateway;
    static const char purpose[] = "padan api key";
    crypto_generichash_init (&state, (const uint8_t *)gateway->cert.secret_key, KEYS_Z85 - 1, TOKEN_SECRET);
    crypto_generichash_update (&state, (const uint8_t *)purpose, sizeof purpose);
    crypto_generichash_update (&state, (const uint8_t *)&ask->tenant, sizeof ask->tenant);
    crypto_generichash_update (&state, ask->session->person.bytes, sizeof (struct uuid));
    crypto_generichash_update (&state, ask->subject.bytes, sizeof (struct uuid));
    crypto_generichash_update (&state, (const uint8_t *)ask->key, strlen (ask->key));
    crypto_generichash_final (&state, ret_secret, TOKEN_SECRET);
    sodium_memzero (&state, sizeof state);
}

static void
key_made (struct ask *ask)
{
    const Padan__Accounts__V1__KeyReply *reply = (const Padan__Accounts__V1__KeyReply *)ask->answer;
    Padan__Gateway__V1__KeyMade made = PADAN__GATEWAY__V1__KEY_MADE__INIT;
    uint8_t secret[TOKEN_SECRET];
    char text[TOKEN_TEXT];
    secret_make (ask, secret);
    made.key_id = reply->key_id;
    made.expires_at = reply->expires_at;
    made.key = token_write (TOKEN_KEY, secret, text);
    sodium_memzero (secret, sizeof secret);
    ask_message (ask, &(struct http_response){ .status = ask->route->status }, &made.base);
    sodium_memzero (text, sizeof text);
}

static void
key_make (struct ask *ask)
{
    if (!handle_key (ask) || !ask_new_id (ask, &ask->subject))
        return;
    const Padan__Gateway__V1__NewKey *body =
        (const Padan__Gateway__V1__NewKey *)ask_body (ask, &padan__gateway__v1__new_key__descriptor);
    if (!body)
        return;
    Padan__Accounts__V1__CreateKey command = PADAN__ACCOUNTS__V1__CREATE_KEY__INIT;
    uint8_t secret[TOKEN_SECRET], hash[TOKEN_HASH];
    secret_make (ask, secret);
    token_hash (secret, hash);
    sodium_memzero (secret, sizeof secret);
    command.person_id = body->person_id;
    command.name = body->name;
    command.expires_at = body->expires_at;
    command.roles = body->roles;
    command.n_roles = body->n_roles;
    command.secret_sha256 = (ProtobufCBinaryData){ TOKEN_HASH, hash };
    ask_call (ask, ROUTE_COMMAND, "accounts", &command.base, &padan__accounts__v1__key_reply__descriptor, key_made);
}

void
key_make_handle (struct http_request *request)
{
    struct ask *ask = ask_new (request);
    if (ask)
        ask_sign_in (ask, key_make);
}
