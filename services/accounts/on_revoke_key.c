/* RevokeKey: a machine's secret opens nothing any more; the subject is the key. In: from an administrator of the tenant
 * (or `padan`). Out: SessionEnded with `key`. One that is revoked already is fine. Touches: person (found while
 * gathering), api_key. */
#include "services/accounts/messages.h"

#include "accounts_sql.h"
#include "services/accounts/person_store.h"
#include "services/accounts/session_store.h"

enum rc
gather_revoke_key (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    struct arena *arena = gather_arena (gather);
    for (size_t i = 0; i < n; i++) {
        struct owner_facts *facts = messages[i]->facts = arena_alloc (arena, sizeof *facts);
        struct db_call call = { .sql = &sql_api_key_find, .params = db_params (arena) };
        MUST (facts);
        db_param_int8_array (call.params, &messages[i]->tenant, 1);
        db_param_uuid_array (call.params, &messages[i]->subject, 1);
        enum rc rc = gather_read (gather, messages[i]->tenant, &call, 1, err);
        if (rc != RC_OK)
            return rc;
        if (db_count (call.result))
            facts->person_id = db_uuid (call.result, 0, 2);
        db_calls_clear (&call, 1);
    }
    return RC_OK;
}

enum rc
keys_revoke_key (struct keys *keys, const struct message *message, struct err *err)
{
    const struct owner_facts *facts = message->facts;
    (void)err;
    if (uuid_is_nil (facts->person_id))
        return RC_OK;
    keys_add (keys, &person_table, message->tenant, facts->person_id);
    keys_add (keys, &api_key_table, message->tenant, message->subject);
    return RC_OK;
}

enum rc
on_revoke_key (struct unit *unit, const struct message *message, struct err *err)
{
    const struct owner_facts *facts = message->facts;
    enum rc rc = manager_check (message, err);
    if (rc != RC_OK)
        return rc;
    if (uuid_is_nil (facts->person_id))
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such key");
    const struct api_key *known = unit_peek (unit, &api_key_table, message->tenant, message->subject);
    if (known && known->revoked_at)
        return RC_OK;
    struct person *person;
    rc = person_act (unit, message->tenant, facts->person_id, PERSON_REVOKE_KEY, &person, err);
    if (rc != RC_OK)
        return rc;
    struct api_key *key = unit_edit (unit, &api_key_table, message->tenant, message->subject);
    key->revoked_at = unit_now (unit);
    Padan__Accounts__V1__SessionEnded ended = PADAN__ACCOUNTS__V1__SESSION_ENDED__INIT;
    ended.person_id = uuid_field (&person->id);
    ended.session_id = uuid_field (&key->id);
    ended.reason = (char *)"key_revoked";
    ended.key = true;
    person_emit (unit, person, &ended);
    return RC_OK;
}
