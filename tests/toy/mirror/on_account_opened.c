/* AccountOpened of till → the copy. */
#include "tests/toy/mirror/mirror.h"

enum rc
on_account_opened (struct unit *unit, const struct message *message, struct err *err)
{
    const Toy__AccountOpened *event = (const Toy__AccountOpened *)message->data;
    enum rc rc = copy_passes (unit, message, event->faulty, err);
    if (rc == RC_OK)
        copy_apply (unit, message, event->balance);
    return rc;
}
