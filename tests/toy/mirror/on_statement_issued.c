/* StatementIssued of till → the copy. */
#include "tests/toy/mirror/mirror.h"

enum rc
on_statement_issued (struct unit *unit, const struct message *message, struct err *err)
{
    copy_apply (unit, message, 0);
    return RC_OK;
}
