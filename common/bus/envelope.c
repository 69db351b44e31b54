#include "common/bus/envelope.h"

#include <stdbool.h>
#include <string.h>
#include "common/bus/keys.h"
#include "common/bus/principal.h"

static bool
is_uuid (ProtobufCBinaryData data)
{
    return data.len == sizeof (struct uuid);
}

static bool
is_uuid_or_empty (ProtobufCBinaryData data)
{
    return data.len == 0 || is_uuid (data);
}

static bool
is_type (const char *text)
{
    size_t length = strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.");
    return length > 0 && length <= ENVELOPE_TYPE_MAX && text[length] == '\0';
}

static bool
is_signed_or_empty (const Padan__SignedPrincipal *principal)
{
    return !principal || (principal->statement.len <= PRINCIPAL_STATEMENT_MAX &&
                          (principal->signature.len == 0 || principal->signature.len == 64));
}

static bool
is_position (const Padan__Position *position)
{
    return !position ||
           (strlen (position->log) < KEYS_NAME && position->position >= 0 && is_uuid_or_empty (position->epoch));
}

enum rc
envelope_check (const Padan__Envelope *envelope, struct err *err)
{
    const struct {
        bool good;
        const char *field;
    } checks[] = {
        { is_uuid (envelope->id), "id" },
        { is_type (envelope->type), "type" },
        { envelope->tenant >= 0, "tenant" },
        { is_uuid_or_empty (envelope->subject), "subject" },
        { envelope->version >= 0, "version" },
        { is_uuid_or_empty (envelope->cause), "cause" },
        { envelope->time >= 0, "time" },
        { envelope->deadline >= 0, "deadline" },
        { is_signed_or_empty (envelope->principal), "principal" },
        { strlen (envelope->traceparent) <= ENVELOPE_TRACE_MAX, "traceparent" },
        { strlen (envelope->key) <= ENVELOPE_KEY_MAX, "key" },
        { is_position (envelope->after), "after" },
    };
    for (unsigned i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (!checks[i].good)
            return err_code (err, RC_INVALID, "bus.malformed", checks[i].field, "the envelope's %s is not well-formed",
                             checks[i].field);
    return RC_OK;
}

static enum rc
log_read_check (const Padan__LogRead *read, struct err *err)
{
    bool good = is_uuid_or_empty (read->epoch) && read->n_from > 0 && read->n_from <= LOG_FROM_MAX;
    for (size_t i = 0; good && i < read->n_from; i++) {
        const Padan__LogFrom *from = read->from[i];
        good =
            from->position >= 0 && from->last_position >= 0 && (from->last_hash.len == 0 || from->last_hash.len == 16);
    }
    return good ? RC_OK : err_code (err, RC_INVALID, "bus.malformed", "log_read", "the log request is not well-formed");
}

enum rc
request_check (const Padan__Request *request, struct err *err)
{
    if (!!request->command + !!request->query + !!request->log_read != 1)
        return err_code (err, RC_INVALID, "bus.malformed", "", "a request asks exactly one thing");
    if (request->log_read)
        return log_read_check (request->log_read, err);
    return envelope_check (request->command ? request->command : request->query, err);
}
