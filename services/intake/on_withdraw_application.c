/* WithdrawApplication → ApplicationWithdrawn, reply ApplicationReply. Only while intake holds it; its people are free.
 * Rows: application, claims. */
#include "common/domain/clean.h"
#include "services/intake/application_moves.h"
#include "services/intake/content.h"
#include "services/intake/intake.h"

void
application_withdraw (struct unit *unit, struct application *application, const char *reason)
{
    Padan__Intake__V1__ApplicationWithdrawn event = PADAN__INTAKE__V1__APPLICATION_WITHDRAWN__INIT;
    claims_release (unit, application, true);
    application->version++;
    application->ended_reason = reason;
    application_go (application, MOVE_WITHDRAW, unit_now (unit));
    event.reason = (char *)reason;
    unit_emit (unit, application->tenant, application->id, application->version, &event);
}

enum rc
on_withdraw_application (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__WithdrawApplication *command = (const void *)message->data;
    struct application *application;
    const struct intake_facts *facts;
    enum rc rc = application_take (unit, message, MOVE_WITHDRAW, &application, err);
    if (rc == RC_OK)
        rc = facts_take (message, application, &facts, err);
    if (rc != RC_OK)
        return rc;
    char *reason = arena_string (unit_arena (unit), command->reason);
    MUST (reason);
    size_t size = clean_text (reason);
    if (!size || size > CONTENT_TEXT)
        return err_code (err, RC_UNPROCESSABLE, size ? "common.too_long" : "common.required", "/reason",
                         "a reason of at most %d bytes", CONTENT_TEXT);
    application_withdraw (unit, application, reason);
    application_reply (unit, application);
    return RC_OK;
}
