/* The generic route: sign in, read, send, answer. Nearly all of the API is this. */
#include <string.h>

#include "common/base/clock.h"
#include "common/bus/envelope.h"
#include "services/gateway/ask.h"
#include "services/gateway/field.h"
#include "services/gateway/handle.h"
#include "services/gateway/pace.h"

bool
handle_key (struct ask *ask)
{
    const char *key = ask->request->idempotency_key;
    size_t size = key ? strlen (key) : 0;
    if (!size) {
        ask_refuse_code (ask, "gateway.key_missing");
        return false;
    }
    for (const char *c = key; *c; c++)
        if (*c <= ' ' || *c > '~')
            size = SIZE_MAX;
    if (size <= ENVELOPE_KEY_MAX)
        return true;
    ask_refuse_code (ask, "gateway.key_malformed");
    return false;
}

static ProtobufCMessage *
message_read (struct ask *ask, const ProtobufCMessageDescriptor *type)
{
    ProtobufCMessage *message;
    if (route_has_body (ask->route)) {
        message = ask_body (ask, type);
    } else {
        message = arena_alloc (ask->arena, type->sizeof_message);
        if (message)
            protobuf_c_message_init (type, message);
        else
            ask_refuse_code (ask, "common.busy");
    }
    return message && ask_parameters (ask, message) ? message : NULL;
}

static void target_ask (struct ask *ask);

/* Not known there: perhaps the next service knows it. */
static bool
target_refused (struct ask *ask)
{
    Padan__Outcome outcome = ask->reply->outcome;
    bool busy = outcome == PADAN__OUTCOME__OUTCOME_BUSY;
    ask->was_busy = ask->was_busy || busy;
    if (!busy && outcome != PADAN__OUTCOME__OUTCOME_NOT_FOUND && outcome != PADAN__OUTCOME__OUTCOME_FORBIDDEN)
        return false;
    if (++ask->target < ROUTE_TARGETS) {
        target_ask (ask);
        return true;
    }
    if (!ask->was_busy)
        return false;
    ask_refuse_code (ask, "gateway.service_away"); /* it may be there: "not found" would be a guess */
    return true;
}

static void
target_ask (struct ask *ask)
{
    const struct route_target *target = &ask->route->targets[ask->target];
    ProtobufCMessage *message = message_read (ask, target->type);
    ask->refused = target_refused;
    if (message)
        ask_call (ask, ROUTE_QUERY, target->service, message, target->reply, ask_answer);
}

/* A file says more than the answer that names it: here the table's roles are held to, and not only shown. */
static void
file_found (struct ask *ask)
{
    struct route_file file = { .size = -1 };
    if (!route_allows (ask->route, ask->session->who, ask->tenant))
        ask_refuse_code (ask, "common.forbidden");
    else if (ask->route->file (ask->request, ask->answer, &file))
        ask_file (ask, &file);
    else
        ask_refuse_code (ask, "gateway.no_such_file");
}

static bool
pace_held (struct ask *ask)
{
    int64_t wait = pace_take (ask->gateway->searches, ask->session->person, 1, clock_monotonic ());
    if (wait)
        ask_refuse (ask, &(struct http_problem){ .code = "gateway.too_many_searches",
                                                 .retry_after = (unsigned)(wait / CLOCK_SECOND) + 1 });
    return !wait;
}

static void
known (struct ask *ask)
{
    const struct route *route = ask->route;
    if (route->paced && !pace_held (ask))
        return;
    if (route->kind == ROUTE_COMMAND && !handle_key (ask))
        return;
    if (!ask_subject (ask))
        return;
    if (route->targets) {
        target_ask (ask);
        return;
    }
    ProtobufCMessage *message = message_read (ask, route->type);
    if (message)
        ask_call (ask, route->kind, route->service, message, route->reply,
                  route->kind == ROUTE_FILE ? file_found : ask_answer);
}

void
ask_handle (struct http_request *request)
{
    struct ask *ask = ask_new (request);
    if (ask)
        ask_sign_in (ask, known);
}
