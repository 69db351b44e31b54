/* Due work "bulk": one target of an ActOnMany. Its command is decided as if its asker had sent it alone, and what
 * became of it, a refusal too, is kept as the target's result. What may be otherwise later is tried again. Rows: bulk,
 * and those of the command. */
#include "services/approval/bulk_acts.h"
#include "services/approval/chain.h"

static const struct bulk_act acts[] = {
    { "receive", &padan__approval__v1__receive_file__descriptor, on_receive_file, keys_file, gather_file, &file_table },
    { "return", &padan__approval__v1__return_file__descriptor, on_return_file, keys_file, gather_file, &file_table,
      .wants_reason = true },
    { "reject", &padan__approval__v1__reject_file__descriptor, on_reject_file, keys_file, gather_file, &file_table,
      .wants_reason = true },
    { "clear", &padan__approval__v1__clear_letter__descriptor, on_clear_letter, keys_letter, gather_letter_sent,
      &letter_table },
    { "sign", &padan__approval__v1__sign_letter__descriptor, on_sign_letter, keys_sign, gather_sign, &letter_table },
    { "deliver", &padan__approval__v1__deliver_letter__descriptor, on_deliver_letter, keys_letter, gather_letter_sent,
      &letter_table, .wants_receiver = true },
    { "return_letter", &padan__approval__v1__return_letter__descriptor, on_return_letter, keys_letter, gather_letter,
      &letter_table, .wants_reason = true },
    { "void", &padan__approval__v1__void_letter__descriptor, on_void_letter, keys_letter, gather_letter, &letter_table,
      .wants_reason = true },
};

const char *const bulk_texts[] = { "reason", "to", "receiver", "to_act", NULL };

char **
bulk_text (const ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name (message->descriptor, name);
    return field && field->type == PROTOBUF_C_TYPE_STRING ? (char **)((char *)message + field->offset) : NULL;
}

const struct bulk_act *
bulk_act_find (const char *name)
{
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp (acts[i].name, name) == 0)
            return &acts[i];
    return NULL;
}

static const ProtobufCMessage *
command_data (const struct bulk_act *act, const Padan__Approval__V1__BulkDue *due, struct arena *arena)
{
    ProtobufCMessage *data = approval_memory (arena, act->type->sizeof_message, 1);
    act->type->message_init (data);
    for (const char *const *name = bulk_texts; *name; name++) {
        char **text = bulk_text (data, *name);
        if (text)
            *text = *bulk_text (&due->base, *name);
    }
    return data;
}

enum rc
bulk_facts_make (const struct message *message, struct arena *arena, struct bulk_facts **ret_facts, struct err *err)
{
    const Padan__Approval__V1__BulkDue *due = (const Padan__Approval__V1__BulkDue *)message->data;
    struct bulk_facts *facts = approval_memory (arena, 1, sizeof *facts);
    facts->act = bulk_act_find (due->act);
    const Padan__Principal *principal =
        padan__principal__unpack (arena_protobuf (arena), due->principal.len, due->principal.data);
    if (!facts->act || !due->target || !principal)
        return err_set (err, RC_CORRUPT, "a target without its act or asker");
    facts->command = (struct message){
        .source = MESSAGE_COMMAND,
        .id = message->id,
        .type = facts->act->type->name,
        .tenant = message->tenant,
        .version = due->target->version,
        .principal = principal,
        .data = command_data (facts->act, due, arena),
    };
    if (!uuid_from (due->target->target_id, &facts->command.subject))
        return err_set (err, RC_CORRUPT, "a target's id is not 16 bytes");
    *ret_facts = facts;
    return RC_OK;
}

enum rc
on_bulk_target_gather (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct bulk_facts *facts = NULL;
        struct err own = { 0 };
        if (bulk_facts_make (messages[i], gather_arena (gather), &facts, &own) != RC_OK) {
            gather_refuse (gather, messages[i], &own);
            continue;
        }
        struct message *command = &facts->command;
        enum rc rc = facts->act->gather (gather, &command, 1, err);
        if (rc != RC_OK)
            return rc;
        messages[i]->facts = facts;
    }
    return RC_OK;
}

enum rc
on_bulk_target_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const struct bulk_facts *facts = message->facts;
    keys_add (keys, &bulk_table, message->tenant, message->subject);
    return facts->act->keys (keys, &facts->command, err);
}

static bool
is_final (enum rc rc)
{
    return rc != RC_RETRY && rc != RC_BUSY && rc != RC_INTERNAL && rc != RC_CORRUPT && rc != RC_LOST;
}

static int64_t
version_now (struct unit *unit, const struct bulk_facts *facts)
{
    const void *row = unit_peek (unit, facts->act->table, facts->command.tenant, facts->command.subject);
    if (!row)
        return 0;
    return facts->act->table == &file_table ? ((const struct file *)row)->version
                                            : ((const struct office_letter *)row)->version;
}

/* The commands change nothing before they have looked at everything, so a refusal leaves only the result. */
enum rc
on_bulk_target (struct unit *unit, const struct message *message, struct err *err)
{
    const struct bulk_facts *facts = message->facts;
    const struct bulk *known = unit_peek (unit, &bulk_table, message->tenant, message->subject);
    size_t i = (size_t)message->version - 1;
    if (!known || message->version < 1 || i >= known->n_targets)
        return err_set (err, RC_CORRUPT, "a target without its bulk");
    if (strcmp (known->targets[i].outcome, "waiting") != 0)
        return RC_OK;
    unit_act_as (unit, facts->command.principal);
    enum rc rc = facts->act->decide (unit, &facts->command, err);
    if (!is_final (rc))
        return rc;
    struct bulk *bulk = unit_edit (unit, &bulk_table, message->tenant, message->subject);
    struct bulk_target *target = &bulk->targets[i];
    target->outcome = rc == RC_OK ? "done" : "refused";
    if (rc != RC_OK)
        target->code = arena_string (unit_arena (unit), err->code[0] ? err->code : rc_name (rc));
    MUST (target->code);
    target->version = version_now (unit, facts);
    bulk->waiting--;
    return RC_OK;
}
