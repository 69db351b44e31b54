/* Authenticate: whose is this token or secret? From the gateway, for every request its cache does not know: one read by
 * a unique hash, one signature. Answers a principal for PRINCIPAL_SECONDS, or accounts.session. A key speaks for
 * those roles only that it was made for and its person has still. A session that was not seen for a tenth of the idle
 * limit is touched, without waiting for it, unless a stream asks that only stands open. */
#include "services/accounts/messages.h"

#include <string.h>

#include "accounts_sql.h"
#include "services/accounts/grants_rules.h"
#include "services/accounts/session_store.h"
#include "services/accounts/signing.h"

enum { TENANT, ID, PERSON_ID, NAME, GRANTS, IS_KEY, SEEN_AT, EXPIRES_AT, SCOPE }; /* columns of authenticate.sql */

struct found {
    int64_t tenant;
    struct uuid id, person_id;
    const char *name;
    struct grants grants, scope; /* scope: of a key */
    bool is_key;
    int64_t seen_at, expires_at;
};

static enum rc
find (struct query *query, ProtobufCBinaryData hash, struct found *ret_found, struct err *err)
{
    struct db_call call = { .sql = &sql_authenticate, .params = db_params (query_arena (query)) };
    db_param_bytes (call.params, (struct bytes){ hash.data, hash.len });
    enum rc rc = gather_read (query_gather (query), 0, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    const struct db_result *result = call.result;
    if (db_count (result) == 1) {
        *ret_found = (struct found){
            .tenant = db_int8 (result, 0, TENANT),
            .id = db_uuid (result, 0, ID),
            .person_id = db_uuid (result, 0, PERSON_ID),
            .name = arena_string (query_arena (query), db_text (result, 0, NAME)),
            .grants = grants_of (db_text (result, 0, GRANTS), query_arena (query)),
            .scope = grants_of (db_text (result, 0, SCOPE), query_arena (query)),
            .is_key = db_bool (result, 0, IS_KEY),
            .seen_at = db_time (result, 0, SEEN_AT),
            .expires_at = db_time (result, 0, EXPIRES_AT),
        };
        MUST (ret_found->name);
    } else {
        rc = err_code (err, RC_UNAUTHENTICATED, "accounts.session", "", "nobody's token");
    }
    db_calls_clear (&call, 1);
    return rc;
}

static bool
scope_holds (const struct grants *scope, const Padan__Grant *grant)
{
    for (size_t i = 0; i < scope->count; i++)
        if (scope->items[i]->tenant == grant->tenant && scope->items[i]->role == grant->role)
            return true;
    return false;
}

/* What the person may do still, of what the key was made for. */
static void
grants_narrow (struct grants *grants, const struct grants *scope)
{
    size_t n = 0;
    for (size_t i = 0; i < grants->count; i++)
        if (scope_holds (scope, grants->items[i]))
            grants->items[n++] = grants->items[i];
    grants->count = n;
}

/* The moment it ends if nothing more is heard; touches it when that is due and somebody uses it. */
static int64_t
idle_end (struct query *query, const struct found *found, bool used, int64_t now)
{
    int64_t idle = accounts_settings.session_idle;
    if (found->is_key)
        return found->expires_at;
    if (used && found->seen_at + idle > now && found->seen_at + idle / 10 <= now) {
        Padan__Accounts__V1__TouchSession touch = PADAN__ACCOUNTS__V1__TOUCH_SESSION__INIT;
        gather_tell (query_gather (query), "accounts", found->tenant, found->id, &touch);
        return found->expires_at < now + idle ? found->expires_at : now + idle;
    }
    return found->expires_at < found->seen_at + idle ? found->expires_at : found->seen_at + idle;
}

enum rc
query_authenticate (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                    struct err *err)
{
    const Padan__Accounts__V1__Authenticate *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    if (question->token_sha256.len != TOKEN_HASH)
        return err_set (err, RC_INVALID, "the hash of a token has 32 bytes");
    struct found *found = arena_alloc (arena, sizeof *found);
    Padan__Accounts__V1__Authenticated *reply = arena_alloc (arena, sizeof *reply);
    Padan__SignedPrincipal *statement = arena_alloc (arena, sizeof *statement);
    MUST (found && reply && statement);
    enum rc rc = find (query, question->token_sha256, found, err);
    if (rc != RC_OK)
        return rc;
    int64_t now = query_now (query), until = idle_end (query, found, !question->listening, now);
    if (until <= now)
        return err_code (err, RC_UNAUTHENTICATED, "accounts.session", "", "it ended");
    if (found->is_key)
        grants_narrow (&found->grants, &found->scope);
    Padan__Principal principal = PADAN__PRINCIPAL__INIT;
    principal.person_id = uuid_field (&found->person_id);
    principal.session_id = uuid_field (&found->id);
    principal.grants = found->grants.items;
    principal.n_grants = found->grants.count;
    principal.name = (char *)found->name;
    rc = signing_sign (&principal, now, until, arena, statement, err);
    if (rc != RC_OK)
        return rc == RC_INVALID ? err_set (err, RC_INTERNAL, "a row that makes no principal") : rc;
    padan__accounts__v1__authenticated__init (reply);
    reply->principal = statement;
    reply->person_id = principal.person_id;
    reply->session_id = principal.session_id;
    reply->name = principal.name;
    reply->expires_at = until;
    reply->grants = principal.grants;
    reply->n_grants = principal.n_grants;
    reply->tenant = found->tenant;
    *ret_reply = &reply->base;
    return RC_OK;
}
