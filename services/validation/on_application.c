/* intake's ApplicationEntered, ApplicationCorrected, ApplicationSent → the row as it is now and its due check.
 * Entries come in the order of their versions; one that is not newer than the row was seen before. */
#include <string.h>

#include "intake.pb-c.h"
#include "services/validation/claim_store.h"
#include "services/validation/validation.h"

/* Who waits for the answer decides who is first: an emergency, then the counter, then what an import brought. */
static int32_t
priority_of (const Padan__Common__V1__Dossier *dossier, bool counter)
{
    for (size_t i = 0; i < dossier->n_members; i++)
        for (size_t k = 0; k < dossier->members[i]->n_conditions; k++)
            if (strcmp (dossier->members[i]->conditions[k], "emergency") == 0)
                return PRIORITY_EMERGENCY;
    return counter ? PRIORITY_COUNTER : PRIORITY_IMPORT;
}

static enum rc
take (struct unit *unit, const struct message *message, const Padan__Common__V1__Dossier *dossier, const char *source,
      struct err *err)
{
    if (!dossier || dossier->profile_sha256.len != PROFILE_HASH)
        return err_set (err, RC_CORRUPT, "%s without a dossier or its profile", message->type);
    const struct application *known = unit_peek (unit, &application_table, message->tenant, message->subject);
    if (known && known->version >= message->version)
        return RC_OK;
    struct application *row = known ? unit_edit (unit, &application_table, message->tenant, message->subject)
                                    : unit_create (unit, &application_table, message->tenant, message->subject);
    bool lost_members = known != NULL;
    row->version = message->version;
    row->state = "open";
    row->source = source ? source : known ? known->source : "counter";
    row->waits = 0;
    application_fill (unit, row, dossier);
    if (lost_members)
        claim_release_later (unit, row);
    unit_due_cancel (unit, "check", row->tenant, row->id); /* of older versions */
    check_later (unit, row, priority_of (dossier, strcmp (row->source, "import") != 0), 0);
    return RC_OK;
}

enum rc
on_application_entered (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__ApplicationEntered *event = (const void *)message->data;
    return take (unit, message, event->dossier, strcmp (event->source, "import") == 0 ? "import" : "counter", err);
}

enum rc
on_application_corrected (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__ApplicationCorrected *event = (const void *)message->data;
    return take (unit, message, event->dossier, NULL, err);
}

enum rc
on_application_sent (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__ApplicationSent *event = (const void *)message->data;
    return take (unit, message, event->dossier, NULL, err);
}
