/* accounts' PersonAdded, GrantsChanged, PersonDisabled → who may carry cards where. No events.
 * Rows: courier. */
#include "accounts.pb-c.h"
#include "common/bus/grants.h"
#include "services/distribution/card_store.h"

enum rc
courier_keys (struct keys *keys, const struct message *message, struct err *err)
{
    keys_add (keys, &courier_table, message->tenant, message->subject);
    return RC_OK;
}

static enum rc
courier_set (struct unit *unit, const struct message *message, Padan__Grant *const *items, size_t n)
{
    const struct courier *known = unit_peek (unit, &courier_table, message->tenant, message->subject);
    if (known && known->version >= message->version)
        return RC_OK; /* seen before */
    struct courier *courier = known ? unit_edit (unit, &courier_table, message->tenant, message->subject)
                                    : unit_create (unit, &courier_table, message->tenant, message->subject);
    courier->version = message->version;
    courier->grants = n ? grants_text (items, n, unit_arena (unit)) : "";
    MUST (courier->grants);
    return RC_OK;
}

enum rc
on_person_added (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Accounts__V1__PersonAdded *event = (const void *)message->data;
    return courier_set (unit, message, event->grants, event->n_grants);
}

enum rc
on_grants_changed (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Accounts__V1__GrantsChanged *event = (const void *)message->data;
    return courier_set (unit, message, event->grants, event->n_grants);
}

enum rc
on_person_disabled (struct unit *unit, const struct message *message, struct err *err)
{
    return courier_set (unit, message, NULL, 0);
}
