/* ActOnMany → a bulk with one piece of due work per card; each has its own result in ListBulkResults.
 * Rows: bulk, bulk_target. */
#include <stdio.h>
#include <string.h>

#include "services/distribution/bulk_store.h"
#include "services/distribution/card_store.h"

typedef Padan__Distribution__V1__ActOnMany act_on_many;

enum rc
on_act_on_many_keys (struct keys *keys, const struct message *message, struct err *err)
{
    keys_add (keys, &bulk_table, message->tenant, message->subject);
    return RC_OK;
}

static enum rc
command_check (const act_on_many *command, struct err *err)
{
    bool hand = strcmp (command->act, "hand") == 0;
    struct uuid id;
    char field[48];
    if (!hand && strcmp (command->act, "receive") != 0)
        return err_code (err, RC_UNPROCESSABLE, "distribution.no_act", "/act", "no such act on many");
    if (hand && !uuid_from (command->courier_id, &id))
        return err_code (err, RC_UNPROCESSABLE, "common.required", "/courier_id", "not an id");
    if (!command->n_targets)
        return err_code (err, RC_UNPROCESSABLE, "common.required", "/targets", "nothing to act on");
    if (command->n_targets > BULK_TARGETS_MAX)
        return err_code (err, RC_UNPROCESSABLE, "common.too_many", "/targets", "more than %d", BULK_TARGETS_MAX);
    for (size_t i = 0; i < command->n_targets; i++) {
        snprintf (field, sizeof field, "/targets/%zu/card_id", i);
        if (!uuid_from (command->targets[i]->card_id, &id))
            return err_code (err, RC_UNPROCESSABLE, "common.invalid", field, "not an id");
    }
    return RC_OK;
}

static void
targets_add (struct unit *unit, struct bulk *bulk, const act_on_many *command)
{
    struct bytes principal = unit_actor (unit, bulk->tenant);
    for (size_t i = 0; i < command->n_targets; i++) {
        Padan__Distribution__V1__BulkDue payload = PADAN__DISTRIBUTION__V1__BULK_DUE__INIT;
        struct bulk_target *target = bulk_target_add (unit, bulk);
        uuid_from (command->targets[i]->card_id, &target->card_id);
        target->expected = command->targets[i]->version;
        payload.act = command->act;
        payload.target = command->targets[i];
        payload.courier_id = command->courier_id;
        payload.principal = (ProtobufCBinaryData){ principal.size, (uint8_t *)principal.data };
        unit_due (unit, &(struct due){ .kind = "bulk",
                                       .tenant = bulk->tenant,
                                       .subject = bulk->id,
                                       .input_version = (int64_t)i + 1,
                                       .payload = &payload });
    }
}

enum rc
on_act_on_many (struct unit *unit, const struct message *message, struct err *err)
{
    const act_on_many *command = (const void *)message->data;
    Padan__Distribution__V1__BulkReply reply = PADAN__DISTRIBUTION__V1__BULK_REPLY__INIT;
    enum rc rc = command_check (command, err);
    if (rc != RC_OK)
        return rc;
    if (!message_allowed (message, CARD_OFFICE, ""))
        return err_code (err, RC_FORBIDDEN, "common.forbidden", "", "needs a role for the whole tenant");
    if (unit_peek (unit, &bulk_table, message->tenant, message->subject))
        return err_code (err, RC_CONFLICT, "common.exists", "", "there is such a bulk");
    struct bulk *bulk = unit_create (unit, &bulk_table, message->tenant, message->subject);
    bulk->act = command->act;
    uuid_from (command->courier_id, &bulk->courier_id);
    uuid_from (message->principal->person_id, &bulk->asked_by);
    bulk->asked_at = unit_now (unit);
    targets_add (unit, bulk, command);
    reply.bulk_id = uuid_field (&bulk->id);
    reply.targets = (uint32_t)command->n_targets;
    unit_reply (unit, &reply);
    return RC_OK;
}
