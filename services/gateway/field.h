/* One field of a message from the text of a path or query parameter. */
#pragma once

#include <stdbool.h>
#include <protobuf-c/protobuf-c.h>

#include "common/base/arena.h"
#include "common/base/err.h"

const ProtobufCFieldDescriptor *field_find (const ProtobufCMessageDescriptor *type, const char *name);
/* What may stand in a parameter: a single text, number, yes-or-no, id or digest. */
bool field_is_scalar (const ProtobufCFieldDescriptor *field);
/* RC_INVALID when the text is not of the field's type. The value lives in the arena. */
enum rc field_set (ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, const char *text,
                   struct arena *arena, struct err *err);
/* An int64 field's value; 0 when it is not there. */
int64_t field_int64 (const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
