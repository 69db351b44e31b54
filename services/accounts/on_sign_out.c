/* SignOut: a person ends the session they speak in; the subject is its id. In: from anyone with a session. Out:
 * SessionEnded. A session that ended already, or is not known any more, is fine. Touches: person, session, of the
 * session's tenant, which is found while gathering and becomes the message's. */
#include "services/accounts/messages.h"

#include "accounts_sql.h"
#include "services/accounts/person_store.h"
#include "services/accounts/session_store.h"

enum rc
gather_sign_out (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    struct arena *arena = gather_arena (gather);
    struct uuid *ids = arena_array (arena, n, sizeof *ids);
    struct db_call call = { .sql = &sql_session_find, .params = db_params (arena) };
    MUST (ids);
    for (size_t i = 0; i < n; i++)
        ids[i] = messages[i]->subject;
    db_param_uuid_array (call.params, ids, n);
    enum rc rc = gather_read (gather, 0, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < n; i++) {
        struct owner_facts *facts = messages[i]->facts = arena_alloc (arena, sizeof *facts);
        MUST (facts);
        for (size_t r = 0; r < db_count (call.result); r++) {
            if (uuid_compare (db_uuid (call.result, r, 0), ids[i]) != 0)
                continue;
            messages[i]->tenant = db_int8 (call.result, r, 1);
            facts->person_id = db_uuid (call.result, r, 2);
        }
    }
    db_calls_clear (&call, 1);
    return RC_OK;
}

enum rc
keys_sign_out (struct keys *keys, const struct message *message, struct err *err)
{
    const struct owner_facts *facts = message->facts;
    (void)err;
    if (uuid_is_nil (facts->person_id))
        return RC_OK;
    keys_add (keys, &person_table, message->tenant, facts->person_id);
    keys_add (keys, &session_table, message->tenant, message->subject);
    return RC_OK;
}

enum rc
on_sign_out (struct unit *unit, const struct message *message, struct err *err)
{
    const struct owner_facts *facts = message->facts;
    struct uuid own;
    if (!message->principal)
        return err_code (err, RC_UNAUTHENTICATED, "common.unauthenticated", "", "nobody signs out");
    if (!uuid_from (message->principal->session_id, &own) || uuid_compare (own, message->subject) != 0)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "not one's own session");
    if (uuid_is_nil (facts->person_id)) /* a key's: keys are revoked, not signed out */
        return RC_OK;
    const struct session *known = unit_peek (unit, &session_table, message->tenant, message->subject);
    if (!known || known->ended_at)
        return RC_OK;
    struct person *person;
    enum rc rc = person_act (unit, message->tenant, facts->person_id, PERSON_SIGN_OUT, &person, err);
    if (rc != RC_OK)
        return rc;
    struct session *session = unit_edit (unit, &session_table, message->tenant, message->subject);
    session->ended_at = unit_now (unit);
    Padan__Accounts__V1__SessionEnded ended = PADAN__ACCOUNTS__V1__SESSION_ENDED__INIT;
    ended.person_id = uuid_field (&person->id);
    ended.session_id = uuid_field (&session->id);
    ended.reason = (char *)"signed_out";
    person_emit (unit, person, &ended);
    return RC_OK;
}
