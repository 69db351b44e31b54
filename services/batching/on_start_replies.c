/* StartReplies → an import of a stored file of BPJS's replies to one batch, decided line by line by due work.
 * Rows: import, batch (looked at). */
#include <string.h>
#include <unistd.h>

#include "services/batching/batch_store.h"
#include "services/batching/import_store.h"

/* messages[i]->facts: not NULL when the file is there. */
enum rc
on_start_replies_gather (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    static bool there = true;
    for (size_t i = 0; i < n; i++) {
        const Padan__Batching__V1__StartReplies *command = (const void *)messages[i]->data;
        int file = -1;
        if (command->file_sha256.len != STORE_DIGEST || command->size <= 0)
            continue;
        if (store_read (batching_store, command->file_sha256.data, command->size, &file, NULL, err) == RC_OK)
            messages[i]->facts = &there;
        if (file >= 0)
            close (file);
    }
    return RC_OK;
}

enum rc
on_start_replies_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Batching__V1__StartReplies *command = (const void *)message->data;
    struct uuid batch;
    if (!uuid_from (command->batch_id, &batch))
        return err_code (err, RC_UNPROCESSABLE, "common.invalid", "/batch_id", "not an id");
    keys_add (keys, &batch_table, message->tenant, batch);
    keys_add (keys, &import_table, message->tenant, message->subject);
    return RC_OK;
}

static enum rc
command_check (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Batching__V1__StartReplies *command = (const void *)message->data;
    struct uuid id;
    struct batch_row *batch;
    enum rc rc = office_check (message, BATCHING_IMPORTERS, err);
    if (rc == RC_OK)
        rc = text_check (command->source, "/source", err);
    if (rc != RC_OK)
        return rc;
    if (unit_peek (unit, &import_table, message->tenant, message->subject))
        return err_code (err, RC_CONFLICT, "common.exists", "", "there is such an import");
    if (!message->facts)
        return err_code (err, RC_UNPROCESSABLE, "batching.file_missing", "/file_sha256", "no such file of this size");
    uuid_from (command->batch_id, &id);
    return batch_act (unit, message->tenant, id, BATCH_ACT_REPLY, &batch, err);
}

enum rc
on_start_replies (struct unit *unit, const struct message *message, struct err *err)
{
    static const Padan__Batching__V1__RepliesDue first = PADAN__BATCHING__V1__REPLIES_DUE__INIT;
    const Padan__Batching__V1__StartReplies *command = (const void *)message->data;
    Padan__Batching__V1__ImportReply reply = PADAN__BATCHING__V1__IMPORT_REPLY__INIT;
    enum rc rc = command_check (unit, message, err);
    if (rc != RC_OK)
        return rc;
    struct import_row *import = unit_create (unit, &import_table, message->tenant, message->subject);
    uuid_from (command->batch_id, &import->batch_id);
    import->source = command->source;
    import->file_sha256 = (struct bytes){ command->file_sha256.data, command->file_sha256.len };
    import->size = command->size;
    import->state = "queued";
    import->failure = import->layout = "";
    import->started_at = unit_now (unit);
    uuid_from (message->principal->person_id, &import->started_by);
    unit_due (unit, &(struct due){ .kind = "replies",
                                   .tenant = import->tenant,
                                   .subject = import->id,
                                   .input_version = 1,
                                   .payload = &first });
    reply.import_id = uuid_field (&import->id);
    unit_reply (unit, &reply);
    return RC_OK;
}
