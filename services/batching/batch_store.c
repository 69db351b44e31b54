#include "services/batching/batch_store.h"

#include <string.h>

#include "batching_sql.h"

static const struct db_column batch_columns[] = {
    DB_COLUMN (DB_INT8, batch_row, tenant),          DB_COLUMN (DB_UUID, batch_row, id),
    DB_COLUMN (DB_INT8, batch_row, version),         DB_COLUMN (DB_TEXT, batch_row, track),
    DB_COLUMN (DB_TEXT, batch_row, number),          DB_COLUMN (DB_TEXT, batch_row, state),
    DB_COLUMN (DB_TEXT, batch_row, reason),          DB_COLUMN (DB_DATE, batch_row, until_day),
    DB_COLUMN (DB_TIME, batch_row, started_at),      DB_COLUMN (DB_UUID, batch_row, started_by),
    DB_COLUMN (DB_TIME, batch_row, closed_at),       DB_COLUMN (DB_INT4, batch_row, applications),
    DB_COLUMN (DB_INT4, batch_row, people),          DB_COLUMN (DB_INT4, batch_row, accepted),
    DB_COLUMN (DB_INT4, batch_row, refused),         DB_COLUMN (DB_BYTES, batch_row, file_sha256),
    DB_COLUMN (DB_INT8, batch_row, file_size),       DB_COLUMN (DB_BYTES, batch_row, manifest_sha256),
    DB_COLUMN (DB_TEXT, batch_row, channel),         DB_COLUMN (DB_TEXT, batch_row, receipt),
    DB_COLUMN (DB_TIME, batch_row, sent_at),         DB_COLUMN (DB_TIME, batch_row, answered_at),
    DB_COLUMN (DB_BYTES, batch_row, profile_sha256), DB_COLUMN (DB_TIME, batch_row, due_at),
    DB_COLUMN (DB_TEXT, batch_row, reconciler),      DB_COLUMN (DB_BYTES, batch_row, archive_sha256),
    DB_COLUMN (DB_TIME, batch_row, reconciled_at),   DB_COLUMN (DB_UUID, batch_row, reconciled_by),
};
const struct table batch_table = {
    .name = "batch",
    .row_size = sizeof (struct batch_row),
    .columns = batch_columns,
    .n_columns = sizeof batch_columns / sizeof *batch_columns,
    .load = &sql_batch_load,
    .insert = &sql_batch_insert,
    .update = &sql_batch_update,
};

void
batch_collect_later (struct unit *unit, const struct batch_row *batch, int64_t chunk,
                     const Padan__Batching__V1__CollectDue *after)
{
    unit_due (unit, &(struct due){
                        .kind = "collect",
                        .tenant = batch->tenant,
                        .subject = batch->id,
                        .input_version = chunk,
                        .payload = after,
                    });
}

struct batch_row *
batch_begin (struct unit *unit, int64_t tenant, struct uuid id, const struct batch_start *start)
{
    static const Padan__Batching__V1__CollectDue first = PADAN__BATCHING__V1__COLLECT_DUE__INIT;
    struct batch_row *batch = unit_create (unit, &batch_table, tenant, id);
    batch->track = start->track;
    batch->reason = start->reason;
    batch->until_day = start->until_day;
    batch->started_at = unit_now (unit);
    batch->started_by = start->by;
    batch->state = batch_state_word (BATCH_CLOSING);
    batch->number = batch->channel = batch->receipt = batch->reconciler = "";
    batch_collect_later (unit, batch, 1, &first);
    return batch;
}

enum rc
batch_act (struct unit *unit, int64_t tenant, struct uuid id, enum batch_act act, struct batch_row **ret_batch,
           struct err *err)
{
    const struct batch_row *known = unit_peek (unit, &batch_table, tenant, id);
    if (!known)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such batch");
    if (batch_move (batch_state_of (known->state), act) < 0)
        return err_code (err, RC_CONFLICT, "batching.batch_state", "", "%s of a batch that is %s", batch_act_word (act),
                         known->state);
    *ret_batch = unit_edit (unit, &batch_table, tenant, id);
    return RC_OK;
}

enum rc
office_check (const struct message *message, unsigned roles, struct err *err)
{
    if (!message_allowed (message, roles, ""))
        return err_code (err, RC_FORBIDDEN, "common.forbidden", "", "needs a role for the whole tenant");
    return RC_OK;
}

enum rc
batch_take (struct unit *unit, const struct message *message, enum batch_act act, unsigned roles,
            struct batch_row **ret_batch, struct err *err)
{
    enum rc rc = office_check (message, roles, err);
    if (rc == RC_OK)
        rc = batch_act (unit, message->tenant, message->subject, act, ret_batch, err);
    return rc == RC_OK ? unit_expect (message, (*ret_batch)->version, err) : rc;
}

void
batch_go (struct batch_row *batch, enum batch_act act)
{
    int to = batch_move (batch_state_of (batch->state), act);
    MUST (to >= 0); /* batch_act has looked */
    batch->state = batch_state_word ((enum batch_state)to);
}

void
batch_emit (struct unit *unit, struct batch_row *batch, const void *event)
{
    unit_emit (unit, batch->tenant, batch->id, ++batch->version, event);
}

const char *
batch_next_role (const struct batch_row *batch)
{
    switch (batch_state_of (batch->state)) {
    case BATCH_WRITTEN:
        return words_word (&words_roles, ROLE_OPERATOR);
    case BATCH_SENT:
        return words_word (&words_roles, ROLE_BPJS);
    case BATCH_ANSWERED:
        return batch->reconciler;
    default:
        return "";
    }
}

void
batch_reply (struct unit *unit, const struct batch_row *batch)
{
    Padan__Batching__V1__BatchReply reply = PADAN__BATCHING__V1__BATCH_REPLY__INIT;
    reply.batch_id = uuid_field (&batch->id);
    reply.number = (char *)batch->number;
    reply.people = (uint32_t)batch->people;
    reply.state = (char *)batch->state;
    reply.version = batch->version;
    unit_reply (unit, &reply);
}

enum rc
text_check (const char *text, const char *pointer, struct err *err)
{
    if (strlen (text) > TEXT_MAX_REASON)
        return err_code (err, RC_UNPROCESSABLE, "common.too_long", pointer, "more than %d bytes", TEXT_MAX_REASON);
    return RC_OK;
}

/* Of messages whose subject is the batch and nothing else. */
enum rc
batch_keys (struct keys *keys, const struct message *message, struct err *err)
{
    keys_add (keys, &batch_table, message->tenant, message->subject);
    return RC_OK;
}
