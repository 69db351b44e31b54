/* StartImport → due work "import", reply ImportReply. A stored CSV file of proposals; its applications are entered
 * under the profile that is current now. Rows: import. */
#include <unistd.h>

#include "common/base/text.h"
#include "common/domain/date_read.h"
#include "services/intake/content.h"
#include "services/intake/import_store.h"
#include "services/intake/intake.h"

enum rc
gather_import (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    enum rc rc = gather_current_profile (gather, messages, n, err);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        const Padan__Intake__V1__StartImport *command = (const void *)messages[i]->data;
        struct intake_facts *facts = messages[i]->facts;
        int file;
        uint64_t size;
        struct err missing;
        if (!facts || command->file_sha256.len != STORE_DIGEST ||
            store_read (intake_store, command->file_sha256.data, command->size, &file, &size, &missing) != RC_OK)
            continue;
        close (file);
        facts->file_stored = true;
    }
    return rc;
}

enum rc
on_start_import_keys (struct keys *keys, const struct message *message, struct err *err)
{
    keys_add (keys, &import_table, message->tenant, message->subject);
    return RC_OK;
}

static enum rc
command_check (const struct message *message, const Padan__Intake__V1__StartImport *command, int64_t now,
               struct err *err)
{
    const struct intake_facts *facts = message->facts;
    size_t source = strlen (command->source);
    if (message->principal && !message_allowed (message, INTAKE_IMPORTERS, ""))
        return err_code (err, RC_FORBIDDEN, "common.forbidden", "", "an import takes the whole tenant");
    if (strcmp (command->kind, "proposals") != 0)
        return err_code (err, RC_UNPROCESSABLE, "intake.import_kind", "/kind", "imports of proposals only");
    if (!date_is_month (command->period))
        return err_code (err, RC_UNPROCESSABLE, "intake.import_period", "/period", "a period is YYYY-MM");
    if (date_month_is_ahead (command->period, instant_date (now)))
        return err_code (err, RC_UNPROCESSABLE, "intake.import_period_ahead", "/period", "a period after next month");
    if (!source || source > CONTENT_TEXT)
        return err_code (err, RC_UNPROCESSABLE, source ? "common.too_long" : "common.required", "/source",
                         "a source of at most %d bytes", CONTENT_TEXT);
    if (uuid_is_nil (message->subject))
        return err_code (err, RC_INVALID, "common.required", "", "an import needs an id");
    if (!facts || !facts->file_stored)
        return err_code (err, RC_UNPROCESSABLE, "intake.import_file", "/file_sha256", "no such file in the store");
    return RC_OK;
}

void
import_step (struct unit *unit, const struct import *import)
{
    Padan__Intake__V1__ImportStep step = PADAN__INTAKE__V1__IMPORT_STEP__INIT;
    unit_due (unit, &(struct due){
                        .kind = "import",
                        .tenant = import->tenant,
                        .subject = import->id,
                        .input_version = import->version,
                        .payload = &step,
                    });
}

enum rc
on_start_import (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__StartImport *command = (const void *)message->data;
    const struct intake_facts *facts = message->facts;
    enum rc rc = command_check (message, command, unit_now (unit), err);
    if (rc != RC_OK)
        return rc;
    if (unit_peek (unit, &import_table, message->tenant, message->subject))
        return err_code (err, RC_CONFLICT, "common.exists", "", "the import exists");
    struct import *import = unit_create (unit, &import_table, message->tenant, message->subject);
    import->kind = command->kind;
    import->period = command->period;
    import->source = command->source;
    import->file_sha256 = (struct bytes){ command->file_sha256.data, command->file_sha256.len };
    import->size = command->size;
    import->profile_sha256 = (struct bytes){ facts->profile->hash, PROFILE_HASH };
    import->state = "queued";
    import->layout = "";
    import->line = 1;
    import->started_at = unit_now (unit);
    if (message->principal)
        uuid_from (message->principal->person_id, &import->started_by);
    import_step (unit, import);
    Padan__Intake__V1__ImportReply reply = PADAN__INTAKE__V1__IMPORT_REPLY__INIT;
    reply.import_id = uuid_field (&import->id);
    unit_reply (unit, &reply);
    return RC_OK;
}
