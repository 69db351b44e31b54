/* ApplicationRejected, of approval: the end; its people are free. Rows: application, claims. */
#include "approval.pb-c.h"
#include "services/intake/application_moves.h"
#include "services/intake/intake.h"

enum rc
on_application_rejected (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__ApplicationRejected *event = (const void *)message->data;
    struct application *application;
    const struct intake_facts *facts;
    enum rc rc = application_follow (unit, message, MOVE_REJECT, &application, err);
    if (rc != RC_OK || !application)
        return rc;
    rc = facts_take (message, application, &facts, err);
    if (rc != RC_OK)
        return rc;
    application->ended_reason = arena_string (unit_arena (unit), event->reason);
    MUST (application->ended_reason);
    claims_release (unit, application, true);
    return RC_OK;
}
