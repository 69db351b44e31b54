/* Routes as a table, matched on the raw path. A router is immutable once made: any thread may match. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/http/guard.h"

struct http_request;

/* Called once the request is complete, on a server thread: it must not block. It answers at once or later, from any
 * thread, with exactly one http_respond…, which also ends its right to touch the request. */
typedef void http_handler (struct http_request *request);

/* A body taken piece by piece instead of buffered; the handler follows after its last byte. All on a server thread.
 * Each may refuse by http_respond… from within the call; the rest of the body is then read and thrown away, so that
 * the sender sees why. */
struct http_upload {
    /* Before the body is asked for; request->upload is the caller's to set. False: it has responded. */
    bool (*begin) (struct http_request *request);
    /* Returns the bytes taken. Fewer than size stops the reading until http_upload_resume. */
    size_t (*chunk) (struct http_request *request, const uint8_t *data, size_t size);
    /* begin said yes and the handler will never be called: free request->upload. */
    void (*abort) (struct http_request *request);
};

struct http_route {
    const char *method;
    /* "/v1/applications/{application_id}/papers/{paper_id}"; a last segment "{rest*}" takes all that is left.
     * A fixed segment wins over a parameter in its place. */
    const char *path;
    http_handler *handler;
    void *user;
    size_t body_limit;                /* bytes; 0: a body is refused */
    const char *media_type;           /* accepted for the body, separated by spaces; NULL any */
    const char *query;                /* names of parameters it takes, separated by spaces; NULL none */
    const struct http_upload *upload; /* NULL: the body is buffered */
    int64_t time;                     /* microseconds to answer in, else 504; 0: the server's request_time */
};

enum { HTTP_PARAMS_MAX = 8, HTTP_QUERY_MAX = 24, HTTP_PATH_MAX = 2048 };

struct http_match {
    const struct http_route *route; /* NULL: see status */
    int status;                     /* 200, 404 or 405 */
    char allow[96];                 /* for 405: "GET, HEAD, POST" */
    size_t param_count;
    struct http_field params[HTTP_PARAMS_MAX]; /* name: of the route; value: decoded, inside the text given */
};

struct http_router;

/* Borrows the table. RC_INVALID names the route at fault: malformed, double, or ambiguous with another
 * ("/a/{x}/c" and "/a/b/{y}": neither is the more exact). */
enum rc http_router_new (const struct http_route *routes, size_t count, struct http_router **ret_router,
                         struct err *err);
void http_router_destroy (struct http_router **router);

/* path: raw, without query, that passed http_guard_target; it is cut up and decoded in place. HEAD finds GET. */
void http_router_match (const struct http_router *router, const char *method, char *path, struct http_match *ret_match);

/* query: raw, after the '?', NULL none; cut up and decoded in place. allowed: names separated by spaces, NULL none. */
struct http_fault http_query_parse (const char *allowed, char *query, struct http_field fields[static HTTP_QUERY_MAX],
                                    size_t *ret_count);

/* content_type as sent, NULL none; accepted as in a route. Parameters are ignored, but charset must be UTF-8. */
bool http_media_type_accepted (const char *content_type, const char *accepted);
