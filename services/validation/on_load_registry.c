/* LoadRegistry → an import and its first due chunk. A load never makes applications: it makes a new snapshot of one
 * registry, which becomes current at once when all of it is there. Touches the import and the registry's row. */
#include <string.h>

#include "common/base/text.h"
#include "common/domain/date_read.h"
#include "services/validation/load_read.h"
#include "services/validation/validation.h"

enum { DIGEST = 32, SOURCE_BYTES = 200 };

typedef Padan__Validation__V1__LoadRegistry command_t;

enum rc
load_registry_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const command_t *command = (const void *)message->data;
    if (strcmp (command->registry, "poverty") != 0 && strcmp (command->registry, "membership") != 0)
        return err_code (err, RC_UNPROCESSABLE, "validation.registry", "/registry", "no registry of that name");
    if (uuid_is_nil (message->subject))
        return err_code (err, RC_INVALID, "common.required", "/import_id", "an import needs an id");
    keys_add (keys, &registry_table, message->tenant, registry_id (command->registry));
    keys_add (keys, &import_table, message->tenant, message->subject);
    return RC_OK;
}

/* Whoever loads switches the registry of the whole tenant: a kelurahan's grant is not enough. */
static enum rc
sender_check (const struct message *message, struct err *err)
{
    if (message->principal && !message_allowed (message, VALIDATION_LOADERS, ""))
        return err_code (err, RC_FORBIDDEN, "common.forbidden", "", "loads are for the whole tenant");
    return RC_OK;
}

static enum rc
command_check (const command_t *command, int64_t now, struct err *err)
{
    bool poverty = strcmp (command->registry, "poverty") == 0;
    if (command->file_sha256.len != DIGEST || command->size <= 0)
        return err_code (err, RC_UNPROCESSABLE, "validation.file", "/file_sha256", "no file");
    if (command->family_sha256.len && (!poverty || command->family_sha256.len != DIGEST || command->family_size <= 0))
        return err_code (err, RC_UNPROCESSABLE, "validation.file", "/family_sha256", "no file of families");
    if (!date_is_month (command->period))
        return err_code (err, RC_UNPROCESSABLE, "validation.period", "/period", "a period is YYYY-MM");
    if (date_month_is_ahead (command->period, instant_date (now)))
        return err_code (err, RC_UNPROCESSABLE, "validation.period_ahead", "/period", "a period after next month");
    if (strlen (command->source) > SOURCE_BYTES)
        return err_code (err, RC_UNPROCESSABLE, "common.too_long", "/source", "a source is too long");
    return RC_OK;
}

static struct bytes
digest_copy (struct unit *unit, ProtobufCBinaryData digest)
{
    if (!digest.len)
        return (struct bytes){ NULL, 0 };
    void *copy = arena_copy (unit_arena (unit), digest.data, digest.len);
    MUST (copy);
    return (struct bytes){ copy, digest.len };
}

static struct registry *
registry_open (struct unit *unit, int64_t tenant, const char *name)
{
    struct uuid id = registry_id (name);
    if (unit_peek (unit, &registry_table, tenant, id))
        return unit_edit (unit, &registry_table, tenant, id);
    struct registry *row = unit_create (unit, &registry_table, tenant, id);
    row->name = name;
    row->period = "";
    return row;
}

enum rc
on_load_registry (struct unit *unit, const struct message *message, struct err *err)
{
    const command_t *command = (const void *)message->data;
    enum rc rc = sender_check (message, err);
    if (rc == RC_OK)
        rc = command_check (command, unit_now (unit), err);
    if (rc != RC_OK)
        return rc;
    if (unit_peek (unit, &import_table, message->tenant, message->subject))
        return err_code (err, RC_CONFLICT, "common.exists", "", "an import of this id exists");
    bool poverty = strcmp (command->registry, "poverty") == 0;
    struct registry *registry = registry_open (unit, message->tenant, poverty ? "poverty" : "membership");
    struct import *row = unit_create (unit, &import_table, message->tenant, message->subject);
    row->registry = registry->name;
    row->snapshot = ++registry->newest_version;
    row->period = command->period;
    row->source = command->source;
    row->file_sha256 = digest_copy (unit, command->file_sha256);
    row->file_size = command->size;
    row->family_sha256 = digest_copy (unit, command->family_sha256);
    row->family_size = command->family_size;
    row->state = "queued";
    row->step = !poverty ? "member" : row->family_sha256.size ? "family" : "person";
    row->chunk = LOAD_FIRST;
    row->layout = "";
    row->failure = "";
    row->started_at = unit_now (unit);
    load_later (unit, row);
    Padan__Validation__V1__ImportReply reply = PADAN__VALIDATION__V1__IMPORT_REPLY__INIT;
    reply.import_id = uuid_field (&message->subject);
    unit_reply (unit, &reply);
    return RC_OK;
}
