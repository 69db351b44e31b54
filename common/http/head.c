/* From what libmicrohttpd parsed to a request of ours: copied, since a handler may outlive the connection. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/clock.h"
#include "common/http/internal.h"

struct collect {
    struct http_field fields[HTTP_FIELDS_MAX + 1];
    size_t count, size;
    bool folded, cut;
};

/* A folded line makes libmicrohttpd move the name elsewhere and glue the continuation to it ("X-A" + "chunked"); an
 * ordinary value lies behind its name with nothing but blanks between. */
static bool
is_folded (const char *name, const char *value)
{
    const char *at = name + strlen (name) + 1;
    if (value < at)
        return true;
    for (; at < value; at++)
        if (*at != ' ' && *at != '\t')
            return true;
    return false;
}

/* libmicrohttpd ends a value at its first NUL, and a line at a bare LF: another reader sees more, or one line. What it
 * parsed in place tells: behind a value lie the two bytes of its CRLF, made NUL, then the next name or the empty line.
 * A bare LF at the very end is seen only when bytes that are not NUL follow: without any, nothing can be smuggled. */
static bool
is_cut (const char *value, const char *next)
{
    const char *end = value + strlen (value);
    return next ? next != end + 2 : end[1] || end[2] || end[3];
}

static enum MHD_Result
collect_field (void *closure, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct collect *collect = closure;
    collect->folded = collect->folded || !value || is_folded (name, value);
    if (collect->count > HTTP_FIELDS_MAX)
        return MHD_NO;
    if (collect->count && !collect->folded)
        collect->cut = collect->cut || is_cut (collect->fields[collect->count - 1].value, name);
    collect->fields[collect->count++] = (struct http_field){ name, value ? value : "" };
    collect->size += strlen (name) + (value ? strlen (value) : 0) + 2;
    return MHD_YES;
}

static char *
copy_text (char **at, const char *text)
{
    size_t size = strlen (text) + 1;
    char *copy = memcpy (*at, text, size);
    *at += size;
    return copy;
}

static void
field_know (struct http_request *request, const struct http_field *field)
{
    const struct {
        const char *name;
        const char **value;
    } known[] = {
        { "host", &request->host },
        { "authorization", &request->authorization },
        { "cookie", &request->cookie },
        { "idempotency-key", &request->idempotency_key },
        { "if-match", &request->if_match },
        { "if-none-match", &request->if_none_match },
        { "accept", &request->accept },
        { "accept-language", &request->accept_language },
        { "content-type", &request->content_type },
        { "last-event-id", &request->last_event_id },
        { "origin", &request->origin },
        { "traceparent", &request->traceparent },
        { "user-agent", &request->user_agent },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!*known[i].value && !strcasecmp (field->name, known[i].name)) {
            *known[i].value = field->value;
            return;
        }
}

/* The strings live behind the exchange in one block: fields first, then texts. */
static struct exchange *
exchange_alloc (struct connection *connection, const char *method, const struct collect *collect, char **ret_text)
{
    size_t fields = collect->count * sizeof (struct http_field);
    size_t text = collect->size + strlen (method) + strlen (connection->peer) + 3 * strlen (connection->target) + 8;
    struct exchange *self = malloc (sizeof *self + fields + text);
    if (!self)
        return NULL;
    memset (self, 0, sizeof *self);
    self->server = connection->server;
    self->connection = connection;
    atomic_init (&self->references, 1);
    atomic_fetch_add (&self->server->references, 1);
    pthread_mutex_init (&self->lock, NULL);
    struct http_field *copies = (struct http_field *)(self + 1);
    char *at = (char *)(self + 1) + fields;
    struct http_request *request = &self->request;
    for (size_t i = 0; i < collect->count; i++) {
        copies[i].name = copy_text (&at, collect->fields[i].name);
        copies[i].value = copy_text (&at, collect->fields[i].value);
        field_know (request, &copies[i]);
    }
    request->fields = copies;
    request->field_count = collect->count;
    request->method = copy_text (&at, method);
    request->peer = copy_text (&at, connection->peer);
    request->received = clock_now ();
    request->id = uuid_new (request->received);
    self->started = clock_monotonic ();
    *ret_text = at;
    return self;
}

static struct http_problem
fault_problem (struct http_fault fault)
{
    return (struct http_problem){ .code = fault.code, .arguments = { fault.about } };
}

/* Length of the body the head announces; the guard has seen that it is unambiguous. */
static uint64_t
body_length (const struct http_request *request)
{
    const char *length = http_header (request, "content-length");
    if (http_header (request, "transfer-encoding"))
        return UINT64_MAX;
    return length ? strtoull (length, NULL, 10) : 0;
}

static struct http_problem
body_check (struct exchange *self)
{
    const struct http_request *request = &self->request;
    const struct http_route *route = request->route;
    const char *coding = http_header (request, "content-encoding");
    if (!self->length)
        return (struct http_problem){ 0 };
    if (!route->body_limit)
        return (struct http_problem){ .code = "http.body_unexpected" };
    if (self->length != UINT64_MAX && self->length > route->body_limit) {
        snprintf (self->limit_text, sizeof self->limit_text, "%zu", route->body_limit);
        return (struct http_problem){ .code = "http.body_too_large", .arguments = { self->limit_text } };
    }
    if (coding && strcasecmp (coding, "identity"))
        return (struct http_problem){ .code = "http.content_coding" };
    if (!http_media_type_accepted (request->content_type, route->media_type))
        return (struct http_problem){ .code = "http.media_type",
                                      .arguments = { route->media_type ? route->media_type : "application/json" } };
    return (struct http_problem){ 0 };
}

static struct http_problem
route_find (struct exchange *self, char *path, char *query)
{
    struct http_request *request = &self->request;
    http_router_match (self->server->router, request->method, path, &self->match);
    if (self->match.status == 404)
        return (struct http_problem){ .code = "http.not_found" };
    if (self->match.status == 405)
        return (struct http_problem){ .code = "http.method_refused",
                                      .arguments = { request->method, self->match.allow } };
    request->route = self->match.route;
    request->user = request->route->user;
    request->params = self->match.params;
    request->param_count = self->match.param_count;
    request->query = self->query;
    struct http_fault fault = http_query_parse (request->route->query, query, self->query, &request->query_count);
    return fault.code ? fault_problem (fault) : body_check (self);
}

struct exchange *
exchange_new (struct connection *connection, const char *method, const char *version, struct http_problem *ret_problem,
              bool *ret_hostile)
{
    struct collect collect = { 0 };
    char *at;
    const char *target = connection->target;
    if (!target)
        return NULL; /* there was no memory to keep it */
    MHD_get_connection_values (connection->mhd, MHD_HEADER_KIND, collect_field, &collect);
    if (collect.count && collect.count <= HTTP_FIELDS_MAX && !collect.folded)
        collect.cut = collect.cut || is_cut (collect.fields[collect.count - 1].value, NULL);
    struct exchange *self = exchange_alloc (connection, method, &collect, &at);
    if (!self)
        return NULL;
    /* A NUL in the request line would end the target early: then the version does not follow it at once. */
    bool cut = connection->target_at + strlen (target) + 1 != version;
    struct http_fault fault = cut ? ((struct http_fault){ "http.target_malformed", NULL })
                              : collect.folded || collect.cut
                                  ? ((struct http_fault){ "http.header_malformed", "?" })
                                  : http_guard_fields (version, collect.fields, collect.count);
    *ret_hostile = fault.code;
    if (!fault.code)
        fault = http_guard_target (target);
    *ret_problem = fault_problem (fault);
    size_t length = strcspn (target, "?");
    self->request.path = copy_text (&at, target);
    at[-1 - (long)(strlen (target) - length)] = 0; /* ends the path where the query begins */
    if (fault.code)
        return self;
    char *query = target[length] ? copy_text (&at, target + length + 1) : NULL;
    self->length = body_length (&self->request);
    self->continues = http_header (&self->request, "expect");
    *ret_problem = route_find (self, copy_text (&at, self->request.path), query);
    return self;
}
