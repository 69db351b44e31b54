/* Timer "statement" → StatementIssued; sets itself again until the last one. */
#include "tests/toy/till/till.h"

enum rc
on_statement (struct unit *unit, const struct message *message, struct err *err)
{
    const struct account *known = unit_peek (unit, &account_table, message->tenant, message->subject);
    if (known->closed)
        return RC_OK;
    struct account *account = unit_edit (unit, &account_table, message->tenant, message->subject);
    account->statements++;
    account->version++;
    Toy__StatementIssued event = TOY__STATEMENT_ISSUED__INIT;
    event.ordinal = account->statements;
    unit_emit (unit, account->tenant, account->id, account->version, &event);
    account_statement (unit, account);
    return RC_OK;
}
