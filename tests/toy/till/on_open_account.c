/* OpenAccount → AccountOpened. Makes the account under the id its sender chose and starts its statements. */
#include "tests/toy/till/till.h"

enum rc
open_account_keys (struct keys *keys, const struct message *message, struct err *err)
{
    (void)err;
    keys_add_new (keys, &account_table, message->tenant, message->subject);
    return RC_OK;
}

enum rc
on_open_account (struct unit *unit, const struct message *message, struct err *err)
{
    const Toy__OpenAccount *command = (const Toy__OpenAccount *)message->data;
    if (command->balance < 0)
        return err_code (err, RC_UNPROCESSABLE, "till.negative", "/balance", "an account opens with 0 or more");
    if (unit_peek (unit, &account_table, message->tenant, message->subject))
        return err_code (err, RC_CONFLICT, "till.exists", "", "the account exists");
    struct account *account = unit_create (unit, &account_table, message->tenant, message->subject);
    account->holder = command->holder;
    account->balance = command->balance;
    account->version = 1;
    Toy__AccountOpened event = TOY__ACCOUNT_OPENED__INIT;
    event.holder = command->holder;
    event.balance = command->balance;
    event.faulty = command->faulty;
    unit_emit (unit, account->tenant, account->id, account->version, &event);
    account_statement (unit, account);
    account_reply (unit, account);
    return RC_OK;
}
