/* Withdraw → BalanceChanged, audited; refused when there is too little. */
#include "tests/toy/till/till.h"

enum rc
on_withdraw (struct unit *unit, const struct message *message, struct err *err)
{
    const Toy__Withdraw *command = (const Toy__Withdraw *)message->data;
    struct account *account;
    enum rc rc = account_edit (unit, message, &account, err);
    if (rc != RC_OK)
        return rc;
    if (command->amount <= 0 || command->amount > account->balance)
        return err_code (err, RC_UNPROCESSABLE, "till.too_little", "/amount", "the account has less than that");
    Toy__BalanceChanged event = TOY__BALANCE_CHANGED__INIT;
    event.change = -command->amount;
    account_post (unit, account, &event);
    account_audit (unit, account);
    account_reply (unit, account);
    return RC_OK;
}
