/* BalanceChanged of till → the copy. Money received waits until its sender's copy has seen it leave. */
#include "tests/toy/mirror/mirror.h"

static bool
is_received (const Toy__BalanceChanged *event, struct uuid *ret_sender)
{
    return event->change > 0 && uuid_from (event->other_id, ret_sender);
}

enum rc
on_balance_changed_keys (struct keys *keys, const struct message *message, struct err *err)
{
    struct uuid sender;
    keys_add (keys, &copy_table, message->tenant, message->subject);
    if (is_received ((const Toy__BalanceChanged *)message->data, &sender))
        keys_add (keys, &copy_table, message->tenant, sender);
    return RC_OK;
}

enum rc
on_balance_changed (struct unit *unit, const struct message *message, struct err *err)
{
    const Toy__BalanceChanged *event = (const Toy__BalanceChanged *)message->data;
    struct uuid sender;
    enum rc rc = copy_passes (unit, message, event->faulty, err);
    if (rc != RC_OK)
        return rc;
    if (is_received (event, &sender)) {
        const struct copy *cause = unit_peek (unit, &copy_table, message->tenant, sender);
        if (!cause || cause->version < event->other_version)
            return err_code (err, RC_CONFLICT, "mirror.no_cause", "", "the sender's copy is older than the transfer");
    }
    copy_apply (unit, message, event->change);
    return RC_OK;
}
