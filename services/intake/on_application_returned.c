/* ApplicationReturned, of approval: intake holds it again, with the reason, until its standard to be mended and sent
 * has passed. Rows: application. */
#include "approval.pb-c.h"
#include "services/intake/application_moves.h"
#include "services/intake/intake.h"

enum rc
on_application_returned (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__ApplicationReturned *event = (const void *)message->data;
    struct application *application;
    const struct intake_facts *facts;
    enum rc rc = application_follow (unit, message, MOVE_RETURN, &application, err);
    if (rc != RC_OK || !application)
        return rc;
    rc = facts_take (message, NULL, &facts, err);
    if (rc != RC_OK)
        return rc;
    application->returned_reason = arena_string (unit_arena (unit), event->reason);
    MUST (application->returned_reason);
    application_wait (application, facts->profile);
    return RC_OK;
}
