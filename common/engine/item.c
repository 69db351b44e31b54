/* From a packed envelope to an item of a batch: what it is, who may send it, which functions decide it. */
#include <sodium.h>
#include <string.h>

#include "common/bus/message.h"
#include "common/bus/principal.h"
#include "common/engine/batch.h"

static enum rc
envelope_take (const Padan__Envelope *envelope, struct message *message, struct err *err)
{
    message->type = envelope->type;
    message->tenant = envelope->tenant;
    message->version = envelope->version;
    message->time = envelope->time;
    if (!uuid_from (envelope->id, &message->id))
        return err_set (err, RC_INVALID, "envelope without an id of 16 bytes");
    if (envelope->subject.len && !uuid_from (envelope->subject, &message->subject))
        return err_set (err, RC_INVALID, "subject is not 16 bytes");
    if (envelope->cause.len)
        uuid_from (envelope->cause, &message->cause);
    return RC_OK;
}

static enum rc
data_take (struct arena *arena, const Padan__Envelope *envelope, const ProtobufCMessageDescriptor *type,
           struct message *message, struct err *err)
{
    ProtobufCMessage *data = NULL;
    enum rc rc = message_unpack (type, arena, envelope->data.data, envelope->data.len, &data, err);
    message->data = data;
    return rc;
}

static const struct command *
command_find (const struct service *service, const char *type)
{
    for (const struct command *row = service->commands; row && row->type; row++)
        if (strcmp (row->type->name, type) == 0)
            return row;
    return NULL;
}

bool
message_allowed (const struct message *message, unsigned roles, const char *place)
{
    if (!message->principal)
        return false;
    for (Padan__Role role = PADAN__ROLE__ROLE_NONE + 1; roles >> role; role++)
        if ((roles >> role & 1) && principal_has_role (message->principal, message->tenant, role, place))
            return true;
    return false;
}

static bool
service_named (const char *const *names, const char *name)
{
    for (; names && *names; names++)
        if (strcmp (*names, name) == 0)
            return true;
    return false;
}

/* A person by one of the roles in the message's tenant, a program by its name. */
static enum rc
authorise (const struct message *message, unsigned roles, const char *const *services, struct err *err)
{
    if (message->principal ? message_allowed (message, roles, NULL) : service_named (services, message->service))
        return RC_OK;
    if (!message->principal)
        return err_code (err, RC_UNAUTHENTICATED, "common.unauthenticated", "", "%s of %s needs a person",
                         message->type, message->service);
    return err_code (err, RC_FORBIDDEN, "common.forbidden", "", "no role for %s in this tenant", message->type);
}

enum rc
query_authorise (const struct query_handler *handler, const struct message *message, struct err *err)
{
    enum rc rc = authorise (message, handler->roles, handler->services, err);
    if (rc == RC_OK && !message->tenant && !handler->everywhere)
        return err_set (err, RC_INVALID, "%s names no tenant", message->type);
    return rc;
}

/* The whole body counts: same key with another subject or version is another command. */
static enum rc
body_hash (struct arena *arena, const Padan__Envelope *envelope, struct bytes *ret_hash)
{
    crypto_generichash_state state;
    uint8_t *digest = arena_alloc (arena, ENTRY_HASH_SIZE);
    if (!digest)
        return RC_BUSY;
    crypto_generichash_init (&state, NULL, 0, ENTRY_HASH_SIZE);
    crypto_generichash_update (&state, envelope->subject.data, envelope->subject.len);
    crypto_generichash_update (&state, (const uint8_t *)&envelope->version, sizeof envelope->version);
    crypto_generichash_update (&state, envelope->data.data, envelope->data.len);
    crypto_generichash_final (&state, digest, ENTRY_HASH_SIZE);
    *ret_hash = (struct bytes){ digest, ENTRY_HASH_SIZE };
    return RC_OK;
}

enum rc
item_command (const struct service *service, struct arena *arena, const Padan__Envelope *envelope,
              const Padan__Principal *principal, const char *sender, struct item *ret_item, struct err *err)
{
    const struct command *command = command_find (service, envelope->type);
    if (!command)
        return err_set (err, RC_INVALID, "%s takes no command of this type", service->name);
    if (!envelope->key[0])
        return err_set (err, RC_INVALID, "a command needs a key");
    struct item item = {
        .kind = ITEM_COMMAND,
        .decide = command->decide,
        .keys = command->keys,
        .gather = command->gather,
        .reply_type = command->reply ? command->reply->name : NULL,
        .secret = command->secret,
        .deadline = envelope->deadline,
    };
    item.message = (struct message){ .source = MESSAGE_COMMAND, .principal = principal, .service = sender };
    enum rc rc = envelope_take (envelope, &item.message, err);
    if (rc == RC_OK && !command->anyone)
        rc = authorise (&item.message, command->roles, command->services, err);
    if (rc == RC_OK)
        rc = data_take (arena, envelope, command->type, &item.message, err);
    if (rc == RC_OK)
        rc = body_hash (arena, envelope, &item.body_hash);
    if (rc == RC_BUSY) /* trying again makes it no smaller */
        return err_code (err, RC_UNPROCESSABLE, "common.too_many", "", "%s is too large unpacked", envelope->type);
    if (rc != RC_OK)
        return rc;
    item.key = (struct command_key){ .tenant = envelope->tenant, .route = command->type->name, .key = envelope->key };
    if (principal)
        uuid_from (principal->person_id, &item.key.person);
    else
        item.key.person = uuid_of (sender, strlen (sender));
    *ret_item = item;
    return RC_OK;
}

static const struct entry *
entry_find (const struct follow *follow, const char *type)
{
    for (const struct entry *row = follow->entries; row && row->type; row++)
        if (strcmp (row->type->name, type) == 0)
            return row;
    return follow->any;
}

enum rc
item_entry (struct batch *batch, const struct follow *follow, const char *log, int64_t position, int32_t partition,
            struct bytes hash, struct bytes raw, struct item *ret_item, struct err *err)
{
    if (partition < 0 || partition >= ENGINE_PARTITIONS || hash.size != ENTRY_HASH_SIZE)
        return err_set (err, RC_CORRUPT, "entry %lld of %s has no partition or hash", (long long)position, log);
    Padan__Envelope *envelope = padan__envelope__unpack (arena_protobuf (batch->arena), raw.size, raw.data);
    if (!envelope)
        return err_set (err, RC_CORRUPT, "entry %lld of %s is no envelope", (long long)position, log);
    const struct entry *entry = entry_find (follow, envelope->type);
    struct item item = {
        .kind = ITEM_ENTRY,
        .decide = entry ? entry->decide : NULL,
        .keys = entry ? entry->keys : NULL,
        .gather = entry ? entry->gather : NULL,
        .partition = partition,
        .raw = raw,
        .hash = hash,
    };
    item.message = (struct message){ .source = MESSAGE_ENTRY, .log = log, .position = position, .service = log };
    enum rc rc = envelope_take (envelope, &item.message, err);
    if (rc == RC_OK && entry && entry->type)
        rc = data_take (batch->arena, envelope, entry->type, &item.message, err);
    if (rc != RC_OK && entry && item.message.type) { /* undecidable, but its place is known: parked, in order */
        item.refused = rc;
        item.err = *err;
        rc = RC_OK;
    }
    if (rc == RC_OK && entry && !entry->type)
        item.message.data = &envelope->base;
    if (envelope->principal && envelope->principal->statement.len)
        item.message.principal = padan__principal__unpack (
            arena_protobuf (batch->arena), envelope->principal->statement.len, envelope->principal->statement.data);
    *ret_item = item;
    return rc;
}
