/* A request as a handler sees it, and the ways to answer it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/uuid.h"
#include "common/http/guard.h"
#include "common/http/router.h"

/* Read-only for handlers, but for `upload`. Strings live as long as the request. Absent headers are NULL. */
struct http_request {
    struct uuid id; /* answered as X-Request-Id and as a problem's instance */
    const struct http_route *route;
    void *user; /* the route's */
    const char *method;
    const char *path; /* raw */
    const char *peer; /* numeric address of the other end, which may be a proxy */
    const struct http_field *params;
    size_t param_count;
    const struct http_field *query;
    size_t query_count;
    const struct http_field *fields; /* all headers */
    size_t field_count;
    const char *host, *authorization, *cookie, *idempotency_key, *if_match, *if_none_match, *accept, *accept_language,
        *content_type, *last_event_id, *origin, *traceparent, *user_agent;
    const uint8_t *body; /* buffered; NULL when empty or uploaded */
    size_t body_size;    /* of an upload: bytes given to chunk */
    int64_t received;    /* UTC microseconds, when the headers were complete */
    int64_t deadline;    /* clock_monotonic; past it the client has got 504 and an answer is dropped */
    void *upload;        /* of the route's upload callbacks */
    void *attached;      /* of `admit` (struct http_config): the session it found */
    const char *refusal; /* for `done`: code of the row that it was answered with; NULL: it was not refused */
};

const char *http_param (const struct http_request *request, const char *name); /* NULL when the route has none such */
const char *http_query (const struct http_request *request, const char *name);
const char *http_header (const struct http_request *request, const char *name); /* any case */

struct http_response {
    int status;               /* 0: 200, or 204 without a body */
    const char *content_type; /* NULL: application/json */
    const char *etag;         /* with its quotes */
    const char *location;
    const char *cache_control; /* NULL: no-store */
    unsigned retry_after;      /* seconds; 0: none */
    struct http_field more[8]; /* further headers, up to the first without a name */
    const void *body;
    size_t body_size;
    void (*body_free) (void *body); /* takes the body over; NULL: it is copied */
};

/* Answers, from any thread, once. After it the caller may no longer touch the request, unless it holds it. When the
 * client is gone or has been told 504 the answer is dropped. Borrows everything in *response but an owned body. */
void http_respond (struct http_request *request, const struct http_response *response);
/* The same with `size` bytes of an open file from `offset` as the body; takes fd over. */
void http_respond_file (struct http_request *request, const struct http_response *response, int fd, uint64_t offset,
                        uint64_t size);

/* Keeps the request readable past its answer: any number of times, each undone by one release. */
void http_request_hold (struct http_request *request);
void http_request_release (struct http_request *request);
/* Whether an answer would still have a reader. */
bool http_request_waits (struct http_request *request);

/* Goes on with an upload whose chunk took less than it was given. The caller holds the request. */
void http_upload_resume (struct http_request *request);
