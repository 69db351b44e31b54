/* Deposit → BalanceChanged. Sees to it that a statement is due; the one that waits already is kept. */
#include "tests/toy/till/till.h"

enum rc
on_deposit (struct unit *unit, const struct message *message, struct err *err)
{
    const Toy__Deposit *command = (const Toy__Deposit *)message->data;
    if (command->amount <= 0)
        return err_code (err, RC_UNPROCESSABLE, "till.amount", "/amount", "an amount is above 0");
    struct account *account;
    enum rc rc = account_edit (unit, message, &account, err);
    if (rc != RC_OK)
        return rc;
    Toy__BalanceChanged event = TOY__BALANCE_CHANGED__INIT;
    event.change = command->amount;
    event.faulty = command->faulty;
    account_post (unit, account, &event);
    account_statement (unit, account);
    account_reply (unit, account);
    return RC_OK;
}
