/* Recheck → the application's check is due at once, even if one waits for Dukcapil. */
#include <string.h>

#include "services/validation/validation.h"

enum {
    MAY_RECHECK = 1 << PADAN__ROLE__ROLE_KELURAHAN | 1 << PADAN__ROLE__ROLE_OPERATOR | 1 << PADAN__ROLE__ROLE_ADMIN
};

enum rc
on_recheck (struct unit *unit, const struct message *message, struct err *err)
{
    const struct application *row = unit_peek (unit, &application_table, message->tenant, message->subject);
    if (!row || !message_allowed (message, MAY_RECHECK, row->village))
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such application");
    if (strcmp (row->state, "open") != 0)
        return err_code (err, RC_CONFLICT, "validation.ended", "", "the application has ended");
    enum rc rc = unit_expect (message, row->version, err);
    if (rc != RC_OK)
        return rc;
    unit_due_cancel (unit, "check", row->tenant, row->id);
    check_later (unit, row, PRIORITY_COUNTER, 0);
    Padan__Validation__V1__RecheckReply reply = PADAN__VALIDATION__V1__RECHECK_REPLY__INIT;
    reply.version = row->version;
    unit_reply (unit, &reply);
    return RC_OK;
}
