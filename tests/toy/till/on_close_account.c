/* CloseAccount → AccountClosed; only an empty account closes, and gets no more statements. */
#include "tests/toy/till/till.h"

enum rc
on_close_account (struct unit *unit, const struct message *message, struct err *err)
{
    struct account *account;
    enum rc rc = account_edit (unit, message, &account, err);
    if (rc != RC_OK)
        return rc;
    if (account->balance)
        return err_code (err, RC_CONFLICT, "till.not_empty", "", "the account is not empty");
    account->closed = true;
    account->version++;
    Toy__AccountClosed event = TOY__ACCOUNT_CLOSED__INIT;
    unit_emit (unit, account->tenant, account->id, account->version, &event);
    unit_due_cancel (unit, "statement", account->tenant, account->id);
    account_reply (unit, account);
    return RC_OK;
}
