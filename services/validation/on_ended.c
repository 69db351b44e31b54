/* intake's ApplicationWithdrawn, approval's ApplicationRejected, batching's ApplicationFinished → the row is ended:
 * nothing more is checked, and the people it held are free for another application. */
#include <string.h>

#include "services/validation/claim_store.h"
#include "services/validation/validation.h"

enum rc
on_ended (struct unit *unit, const struct message *message, struct err *err)
{
    const struct application *known = unit_peek (unit, &application_table, message->tenant, message->subject);
    if (!known) /* another log is ahead of intake's: parked until that one has told us of it */
        return err_set (err, RC_RETRY, "%s of an application not known yet", message->type);
    if (strcmp (known->state, "ended") == 0)
        return RC_OK;
    struct application *row = unit_edit (unit, &application_table, message->tenant, message->subject);
    row->state = "ended";
    if (row->version < message->version)
        row->version = message->version;
    unit_due_cancel (unit, "check", row->tenant, row->id);
    claim_release_later (unit, row);
    return RC_OK;
}
