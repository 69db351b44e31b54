/* SignIn: a password for a session. In: from the gateway for anyone; the subject is the session's id and token_sha256
 * the hash of its token, both made by the gateway, which alone knows the token. Out: SessionStarted, SessionReply; or
 * accounts.credentials, the same and after the same time whether the login is unknown, the password wrong or the person
 * disabled, and counted; or accounts.throttled, unchecked. The password is checked while gathering, against the hash
 * read there, which must still be the person's when it is decided. Touches: login, throttle (of tenant 0), person,
 * session (of the person's tenant, which becomes the message's). Nothing of it is kept as a stored reply. */
#include "services/accounts/messages.h"

#include <string.h>

#include "accounts_sql.h"
#include "common/base/text.h"
#include "services/accounts/grants_rules.h"
#include "services/accounts/password.h"
#include "services/accounts/person_store.h"
#include "services/accounts/session_store.h"
#include "services/accounts/throttle.h"

/* ------------------------------------------------------------ gathering */

static enum rc
find (struct gather *gather, struct sign_in_facts **facts, size_t n, struct db_call calls[static 2], struct err *err)
{
    struct arena *arena = gather_arena (gather);
    struct uuid *logins = arena_array (arena, n, sizeof *logins),
                *throttles = arena_array (arena, n, sizeof *throttles);
    MUST (logins && throttles);
    for (size_t i = 0; i < n; i++) {
        logins[i] = facts[i]->login_id;
        throttles[i] = facts[i]->throttle_id;
    }
    calls[0] = (struct db_call){ .sql = &sql_sign_in_find, .params = db_params (arena) };
    db_param_uuid_array (calls[0].params, logins, n);
    calls[1] = (struct db_call){ .sql = &sql_throttle_find, .params = db_params (arena) };
    db_param_uuid_array (calls[1].params, throttles, n);
    return gather_read (gather, 0, calls, 2, err);
}

static void
person_take (struct gather *gather, const struct db_result *found, struct sign_in_facts *facts)
{
    for (size_t r = 0; r < db_count (found); r++) {
        if (uuid_compare (db_uuid (found, r, 0), facts->login_id) != 0)
            continue;
        facts->home = db_int8 (found, r, 1);
        facts->person_id = db_uuid (found, r, 2);
        facts->password = arena_string (gather_arena (gather), db_text (found, r, 3));
        MUST (facts->password);
    }
}

static bool
must_wait (const struct db_result *throttles, struct uuid id, int64_t now)
{
    for (size_t r = 0; r < db_count (throttles); r++)
        if (uuid_compare (db_uuid (throttles, r, 0), id) == 0)
            return throttle_until (db_int4 (throttles, r, 1), db_time (throttles, r, 2), now) > now;
    return false;
}

static size_t
same_login (struct sign_in_facts *const *facts, size_t n)
{
    size_t same = 0;
    for (size_t i = 0; i < n; i++)
        same += uuid_compare (facts[i]->throttle_id, facts[n]->throttle_id) == 0;
    return same;
}

enum rc
gather_sign_in (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    struct sign_in_facts **facts = arena_array (gather_arena (gather), n, sizeof *facts);
    struct db_call calls[2];
    struct err busy;
    err_code (&busy, RC_BUSY, "common.busy", "", "too many sign-ins at once");
    for (size_t i = 0; i < n; i++) {
        const Padan__Accounts__V1__SignIn *sign_in = (const void *)messages[i]->data;
        char login[LOGIN_TEXT];
        facts[i] = messages[i]->facts = arena_alloc (gather_arena (gather), sizeof **facts);
        MUST (facts[i]);
        bool named = login_normalise (sign_in->login, login); /* what is no login is nobody's */
        facts[i]->login_id = login_id (named ? login : "");
        facts[i]->throttle_id = throttle_id (named ? login : "");
        facts[i]->lifetime = accounts_settings.session_absolute;
    }
    enum rc rc = find (gather, facts, n, calls, err);
    if (rc != RC_OK)
        return rc;
    int64_t now = gather_now (gather);
    for (size_t i = 0, checks = 0; i < n; i++) {
        const Padan__Accounts__V1__SignIn *sign_in = (const void *)messages[i]->data;
        person_take (gather, calls[0].result, facts[i]);
        if (!uuid_is_nil (facts[i]->person_id))
            messages[i]->tenant = facts[i]->home;
        if (must_wait (calls[1].result, facts[i]->throttle_id, now))
            continue;
        if (checks == PASSWORD_OF_BATCH || same_login (facts, i) >= THROTTLE_FREE) {
            gather_refuse (gather, messages[i], &busy);
            continue;
        }
        checks++;
        facts[i]->checked = true;
        facts[i]->good = password_verify (facts[i]->password, sign_in->password);
    }
    db_calls_clear (calls, 2);
    return RC_OK;
}

enum rc
keys_sign_in (struct keys *keys, const struct message *message, struct err *err)
{
    const struct sign_in_facts *facts = message->facts;
    (void)err;
    keys_add (keys, &throttle_table, 0, facts->throttle_id);
    if (uuid_is_nil (facts->person_id))
        return RC_OK;
    keys_add (keys, &person_table, facts->home, facts->person_id);
    keys_add (keys, &session_table, facts->home, message->subject);
    return RC_OK;
}

/* ------------------------------------------------------------ deciding */

static void
reply (struct unit *unit, const struct person *person, const struct session *session)
{
    struct grants grants = grants_of (person->grants, unit_arena (unit));
    Padan__Accounts__V1__SessionReply reply = PADAN__ACCOUNTS__V1__SESSION_REPLY__INIT;
    reply.session_id = uuid_field (&session->id);
    reply.person_id = uuid_field (&person->id);
    reply.name = (char *)person->name;
    reply.expires_at = session->expires_at;
    reply.grants = grants.items;
    reply.n_grants = grants.count;
    reply.tenant = person->tenant;
    unit_reply (unit, &reply);
}

static enum rc
session_start (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Accounts__V1__SignIn *sign_in = (const void *)message->data;
    const struct sign_in_facts *facts = message->facts;
    const struct session *known = unit_peek (unit, &session_table, facts->home, message->subject);
    const struct person *who = unit_peek (unit, &person_table, facts->home, facts->person_id);
    if (known && uuid_compare (known->person_id, facts->person_id) == 0 && !known->ended_at &&
        memcmp (known->token_sha256.data, sign_in->token_sha256.data, TOKEN_HASH) == 0) {
        reply (unit, who, known); /* the same command again */
        return RC_OK;
    }
    if (known)
        return err_code (err, RC_CONFLICT, "accounts.session_taken", "", "this id was used");
    struct person *person;
    enum rc rc = person_act (unit, facts->home, facts->person_id, PERSON_SIGN_IN, &person, err);
    if (rc != RC_OK)
        return rc;
    throttle_forget (unit, facts->throttle_id);
    struct session *session = unit_create (unit, &session_table, facts->home, message->subject);
    size_t agent = strlen (sign_in->user_agent);
    agent = utf8_cut (sign_in->user_agent, agent, USER_AGENT_MAX);
    session->person_id = person->id;
    session->token_sha256 = hash_keep (unit, sign_in->token_sha256);
    session->user_agent = arena_printf (unit_arena (unit), "%.*s", (int)agent, sign_in->user_agent);
    MUST (session->user_agent);
    session->started_at = session->seen_at = unit_now (unit);
    session->expires_at = unit_now (unit) + facts->lifetime;
    Padan__Accounts__V1__SessionStarted started = PADAN__ACCOUNTS__V1__SESSION_STARTED__INIT;
    started.person_id = uuid_field (&person->id);
    started.session_id = uuid_field (&session->id);
    person_emit (unit, person, &started);
    reply (unit, person, session);
    return RC_OK;
}

enum rc
on_sign_in (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Accounts__V1__SignIn *sign_in = (const void *)message->data;
    const struct sign_in_facts *facts = message->facts;
    if (sign_in->token_sha256.len != TOKEN_HASH || uuid_is_nil (message->subject))
        return err_set (err, RC_INVALID, "a session needs an id and the hash of a token");
    enum rc rc = throttle_check (unit_peek (unit, &throttle_table, 0, facts->throttle_id), unit_now (unit), err);
    if (rc != RC_OK)
        return rc;
    const struct person *person = NULL;
    if (!uuid_is_nil (facts->person_id))
        person = unit_peek (unit, &person_table, facts->home, facts->person_id);
    if (!facts->checked || (person && strcmp (person->password, facts->password) != 0))
        return err_code (err, RC_BUSY, "common.busy", "", "changed meanwhile: once more");
    if (person && facts->good && person_state_of (person->state) == PERSON_ACTIVE)
        return session_start (unit, message, err);
    struct err refusal;
    err_code (&refusal, RC_UNAUTHENTICATED, "accounts.credentials", "", "no such login and password");
    throttle_failed (unit, facts->throttle_id);
    unit_refuse (unit, &refusal);
    return RC_OK;
}
