/* ChangeGrants: what a person may do, where, from now on. In: from an administrator of the tenant (or `padan`), never
 * for oneself; If-Match by the person's revision. Replaces the grants within the tenant and leaves those of others, so
 * that an administrator changes nothing elsewhere. Out: GrantsChanged, PersonReply; sessions go on, the gateway fetches
 * a new principal. The same grants again change nothing. Touches: person. */
#include "services/accounts/messages.h"

#include <string.h>

#include "services/accounts/grants_rules.h"
#include "services/accounts/person_store.h"

enum rc
keys_person (struct keys *keys, const struct message *message, struct err *err)
{
    (void)err;
    keys_add (keys, &person_table, message->tenant, message->subject);
    return RC_OK;
}

/* The person's grants of other tenants, and these. */
static const char *
grants_merge (struct unit *unit, const struct message *message, const struct person *person,
              const Padan__Accounts__V1__ChangeGrants *change)
{
    struct grants known = grants_of (person->grants, unit_arena (unit));
    Padan__Grant **all = arena_array (unit_arena (unit), known.count + change->n_grants + 1, sizeof *all);
    size_t n = 0;
    MUST (all);
    for (size_t i = 0; i < known.count; i++)
        if (known.items[i]->tenant != message->tenant && !sent_by_padan (message))
            all[n++] = known.items[i];
    for (size_t i = 0; i < change->n_grants; i++)
        all[n++] = change->grants[i];
    const char *text = grants_text (all, n, unit_arena (unit));
    MUST (text);
    return text;
}

enum rc
on_change_grants (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Accounts__V1__ChangeGrants *change = (const void *)message->data;
    enum rc rc = manager_check (message, err);
    if (rc == RC_OK && sent_by_subject (message))
        rc = err_code (err, RC_FORBIDDEN, "accounts.own_grants", "", "nobody changes their own grants");
    if (rc == RC_OK)
        rc = grants_allowed (message, change->grants, change->n_grants, 0, err);
    struct person *person;
    if (rc == RC_OK)
        rc = person_act (unit, message->tenant, message->subject, PERSON_CHANGE_GRANTS, &person, err);
    if (rc == RC_OK)
        rc = unit_expect (message, person->revision, err);
    if (rc != RC_OK)
        return rc;
    const char *text = grants_merge (unit, message, person, change);
    if (strcmp (text, person->grants) != 0) {
        struct grants grants = grants_of (text, unit_arena (unit));
        if (grants.count > ACCOUNTS_GRANTS_MAX)
            return err_code (err, RC_UNPROCESSABLE, "accounts.grants_many", "/grants", "%zu in all", grants.count);
        person->grants = text;
        person->revision++;
        Padan__Accounts__V1__GrantsChanged changed = PADAN__ACCOUNTS__V1__GRANTS_CHANGED__INIT;
        changed.person_id = uuid_field (&person->id);
        changed.grants = grants.items;
        changed.n_grants = grants.count;
        person_emit (unit, person, &changed);
    }
    Padan__Accounts__V1__PersonReply reply = PADAN__ACCOUNTS__V1__PERSON_REPLY__INIT;
    reply.person_id = uuid_field (&person->id);
    reply.version = person->revision;
    unit_reply (unit, &reply);
    return RC_OK;
}
