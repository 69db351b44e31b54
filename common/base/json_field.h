/* What the JSON conventions say of one field or enum value. Only json_read.c and json_write.c need this. */
#pragma once

#include <stdbool.h>
#include <protobuf-c/protobuf-c.h>

enum json_kind { JSON_PLAIN, JSON_UUID, JSON_SHA256, JSON_BASE64, JSON_TIME, JSON_DATE };

enum json_kind json_field_kind (const ProtobufCFieldDescriptor *field);

/* Bytes of one value in its struct or array. */
size_t json_field_size (const ProtobufCFieldDescriptor *field);

/* The value's name without the enum's prefix, still in upper case. */
const char *json_enum_name (const ProtobufCEnumDescriptor *type, const ProtobufCEnumValue *value);
/* The zero value that stands for nothing: …_NONE, …_UNSPECIFIED. */
bool json_enum_is_none (const ProtobufCEnumDescriptor *type, const ProtobufCEnumValue *value);

static inline char
json_lower (char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
}
