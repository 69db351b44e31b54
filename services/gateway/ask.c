#include "services/gateway/ask.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/base/clock.h"
#include "common/bus/envelope.h"
#include "common/bus/message.h"
#include "services/gateway/etag.h"
#include "services/gateway/field.h"

enum {
    ASK_ARENA = 24 << 20, /* a reply of 4 MB unpacked, its JSON lives elsewhere */
    ANSWER_MS = 250,      /* kept back from the request's time for the answer's way */
};

struct ask *
ask_new (struct http_request *request)
{
    const struct bound *bound = bound_of (request);
    struct arena *arena = arena_new (ASK_ARENA);
    struct ask *ask = arena ? arena_alloc (arena, sizeof *ask) : NULL;
    if (!ask) {
        arena_destroy (&arena);
        http_respond_problem (request, &(struct http_problem){ .code = "common.busy" });
        return NULL;
    }
    *ask = (struct ask){
        .request = request,
        .gateway = bound->gateway,
        .route = bound->route,
        .bound = bound,
        .arena = arena,
        .visit = visit_of (request),
        .key = request->idempotency_key,
    };
    visit_hold (ask->visit);
    return ask;
}

void
ask_drop (struct ask *ask)
{
    struct arena *arena = ask->arena;
    share_give (&ask->call);
    share_give (&ask->reader);
    visit_release (ask->visit);
    session_release (ask->session);
    arena_destroy (&arena);
}

/* ------------------------------------------------------------ who asks */

/* Digits and nothing else; 0: none. */
static int64_t
tenant_read (const char *text)
{
    size_t size = strlen (text);
    return size <= 18 && strspn (text, "0123456789") == size ? strtoll (text, NULL, 10) : 0;
}

static const char *
tenant_named (const struct ask *ask)
{
    if (!(ask->bound->headers & HEADER_TENANT))
        return NULL;
    const char *named = http_header (ask->request, "padan-tenant");
    return named ? named : http_query (ask->request, "tenant");
}

/* The tenant named, or the only one the person has a grant in, or the one the person belongs to; -1: none such, -2:
 * which one is open. */
static int64_t
tenant_choose (const struct ask *ask)
{
    const Padan__Accounts__V1__Authenticated *who = ask->session->who;
    const char *named = tenant_named (ask);
    int64_t wanted = named ? tenant_read (named) : who->tenant, only = -1;
    for (size_t i = 0; i < who->n_grants; i++) {
        int64_t tenant = who->grants[i]->tenant;
        if (tenant == wanted && tenant)
            return tenant;
        only = only == -1 || only == tenant ? tenant : -2;
    }
    return named ? -1 : only;
}

static void
signed_in (void *context, struct session *session, const struct err *err)
{
    struct ask *ask = context;
    if (!session) {
        ask_refuse_err (ask, err);
        return;
    }
    session_hold (session);
    ask->session = session;
    ask->tenant = tenant_choose (ask);
    bool named = tenant_named (ask);
    if (ask->route->tenantless && !named && ask->tenant < 0)
        ask->tenant = 0;
    ask->visit->person = session->person;
    ask->visit->tenant = ask->tenant;
    atomic_store_explicit (&ask->visit->known, true, memory_order_release);
    if (ask->tenant == -1)
        ask_refuse_code (ask, named ? "common.not_found" : "common.forbidden");
    else if (ask->tenant == -2)
        ask_refuse_code (ask, "gateway.tenant_needed");
    else if (ask->route->kind == ROUTE_OWN && !route_allows (ask->route, session->who, ask->tenant))
        ask_refuse_code (ask, "common.forbidden"); /* before our own handler tells what it makes of the request */
    else
        ask->next (ask);
}

void
ask_sign_in (struct ask *ask, ask_next *next)
{
    ask->next = next;
    if (ask->visit && ask->visit->signed_in)
        sessions_find (ask->gateway->sessions, ask->visit->token, SESSION_USED, signed_in, ask);
    else
        ask_refuse_code (ask, "common.unauthenticated");
}

/* ------------------------------------------------------------ reading the request */

/* The row that says in the reader's words what was expected: the reader of JSON speaks of "enum" and "uuid". */
static const char *
json_row (struct ask *ask, const struct json_problem *problem)
{
    const char *expected = problem->argument_count ? problem->arguments[0] : NULL;
    if (!expected)
        return NULL;
    if (strcmp (problem->code, "json.unknown_field") == 0)
        return "json.unknown_field.near";
    return arena_printf (ask->arena, "%s.%s", problem->code, expected);
}

static void
refuse_json (struct ask *ask, const struct json_problems *problems)
{
    _Static_assert((int)JSON_ARGUMENTS <= (int)HTTP_ARGUMENTS_MAX, "every argument has a place");
    struct http_problem_error errors[JSON_PROBLEMS] = { 0 };
    for (size_t i = 0; i < problems->count; i++) {
        const struct json_problem *problem = &problems->items[i];
        errors[i].pointer = problem->pointer;
        errors[i].code = problem->code;
        errors[i].row = json_row (ask, problem);
        for (size_t k = 0; k < problem->argument_count && k < JSON_ARGUMENTS; k++)
            errors[i].arguments[k] = problem->arguments[k];
    }
    ask_refuse (ask, &(struct http_problem){
                         .code = "gateway.body_malformed", .errors = errors, .error_count = problems->count });
}

static ProtobufCMessage *
message_new (struct ask *ask, const ProtobufCMessageDescriptor *type)
{
    ProtobufCMessage *message = arena_alloc (ask->arena, type->sizeof_message);
    if (message)
        protobuf_c_message_init (type, message);
    else
        ask_refuse_code (ask, "common.busy");
    return message;
}

/* The body as it is, in one field. */
static ProtobufCMessage *
raw_body (struct ask *ask, const ProtobufCMessageDescriptor *type)
{
    ProtobufCMessage *message = message_new (ask, type);
    const ProtobufCFieldDescriptor *field = field_find (type, ask->route->raw_field);
    MUST (field && field->type == PROTOBUF_C_TYPE_BYTES);
    ProtobufCBinaryData data = { .len = ask->request->body_size, .data = (uint8_t *)ask->request->body };
    if (message)
        memcpy ((char *)message + field->offset, &data, sizeof data);
    return message;
}

ProtobufCMessage *
ask_body (struct ask *ask, const ProtobufCMessageDescriptor *type)
{
    const struct http_request *request = ask->request;
    if (ask->route->raw_field)
        return raw_body (ask, type);
    if (!request->body_size && !type->n_fields)
        return message_new (ask, type);
    if (!request->body_size) {
        ask_refuse_code (ask, "gateway.body_missing");
        return NULL;
    }
    struct json_problems *problems = arena_alloc (ask->arena, sizeof *problems);
    ProtobufCMessage *message;
    struct err err;
    if (!problems) {
        ask_refuse_code (ask, "common.busy");
        return NULL;
    }
    if (json_to_message (request->body, request->body_size, type, ask->arena, &message, problems, &err) == RC_OK)
        return message;
    refuse_json (ask, problems);
    return NULL;
}

bool
ask_parameters (struct ask *ask, ProtobufCMessage *message)
{
    const struct http_request *request = ask->request;
    bool body = route_has_body (ask->route);
    for (size_t i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const char *text = field_is_scalar (field) ? http_param (request, field->name) : NULL;
        struct err err;
        if (!text && !body && field_is_scalar (field))
            text = http_query (request, field->name);
        if (text && field_set (message, field, text, ask->arena, &err) != RC_OK) {
            ask_refuse_err (ask, &err);
            return false;
        }
    }
    return true;
}

/* Keeps the client's time when its key is a UUIDv7, so that what is made lies beside what was made just before. */
bool
ask_new_id (struct ask *ask, struct uuid *ret_id)
{
    const char *given = http_header (ask->request, "padan-id");
    if (given) {
        if (uuid_parse (given, ret_id) && !uuid_is_nil (*ret_id))
            return true;
        ask_refuse_code (ask, "gateway.id_malformed");
        return false;
    }
    uint8_t name[sizeof (struct uuid) + sizeof (int64_t) + 160 + ENVELOPE_KEY_MAX];
    size_t size = 0;
    struct uuid key, id;
    memcpy (name, &ask->session->person, sizeof (struct uuid));
    size += sizeof (struct uuid);
    memcpy (name + size, &ask->tenant, sizeof ask->tenant);
    size += sizeof ask->tenant;
    size += (size_t)snprintf ((char *)name + size, sizeof name - size, "%s\n%s", ask->route->path, ask->key);
    id = uuid_of (name, size);
    if (uuid_parse (ask->key, &key) && key.bytes[6] >> 4 == 7) {
        memcpy (id.bytes, key.bytes, 6);
        id.bytes[6] = (uint8_t)(0x70 | (id.bytes[6] & 0x0f));
    }
    *ret_id = id;
    return true;
}

bool
ask_subject (struct ask *ask)
{
    const struct route *route = ask->route;
    const char *match = ask->request->if_match;
    if (route->kind == ROUTE_COMMAND && route->versioned && !match) {
        ask_refuse_code (ask, "gateway.if_match_missing");
        return false;
    }
    if (!route->subject)
        return true;
    if (strcmp (route->subject, ROUTE_NEW) == 0)
        return ask_new_id (ask, &ask->subject);
    const char *text = http_param (ask->request, route->subject);
    if (text && uuid_parse (text, &ask->subject))
        return true;
    ask_refuse_code (ask, "common.not_found"); /* no such id was ever given out */
    return false;
}

/* ------------------------------------------------------------ the way to the service and back */

static void
refuse_away (struct ask *ask, enum rc rc)
{
    const char *code = rc == RC_BUSY ? "gateway.service_away" : rc == RC_EXPIRED ? "gateway.outcome_unknown" : NULL;
    ask_refuse (ask, &(struct http_problem){ .code = code, .rc = rc });
}

static enum rc
answer_unpack (struct ask *ask, const struct bus_reply *packed, struct err *err)
{
    Padan__Reply *reply;
    enum rc rc = bus_reply_unpack (packed, ask->arena, &reply, err);
    if (rc != RC_OK)
        return rc;
    ask->reply = reply;
    ask->answer = NULL;
    if (reply->outcome != PADAN__OUTCOME__OUTCOME_OK || !ask->reply_type)
        return RC_OK;
    ProtobufCMessage *answer;
    rc = message_unpack (ask->reply_type, ask->arena, reply->data.data, reply->data.len, &answer, err);
    if (rc == RC_OK)
        ask->answer = answer;
    return rc;
}

static enum rc
rc_of (Padan__Outcome outcome)
{
    static const enum rc rcs[] = {
        [PADAN__OUTCOME__OUTCOME_OK] = RC_OK,
        [PADAN__OUTCOME__OUTCOME_INVALID] = RC_INVALID,
        [PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED] = RC_UNAUTHENTICATED,
        [PADAN__OUTCOME__OUTCOME_FORBIDDEN] = RC_FORBIDDEN,
        [PADAN__OUTCOME__OUTCOME_NOT_FOUND] = RC_NOT_FOUND,
        [PADAN__OUTCOME__OUTCOME_CONFLICT] = RC_CONFLICT,
        [PADAN__OUTCOME__OUTCOME_STALE] = RC_STALE,
        [PADAN__OUTCOME__OUTCOME_UNPROCESSABLE] = RC_UNPROCESSABLE,
        [PADAN__OUTCOME__OUTCOME_KEY_REUSED] = RC_KEY_REUSED,
        [PADAN__OUTCOME__OUTCOME_BUSY] = RC_BUSY,
        [PADAN__OUTCOME__OUTCOME_EXPIRED] = RC_EXPIRED,
        [PADAN__OUTCOME__OUTCOME_INTERNAL] = RC_INTERNAL,
    };
    return (unsigned)outcome < sizeof rcs / sizeof *rcs ? rcs[outcome] : RC_INTERNAL;
}

/* In the words of the service: its code, its fields, its arguments. */
static void
refuse_reply (struct ask *ask)
{
    const Padan__Problem *told = ask->reply->problem;
    struct http_problem problem = { .rc = rc_of (ask->reply->outcome) };
    struct http_problem_error *errors = told ? arena_array (ask->arena, told->n_fields + 1, sizeof *errors) : NULL;
    problem.errors = errors;
    for (size_t i = 0; errors && i < told->n_fields; i++, problem.error_count++) {
        const Padan__FieldProblem *field = told->fields[i];
        errors[i].pointer = field->pointer;
        errors[i].code = field->code;
        for (size_t k = 0; k < field->n_arguments && k < HTTP_ARGUMENTS_MAX; k++)
            errors[i].arguments[k] = field->arguments[k];
    }
    if (told) {
        problem.code = told->code;
        problem.retry_after = told->retry_after;
        for (size_t k = 0; k < told->n_arguments && k < HTTP_ARGUMENTS_MAX; k++)
            problem.arguments[k] = told->arguments[k];
    }
    ask_refuse (ask, &problem);
}

static void
answered (void *context, enum rc rc, struct bus_reply **packed)
{
    struct ask *ask = context;
    struct err err = { 0 };
    ask->reply = NULL;
    ask->answer = NULL;
    if (rc == RC_OK)
        rc = answer_unpack (ask, *packed, &err);
    if (rc != RC_OK) {
        Padan__Reply *busy = arena_alloc (ask->arena, sizeof *busy);
        if (busy && rc == RC_BUSY && ask->refused) {
            padan__reply__init (busy);
            busy->outcome = PADAN__OUTCOME__OUTCOME_BUSY;
            ask->reply = busy;
            if (ask->refused (ask))
                return;
        }
        refuse_away (ask, rc);
    } else if (ask->reply->outcome == PADAN__OUTCOME__OUTCOME_OK) {
        ask->next (ask);
    } else if (!ask->refused || !ask->refused (ask)) {
        refuse_reply (ask);
    }
}

/* "intake:123", as an answer gave it. False when malformed. */
static bool
position_read (struct ask *ask, const char *text, Padan__Position *ret_position)
{
    const char *colon = strchr (text, ':');
    char *end;
    if (!colon || colon == text || colon[1] < '0' || colon[1] > '9' || strlen (text) > KEYS_NAME + 20)
        return false;
    padan__position__init (ret_position);
    ret_position->log = arena_printf (ask->arena, "%.*s", (int)(colon - text), text);
    ret_position->position = strtoll (colon + 1, &end, 10);
    return ret_position->log && !*end && keys_name_valid (ret_position->log);
}

static bool
envelope_fill (struct ask *ask, enum route_kind kind, const ProtobufCMessage *message, Padan__Envelope *envelope,
               Padan__Position *after)
{
    const struct http_request *request = ask->request;
    bool command = kind == ROUTE_COMMAND;
    int64_t now = clock_now ();
    ask->id = uuid_new (now);
    envelope->id = uuid_field (&ask->id);
    envelope->type = (char *)message->descriptor->name;
    envelope->tenant = ask->tenant;
    envelope->time = now;
    if (!uuid_is_nil (ask->subject))
        envelope->subject = uuid_field (&ask->subject);
    if (ask->session)
        envelope->principal = ask->session->who->principal;
    if (request->traceparent && strlen (request->traceparent) == 55)
        envelope->traceparent = (char *)request->traceparent;
    if (command)
        envelope->key = (char *)ask->key;
    bool versioned = command && ask->bound->headers & HEADER_IF_MATCH;
    if (versioned && request->if_match && !etag_version (request->if_match, &envelope->version)) {
        ask_refuse_code (ask, "gateway.if_match_malformed");
        return false;
    }
    bool follows = !command && ask->bound->headers & HEADER_AFTER;
    const char *seen = follows ? http_header (request, "padan-after") : NULL;
    if (seen && !position_read (ask, seen, after)) {
        ask_refuse_code (ask, "gateway.position_malformed");
        return false;
    }
    envelope->after = seen ? after : NULL;
    envelope->data.len = protobuf_c_message_get_packed_size (message);
    envelope->data.data = arena_alloc (ask->arena, envelope->data.len + 1);
    if (!envelope->data.data) {
        ask_refuse_code (ask, "common.busy");
        return false;
    }
    protobuf_c_message_pack (message, envelope->data.data);
    return true;
}

/* Whoever signs in has no share yet: that is bounded by address and by login. */
static bool
call_begin (struct ask *ask)
{
    if (!ask->session || ask->call.of)
        return true;
    enum share_result result = share_take (ask->gateway->calls, ask->tenant, ask->session->person, &ask->call);
    if (result != SHARE_TAKEN)
        ask_refuse_code (ask, result == SHARE_MUCH ? "gateway.too_many_open" : "common.busy");
    return result == SHARE_TAKEN;
}

void
ask_call (struct ask *ask, enum route_kind kind, const char *service, const ProtobufCMessage *message,
          const ProtobufCMessageDescriptor *reply, ask_next *next)
{
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    Padan__Position after;
    struct err err;
    if (!call_begin (ask) || !envelope_fill (ask, kind, message, &envelope, &after))
        return;
    int64_t left = (ask->request->deadline - clock_monotonic ()) / 1000 - ANSWER_MS;
    if (ask->patience_ms && left > ask->patience_ms)
        left = ask->patience_ms;
    int timeout_ms = left < 100 ? 100 : left > 60000 ? 60000 : (int)left;
    envelope.deadline = envelope.time + timeout_ms * (int64_t)1000;
    if (kind == ROUTE_COMMAND)
        request.command = &envelope;
    else
        request.query = &envelope;
    ask->reply_type = reply;
    ask->next = next;
    ask->asked = clock_monotonic ();
    enum rc rc = bus_call_async (ask->gateway->caller, service, &request, timeout_ms, answered, ask, &err);
    if (rc == RC_INVALID && envelope.data.len > BUS_REQUEST_MAX / 2)
        ask_refuse_code (ask, "http.body_too_large");
    else if (rc != RC_OK)
        answered (ask, rc == RC_INVALID ? RC_BUSY : rc, NULL); /* a service that is not configured is away */
}
