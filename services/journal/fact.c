#include "services/journal/fact.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "common/base/text.h"
#include "common/bus/message.h"

enum { CODE_MAX = 48, PLACE_MAX = 13, TYPE_MAX = 96 };

bool
code_is_public (const char *text)
{
    size_t size = strlen (text);
    return size <= CODE_MAX && (islower ((unsigned char)*text) || !*text) &&
           strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789_.-") == size;
}

bool
place_is_public (const char *text)
{
    size_t size = strlen (text);
    return size <= PLACE_MAX && strspn (text, "0123456789.") == size;
}

static bool
type_is_public (const char *text)
{
    size_t size = strlen (text);
    return size <= TYPE_MAX && size &&
           strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.") == size;
}

/* ------------------------------------------------------------ fields by name */

/* A value somewhere in a message. */
struct value {
    const ProtobufCFieldDescriptor *field;
    const void *at;
};

/* How much an enum's value weighs among several. Verdicts as validation folds them: whom a rule blocks or sends back
 * is that, whatever others of the family still wait for; the numbers are not in that order. */
static int
weight_of (struct value value)
{
    static const Padan__Common__V1__Verdict weakest_first[] = {
        PADAN__COMMON__V1__VERDICT__VERDICT_NONE,    PADAN__COMMON__V1__VERDICT__VERDICT_CLEAR,
        PADAN__COMMON__V1__VERDICT__VERDICT_WARNING, PADAN__COMMON__V1__VERDICT__VERDICT_SITE_CHECK,
        PADAN__COMMON__V1__VERDICT__VERDICT_WAITING, PADAN__COMMON__V1__VERDICT__VERDICT_RETURN,
        PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK,
    };
    const int number = *(const int *)value.at;
    if (value.field->descriptor != &padan__common__v1__verdict__descriptor)
        return number;
    int weight = 0;
    while (weight < (int)(sizeof weakest_first / sizeof *weakest_first) && (int)weakest_first[weight] != number)
        weight++;
    return weight;
}

/* Follows a dotted path; through a repeated message it takes every element's and `worst` chooses the heaviest. */
static struct value
value_find (const ProtobufCMessage *message, const char *path)
{
    char name[64];
    const char *dot = strchr (path, '.');
    size_t length = dot ? (size_t)(dot - path) : strlen (path);
    MUST (length < sizeof name);
    memcpy (name, path, length);
    name[length] = '\0';
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name (message->descriptor, name);
    if (!field)
        return (struct value){ 0 };
    const char *at = (const char *)message + field->offset;
    if (!dot)
        return (struct value){ field, at };
    if (field->type != PROTOBUF_C_TYPE_MESSAGE)
        return (struct value){ 0 };
    const ProtobufCMessage *const *list = (const void *)at;
    size_t n = list[0] != NULL;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        list = *(const ProtobufCMessage *const *const *)(const void *)at;
        n = *(const size_t *)(const void *)((const char *)message + field->quantifier_offset);
    }
    struct value worst = { 0 };
    for (size_t i = 0; i < n; i++) {
        struct value value = value_find (list[i], dot + 1);
        bool is_enum = value.field && value.field->type == PROTOBUF_C_TYPE_ENUM;
        if (!worst.field || (is_enum && weight_of (value) > weight_of (worst)))
            worst = value;
    }
    return worst;
}

static const char *
enum_word (const ProtobufCFieldDescriptor *field, int number, struct arena *arena)
{
    const ProtobufCEnumDescriptor *type = field->descriptor;
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value (type, number);
    size_t prefix = strlen (type->short_name) + 1; /* VERDICT_CLEAR of Verdict */
    if (!value || strlen (value->name) <= prefix)
        return "";
    char *word = arena_string (arena, value->name + prefix);
    MUST (word);
    for (char *c = word; *c; c++)
        *c = (char)tolower ((unsigned char)*c);
    return word;
}

/* NULL: there is no such field, or it says nothing. */
static const char *
value_text (const ProtobufCMessage *message, const char *path, struct arena *arena)
{
    struct value value = path && message ? value_find (message, path) : (struct value){ 0 };
    const char *text = NULL;
    if (!value.field || value.field->label == PROTOBUF_C_LABEL_REPEATED)
        return NULL;
    switch (value.field->type) {
    case PROTOBUF_C_TYPE_STRING:
        text = *(char *const *)value.at;
        return text && *text ? text : NULL;
    case PROTOBUF_C_TYPE_ENUM:
        return enum_word (value.field, *(const int *)value.at, arena);
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
        text = arena_printf (arena, "%" PRId32, *(const int32_t *)value.at);
        break;
    case PROTOBUF_C_TYPE_UINT32:
        text = arena_printf (arena, "%" PRIu32, *(const uint32_t *)value.at);
        break;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
        text = arena_printf (arena, "%" PRId64, *(const int64_t *)value.at);
        break;
    default:
        return NULL;
    }
    MUST (text);
    return text;
}

static struct uuid
value_uuid (const ProtobufCMessage *message, const char *name)
{
    struct uuid id = { 0 };
    struct value value = message ? value_find (message, name) : (struct value){ 0 };
    if (value.field && value.field->type == PROTOBUF_C_TYPE_BYTES && value.field->label != PROTOBUF_C_LABEL_REPEATED)
        uuid_from (*(const ProtobufCBinaryData *)value.at, &id);
    return id;
}

static int64_t
value_instant (const ProtobufCMessage *message, const char *name)
{
    struct value value = message ? value_find (message, name) : (struct value){ 0 };
    return value.field && value.field->type == PROTOBUF_C_TYPE_SFIXED64 ? *(const int64_t *)value.at : 0;
}

static const Padan__Common__V1__Dossier *
value_dossier (const ProtobufCMessage *message)
{
    struct value value = message ? value_find (message, "dossier") : (struct value){ 0 };
    return value.field && value.field->descriptor == &padan__common__v1__dossier__descriptor
               ? *(const Padan__Common__V1__Dossier *const *)value.at
               : NULL;
}

/* ------------------------------------------------------------ who */

/* Roles held when it was done, each once, in the order of their numbers; nobody: one of our services. */
static const char *
roles_text (const Padan__Principal *who, int64_t tenant, struct arena *arena)
{
    const char *text = "";
    unsigned held = 0;
    const ProtobufCEnumDescriptor *type = &padan__role__descriptor;
    if (!who)
        return "service";
    for (size_t i = 0; i < who->n_grants; i++)
        if (who->grants[i]->tenant == tenant && who->grants[i]->role > 0 && who->grants[i]->role < 32)
            held |= 1u << who->grants[i]->role;
    for (unsigned i = 0; i < type->n_values; i++) {
        const ProtobufCEnumValue *value = &type->values[i];
        if (value->value <= 0 || value->value >= 32 || !(held >> value->value & 1))
            continue;
        char *word = arena_string (arena, value->name + strlen ("ROLE_"));
        MUST (word);
        for (char *c = word; *c; c++)
            *c = (char)tolower ((unsigned char)*c);
        text = *text ? arena_printf (arena, "%s,%s", text, word) : word;
        MUST (text);
    }
    return text;
}

static void
actor_read (struct arena *arena, const Padan__Envelope *envelope, struct fact *fact)
{
    const Padan__SignedPrincipal *statement = envelope->principal;
    ProtobufCMessage *who = NULL;
    if (statement && statement->statement.len)
        (void)message_unpack (&padan__principal__descriptor, arena, statement->statement.data, statement->statement.len,
                              &who, NULL);
    const Padan__Principal *principal = (const void *)who;
    fact->role = roles_text (principal, envelope->tenant, arena);
    fact->actor = principal && principal->name[0] ? principal->name : NULL;
}

/* ------------------------------------------------------------ the fact */

static const char *
text_short (const char *text, struct arena *arena)
{
    if (!text)
        return NULL;
    size_t size = utf8_cut (text, strlen (text), DETAIL_MAX);
    char *copy = arena_printf (arena, "%.*s", (int)size, text);
    MUST (copy);
    return copy;
}

static void
data_read (struct arena *arena, const ProtobufCMessage *data, struct fact *fact)
{
    const struct event_type *type = fact->type;
    const char *code = value_text (data, type->code, arena), *next = value_text (data, "next_act", arena);
    const char *role = value_text (data, "next_role", arena);
    fact->code = code && code_is_public (code) ? code : "";
    fact->detail = text_short (value_text (data, type->detail, arena), arena);
    fact->application_id = value_uuid (data, "application_id");
    fact->letter_id = value_uuid (data, "letter_id");
    fact->due_at = value_instant (data, "due_at");
    fact->dossier = value_dossier (data);
    fact->waits_for = next && role ? arena_printf (arena, "%s (%s)", next, role) : next;
    if (fact->dossier && fact->dossier->address && place_is_public (fact->dossier->address->village))
        fact->place = fact->dossier->address->village;
}

static struct bytes
bytes_copy (struct arena *arena, const uint8_t *data, size_t size)
{
    void *copy = arena_copy (arena, data, size);
    MUST (copy);
    return (struct bytes){ copy, size };
}

enum rc
fact_read (struct arena *arena, const char *log, const Padan__Envelope *envelope, const uint8_t salt[static SALT_SIZE],
           struct fact **ret_fact, struct err *err)
{
    struct fact *fact = arena_alloc (arena, sizeof *fact);
    MUST (fact);
    fact->envelope = envelope;
    fact->log = log;
    fact->type = event_type_find (envelope->type);
    fact->type_name = fact->type ? fact->type->type->name : envelope->type;
    fact->version = envelope->version;
    fact->at = envelope->time;
    fact->place = fact->code = "";
    if (!type_is_public (envelope->type) || !uuid_from (envelope->id, &fact->event_id))
        return err_set (err, RC_INVALID, "an event without a type or an id");
    if (!uuid_from (envelope->subject, &fact->subject) || uuid_is_nil (fact->subject))
        fact->subject = uuid_of (log, strlen (log)); /* what concerns a whole office */
    if (fact->type) {
        ProtobufCMessage *data;
        enum rc rc = message_unpack (fact->type->type, arena, envelope->data.data, envelope->data.len, &data, err);
        if (rc != RC_OK)
            return rc;
        data_read (arena, data, fact);
    }
    actor_read (arena, envelope, fact);
    uint8_t hash[CHAIN_SIZE];
    ProtobufCBinaryData statement = { 0 };
    if (envelope->principal)
        statement = envelope->principal->statement;
    personal_hash (salt, (struct bytes){ envelope->data.data, envelope->data.len },
                   (struct bytes){ statement.data, statement.len }, hash);
    fact->salt = bytes_copy (arena, salt, SALT_SIZE);
    fact->personal_hash = bytes_copy (arena, hash, sizeof hash);
    *ret_fact = fact;
    return RC_OK;
}
