/* Signing in and out. The token is made here and only its hash leaves, so that nothing accounts keeps can be used. */
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/base/clock.h"
#include "common/base/text.h"
#include "gateway.pb-c.h"
#include "services/gateway/handle.h"
#include "services/gateway/tries.h"

enum { AGENT_MAX = 200 }; /* bytes of User-Agent kept beside a session */

struct sign_in {
    uint8_t secret[TOKEN_SECRET], hash[TOKEN_HASH];
    char key[UUID_TEXT], address[64];
    bool cookie;
};

/* A wrong password counts against the address it came from. */
static bool
sign_in_refused (struct ask *ask)
{
    const struct sign_in *sign_in = ask->more;
    if (ask->reply->outcome == PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED)
        tries_count (sign_in->address, clock_monotonic ());
    return false;
}

static void
session_fill (Padan__Gateway__V1__Session *session, ProtobufCBinaryData id, ProtobufCBinaryData person, char *name,
              int64_t expires_at, Padan__Grant **grants, size_t n_grants)
{
    padan__gateway__v1__session__init (session);
    session->session_id = id;
    session->person_id = person;
    session->name = name;
    session->expires_at = expires_at;
    session->grants = grants;
    session->n_grants = n_grants;
}

static void
session_answer (struct ask *ask)
{
    struct sign_in *sign_in = ask->more;
    const Padan__Accounts__V1__SessionReply *reply = (const Padan__Accounts__V1__SessionReply *)ask->answer;
    Padan__Gateway__V1__Session session;
    char text[TOKEN_TEXT], cookie[TOKEN_TEXT + 96];
    session_fill (&session, reply->session_id, reply->person_id, reply->name, reply->expires_at, reply->grants,
                  reply->n_grants);
    struct http_response response = { .status = ask->route->status };
    token_write (TOKEN_SESSION, sign_in->secret, text);
    if (sign_in->cookie) {
        snprintf (cookie, sizeof cookie, COOKIE_NAME "=%s; Path=/; Secure; HttpOnly; SameSite=Strict", text);
        response.more[0] = (struct http_field){ "Set-Cookie", cookie };
    } else {
        session.token = text;
    }
    sodium_memzero (sign_in->secret, sizeof sign_in->secret);
    ask_message (ask, &response, &session.base);
    sodium_memzero (text, sizeof text);
    sodium_memzero (cookie, sizeof cookie);
}

void
sign_in_handle (struct http_request *request)
{
    struct ask *ask = ask_new (request);
    if (!ask)
        return;
    const Padan__Gateway__V1__SignInBody *body =
        (const Padan__Gateway__V1__SignInBody *)ask_body (ask, &padan__gateway__v1__sign_in_body__descriptor);
    if (!body)
        return;
    struct sign_in *sign_in = arena_alloc (ask->arena, sizeof *sign_in);
    Padan__Accounts__V1__SignIn command = PADAN__ACCOUNTS__V1__SIGN_IN__INIT;
    const char *agent = request->user_agent ? request->user_agent : "";
    command.user_agent = arena_printf (ask->arena, "%.*s", (int)utf8_cut (agent, strlen (agent), AGENT_MAX), agent);
    if (!sign_in || !command.user_agent) {
        ask_refuse_code (ask, "common.busy");
        return;
    }
    tries_address (&ask->gateway->settings, request, sign_in->address);
    int64_t wait = tries_wait (sign_in->address, ask->gateway->settings.sign_in_failures, clock_monotonic ());
    if (wait > 0) {
        ask_refuse (ask, &(struct http_problem){ .code = "gateway.too_many_sign_ins",
                                                 .retry_after = (unsigned)(wait / CLOCK_SECOND) + 1 });
        return;
    }
    /* Another site must not sign a browser in as somebody else. */
    if (body->cookie && !visit_same_site (request, ask->gateway->settings.origin)) {
        ask_refuse_code (ask, "gateway.cross_site");
        return;
    }
    if (!utf8_valid (command.user_agent, strlen (command.user_agent)))
        command.user_agent = (char *)"";
    sign_in->cookie = body->cookie;
    randombytes_buf (sign_in->secret, sizeof sign_in->secret);
    token_hash (sign_in->secret, sign_in->hash);
    ask->more = sign_in;
    ask->refused = sign_in_refused;
    ask->subject = uuid_new (clock_now ());
    ask->key = uuid_format (ask->subject, sign_in->key);
    command.login = body->login;
    command.password = body->password;
    command.token_sha256 = (ProtobufCBinaryData){ TOKEN_HASH, sign_in->hash };
    ask_call (ask, ROUTE_COMMAND, "accounts", &command.base, &padan__accounts__v1__session_reply__descriptor,
              session_answer);
}

static void
session_show (struct ask *ask)
{
    const Padan__Accounts__V1__Authenticated *who = ask->session->who;
    Padan__Gateway__V1__Session session;
    session_fill (&session, who->session_id, who->person_id, who->name, who->expires_at, who->grants, who->n_grants);
    ask_message (ask, &(struct http_response){ 0 }, &session.base);
}

void
session_handle (struct http_request *request)
{
    struct ask *ask = ask_new (request);
    if (ask)
        ask_sign_in (ask, session_show);
}

static void
signed_out (struct ask *ask)
{
    sessions_revoke (ask->gateway->sessions, ask->session->id);
    ask_respond (ask, &(struct http_response){
                          .status = 204,
                          .more = { { "Set-Cookie", COOKIE_NAME "=; Path=/; Secure; HttpOnly; SameSite=Strict; "
                                                                "Max-Age=0" } } });
}

static void
session_end (struct ask *ask)
{
    Padan__Accounts__V1__SignOut command = PADAN__ACCOUNTS__V1__SIGN_OUT__INIT;
    char *key = arena_alloc (ask->arena, UUID_TEXT);
    if (!key) {
        ask_refuse_code (ask, "common.busy");
        return;
    }
    ask->tenant = 0; /* accounts knows whose session it is */
    ask->subject = ask->session->id;
    ask->key = uuid_format (ask->request->id, key);
    ask_call (ask, ROUTE_COMMAND, "accounts", &command.base, NULL, signed_out);
}

void
sign_out_handle (struct http_request *request)
{
    struct ask *ask = ask_new (request);
    if (ask)
        ask_sign_in (ask, session_end);
}
