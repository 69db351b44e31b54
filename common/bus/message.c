#include "common/bus/message.h"

#include <stdint.h>
#include "common/base/text.h"

enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_BYTES = 2, WIRE_32 = 5 };

struct walk {
    const uint8_t *at, *end;
};

struct wire_field {
    uint32_t number, wire;
    uint64_t value;      /* of a varint */
    const uint8_t *data; /* of bytes */
    size_t size;
};

static bool
varint_read (struct walk *walk, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (walk->at == walk->end)
            return false;
        uint8_t byte = *walk->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

static bool
span_read (struct walk *walk, uint64_t size, struct wire_field *field)
{
    if (size > (uint64_t)(walk->end - walk->at))
        return false;
    field->data = walk->at;
    field->size = (size_t)size;
    walk->at += size;
    return true;
}

static bool
field_read (struct walk *walk, struct wire_field *ret_field)
{
    uint64_t tag, size;
    if (!varint_read (walk, &tag) || tag >> 3 == 0 || tag >> 32)
        return false;
    *ret_field = (struct wire_field){ .number = (uint32_t)(tag >> 3), .wire = (uint32_t)(tag & 7) };
    switch (ret_field->wire) {
    case WIRE_VARINT:
        return varint_read (walk, &ret_field->value);
    case WIRE_64:
        return span_read (walk, 8, ret_field);
    case WIRE_32:
        return span_read (walk, 4, ret_field);
    case WIRE_BYTES:
        return varint_read (walk, &size) && span_read (walk, size, ret_field);
    default:
        return false; /* groups do not exist in proto3 */
    }
}

static enum rc
message_check_at (const ProtobufCMessageDescriptor *type, struct walk walk, unsigned depth, struct err *err)
{
    uint64_t seen[MESSAGE_FIELDS_MAX / 64] = { 0 };
    unsigned unknown = 0;
    MUST (type->n_fields <= MESSAGE_FIELDS_MAX);
    if (depth == MESSAGE_DEPTH_MAX)
        return err_set (err, RC_INVALID, "%s is nested too deep", type->name);
    while (walk.at < walk.end) {
        struct wire_field wire;
        if (!field_read (&walk, &wire))
            return err_set (err, RC_INVALID, "%s is malformed", type->name);
        const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field (type, wire.number);
        if (!field && ++unknown > MESSAGE_UNKNOWN_MAX)
            return err_set (err, RC_INVALID, "%s has too many fields that are not known", type->name);
        if (!field)
            continue;
        size_t index = (size_t)(field - type->fields);
        uint64_t bit = UINT64_C (1) << (index % 64);
        if (field->label != PROTOBUF_C_LABEL_REPEATED && (seen[index / 64] & bit))
            return err_set (err, RC_INVALID, "%s.%s is given twice", type->name, field->name);
        seen[index / 64] |= bit;
        if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
            if (wire.wire != WIRE_BYTES)
                return err_set (err, RC_INVALID, "%s.%s is malformed", type->name, field->name);
            enum rc rc =
                message_check_at (field->descriptor, (struct walk){ wire.data, wire.data + wire.size }, depth + 1, err);
            if (rc != RC_OK)
                return rc;
        } else if (field->type == PROTOBUF_C_TYPE_STRING) {
            if (wire.wire != WIRE_BYTES || !utf8_valid (wire.data, wire.size))
                return err_set (err, RC_INVALID, "%s.%s is not text", type->name, field->name);
        }
    }
    return RC_OK;
}

enum rc
message_check (const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t size, struct err *err)
{
    return size ? message_check_at (type, (struct walk){ data, data + size }, 0, err) : RC_OK;
}

enum rc
message_unpack (const ProtobufCMessageDescriptor *type, struct arena *arena, const uint8_t *data, size_t size,
                ProtobufCMessage **ret_message, struct err *err)
{
    enum rc rc = message_check (type, data, size, err);
    if (rc != RC_OK)
        return rc;
    ProtobufCMessage *message = protobuf_c_message_unpack (type, arena_protobuf (arena), size, data);
    if (!message) {
        bool full = arena_full (arena); /* protobuf-c does not say which */
        return err_set (err, full ? RC_BUSY : RC_INVALID, "%s %s", type->name, full ? "is too large" : "is malformed");
    }
    *ret_message = message;
    return RC_OK;
}

bool
message_number (const uint8_t *data, size_t size, uint64_t *ret_number)
{
    struct walk walk = { data, data + size };
    while (size && walk.at < walk.end) {
        struct wire_field wire;
        if (!field_read (&walk, &wire))
            return false;
        if (wire.number == 1) {
            *ret_number = wire.value;
            return wire.wire == WIRE_VARINT;
        }
    }
    return false;
}
