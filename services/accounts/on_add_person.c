/* AddPerson: somebody gets a login. In: from an administrator of the tenant, or `padan` for the first one; the subject
 * is the person's id, made by the sender. Out: PersonAdded, PersonReply. The same id and login again is answered as
 * before, and its password is not changed. The password is hashed while gathering. An id is one person's in the whole
 * installation: sessions and revocations know people by it alone. Touches: login, tenant, person. */
#include "services/accounts/messages.h"

#include <string.h>

#include "accounts_sql.h"
#include "services/accounts/grants_rules.h"
#include "services/accounts/password.h"
#include "services/accounts/person_store.h"
#include "services/accounts/tenant_store.h"

enum rc
keys_add_person (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Accounts__V1__AddPerson *add = (const void *)message->data;
    char login[LOGIN_TEXT];
    if (!login_normalise (add->login, login))
        return err_code (err, RC_UNPROCESSABLE, "accounts.login_invalid", "/login", "not a login");
    keys_add (keys, &login_table, 0, login_id (login));
    keys_add (keys, &tenant_table, message->tenant, tenant_id (message->tenant));
    keys_add (keys, &person_table, message->tenant, message->subject);
    return RC_OK;
}

/* Refused when another tenant has a person of this id. */
static enum rc
id_check (struct gather *gather, const struct message *message, struct err *err)
{
    struct db_call call = { .sql = &sql_person_find, .params = db_params (gather_arena (gather)) };
    db_param_uuid_array (call.params, &message->subject, 1);
    enum rc rc = gather_read (gather, 0, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < db_count (call.result); i++)
        if (db_int8 (call.result, i, 1) != message->tenant)
            rc = err_code (err, RC_CONFLICT, "common.exists", "", "the id is taken");
    db_calls_clear (&call, 1);
    return rc;
}

enum rc
gather_add_person (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0, hashed = 0; i < n; i++) {
        const Padan__Accounts__V1__AddPerson *add = (const void *)messages[i]->data;
        struct add_person_facts *facts = arena_alloc (gather_arena (gather), sizeof *facts);
        struct err refusal;
        enum rc rc = manager_check (messages[i], &refusal);
        if (rc == RC_OK)
            rc = password_check (add->password, add->login, "/password", &refusal);
        if (rc == RC_OK)
            rc = id_check (gather, messages[i], &refusal);
        if (rc == RC_RETRY) {
            *err = refusal;
            return rc;
        }
        if (rc == RC_OK && ++hashed > PASSWORD_OF_BATCH)
            rc = err_code (&refusal, RC_BUSY, "common.busy", "", "too many passwords at once");
        if (rc != RC_OK) {
            gather_refuse (gather, messages[i], &refusal);
            continue;
        }
        MUST (facts);
        facts->password = password_hash (add->password, gather_arena (gather));
        if (!facts->password)
            return err_set (err, RC_RETRY, "no memory to hash a password");
        messages[i]->facts = facts;
    }
    return RC_OK;
}

static enum rc
reply (struct unit *unit, const struct person *person)
{
    Padan__Accounts__V1__PersonReply reply = PADAN__ACCOUNTS__V1__PERSON_REPLY__INIT;
    reply.person_id = uuid_field (&person->id);
    reply.version = person->revision;
    unit_reply (unit, &reply);
    return RC_OK;
}

static enum rc
add_check (struct unit *unit, const struct message *message, const Padan__Accounts__V1__AddPerson *add, struct err *err)
{
    enum rc rc = manager_check (message, err);
    if (rc != RC_OK)
        return rc;
    if (!unit_peek (unit, &tenant_table, message->tenant, tenant_id (message->tenant)))
        return err_code (err, RC_NOT_FOUND, "accounts.tenant_unknown", "", "no such tenant");
    if (uuid_is_nil (message->subject))
        return err_set (err, RC_INVALID, "a person needs an id");
    if (!add->name[0] || strlen (add->name) > ACCOUNTS_NAME_MAX)
        return err_code (err, RC_UNPROCESSABLE, "accounts.name", "/name", "no name, or too long");
    return grants_allowed (message, add->grants, add->n_grants, 1, err);
}

enum rc
on_add_person (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Accounts__V1__AddPerson *add = (const void *)message->data;
    const struct add_person_facts *facts = message->facts;
    char text[LOGIN_TEXT];
    enum rc rc = add_check (unit, message, add, err);
    if (rc != RC_OK)
        return rc;
    MUST (login_normalise (add->login, text)); /* its keys were named by it */
    const struct login *claim = unit_peek (unit, &login_table, 0, login_id (text));
    const struct person *known = unit_peek (unit, &person_table, message->tenant, message->subject);
    if (claim && (claim->home != message->tenant || uuid_compare (claim->person_id, message->subject) != 0))
        return err_code (err, RC_CONFLICT, "accounts.login_taken", "/login", "somebody has it");
    if (known && claim)
        return reply (unit, known);
    struct person *person;
    rc = person_act (unit, message->tenant, message->subject, PERSON_ADD, &person, err);
    if (rc != RC_OK)
        return rc;
    struct login *login = unit_create (unit, &login_table, 0, login_id (text));
    login->home = message->tenant;
    login->person_id = message->subject;
    person->login = arena_string (unit_arena (unit), text);
    person->name = add->name;
    person->password = facts->password;
    person->grants = grants_text (add->grants, add->n_grants, unit_arena (unit));
    MUST (person->login && person->grants);
    person->revision = 1;
    person->added_at = person->sessions_from = unit_now (unit);
    Padan__Accounts__V1__PersonAdded added = PADAN__ACCOUNTS__V1__PERSON_ADDED__INIT;
    added.person_id = uuid_field (&person->id);
    added.grants = add->grants;
    added.n_grants = add->n_grants;
    person_emit (unit, person, &added);
    return reply (unit, person);
}
