/* ChangePassword: one's own, with the old one; or another's, by an administrator of the tenant or `padan`, without. The
 * subject is the person. Ends all sessions of the person, also the one that asks. In: from anyone; decided here. Out:
 * SessionEnded without a session, PersonReply; or accounts.old_password, counted like a wrong sign-in. Repeated, when
 * the new one is the password already, it answers the same and does nothing.
 * Hashing is done while gathering. Touches: throttle, person, of the person's tenant, which becomes the message's when
 * it is one's own. */
#include "services/accounts/messages.h"

#include <string.h>

#include "accounts_sql.h"
#include "services/accounts/password.h"
#include "services/accounts/person_store.h"
#include "services/accounts/throttle.h"

/* ------------------------------------------------------------ gathering */

static enum rc
find (struct gather *gather, struct message *const *messages, size_t n, struct db_call calls[static 1], struct err *err)
{
    struct uuid *ids = arena_array (gather_arena (gather), n, sizeof *ids);
    MUST (ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = messages[i]->subject;
    calls[0] = (struct db_call){ .sql = &sql_person_find, .params = db_params (gather_arena (gather)) };
    db_param_uuid_array (calls[0].params, ids, n);
    return gather_read (gather, 0, calls, 1, err);
}

/* The old one is checked, the new one hashed. RC_RETRY without memory, else a refusal or RC_OK. */
static enum rc
hash (struct gather *gather, const struct message *message, const char *login, struct change_password_facts *facts,
      struct err *err)
{
    const Padan__Accounts__V1__ChangePassword *change = (const void *)message->data;
    bool own = sent_by_subject (message);
    enum rc rc = own ? RC_OK : manager_check (message, err);
    if (rc == RC_OK)
        rc = password_check (change->new_password, login, "/new_password", err);
    if (rc != RC_OK)
        return rc;
    facts->throttle_id = throttle_id (login);
    if (own) {
        facts->checked = true;
        facts->good = password_verify (facts->known, change->old_password);
    }
    if (own && !facts->good) {
        facts->done = password_verify (facts->known, change->new_password);
        return RC_OK;
    }
    facts->password = password_hash (change->new_password, gather_arena (gather));
    return facts->password ? RC_OK : err_set (err, RC_RETRY, "no memory to hash a password");
}

enum rc
gather_change_password (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    struct db_call call;
    struct err busy;
    err_code (&busy, RC_BUSY, "common.busy", "", "too many passwords at once");
    for (size_t i = PASSWORD_OF_BATCH / 2; i < n; i++) /* two hashings each */
        gather_refuse (gather, messages[i], &busy);
    n = n < PASSWORD_OF_BATCH / 2 ? n : PASSWORD_OF_BATCH / 2;
    enum rc rc = find (gather, messages, n, &call, err);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct change_password_facts *facts = messages[i]->facts = arena_alloc (gather_arena (gather), sizeof *facts);
        MUST (facts);
        for (size_t r = 0; r < db_count (call.result); r++) {
            int64_t home = db_int8 (call.result, r, 1);
            if (uuid_compare (db_uuid (call.result, r, 0), messages[i]->subject) != 0 ||
                (home != messages[i]->tenant && !sent_by_subject (messages[i])))
                continue;
            messages[i]->tenant = home;
            facts->known = arena_string (gather_arena (gather), db_text (call.result, r, 3));
            struct err refusal;
            rc = hash (gather, messages[i], db_text (call.result, r, 2), facts, &refusal);
            if (rc == RC_RETRY)
                *err = refusal;
            else if (rc != RC_OK)
                gather_refuse (gather, messages[i], &refusal);
            rc = rc == RC_RETRY ? RC_RETRY : RC_OK;
        }
    }
    db_calls_clear (&call, 1);
    return rc;
}

enum rc
keys_change_password (struct keys *keys, const struct message *message, struct err *err)
{
    const struct change_password_facts *facts = message->facts;
    (void)err;
    if (!facts->known)
        return RC_OK;
    keys_add (keys, &throttle_table, 0, facts->throttle_id);
    keys_add (keys, &person_table, message->tenant, message->subject);
    return RC_OK;
}

/* ------------------------------------------------------------ deciding */

static enum rc
old_check (struct unit *unit, const struct message *message, const struct change_password_facts *facts, bool *ret_wrong,
           struct err *err)
{
    *ret_wrong = false;
    if (!sent_by_subject (message))
        return manager_check (message, err);
    enum rc rc = throttle_check (unit_peek (unit, &throttle_table, 0, facts->throttle_id), unit_now (unit), err);
    if (rc == RC_OK)
        *ret_wrong = !facts->checked || !facts->good;
    return rc;
}

/* The same command has changed it before: only who was signed in before the last change could send it. */
static bool
is_repeat (const struct message *message, const struct change_password_facts *facts, const struct person *person)
{
    return facts->done && message->principal->issued_at < person->sessions_from &&
           strcmp (person->password, facts->known) == 0;
}

static void
person_reply (struct unit *unit, const struct person *person)
{
    Padan__Accounts__V1__PersonReply reply = PADAN__ACCOUNTS__V1__PERSON_REPLY__INIT;
    reply.person_id = uuid_field (&person->id);
    reply.version = person->revision;
    unit_reply (unit, &reply);
}

enum rc
on_change_password (struct unit *unit, const struct message *message, struct err *err)
{
    const struct change_password_facts *facts = message->facts;
    if (!facts->known)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such person");
    bool wrong;
    enum rc rc = old_check (unit, message, facts, &wrong, err);
    if (rc != RC_OK)
        return rc;
    const struct person *known = unit_peek (unit, &person_table, message->tenant, message->subject);
    if (wrong && known && is_repeat (message, facts, known)) {
        person_reply (unit, known);
        return RC_OK;
    }
    if (wrong) {
        struct err refusal;
        err_code (&refusal, RC_FORBIDDEN, "accounts.old_password", "/old_password", "not the password");
        throttle_failed (unit, facts->throttle_id);
        unit_refuse (unit, &refusal);
        return RC_OK;
    }
    struct person *person;
    rc = person_act (unit, message->tenant, message->subject, PERSON_CHANGE_PASSWORD, &person, err);
    if (rc == RC_OK && strcmp (person->password, facts->known) != 0)
        rc = err_code (err, RC_BUSY, "common.busy", "", "changed meanwhile: once more");
    if (rc != RC_OK)
        return rc;
    throttle_forget (unit, facts->throttle_id);
    person->password = facts->password;
    person->sessions_from = unit_now (unit);
    person->revision++;
    Padan__Accounts__V1__SessionEnded ended = PADAN__ACCOUNTS__V1__SESSION_ENDED__INIT;
    ended.person_id = uuid_field (&person->id);
    ended.reason = (char *)(sent_by_subject (message) ? "password_changed" : "password_set");
    person_emit (unit, person, &ended);
    person_reply (unit, person);
    return RC_OK;
}
