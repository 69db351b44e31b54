/* AccountClosed of till → the copy. */
#include "tests/toy/mirror/mirror.h"

enum rc
on_account_closed (struct unit *unit, const struct message *message, struct err *err)
{
    copy_apply (unit, message, 0);
    return RC_OK;
}
