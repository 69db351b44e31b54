/* MarkSent → BatchSent: the file was handed to BPJS, by a channel of the procedures' vocabulary. From now on its answer
 * is due, for the batch and, by due work, for each application (on_forward).
 * Rows: batch. */
#include "services/batching/batch_read.h"

static enum rc
facts_find (struct gather *gather, const struct message *message, struct sent_facts *facts, struct err *err)
{
    struct batch_row batch;
    const struct profile *profile;
    int track;
    enum rc rc = batch_read (gather, message->tenant, message->subject, &batch, err);
    if (rc == RC_OK)
        rc = batch_profile (gather, &batch, &profile, &track, err);
    if (rc == RC_OK)
        facts->answer_due_at =
            track < 0 ? 0 : profile_due (profile, track, STAGE_SENT, STAGE_ACTIVE, gather_now (gather));
    return rc;
}

enum rc
on_mark_sent_gather (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct sent_facts *facts = arena_alloc (gather_arena (gather), sizeof *facts);
        MUST (facts);
        enum rc rc = facts_find (gather, messages[i], facts, err);
        if (rc == RC_RETRY)
            return rc;
        if (rc != RC_OK)
            gather_refuse (gather, messages[i], err);
        messages[i]->facts = facts;
    }
    return RC_OK;
}

static void
applications_forward (struct unit *unit, const struct batch_row *batch)
{
    static const Padan__Batching__V1__ForwardDue first = PADAN__BATCHING__V1__FORWARD_DUE__INIT;
    unit_due (
        unit,
        &(struct due){
            .kind = "forward", .tenant = batch->tenant, .subject = batch->id, .input_version = 1, .payload = &first });
}

/* Empty: as the procedure says. */
static enum rc
channel_check (const char *channel, struct arena *arena, struct err *err)
{
    int value;
    if (!channel[0] || words_find (&words_channels, channel, &value))
        return RC_OK;
    const char *list = "";
    for (int i = 0; i < words_channels.count; i++) {
        list = arena_printf (arena, "%s%s%s", list, i ? ", " : "", words_word (&words_channels, i));
        MUST (list);
    }
    err_code (err, RC_UNPROCESSABLE, "batching.channel", "/channel", "no channel of the vocabulary");
    return err_argument (err, list);
}

enum rc
on_mark_sent (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Batching__V1__MarkSent *command = (const void *)message->data;
    const struct sent_facts *facts = message->facts;
    Padan__Batching__V1__BatchSent event = PADAN__BATCHING__V1__BATCH_SENT__INIT;
    struct batch_row *batch;
    enum rc rc = channel_check (command->channel, unit_arena (unit), err);
    if (rc == RC_OK)
        rc = text_check (command->receipt, "/receipt", err);
    if (rc == RC_OK)
        rc = batch_take (unit, message, BATCH_ACT_SEND, BATCHING_SENDERS, &batch, err);
    if (rc != RC_OK)
        return rc;
    batch_go (batch, BATCH_ACT_SEND);
    if (command->channel[0])
        batch->channel = command->channel;
    batch->receipt = command->receipt;
    batch->sent_at = unit_now (unit);
    batch->due_at = facts->answer_due_at;
    event.channel = (char *)batch->channel;
    event.due_at = batch->due_at;
    batch_emit (unit, batch, &event);
    applications_forward (unit, batch);
    batch_reply (unit, batch);
    return RC_OK;
}
