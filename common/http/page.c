#include "common/http/page.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/http/server.h"

struct http_page {
    struct http_page_config config;
    struct http_route routes[3];
    struct http_server *server;
};

struct http_page_reasons {
    FILE *out;
    bool ready;
    size_t count;
};

static void
put_string (FILE *out, const char *text)
{
    char line[161], quoted[6 * sizeof line + 2]; /* a torn last character becomes U+FFFD */
    snprintf (line, sizeof line, "%s", text);
    http_json_string (quoted, sizeof quoted, line);
    fputs (quoted, out);
}

void
http_page_reason (struct http_page_reasons *reasons, const char *name, bool ok, const char *detail)
{
    fputs (reasons->count++ ? ",{\"name\":" : "{\"name\":", reasons->out);
    put_string (reasons->out, name);
    fprintf (reasons->out, ",\"ok\":%s", ok ? "true" : "false");
    if (detail) {
        fputs (",\"detail\":", reasons->out);
        put_string (reasons->out, detail);
    }
    fputc ('}', reasons->out);
    reasons->ready = reasons->ready && ok;
}

static void
answer (struct http_request *request, FILE *out, char **text, size_t *size, int status, const char *type)
{
    if (!out || fclose (out)) {
        if (out)
            free (*text);
        http_respond_problem (request, &(struct http_problem){ .rc = RC_INTERNAL });
        return;
    }
    const struct http_response response = {
        .status = status, .content_type = type, .body = *text, .body_size = *size, .body_free = free
    };
    http_respond (request, &response);
}

static void
on_metrics (struct http_request *request)
{
    const struct http_page *self = request->user;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream (&text, &size);
    if (out && self->config.metrics)
        self->config.metrics (self->config.user, out);
    answer (request, out, &text, &size, 200, "text/plain; version=0.0.4; charset=utf-8");
}

static void
on_health (struct http_request *request)
{
    const struct http_page *self = request->user;
    bool healthy = !self->config.healthy || self->config.healthy (self->config.user);
    const char *body = healthy ? "{\"status\":\"ok\"}" : "{\"status\":\"failed\"}";
    http_respond (request,
                  &(struct http_response){ .status = healthy ? 200 : 503, .body = body, .body_size = strlen (body) });
}

static void
on_ready (struct http_request *request)
{
    const struct http_page *self = request->user;
    char *list = NULL, *text = NULL;
    size_t list_size = 0, size = 0;
    struct http_page_reasons reasons = { .out = open_memstream (&list, &list_size), .ready = true };
    if (reasons.out && self->config.ready)
        self->config.ready (self->config.user, &reasons);
    FILE *out = reasons.out && !fclose (reasons.out) ? open_memstream (&text, &size) : NULL;
    if (out)
        fprintf (out, "{\"ready\":%s,\"reasons\":[%s]}", reasons.ready ? "true" : "false", list);
    answer (request, out, &text, &size, reasons.ready ? 200 : 503, "application/json");
    free (list);
}

enum rc
http_page_start (const struct http_page_config *config, struct http_page **ret_page, struct err *err)
{
    struct http_page *self = calloc (1, sizeof *self);
    if (!self)
        return err_set (err, RC_INTERNAL, "no memory for a page");
    self->config = *config;
    const struct http_route routes[] = {
        { "GET", "/metrics", on_metrics, self },
        { "GET", "/healthz", on_health, self },
        { "GET", "/readyz", on_ready, self },
    };
    memcpy (self->routes, routes, sizeof routes);
    const struct http_config server = {
        .address = config->address,
        .port = config->port,
        .connections = 32,
        .connection_memory = 8 * 1024,
        .idle_time = 20 * CLOCK_SECOND,
        .routes = self->routes,
        .route_count = sizeof routes / sizeof *routes,
    };
    enum rc rc = http_server_start (&server, &self->server, err);
    if (rc) {
        free (self);
        return rc;
    }
    *ret_page = self;
    return RC_OK;
}

uint16_t
http_page_port (const struct http_page *self)
{
    return http_server_port (self->server);
}

void
http_page_stop (struct http_page **page)
{
    if (!*page)
        return;
    http_server_stop (&(*page)->server, 0);
    free (*page);
    *page = NULL;
}
