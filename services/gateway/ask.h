/* A request on its way through the services: what every handler needs between reading it and answering it.
 *
 * An ask belongs to whoever runs it: the server's thread until a question leaves, then the bus's thread in the
 * callback. Everything ends in one ask_… that answers and frees it. */
#pragma once

#include "common/base/arena.h"
#include "common/base/json.h"
#include "services/gateway/route.h"
#include "services/gateway/sessions.h"
#include "services/gateway/shares.h"
#include "services/gateway/visit.h"

struct ask;
/* The next step. For ask_call: *answer is the unpacked reply, or NULL when the service has no answer to this kind of
 * question; refusals have already been answered unless the ask takes them itself. */
typedef void ask_next (struct ask *ask);

struct ask {
    struct http_request *request;
    struct gateway *gateway;
    const struct route *route;
    const struct bound *bound;
    struct arena *arena;
    struct visit *visit;     /* NULL on open routes without credentials */
    struct session *session; /* after ask_sign_in */
    int64_t tenant;
    struct uuid subject;
    struct uuid id; /* of the envelope */
    const char *key;
    size_t target;             /* of route->targets */
    bool was_busy;             /* a target before could not be asked */
    const Padan__Reply *reply; /* after ask_call */
    const ProtobufCMessage *answer;
    const ProtobufCMessageDescriptor *reply_type;
    ask_next *next;
    bool (*refused) (struct ask *ask); /* sees *reply when its outcome is not OK, true: it went on itself */
    void *more;                        /* of the handler */
    struct share call, reader;         /* held until the end */
    int64_t asked;
    int patience_ms; /* for the owner's answer; 0: what the request's time leaves */
};

/* Always succeeds, or has answered 503 and returns NULL. */
struct ask *ask_new (struct http_request *request);

/* Finds who asks and which tenant is meant, then calls next; refuses otherwise. */
void ask_sign_in (struct ask *ask, ask_next *next);

/* Reads the body as a message of this type, or refuses and returns NULL. */
ProtobufCMessage *ask_body (struct ask *ask, const ProtobufCMessageDescriptor *type);
/* Fills path and query parameters into a message's fields of their names. False: refused. */
bool ask_parameters (struct ask *ask, ProtobufCMessage *message);
/* The subject of the route and the version of If-Match. False: refused. */
bool ask_subject (struct ask *ask);
/* A fresh id of something to be made: the client's (Padan-Id), or one that its Idempotency-Key always leads to. */
bool ask_new_id (struct ask *ask, struct uuid *ret_id);

/* Sends a command or a query and calls next with its answer, or refuses. */
void ask_call (struct ask *ask, enum route_kind kind, const char *service, const ProtobufCMessage *message,
               const ProtobufCMessageDescriptor *reply, ask_next *next);

/* The generic route: everything above in order, answered by ask_answer. */
http_handler ask_handle;

/* Ends. */
void ask_answer (struct ask *ask); /* the reply as JSON, with ETag, Location and position */
void ask_message (struct ask *ask, struct http_response *response, const ProtobufCMessage *message);
void ask_respond (struct ask *ask, const struct http_response *response);
void ask_refuse (struct ask *ask, const struct http_problem *problem);
void ask_refuse_code (struct ask *ask, const char *code);
void ask_refuse_field (struct ask *ask, const char *code, const char *pointer, const char *field_code);
void ask_refuse_err (struct ask *ask, const struct err *err);
void ask_file (struct ask *ask, const struct route_file *file);
/* Frees it without an answer: the request was given to somebody else. */
void ask_drop (struct ask *ask);
