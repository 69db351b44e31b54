#include "common/base/json.h"

#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include "common/base/json_field.h"
#include "common/base/json_scan.h"
#include "common/base/uuid.h"

enum { FIELDS = 256, NUMBER_SIZE = 64 }; /* of one message; characters of a number that means something */

static bool read_message (struct json_scan *scan, const ProtobufCMessageDescriptor *type,
                          ProtobufCMessage **ret_message);

/* Goes over a value of another type and notes that; what is no value at all is noted as such only. */
static bool
wrong_type (struct json_scan *scan, const char *expected)
{
    if (!json_scan_skip (scan))
        return false;
    json_note (scan, "json.wrong_type", expected, NULL);
    return true;
}

static bool
bad_value (struct json_scan *scan, const char *expected)
{
    json_note (scan, "json.bad_value", expected, NULL);
    return true;
}

static bool
is_number (char c)
{
    return c == '-' || (c >= '0' && c <= '9');
}

/* Sign and magnitude; false when it is beyond 64 bits. */
static bool
integer_parse (const struct json_number *number, bool *ret_negative, uint64_t *ret_magnitude)
{
    const char *at = number->data, *end = at + number->size;
    uint64_t magnitude = 0;
    *ret_negative = *at == '-';
    for (at += *ret_negative; at < end; at++)
        if (__builtin_mul_overflow (magnitude, 10, &magnitude) ||
            __builtin_add_overflow (magnitude, (uint64_t)(*at - '0'), &magnitude))
            return false;
    *ret_magnitude = magnitude;
    return true;
}

static bool
out_of_range (struct json_scan *scan, int64_t least, uint64_t most)
{
    json_note (scan, "json.out_of_range", arena_printf (scan->arena, "%" PRId64, least),
               arena_printf (scan->arena, "%" PRIu64, most));
    return true;
}

/* An integer between least (at most 0) and most, written as `size` bytes: two's complement serves signed and unsigned.
 */
static bool
read_integer (struct json_scan *scan, int64_t least, uint64_t most, size_t size, void *value)
{
    struct json_number number;
    bool negative;
    uint64_t magnitude;
    if (!is_number (json_scan_peek (scan)))
        return wrong_type (scan, "integer");
    if (!json_scan_number (scan, &number))
        return false;
    if (!number.integer) {
        json_note (scan, "json.wrong_type", "integer", NULL);
        return true;
    }
    if (!integer_parse (&number, &negative, &magnitude) || magnitude > (negative ? 0 - (uint64_t)least : most))
        return out_of_range (scan, least, most);
    uint64_t bits = negative ? 0 - magnitude : magnitude;
    if (size == sizeof (uint32_t))
        *(uint32_t *)value = (uint32_t)bits;
    else
        *(uint64_t *)value = bits;
    return true;
}

/* greatest: of the type, for finding what is too large for it. */
static bool
read_real (struct json_scan *scan, double greatest, double *ret_real)
{
    struct json_number number;
    char text[NUMBER_SIZE];
    if (!is_number (json_scan_peek (scan)))
        return wrong_type (scan, "number");
    if (!json_scan_number (scan, &number))
        return false;
    double real = HUGE_VAL;
    if (number.size < sizeof text) {
        memcpy (text, number.data, number.size);
        text[number.size] = '\0';
        locale_t plain = newlocale (LC_ALL_MASK, "C", (locale_t)0); /* a constant in glibc: costs nothing */
        real = strtod_l (text, NULL, plain);
        freelocale (plain);
    }
    if (!(fabs (real) <= greatest))
        json_note (scan, "json.out_of_range", NULL, NULL);
    else
        *ret_real = real;
    return true;
}

static bool
read_bool (struct json_scan *scan, protobuf_c_boolean *ret_value)
{
    char c = json_scan_peek (scan);
    if (c != 't' && c != 'f')
        return wrong_type (scan, "boolean");
    *ret_value = c == 't';
    return json_scan_literal (scan, c == 't' ? "true" : "false");
}

static bool
read_text (struct json_scan *scan, struct json_text *ret_text, bool *ret_given)
{
    *ret_given = json_scan_peek (scan) == '"';
    return *ret_given ? json_scan_string (scan, ret_text) : wrong_type (scan, "string");
}

static bool
read_string (struct json_scan *scan, enum json_kind kind, char **ret_string)
{
    struct json_text text;
    bool given;
    int32_t date;
    if (!read_text (scan, &text, &given) || !given)
        return !scan->stopped;
    if (kind == JSON_DATE && !date_parse (text.data, text.size, &date))
        return bad_value (scan, "date");
    char *copy = arena_alloc (scan->arena, text.size + 1);
    if (!copy)
        return json_stop (scan, "json.too_large");
    memcpy (copy, text.data, text.size);
    *ret_string = copy;
    return true;
}

static bool
read_time (struct json_scan *scan, int64_t *ret_time)
{
    struct json_text text;
    bool given;
    if (!read_text (scan, &text, &given) || !given)
        return !scan->stopped;
    return instant_parse (text.data, text.size, ret_time) || bad_value (scan, "time");
}

static const char *
enum_texts (struct json_scan *scan, const ProtobufCEnumDescriptor *type)
{
    TEXT_AUTO struct text_buffer texts = TEXT_BUFFER (1024);
    for (unsigned i = 0; i < type->n_values; i++) {
        if (json_enum_is_none (type, &type->values[i]))
            continue;
        if (texts.size)
            text_add_string (&texts, ", ");
        for (const char *c = json_enum_name (type, &type->values[i]); *c; c++)
            text_add_char (&texts, json_lower (*c));
    }
    return texts.failed || !texts.data ? NULL : arena_string (scan->arena, texts.data);
}

static bool
enum_matches (const char *name, struct json_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!name[i] || json_lower (name[i]) != text.data[i])
            return false;
    return name[text.size] == '\0';
}

static bool
read_enum (struct json_scan *scan, const ProtobufCEnumDescriptor *type, int32_t *ret_value)
{
    struct json_text text;
    bool given;
    if (!read_text (scan, &text, &given) || !given)
        return !scan->stopped;
    for (unsigned i = 0; i < type->n_values; i++) {
        const ProtobufCEnumValue *value = &type->values[i];
        if (enum_matches (json_enum_name (type, value), text) && !json_enum_is_none (type, value)) {
            *ret_value = value->value;
            return true;
        }
    }
    json_note (scan, "json.bad_value", "enum", enum_texts (scan, type));
    return true;
}

static bool
bytes_decode (enum json_kind kind, struct json_text text, uint8_t *data, size_t room, size_t *ret_size)
{
    struct uuid uuid;
    char copy[UUID_TEXT];
    switch (kind) {
    case JSON_UUID:
        if (text.size != UUID_TEXT - 1)
            return false;
        memcpy (copy, text.data, text.size);
        copy[text.size] = '\0';
        if (!uuid_parse (copy, &uuid))
            return false;
        memcpy (data, uuid.bytes, sizeof uuid.bytes);
        *ret_size = sizeof uuid.bytes;
        return true;
    case JSON_SHA256:
        *ret_size = 32;
        return hex_decode (text.data, text.size, data, 32);
    default:
        return sodium_base642bin (data, room, text.data, text.size, NULL, ret_size, NULL,
                                  sodium_base64_VARIANT_ORIGINAL) == 0;
    }
}

static bool
read_bytes (struct json_scan *scan, enum json_kind kind, ProtobufCBinaryData *ret_bytes)
{
    static const char *const expected[] = { [JSON_UUID] = "uuid", [JSON_SHA256] = "sha256", [JSON_BASE64] = "base64" };
    struct json_text text;
    bool given;
    if (!read_text (scan, &text, &given) || !given)
        return !scan->stopped;
    size_t room = kind == JSON_UUID ? 16 : kind == JSON_SHA256 ? 32 : text.size / 4 * 3 + 3, size = 0;
    uint8_t *data = arena_alloc (scan->arena, room);
    if (!data)
        return json_stop (scan, "json.too_large");
    if (!bytes_decode (kind, text, data, room, &size))
        return bad_value (scan, expected[kind]);
    *ret_bytes = (ProtobufCBinaryData){ .len = size, .data = data };
    return true;
}

/* One value of the field's type, written to `value` when it is right. */
static bool
read_value (struct json_scan *scan, const ProtobufCFieldDescriptor *field, void *value)
{
    double real = 0;
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return read_integer (scan, INT32_MIN, INT32_MAX, sizeof (int32_t), value);
    case PROTOBUF_C_TYPE_SFIXED64:
        if (json_field_kind (field) == JSON_TIME)
            return read_time (scan, value);
        return read_integer (scan, INT64_MIN, INT64_MAX, sizeof (int64_t), value);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
        return read_integer (scan, INT64_MIN, INT64_MAX, sizeof (int64_t), value);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return read_integer (scan, 0, UINT32_MAX, sizeof (uint32_t), value);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return read_integer (scan, 0, UINT64_MAX, sizeof (uint64_t), value);
    case PROTOBUF_C_TYPE_FLOAT:
        if (!read_real (scan, 3.40282346638528859812e38, &real))
            return false;
        *(float *)value = (float)real;
        return true;
    case PROTOBUF_C_TYPE_DOUBLE:
        return read_real (scan, 1.79769313486231570815e308, value);
    case PROTOBUF_C_TYPE_BOOL:
        return read_bool (scan, value);
    case PROTOBUF_C_TYPE_ENUM:
        return read_enum (scan, field->descriptor, value);
    case PROTOBUF_C_TYPE_STRING:
        return read_string (scan, json_field_kind (field), value);
    case PROTOBUF_C_TYPE_BYTES:
        return read_bytes (scan, json_field_kind (field), value);
    case PROTOBUF_C_TYPE_MESSAGE:
        return read_message (scan, field->descriptor, value);
    }
    MUST (!"a type of protobuf");
}

/* Room for one more element: doubles, so that the arena holds at most twice the final array besides it. */
static bool
array_grow (struct json_scan *scan, uint8_t **items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return true;
    size_t wider = *capacity ? *capacity * 2 : 4;
    uint8_t *copy = arena_array (scan->arena, wider, size);
    if (!copy)
        return json_stop (scan, "json.too_large");
    if (count)
        memcpy (copy, *items, count * size);
    *items = copy;
    *capacity = wider;
    return true;
}

static bool
read_array (struct json_scan *scan, const ProtobufCFieldDescriptor *field, ProtobufCMessage *message)
{
    size_t size = json_field_size (field), count = 0, capacity = 0;
    uint8_t *items = NULL;
    if (json_scan_peek (scan) != '[')
        return wrong_type (scan, "array");
    if (!json_scan_enter (scan))
        return false;
    if (json_scan_empty (scan, ']'))
        return true;
    struct json_frame *frame = &scan->path[scan->depth - 1];
    frame->element = true;
    for (bool more = true; more; frame->index = ++count)
        if (!array_grow (scan, &items, count, &capacity, size) || !read_value (scan, field, items + count * size) ||
            !json_scan_next (scan, ']', &more))
            return false;
    *(size_t *)((uint8_t *)message + field->quantifier_offset) = count;
    *(uint8_t **)((uint8_t *)message + field->offset) = items;
    return true;
}

static const char *
field_name (const ProtobufCMessageDescriptor *type, uint32_t id)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field (type, id);
    return field ? field->name : NULL;
}

static bool
read_field (struct json_scan *scan, const ProtobufCFieldDescriptor *field, ProtobufCMessage *message)
{
    if (json_scan_peek (scan) == 'n')
        return json_scan_literal (scan, "null");
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return read_array (scan, field, message);
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        uint32_t *which = (uint32_t *)((uint8_t *)message + field->quantifier_offset);
        if (*which) {
            json_note (scan, "json.one_of", field_name (message->descriptor, *which), NULL);
            return json_scan_skip (scan);
        }
        *which = field->id;
    }
    return read_value (scan, field, (uint8_t *)message + field->offset);
}

static int
name_compare (const char *name, struct json_text text)
{
    int order = strncmp (name, text.data, text.size); /* the text holds no NUL */
    return order ? order : name[text.size] != '\0';
}

/* guess: senders mostly keep the order of the fields, so that the next one is tried first. */
static const ProtobufCFieldDescriptor *
field_find (const ProtobufCMessageDescriptor *type, struct json_text name, unsigned guess)
{
    if (guess < type->n_fields && name_compare (type->fields[guess].name, name) == 0)
        return &type->fields[guess];
    for (unsigned low = 0, high = type->n_fields; low < high;) {
        unsigned middle = (low + high) / 2;
        const ProtobufCFieldDescriptor *field = &type->fields[type->fields_sorted_by_name[middle]];
        int order = name_compare (field->name, name);
        if (order == 0)
            return field;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The field's name that a mistyped one comes near to, NULL when none does. */
static const char *
nearest_name (const ProtobufCMessageDescriptor *type, const char *name)
{
    const char *nearest = NULL;
    size_t least = strlen (name) / 2 + 1;
    for (unsigned i = 0; i < type->n_fields; i++) {
        size_t distance = text_distance (name, type->fields[i].name);
        if (distance < least) {
            least = distance;
            nearest = type->fields[i].name;
        }
    }
    return nearest;
}

static bool
skip_unknown (struct json_scan *scan, const ProtobufCMessageDescriptor *type, struct json_text name)
{
    enum { SHOWN = 64 };
    char *copy = arena_alloc (scan->arena, SHOWN + 1);
    if (!copy)
        return json_stop (scan, "json.too_large");
    memcpy (copy, name.data, utf8_cut (name.data, name.size, SHOWN));
    scan->path[scan->depth - 1].name = copy;
    if (scan->problems->count < JSON_PROBLEMS)
        json_note (scan, "json.unknown_field", nearest_name (type, copy), NULL);
    return json_scan_skip (scan);
}

/* One "name": value. given: bits of the fields seen so far in this object. */
static bool
read_member (struct json_scan *scan, ProtobufCMessage *message, uint64_t given[static FIELDS / 64], unsigned *guess)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;
    struct json_text name;
    if (!json_scan_name (scan, &name))
        return false;
    const ProtobufCFieldDescriptor *field = field_find (type, name, *guess);
    if (!field)
        return skip_unknown (scan, type, name);
    unsigned number = (unsigned)(field - type->fields);
    uint64_t bit = (uint64_t)1 << number % 64;
    *guess = number + 1;
    scan->path[scan->depth - 1].name = field->name;
    if (given[number / 64] & bit) {
        json_note (scan, "json.duplicate_field", NULL, NULL);
        return json_scan_skip (scan);
    }
    given[number / 64] |= bit;
    return read_field (scan, field, message);
}

static bool
read_message (struct json_scan *scan, const ProtobufCMessageDescriptor *type, ProtobufCMessage **ret_message)
{
    uint64_t given[FIELDS / 64] = { 0 };
    unsigned guess = 0;
    MUST (type->n_fields <= FIELDS);
    if (json_scan_peek (scan) != '{')
        return wrong_type (scan, "object");
    if (!json_scan_enter (scan))
        return false;
    ProtobufCMessage *message = arena_alloc (scan->arena, type->sizeof_message);
    if (!message)
        return json_stop (scan, "json.too_large");
    protobuf_c_message_init (type, message);
    *ret_message = message;
    if (json_scan_empty (scan, '}'))
        return true;
    for (bool more = true; more;)
        if (!read_member (scan, message, given, &guess) || !json_scan_next (scan, '}', &more))
            return false;
    return true;
}

enum rc
json_to_message (const void *text, size_t size, const ProtobufCMessageDescriptor *descriptor, struct arena *arena,
                 ProtobufCMessage **ret_message, struct json_problems *ret_problems, struct err *err)
{
    struct json_scan scan = { .start = text, .at = text, .arena = arena, .problems = ret_problems };
    ProtobufCMessage *message = NULL;
    scan.end = scan.at + size;
    ret_problems->count = 0;
    json_scan_space (&scan);
    if (read_message (&scan, descriptor, &message)) {
        json_scan_space (&scan);
        if (scan.at < scan.end)
            json_stop_here (&scan, "json.trailing");
    }
    if (ret_problems->count) {
        const struct json_problem *first = &ret_problems->items[0];
        return err_code (err, RC_INVALID, first->code, first->pointer, "%zu problems in a body of %zu bytes",
                         ret_problems->count, size);
    }
    *ret_message = message;
    return RC_OK;
}
