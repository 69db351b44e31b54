#include "common/base/json_field.h"

#include <string.h>
#include "common/base/err.h"

static bool
ends_with (const char *name, const char *suffix)
{
    size_t length = strlen (name), tail = strlen (suffix);
    return length >= tail && memcmp (name + length - tail, suffix, tail) == 0;
}

enum json_kind
json_field_kind (const ProtobufCFieldDescriptor *field)
{
    const char *name = field->name;
    switch (field->type) {
    case PROTOBUF_C_TYPE_BYTES:
        if (strcmp (name, "id") == 0 || ends_with (name, "_id") ||
            (field->label == PROTOBUF_C_LABEL_REPEATED && ends_with (name, "_ids")))
            return JSON_UUID;
        return ends_with (name, "_sha256") ? JSON_SHA256 : JSON_BASE64;
    case PROTOBUF_C_TYPE_SFIXED64:
        return strcmp (name, "at") == 0 || ends_with (name, "_at") ? JSON_TIME : JSON_PLAIN;
    case PROTOBUF_C_TYPE_STRING:
        return ends_with (name, "_date") ? JSON_DATE : JSON_PLAIN;
    default:
        return JSON_PLAIN;
    }
}

size_t
json_field_size (const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_ENUM: /* protobuf-c makes every enum the size of an int */
        return sizeof (int32_t);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return sizeof (int64_t);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof (protobuf_c_boolean);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof (void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof (ProtobufCBinaryData);
    }
    MUST (!"a type of protobuf");
}

/* LoudWord: LOUD_WORD_ */
const char *
json_enum_name (const ProtobufCEnumDescriptor *type, const ProtobufCEnumValue *value)
{
    const char *at = value->name;
    char before = '\0';
    for (const char *c = type->short_name; *c; before = *c++) {
        bool capital = *c >= 'A' && *c <= 'Z';
        if (capital && before && !(before >= 'A' && before <= 'Z') && *at++ != '_')
            return value->name;
        if (json_lower (*at++) != json_lower (*c))
            return value->name;
    }
    return *at == '_' && at[1] ? at + 1 : value->name;
}

bool
json_enum_is_none (const ProtobufCEnumDescriptor *type, const ProtobufCEnumValue *value)
{
    const char *name = json_enum_name (type, value);
    return value->value == 0 && (strcmp (name, "NONE") == 0 || strcmp (name, "UNSPECIFIED") == 0);
}
