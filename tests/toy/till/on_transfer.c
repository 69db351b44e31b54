/* Transfer → BalanceChanged on both accounts; the receiver's names the sender's version as its cause. */
#include "tests/toy/till/till.h"

enum rc
on_transfer_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const Toy__Transfer *command = (const Toy__Transfer *)message->data;
    struct uuid to;
    if (!uuid_from (command->to_id, &to))
        return err_code (err, RC_INVALID, "till.to", "/to_id", "to_id is not 16 bytes");
    keys_add (keys, &account_table, message->tenant, message->subject);
    keys_add (keys, &account_table, message->tenant, to);
    return RC_OK;
}

enum rc
on_transfer (struct unit *unit, const struct message *message, struct err *err)
{
    const Toy__Transfer *command = (const Toy__Transfer *)message->data;
    struct uuid to;
    struct account *sender;
    uuid_from (command->to_id, &to);
    if (uuid_compare (to, message->subject) == 0)
        return err_code (err, RC_UNPROCESSABLE, "till.same", "/to_id", "both accounts are one");
    enum rc rc = account_edit (unit, message, &sender, err);
    if (rc != RC_OK)
        return rc;
    Toy__BalanceChanged sent = TOY__BALANCE_CHANGED__INIT, received = TOY__BALANCE_CHANGED__INIT;
    sent.change = -command->amount;
    sent.other_id = command->to_id;
    if (command->amount <= 0 || command->amount > sender->balance)
        return err_code (err, RC_UNPROCESSABLE, "till.too_little", "/amount", "the account has less than that");
    account_post (unit, sender, &sent); /* undone by the engine if the receiver refuses */
    const struct account *known = unit_peek (unit, &account_table, message->tenant, to);
    if (!known || known->closed)
        return err_code (err, RC_CONFLICT, "till.no_receiver", "/to_id", "the receiving account is not open");
    struct account *receiver = unit_edit (unit, &account_table, message->tenant, to);
    received.change = command->amount;
    received.other_id = uuid_field (&sender->id);
    received.other_version = sender->version;
    account_post (unit, receiver, &received);
    account_reply (unit, sender);
    return RC_OK;
}
