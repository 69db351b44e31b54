#include "services/gateway/field.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/json_field.h"
#include "common/base/text.h"
#include "common/base/uuid.h"

const ProtobufCFieldDescriptor *
field_find (const ProtobufCMessageDescriptor *type, const char *name)
{
    return protobuf_c_message_descriptor_get_field_by_name (type, name);
}

bool
field_is_scalar (const ProtobufCFieldDescriptor *field)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return false;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_BOOL:
        return true;
    case PROTOBUF_C_TYPE_BYTES:
        return json_field_kind (field) != JSON_BASE64;
    default:
        return false;
    }
}

static enum rc
refuse (const ProtobufCFieldDescriptor *field, struct err *err)
{
    return err_code (err, RC_INVALID, "gateway.parameter_malformed", field->name, "%s is malformed", field->name);
}

static bool
set_bytes (const ProtobufCFieldDescriptor *field, const char *text, struct arena *arena, ProtobufCBinaryData *ret_data)
{
    size_t length = strlen (text);
    uint8_t *data = arena_alloc (arena, 32);
    if (!data)
        return false;
    if (json_field_kind (field) == JSON_SHA256) {
        *ret_data = (ProtobufCBinaryData){ .len = 32, .data = data };
        return hex_decode (text, length, data, 32);
    }
    *ret_data = (ProtobufCBinaryData){ .len = sizeof (struct uuid), .data = data };
    struct uuid id;
    if (!uuid_parse (text, &id))
        return false;
    memcpy (data, &id, sizeof id);
    return true;
}

static bool
read_number (const char *text, int64_t most, int64_t *ret_number)
{
    char *end;
    errno = 0;
    if (text[0] < '0' || text[0] > '9')
        return false;
    long long number = strtoll (text, &end, 10);
    *ret_number = number;
    return !*end && !errno && number <= most;
}

enum rc
field_set (ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, const char *text, struct arena *arena,
           struct err *err)
{
    char *at = (char *)message + field->offset;
    int64_t number;
    int32_t date;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING: {
        char *copy = arena_string (arena, text);
        if (!copy)
            return err_set (err, RC_BUSY, "no memory for a parameter");
        if (json_field_kind (field) == JSON_DATE && !date_parse (text, strlen (text), &date))
            return refuse (field, err);
        memcpy (at, &copy, sizeof copy);
        return RC_OK;
    }
    case PROTOBUF_C_TYPE_UINT32: {
        if (!read_number (text, UINT32_MAX, &number))
            return refuse (field, err);
        uint32_t value = (uint32_t)number;
        memcpy (at, &value, sizeof value);
        return RC_OK;
    }
    case PROTOBUF_C_TYPE_INT64:
        if (!read_number (text, INT64_MAX, &number))
            return refuse (field, err);
        memcpy (at, &number, sizeof number);
        return RC_OK;
    case PROTOBUF_C_TYPE_BOOL: {
        protobuf_c_boolean value = strcmp (text, "true") == 0;
        if (!value && strcmp (text, "false") != 0)
            return refuse (field, err);
        memcpy (at, &value, sizeof value);
        return RC_OK;
    }
    case PROTOBUF_C_TYPE_BYTES: {
        ProtobufCBinaryData data;
        if (!set_bytes (field, text, arena, &data))
            return refuse (field, err);
        memcpy (at, &data, sizeof data);
        return RC_OK;
    }
    default:
        return refuse (field, err);
    }
}

int64_t
field_int64 (const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    int64_t value = 0;
    if (field)
        memcpy (&value, (const char *)message + field->offset, sizeof value);
    return value;
}
