/* Reconcile → BatchReconciled: the batch was compared with the books of BPJS's branch, both count the same, and a copy
 * of what was signed about it is kept. By the role whose act that is in the batch's procedure. Rows: batch. */
#include "services/batching/batch_store.h"

/* messages[i]->facts: not NULL when the copy is in the store. */
enum rc
on_reconcile_gather (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    static bool there = true;
    for (size_t i = 0; i < n; i++) {
        ProtobufCBinaryData archive = ((const Padan__Batching__V1__Reconcile *)messages[i]->data)->archive_sha256;
        if (store_has (batching_store, (struct bytes){ archive.data, archive.len }))
            messages[i]->facts = &there;
    }
    return RC_OK;
}

static enum rc
role_check (const struct message *message, const struct batch_row *batch, struct err *err)
{
    int role = ROLE_END;
    if (!words_find (&words_roles, batch->reconciler, &role))
        return err_code (err, RC_CONFLICT, "batching.no_reconciliation", "", "its procedure has no such act");
    Padan__Role signed_in = profiles_role ((enum role)role);
    if (signed_in && message_allowed (message, 1U << signed_in, ""))
        return RC_OK;
    err_code (err, RC_FORBIDDEN, "batching.not_reconciler", "", "it waits for %s", batch->reconciler);
    return err_argument (err, words_text (&words_roles, role));
}

static enum rc
books_check (const struct message *message, const struct batch_row *batch, struct err *err)
{
    const Padan__Batching__V1__Reconcile *command = (const void *)message->data;
    if (command->accepted != (uint32_t)batch->accepted)
        return err_code (err, RC_UNPROCESSABLE, "batching.not_balanced", "/accepted", "another count than ours");
    if (command->refused != (uint32_t)batch->refused)
        return err_code (err, RC_UNPROCESSABLE, "batching.not_balanced", "/refused", "another count than ours");
    if (!message->facts)
        return err_code (err, RC_UNPROCESSABLE, "batching.archive_missing", "/archive_sha256", "not in the store");
    return RC_OK;
}

enum rc
on_reconcile (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Batching__V1__Reconcile *command = (const void *)message->data;
    Padan__Batching__V1__BatchReconciled event = PADAN__BATCHING__V1__BATCH_RECONCILED__INIT;
    struct batch_row *batch;
    enum rc rc = batch_take (unit, message, BATCH_ACT_RECONCILE, BATCHING_RECONCILERS, &batch, err);
    if (rc == RC_OK)
        rc = role_check (message, batch, err);
    if (rc == RC_OK)
        rc = books_check (message, batch, err);
    if (rc != RC_OK)
        return rc;
    batch_go (batch, BATCH_ACT_RECONCILE);
    batch->archive_sha256 = (struct bytes){ command->archive_sha256.data, command->archive_sha256.len };
    batch->reconciled_at = unit_now (unit);
    uuid_from (message->principal->person_id, &batch->reconciled_by);
    batch->due_at = 0;
    event.accepted = command->accepted;
    event.refused = command->refused;
    event.archive_sha256 = command->archive_sha256;
    batch_emit (unit, batch, &event);
    batch_reply (unit, batch);
    return RC_OK;
}
