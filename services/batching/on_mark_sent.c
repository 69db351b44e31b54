/* MarkSent → BatchSent: the file was handed to BPJS.
 * Rows: batch. */
#include "services/batching/batch_store.h"

enum rc
on_mark_sent (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Batching__V1__MarkSent *command = (const void *)message->data;
    Padan__Batching__V1__BatchSent event = PADAN__BATCHING__V1__BATCH_SENT__INIT;
    struct batch_row *batch;
    enum rc rc = text_check (command->channel, "/channel", err);
    if (rc == RC_OK)
        rc = text_check (command->receipt, "/receipt", err);
    if (rc == RC_OK)
        rc = batch_take (unit, message, BATCH_ACT_SEND, BATCHING_SENDERS, &batch, err);
    if (rc != RC_OK)
        return rc;
    batch_go (batch, BATCH_ACT_SEND);
    batch->channel = command->channel;
    batch->receipt = command->receipt;
    batch->sent_at = unit_now (unit);
    event.channel = command->channel;
    batch_emit (unit, batch, &event);
    batch_reply (unit, batch);
    return RC_OK;
}
