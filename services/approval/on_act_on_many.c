/* ActOnMany → one row with every target, and due work "bulk" for each; reply BulkReply. Each target is decided on its
 * own with the roles its asker held now, and keeps its own result. Rows: bulk. */
#include <stdio.h>

#include "services/approval/bulk_acts.h"
#include "services/approval/chain.h"

enum rc
on_act_on_many_keys (struct keys *keys, const struct message *message, struct err *err)
{
    keys_add (keys, &bulk_table, message->tenant, message->subject);
    return RC_OK;
}

/* What an act has no use for is a mistake: "to" on a return would send all of them somewhere else than meant. */
static enum rc
texts_check (const Padan__Approval__V1__ActOnMany *command, const struct bulk_act *act, struct err *err)
{
    for (const char *const *name = bulk_texts; *name; name++) {
        char field[20];
        snprintf (field, sizeof field, "/%s", *name);
        if (**bulk_text (&command->base, *name) && !protobuf_c_message_descriptor_get_field_by_name (act->type, *name))
            return err_code (err, RC_UNPROCESSABLE, "approval.not_for_act", field, "%s takes none", act->name);
    }
    return RC_OK;
}

static enum rc
command_check (const Padan__Approval__V1__ActOnMany *command, struct err *err)
{
    const struct bulk_act *act = bulk_act_find (command->act);
    if (!act)
        return err_code (err, RC_UNPROCESSABLE, "approval.act_unknown", "/act", "no such act");
    if (!command->n_targets)
        return err_code (err, RC_UNPROCESSABLE, "common.required", "/targets", "nothing to act on");
    if (command->n_targets > BULK_TARGETS_MAX)
        return err_code (err, RC_UNPROCESSABLE, "common.too_many", "/targets", "more than %d", BULK_TARGETS_MAX);
    enum rc rc = texts_check (command, act, err);
    if (rc == RC_OK && act->wants_reason)
        rc = text_given (command->reason, REASON_MAX, "/reason", err);
    if (rc == RC_OK && act->wants_receiver)
        rc = text_given (command->receiver, RECEIVER_MAX, "/receiver", err);
    for (size_t i = 0; rc == RC_OK && i < command->n_targets; i++) {
        struct uuid id;
        char field[40];
        if (uuid_from (command->targets[i]->target_id, &id))
            continue;
        snprintf (field, sizeof field, "/targets/%zu/target_id", i);
        rc = err_code (err, RC_UNPROCESSABLE, "common.invalid", field, "an id is not 16 bytes");
    }
    return rc;
}

enum rc
on_act_on_many (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__ActOnMany *command = (const Padan__Approval__V1__ActOnMany *)message->data;
    enum rc rc = command_check (command, err);
    if (rc == RC_OK && unit_peek (unit, &bulk_table, message->tenant, message->subject))
        rc = err_code (err, RC_CONFLICT, "common.exists", "", "the bulk exists");
    if (rc != RC_OK)
        return rc;
    struct bulk *bulk = unit_create (unit, &bulk_table, message->tenant, message->subject);
    struct bytes principal = unit_actor (unit, message->tenant);
    bulk->act = command->act;
    bulk->asked_by = message_person (message);
    bulk->asked_at = unit_now (unit);
    for (size_t i = 0; i < command->n_targets; i++) {
        struct bulk_target *target = bulk_target_add (unit, bulk);
        uuid_from (command->targets[i]->target_id, &target->target_id);
        target->expected = command->targets[i]->version;
        target->outcome = "waiting";
        target->code = "";
        Padan__Approval__V1__BulkDue payload = PADAN__APPROVAL__V1__BULK_DUE__INIT;
        payload.act = command->act;
        payload.target = command->targets[i];
        for (const char *const *name = bulk_texts; *name; name++)
            *bulk_text (&payload.base, *name) = *bulk_text (&command->base, *name);
        payload.principal = (ProtobufCBinaryData){ principal.size, (uint8_t *)principal.data };
        unit_due (unit, &(struct due){
                            .kind = "bulk",
                            .tenant = bulk->tenant,
                            .subject = bulk->id,
                            .input_version = (int64_t)i + 1,
                            .payload = &payload,
                        });
    }
    Padan__Approval__V1__BulkReply reply = PADAN__APPROVAL__V1__BULK_REPLY__INIT;
    reply.bulk_id = uuid_field (&bulk->id);
    reply.targets = (uint32_t)command->n_targets;
    unit_reply (unit, &reply);
    return RC_OK;
}
