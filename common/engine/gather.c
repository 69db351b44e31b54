#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/bus/message.h"
#include "common/engine/runtime.h"
#include "engine_sql.h"

enum {
    GATHER_CALLS = 16, /* statements of one trip: what one handler reads at once is a handful */
    ASK_MS = 5000,     /* longest wait for another service: a sender's patience is three times that */
    AWAY_MS = 1000,    /* then it is not asked for so long: a batch has many messages, each of which would wait */
    GATHER_ARENA = 256 << 20, /* what one batch or query reads; 8 MB of requests never need it */
};

struct gather *
gather_new (struct engine *engine, const char *purpose)
{
    struct gather *self = calloc (1, sizeof *self);
    MUST (self);
    char name[96];
    snprintf (name, sizeof name, "padan %s.%s %s", engine->service->name, engine->settings.instance, purpose);
    self->engine = engine;
    self->arena = arena_new (GATHER_ARENA);
    self->reader = db_new_reader (engine->settings.database_reader, name);
    MUST (self->arena && self->reader);
    return self;
}

void
gather_destroy (struct gather **gather)
{
    if (!*gather)
        return;
    arena_destroy (&(*gather)->arena);
    db_destroy (&(*gather)->reader);
    free (*gather);
    *gather = NULL;
}

struct arena *
gather_arena (struct gather *gather)
{
    return gather->arena;
}

int64_t
gather_now (struct gather *gather)
{
    (void)gather;
    return clock_now ();
}

const struct service *
gather_service (struct gather *gather)
{
    return gather->engine->service;
}

const char *
gather_data (struct gather *gather)
{
    return gather->engine->settings.data;
}

static enum rc
read_scoped (struct gather *gather, const char *tenants, struct db_call *calls, size_t n, struct err *err)
{
    struct db_call list[GATHER_CALLS + 3] = { { .sql = &db_begin_read }, { .sql = &sql_scope } };
    MUST (n <= GATHER_CALLS);
    list[1].params = db_params (gather->arena);
    db_param_text (list[1].params, tenants);
    memcpy (list + 2, calls, n * sizeof *calls);
    list[n + 2] = (struct db_call){ .sql = &db_commit };
    enum rc rc = db_run (gather->reader, list, n + 3, err);
    if (rc != RC_OK) {
        db_rollback (gather->reader);
        return rc == RC_UNKNOWN ? RC_RETRY : rc;
    }
    for (size_t i = 0; i < n; i++) {
        calls[i].result = list[i + 2].result;
        list[i + 2].result = NULL;
    }
    db_calls_clear (list, n + 3);
    return RC_OK;
}

enum rc
gather_read (struct gather *gather, int64_t tenant, struct db_call *calls, size_t n, struct err *err)
{
    return read_scoped (gather, tenant ? tenant_list (gather->arena, &tenant, 1) : "*", calls, n, err);
}

static enum rc
ask (struct gather *gather, const char *service, const Padan__Request *request, const ProtobufCMessageDescriptor *type,
     const void **ret_reply, struct err *err)
{
    Padan__Reply *reply;
    if (clock_monotonic () < gather->away_until && strcmp (gather->away, service) == 0)
        return err_code (err, RC_RETRY, "bus.busy", "", "%s did not answer just now", service);
    enum rc rc = bus_call (gather->engine->caller, service, request, ASK_MS, gather->arena, &reply, err);
    if (rc == RC_BUSY || rc == RC_EXPIRED) {
        snprintf (gather->away, sizeof gather->away, "%s", service);
        gather->away_until = clock_monotonic () + AWAY_MS * (int64_t)(CLOCK_SECOND / 1000);
        return err_code (err, RC_RETRY, "bus.busy", "", "%s does not answer", service);
    }
    if (rc != RC_OK)
        return rc;
    if (reply->outcome != PADAN__OUTCOME__OUTCOME_OK) {
        const char *code = reply->problem ? reply->problem->code : "";
        enum rc refused = RC_INTERNAL;
        for (enum rc candidate = RC_INVALID; candidate < RC_END; candidate++)
            if (outcome_of (candidate) == reply->outcome) {
                refused = candidate;
                break;
            }
        return err_code (err, refused == RC_BUSY ? RC_RETRY : refused, code, "", "%s refused", service);
    }
    ProtobufCMessage *message;
    rc = message_unpack (type, gather->arena, reply->data.data, reply->data.len, &message, err);
    if (rc == RC_OK && ret_reply)
        *ret_reply = message;
    return rc;
}

static void
envelope_fill (struct gather *gather, Padan__Envelope *envelope, const struct uuid *id, const void *data)
{
    const ProtobufCMessage *message = data;
    envelope->id = uuid_field (id);
    envelope->type = (char *)message->descriptor->name;
    envelope->time = clock_now ();
    envelope->data.len = protobuf_c_message_get_packed_size (message);
    envelope->data.data = arena_alloc (gather->arena, envelope->data.len + 1);
    MUST (envelope->data.data);
    protobuf_c_message_pack (message, envelope->data.data);
}

static enum rc
send_data (struct gather *gather, const char *service, Padan__Envelope *envelope, bool is_command, const void *data,
           const ProtobufCMessageDescriptor *type, const void **ret_reply, struct err *err)
{
    struct uuid id = uuid_new (clock_now ());
    envelope_fill (gather, envelope, &id, data);
    Padan__Request request = PADAN__REQUEST__INIT;
    if (is_command)
        request.command = envelope;
    else
        request.query = envelope;
    return ask (gather, service, &request, type, ret_reply, err);
}

enum rc
gather_ask (struct gather *gather, const char *service, int64_t tenant, const void *question,
            const ProtobufCMessageDescriptor *reply, const void **ret_reply, struct err *err)
{
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    envelope.tenant = tenant;
    return send_data (gather, service, &envelope, false, question, reply, ret_reply, err);
}

enum rc
gather_command (struct gather *gather, const char *service, int64_t tenant, struct uuid subject, int64_t version,
                const char *key, const void *command, const ProtobufCMessageDescriptor *reply, const void **ret_reply,
                struct err *err)
{
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    envelope.tenant = tenant;
    if (!uuid_is_nil (subject))
        envelope.subject = uuid_field (&subject);
    envelope.version = version;
    envelope.key = (char *)key;
    return send_data (gather, service, &envelope, true, command, reply, ret_reply, err);
}

static void
told (void *context, enum rc rc, struct bus_reply **reply)
{
    (void)context, (void)rc, (void)reply;
}

void
gather_tell (struct gather *gather, const char *service, int64_t tenant, struct uuid subject, const void *command)
{
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    Padan__Request request = PADAN__REQUEST__INIT;
    char key[UUID_TEXT];
    struct uuid id = uuid_new (clock_now ());
    struct err err;
    envelope.tenant = tenant;
    envelope.subject = uuid_field (&subject);
    envelope.key = (char *)uuid_format (id, key);
    envelope_fill (gather, &envelope, &id, command);
    request.command = &envelope;
    bus_call_async (gather->engine->caller, service, &request, ASK_MS, told, NULL, &err);
}

const char *
gather_keys (struct gather *gather)
{
    return gather->engine->settings.keys;
}

void
gather_refuse (struct gather *gather, struct message *message, const struct err *err)
{
    (void)gather;
    struct item *item = (struct item *)((char *)message - offsetof (struct item, message));
    item->refused = err->rc;
    item->err = *err;
}

struct arena *
query_arena (struct query *query)
{
    return query->gather->arena;
}

int64_t
query_now (struct query *query)
{
    return gather_now (query->gather);
}

enum rc
query_run (struct query *query, struct db_call *calls, size_t n, struct err *err)
{
    return gather_read (query->gather, query->tenant, calls, n, err);
}

void
query_wait (struct query *query, unsigned milliseconds)
{
    query->wait_ms = milliseconds;
}

struct gather *
query_gather (struct query *query)
{
    return query->gather;
}
