#include "services/accounts/accounts.h"

#include <string.h>

struct accounts_settings accounts_settings;

bool
sent_by_padan (const struct message *message)
{
    return !message->principal && message->service && strcmp (message->service, "padan") == 0;
}

enum rc
manager_check (const struct message *message, struct err *err)
{
    if (sent_by_padan (message) || message_allowed (message, ACCOUNTS_ADMIN, ""))
        return RC_OK;
    return err_code (err, RC_FORBIDDEN, "common.forbidden", "", "only an administrator of the tenant, or padan");
}

bool
sent_by_subject (const struct message *message)
{
    struct uuid person;
    return message->principal && uuid_from (message->principal->person_id, &person) &&
           uuid_compare (person, message->subject) == 0;
}
