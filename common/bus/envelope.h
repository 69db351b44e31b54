/* What a well-formed Request is, past being protobuf: sizes and shapes that need no service's knowledge. */
#pragma once

#include "common/base/err.h"
#include "envelope.pb-c.h"

enum {
    ENVELOPE_TYPE_MAX = 128,  /* bytes of a message's full name */
    ENVELOPE_KEY_MAX = 200,   /* bytes of an idempotency key; clients send UUIDs */
    ENVELOPE_TRACE_MAX = 128, /* bytes; W3C's version 00 has 55 */
    LOG_FROM_MAX = 64,        /* one for each partition at most */
};

/* Exactly one of command, query and log_read, and each well-formed. RC_INVALID names the field. */
enum rc request_check (const Padan__Request *request, struct err *err);
/* id is a UUID, subject, cause are one or empty, type is a name, numbers are not negative, texts are bounded. */
enum rc envelope_check (const Padan__Envelope *envelope, struct err *err);
