/* DisablePerson: a login ends, for ever; sessions and keys with it. In: from an administrator of the tenant (or
 * `padan`), never for oneself; If-Match by the person's revision. Out: PersonDisabled, PersonReply. Touches: person:
 * sessions and keys are not visited, because nothing is authenticated for a person who is not active. */
#include "services/accounts/messages.h"

#include "services/accounts/person_store.h"

enum rc
on_disable_person (struct unit *unit, const struct message *message, struct err *err)
{
    enum rc rc = manager_check (message, err);
    if (rc == RC_OK && sent_by_subject (message))
        rc = err_code (err, RC_FORBIDDEN, "accounts.own_grants", "", "nobody disables themselves");
    struct person *person;
    if (rc == RC_OK)
        rc = person_act (unit, message->tenant, message->subject, PERSON_DISABLE, &person, err);
    if (rc == RC_OK)
        rc = unit_expect (message, person->revision, err);
    if (rc != RC_OK)
        return rc;
    person->disabled_at = person->sessions_from = unit_now (unit);
    person->revision++;
    Padan__Accounts__V1__PersonDisabled disabled = PADAN__ACCOUNTS__V1__PERSON_DISABLED__INIT;
    disabled.person_id = uuid_field (&person->id);
    person_emit (unit, person, &disabled);
    Padan__Accounts__V1__PersonReply reply = PADAN__ACCOUNTS__V1__PERSON_REPLY__INIT;
    reply.person_id = uuid_field (&person->id);
    reply.version = person->revision;
    unit_reply (unit, &reply);
    return RC_OK;
}
