/* What the API consists of: one table. The HTTP server's routes, the messages they become and the OpenAPI document are
 * all read from it, so that none can say something else than the others. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "accounts.pb-c.h"
#include "common/http/request.h"
#include "envelope.pb-c.h"
#include "services/gateway/gateway.h"

enum route_kind {
    ROUTE_COMMAND, /* the body becomes a command */
    ROUTE_QUERY,   /* query parameters (or, with POST, the body) become a query */
    ROUTE_FILE,    /* a query whose answer names the file that is sent */
    ROUTE_OWN,     /* a handler of its own; type and reply describe its bodies */
};

#define ROUTE_NEW "new" /* as a subject: an id made here, or the client's in the header Padan-Id */

enum { ROUTE_TARGETS = 3 };

/* Another service to ask when the one before does not know the subject. */
struct route_target {
    const char *service;
    const ProtobufCMessageDescriptor *type;
    const ProtobufCMessageDescriptor *reply;
};

/* The file a ROUTE_FILE found in an answer. */
struct route_file {
    const uint8_t *sha256;  /* 32 bytes */
    int64_t size;           /* -1 unknown */
    const char *media_type; /* as declared when it was stored */
    bool shows_nik;         /* whole NIK and KK stand in it: every view is logged */
    char name[96];          /* offered to the reader: ASCII, no quotes, no slashes */
};
/* False when the answer names no such file. */
typedef bool route_file_find (const struct http_request *request, const ProtobufCMessage *answer,
                              struct route_file *ret_file);

struct route {
    const char *method;
    const char *path;
    enum route_kind kind;
    const char *summary; /* one line of English for the OpenAPI document */
    const char *service; /* NULL: answered here */
    const ProtobufCMessageDescriptor *type;
    const ProtobufCMessageDescriptor *reply; /* NULL: none */
    const char *subject;    /* name of the path parameter that is the subject, ROUTE_NEW, or NULL: none */
    const char *location;   /* of what was made, "/v1/applications/%s" with the subject */
    int status;             /* of success; 0: 200 */
    unsigned roles;         /* bits 1 << PADAN__ROLE__X. Owners hold them too; here only for ROUTE_OWN and ROUTE_FILE.
                               0: any signed in */
    bool open;              /* without signing in */
    bool keyless;           /* changes something, yet needs no Idempotency-Key */
    bool versioned;         /* refused without If-Match */
    bool tenantless;        /* concerns no single tenant */
    bool paced;             /* a search: nobody may look numbers up without end */
    const char *media_type; /* of the body, NULL: application/json */
    const char *raw_field;  /* the body is this bytes field of the message, as it is */
    const char *produces;   /* media type of a ROUTE_FILE's or ROUTE_OWN's answer; NULL: application/json */
    size_t body_limit;      /* 0: BODY_USUAL for methods with a body */
    int64_t time;           /* microseconds to answer in; 0: settings.request_time */
    http_handler *handler;  /* ROUTE_OWN */
    const struct http_upload *upload;
    route_file_find *file;              /* ROUTE_FILE */
    const struct route_target *targets; /* ROUTE_TARGETS in the order they are asked, instead of service and type */
};

extern const struct route routes[];
extern const size_t route_count;

/* Headers of ours that a route reads. One that it does not is passed over. */
enum {
    HEADER_KEY = 1 << 0, /* Idempotency-Key */
    HEADER_ID = 1 << 1,  /* Padan-Id */
    HEADER_IF_MATCH = 1 << 2,
    HEADER_IF_NONE_MATCH = 1 << 3,
    HEADER_AFTER = 1 << 4,  /* Padan-After */
    HEADER_TENANT = 1 << 5, /* Padan-Tenant, or ?tenant= */
    HEADER_EVENT = 1 << 6,  /* Last-Event-ID */
};

/* A route as it is served. */
struct bound {
    struct gateway *gateway;
    const struct route *route;
    unsigned headers;                        /* bits HEADER_X */
    const ProtobufCFieldDescriptor *version; /* of the reply: becomes the ETag. NULL: none */
    char query[256];                         /* names of parameters, for the HTTP layer */
};

/* The HTTP server's table. bound is the caller's array of route_count, ret_routes too; both must outlive the server. */
void routes_bind (struct gateway *gateway, struct bound *bound, struct http_route *ret_routes);

/* The fields of a query message that are query parameters: scalars that are not in the path. */
bool route_is_parameter (const struct route *route, const ProtobufCFieldDescriptor *field);
bool route_has_body (const struct route *route);
/* Whether {name} is a segment of the route's path. */
bool route_in_path (const struct route *route, const char *name);

/* Whether somebody has one of the route's roles in the tenant; tenant 0: in any. */
bool route_allows (const struct route *route, const Padan__Accounts__V1__Authenticated *who, int64_t tenant);

static inline const struct bound *
bound_of (const struct http_request *request)
{
    return request->user;
}
