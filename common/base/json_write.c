#include "common/base/json.h"

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "common/base/json_field.h"
#include "common/base/uuid.h"

static enum rc write_message (struct text_buffer *out, const ProtobufCMessage *message, struct err *err);

/* Messages come from peers and tables: what cannot be said in JSON is theirs, not ours. */
static enum rc
corrupt (const ProtobufCFieldDescriptor *field, struct err *err)
{
    return err_code (err, RC_CORRUPT, "json.corrupt", field->name, "field %s does not hold what its type says",
                     field->name);
}

static void
add_escape (struct text_buffer *out, uint8_t c)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *letter = c ? strchr (from, c) : NULL;
    if (letter) {
        text_add_char (out, '\\');
        text_add_char (out, to[letter - from]);
    } else {
        text_printf (out, "\\u%04x", c);
    }
}

/* Bytes that stand for themselves in a string: well-formed characters but controls, quotes and backslashes. */
static size_t
plain_size (const uint8_t *at, const uint8_t *end)
{
    const uint8_t *from = at;
    while (at < end && *at >= 0x20 && *at != '"' && *at != '\\') {
        size_t length = *at < 0x80 ? 1 : utf8_length (at, (size_t)(end - at));
        if (!length)
            break;
        at += length;
    }
    return (size_t)(at - from);
}

/* A string in quotes. False at bytes that are not UTF-8 (or are NUL), unless they are to be replaced. */
static bool
add_string (struct text_buffer *out, const char *text, size_t size, bool replace)
{
    const uint8_t *at = (const uint8_t *)text, *end = at + size;
    text_add_char (out, '"');
    while (at < end) {
        size_t plain = plain_size (at, end);
        text_add (out, at, plain);
        at += plain;
        if (at == end)
            break;
        if (*at && *at < 0x80)
            add_escape (out, *at);
        else if (replace)
            text_add_string (out, "\xef\xbf\xbd");
        else
            return false;
        at++;
    }
    text_add_char (out, '"');
    return true;
}

bool
json_add_string (struct text_buffer *out, const char *text, size_t size)
{
    add_string (out, text, size, true);
    return !out->failed;
}

static enum rc
write_time (struct text_buffer *out, const ProtobufCFieldDescriptor *field, int64_t instant, struct err *err)
{
    char text[INSTANT_TEXT];
    if (!instant_valid (instant))
        return corrupt (field, err);
    text_printf (out, "\"%s\"", instant_format (instant, text));
    return RC_OK;
}

/* The shortest of 15 and 17 digits that comes back as the same number. */
static enum rc
write_real (struct text_buffer *out, const ProtobufCFieldDescriptor *field, double real, struct err *err)
{
    char text[40];
    if (!isfinite (real))
        return corrupt (field, err);
    locale_t plain = newlocale (LC_ALL_MASK, "C", (locale_t)0), before = uselocale (plain);
    snprintf (text, sizeof text, "%.15g", real);
    if (strtod (text, NULL) != real)
        snprintf (text, sizeof text, "%.17g", real);
    uselocale (before);
    freelocale (plain);
    text_add_string (out, text);
    return RC_OK;
}

static enum rc
write_enum (struct text_buffer *out, const ProtobufCFieldDescriptor *field, int32_t number, struct err *err)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value (field->descriptor, number);
    if (!value)
        return corrupt (field, err);
    if (json_enum_is_none (field->descriptor, value)) { /* only in arrays and oneofs: elsewhere it is left out */
        text_add_string (out, "null");
        return RC_OK;
    }
    text_add_char (out, '"');
    for (const char *c = json_enum_name (field->descriptor, value); *c; c++)
        text_add_char (out, json_lower (*c));
    text_add_char (out, '"');
    return RC_OK;
}

static enum rc
write_string (struct text_buffer *out, const ProtobufCFieldDescriptor *field, const char *text, struct err *err)
{
    int32_t date;
    size_t size = text ? strlen (text) : 0;
    if (json_field_kind (field) == JSON_DATE && !date_parse (text ? text : "", size, &date))
        return corrupt (field, err);
    return add_string (out, text, size, false) ? RC_OK : corrupt (field, err);
}

static enum rc
write_base64 (struct text_buffer *out, ProtobufCBinaryData bytes)
{
    size_t room = bytes.len < SIZE_MAX / 2 ? sodium_base64_encoded_len (bytes.len, sodium_base64_VARIANT_ORIGINAL) : 0;
    text_add_char (out, '"');
    char *to = room ? text_reserve (out, room) : NULL;
    if (to) {
        sodium_bin2base64 (to, room, bytes.data, bytes.len, sodium_base64_VARIANT_ORIGINAL);
        out->size += room - 1;
    } else {
        out->failed = true;
    }
    text_add_char (out, '"');
    return RC_OK;
}

static enum rc
write_bytes (struct text_buffer *out, const ProtobufCFieldDescriptor *field, ProtobufCBinaryData bytes, struct err *err)
{
    struct uuid uuid;
    char text[65];
    switch (json_field_kind (field)) {
    case JSON_UUID:
        if (!uuid_from (bytes, &uuid))
            return corrupt (field, err);
        text_printf (out, "\"%s\"", uuid_format (uuid, text));
        return RC_OK;
    case JSON_SHA256:
        if (bytes.len != 32)
            return corrupt (field, err);
        text_printf (out, "\"%s\"", hex_encode (bytes.data, 32, text));
        return RC_OK;
    default:
        return write_base64 (out, bytes);
    }
}

static enum rc
write_value (struct text_buffer *out, const ProtobufCFieldDescriptor *field, const void *value, struct err *err)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        text_add_int (out, *(const int32_t *)value);
        return RC_OK;
    case PROTOBUF_C_TYPE_SFIXED64:
        if (json_field_kind (field) == JSON_TIME)
            return write_time (out, field, *(const int64_t *)value, err);
        text_add_int (out, *(const int64_t *)value);
        return RC_OK;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
        text_add_int (out, *(const int64_t *)value);
        return RC_OK;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        text_add_int (out, *(const uint32_t *)value);
        return RC_OK;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        text_printf (out, "%" PRIu64, *(const uint64_t *)value);
        return RC_OK;
    case PROTOBUF_C_TYPE_FLOAT:
        return write_real (out, field, (double)*(const float *)value, err);
    case PROTOBUF_C_TYPE_DOUBLE:
        return write_real (out, field, *(const double *)value, err);
    case PROTOBUF_C_TYPE_BOOL:
        text_add_string (out, *(const protobuf_c_boolean *)value ? "true" : "false");
        return RC_OK;
    case PROTOBUF_C_TYPE_ENUM:
        return write_enum (out, field, *(const int32_t *)value, err);
    case PROTOBUF_C_TYPE_STRING:
        return write_string (out, field, *(char *const *)value, err);
    case PROTOBUF_C_TYPE_BYTES:
        return write_bytes (out, field, *(const ProtobufCBinaryData *)value, err);
    case PROTOBUF_C_TYPE_MESSAGE:
        return write_message (out, *(ProtobufCMessage *const *)value, err);
    }
    MUST (!"a type of protobuf");
}

/* Whether a field that is neither repeated nor of a oneof is left out. */
static bool
is_absent (const ProtobufCFieldDescriptor *field, const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        return !*(ProtobufCMessage *const *)value;
    case PROTOBUF_C_TYPE_BYTES:
        return ((const ProtobufCBinaryData *)value)->len == 0;
    case PROTOBUF_C_TYPE_SFIXED64:
        return json_field_kind (field) == JSON_TIME && *(const int64_t *)value == 0;
    case PROTOBUF_C_TYPE_STRING:
        return json_field_kind (field) == JSON_DATE && (!*(char *const *)value || !**(char *const *)value);
    case PROTOBUF_C_TYPE_ENUM: {
        const ProtobufCEnumValue *zero = protobuf_c_enum_descriptor_get_value (field->descriptor, 0);
        return *(const int32_t *)value == 0 && zero && json_enum_is_none (field->descriptor, zero);
    }
    default:
        return false;
    }
}

static enum rc
write_array (struct text_buffer *out, const ProtobufCFieldDescriptor *field, const ProtobufCMessage *message,
             struct err *err)
{
    size_t count = *(const size_t *)((const uint8_t *)message + field->quantifier_offset),
           size = json_field_size (field);
    const uint8_t *items = *(uint8_t *const *)((const uint8_t *)message + field->offset);
    text_add_char (out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i)
            text_add_char (out, ',');
        enum rc rc = write_value (out, field, items + i * size, err);
        if (rc != RC_OK)
            return rc;
    }
    text_add_char (out, ']');
    return RC_OK;
}

static bool
is_written (const ProtobufCFieldDescriptor *field, const ProtobufCMessage *message)
{
    const uint8_t *base = (const uint8_t *)message;
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return true;
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
        return *(const uint32_t *)(base + field->quantifier_offset) == field->id;
    return !is_absent (field, base + field->offset);
}

static enum rc
write_message (struct text_buffer *out, const ProtobufCMessage *message, struct err *err)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    bool first = true;
    text_add_char (out, '{');
    for (unsigned i = 0; i < type->n_fields && !out->failed; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (!is_written (field, message))
            continue;
        if (!first)
            text_add_char (out, ',');
        first = false;
        text_add_char (out, '"');
        text_add_string (out, field->name);
        text_add (out, "\":", 2);
        enum rc rc = field->label == PROTOBUF_C_LABEL_REPEATED
                         ? write_array (out, field, message, err)
                         : write_value (out, field, (const uint8_t *)message + field->offset, err);
        if (rc != RC_OK)
            return rc;
    }
    text_add_char (out, '}');
    return RC_OK;
}

enum rc
json_from_message (const ProtobufCMessage *message, struct text_buffer *out, struct err *err)
{
    enum rc rc = write_message (out, message, err);
    if (rc == RC_OK && out->failed)
        return err_set (err, RC_INTERNAL, "JSON of %s does not fit in %zu bytes", message->descriptor->name,
                        out->limit);
    return rc;
}
