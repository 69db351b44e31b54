/* CreateKey: a machine gets a secret, of which only the hash is sent. In: from an administrator of the tenant; the
 * subject is the key's id, made by the sender. The key is good for the machine's roles named, or for all that the
 * person holds in the tenant now; for no other that the person is given later (query_authenticate). Out: SessionStarted
 * with `key`, KeyReply. Touches: person, api_key. */
#include "services/accounts/messages.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "services/accounts/grants_rules.h"
#include "services/accounts/person_store.h"
#include "services/accounts/session_store.h"

#define DAY (24 * 60 * 60 * (int64_t)CLOCK_SECOND)

enum rc
keys_create_key (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Accounts__V1__CreateKey *create = (const void *)message->data;
    struct uuid person;
    if (!uuid_from (create->person_id, &person))
        return err_code (err, RC_UNPROCESSABLE, "accounts.key_person", "/person_id", "whose key");
    keys_add (keys, &person_table, message->tenant, person);
    keys_add (keys, &api_key_table, message->tenant, message->subject);
    return RC_OK;
}

static bool
role_wanted (const Padan__Accounts__V1__CreateKey *create, Padan__Role role)
{
    bool wanted = !create->n_roles;
    for (size_t i = 0; i < create->n_roles; i++)
        wanted = wanted || create->roles[i] == role;
    return wanted;
}

/* Those of the person's grants in the tenant that the key is for. */
static struct grants
scope_of (const Padan__Accounts__V1__CreateKey *create, const struct person *person, int64_t tenant,
          struct arena *arena)
{
    struct grants grants = grants_of (person->grants, arena);
    size_t n = 0;
    for (size_t i = 0; i < grants.count; i++) {
        const Padan__Grant *grant = grants.items[i];
        if (grant->tenant == tenant && (ACCOUNTS_MACHINES >> grant->role & 1) && role_wanted (create, grant->role))
            grants.items[n++] = grants.items[i];
    }
    grants.count = n;
    return grants;
}

/* Every role named must be in the scope. */
static enum rc
scope_check (const Padan__Accounts__V1__CreateKey *create, const struct grants *scope, struct err *err)
{
    char field[32];
    for (size_t i = 0; i < create->n_roles; i++) {
        bool held = false;
        for (size_t k = 0; k < scope->count; k++)
            held = held || scope->items[k]->role == create->roles[i];
        if (held)
            continue;
        snprintf (field, sizeof field, "/roles/%zu", i);
        return err_code (err, RC_UNPROCESSABLE, "accounts.key_role", field, "a role the machine has not");
    }
    if (!scope->count)
        return err_code (err, RC_UNPROCESSABLE, "accounts.key_not_machine", "/person_id", "people have passwords");
    return RC_OK;
}

static enum rc
create_check (struct unit *unit, const Padan__Accounts__V1__CreateKey *create, int64_t *ret_expires, struct err *err)
{
    int64_t longest = unit_now (unit) + accounts_settings.key_days * DAY;
    if (!create->name[0] || strlen (create->name) > KEY_NAME_MAX)
        return err_code (err, RC_UNPROCESSABLE, "accounts.name", "/name", "no name, or too long");
    if (create->secret_sha256.len != TOKEN_HASH)
        return err_code (err, RC_UNPROCESSABLE, "accounts.key_secret", "/secret_sha256", "no SHA-256");
    *ret_expires = create->expires_at ? create->expires_at : longest;
    if (*ret_expires <= unit_now (unit) || *ret_expires > longest)
        return err_code (err, RC_UNPROCESSABLE, "accounts.key_expiry", "/expires_at", "past, or too far away");
    return RC_OK;
}

static enum rc
reply (struct unit *unit, const struct api_key *key)
{
    Padan__Accounts__V1__KeyReply reply = PADAN__ACCOUNTS__V1__KEY_REPLY__INIT;
    reply.key_id = uuid_field (&key->id);
    reply.expires_at = key->expires_at;
    unit_reply (unit, &reply);
    return RC_OK;
}

enum rc
on_create_key (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Accounts__V1__CreateKey *create = (const void *)message->data;
    struct uuid person_id;
    int64_t expires = 0;
    enum rc rc = manager_check (message, err);
    if (rc == RC_OK)
        rc = create_check (unit, create, &expires, err);
    if (rc != RC_OK)
        return rc;
    MUST (uuid_from (create->person_id, &person_id)); /* its keys were named by it */
    const struct api_key *known = unit_peek (unit, &api_key_table, message->tenant, message->subject);
    if (known && uuid_compare (known->person_id, person_id) == 0 && !known->revoked_at &&
        memcmp (known->secret_sha256.data, create->secret_sha256.data, TOKEN_HASH) == 0)
        return reply (unit, known); /* its stored reply has expired */
    if (known || uuid_is_nil (message->subject))
        return err_code (err, RC_CONFLICT, "accounts.session_taken", "", "this id was used");
    struct person *person;
    rc = person_act (unit, message->tenant, person_id, PERSON_CREATE_KEY, &person, err);
    if (rc != RC_OK)
        return rc;
    struct grants scope = scope_of (create, person, message->tenant, unit_arena (unit));
    rc = scope_check (create, &scope, err);
    if (rc != RC_OK)
        return rc;
    struct api_key *key = unit_create (unit, &api_key_table, message->tenant, message->subject);
    key->person_id = person_id;
    key->name = create->name;
    key->secret_sha256 = hash_keep (unit, create->secret_sha256);
    key->scope = grants_text (scope.items, scope.count, unit_arena (unit));
    MUST (key->scope);
    key->created_at = unit_now (unit);
    key->expires_at = expires;
    Padan__Accounts__V1__SessionStarted started = PADAN__ACCOUNTS__V1__SESSION_STARTED__INIT;
    started.person_id = uuid_field (&person->id);
    started.session_id = uuid_field (&key->id);
    started.key = true;
    person_emit (unit, person, &started);
    return reply (unit, key);
}
