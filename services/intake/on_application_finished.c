/* ApplicationFinished, of batching: every person has an outcome; they are free. It may come before approval's
 * ApplicationApproved, which is another log. Rows: application, claims. */
#include "services/intake/application_moves.h"
#include "services/intake/intake.h"

enum rc
on_application_finished (struct unit *unit, const struct message *message, struct err *err)
{
    struct application *application;
    const struct intake_facts *facts;
    enum rc rc = application_follow (unit, message, MOVE_FINISH, &application, err);
    if (rc != RC_OK || !application)
        return rc;
    rc = facts_take (message, application, &facts, err);
    if (rc == RC_OK)
        claims_release (unit, application, true);
    return rc;
}
