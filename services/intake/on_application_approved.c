/* ApplicationApproved, of approval: batching holds it now, so that we can say who does. Rows: application. */
#include "services/intake/application_moves.h"
#include "services/intake/intake.h"

enum rc
on_application_approved (struct unit *unit, const struct message *message, struct err *err)
{
    struct application *application;
    return application_follow (unit, message, MOVE_APPROVE, &application, err);
}
