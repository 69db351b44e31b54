#include "services/gateway/visit.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "common/base/log.h"
#include "common/base/metrics.h"
#include "services/gateway/gateway.h"
#include "services/gateway/route.h"

static struct metric requests = METRIC_COUNTER_BY ("padan_http_requests_total", "Requests by route.", "route");
static struct metric statuses = METRIC_COUNTER_BY ("padan_http_answers_total", "Answers by status; 0: none.", "status");
static struct metric refusals = METRIC_COUNTER_BY ("padan_refusals_total", "Requests refused, by code.", "code");
static struct metric seconds =
    METRIC_HISTOGRAM_BY ("padan_http_seconds", "From headers to the last byte of the answer.", "route", METRIC_TIMES);

void
visit_metrics_register (void)
{
    static struct metric *const metrics[] = { &requests, &statuses, &refusals, &seconds, NULL };
    metrics_register (metrics);
}

struct visit *
visit_of (const struct http_request *request)
{
    return request->attached;
}

void
visit_hold (struct visit *visit)
{
    if (visit)
        atomic_fetch_add (&visit->references, 1);
}

void
visit_release (struct visit *visit)
{
    if (!visit || atomic_fetch_sub (&visit->references, 1) != 1)
        return;
    sodium_memzero (visit->token, sizeof visit->token);
    free (visit);
}

/* ------------------------------------------------------------ credentials */

const char *
visit_cookie (const char *header, size_t *ret_size)
{
    static const char name[] = COOKIE_NAME "=";
    for (const char *at = header; at && *at;) {
        at += strspn (at, " \t");
        size_t size = strcspn (at, ";");
        if (strncmp (at, name, sizeof name - 1) == 0) {
            *ret_size = size - (sizeof name - 1);
            return at + sizeof name - 1;
        }
        at += size;
        at += *at == ';';
    }
    return NULL;
}

bool
visit_same_site (const struct http_request *request, const char *origin)
{
    const char *site = http_header (request, "sec-fetch-site");
    if (site)
        return strcmp (site, "same-origin") == 0;
    if (!request->origin)
        return false;
    if (*origin)
        return strcmp (request->origin, origin) == 0;
    const char *host = strstr (request->origin, "://");
    return host && request->host && strcasecmp (host + 3, request->host) == 0;
}

/* False: there are credentials, and they are malformed. */
static bool
credentials_read (const struct http_request *request, struct visit *visit)
{
    const char *text = NULL;
    size_t size = 0;
    if (request->authorization) {
        if (strncasecmp (request->authorization, "Bearer ", 7) != 0)
            return false;
        text = request->authorization + 7;
        size = strlen (text);
    } else {
        text = visit_cookie (request->cookie, &size);
        visit->cookie = text != NULL;
    }
    if (!text)
        return true;
    uint8_t secret[TOKEN_SECRET];
    enum token_kind kind;
    if (!token_read (text, size, &kind, secret))
        return false;
    token_hash (secret, visit->token);
    sodium_memzero (secret, sizeof secret);
    visit->signed_in = true;
    return true;
}

static bool
refuse (struct http_request *request, const char *code)
{
    http_respond_problem (request, &(struct http_problem){ .code = code });
    return false;
}

static bool
changes (const struct http_request *request)
{
    return strcmp (request->method, "GET") != 0 && strcmp (request->method, "HEAD") != 0;
}

bool
visit_admit (void *user, struct http_request *request)
{
    const struct gateway *gateway = user;
    const struct route *route = bound_of (request)->route;
    struct visit *visit = calloc (1, sizeof *visit);
    if (!visit)
        return refuse (request, "common.busy");
    atomic_init (&visit->references, 1);
    request->attached = visit;
    bool good = credentials_read (request, visit);
    if (route->open)
        return true;
    if (!good)
        return refuse (request, "gateway.token_malformed");
    if (!visit->signed_in)
        return refuse (request, "common.unauthenticated");
    if (visit->cookie && changes (request) && !visit_same_site (request, gateway->settings.origin))
        return refuse (request, "gateway.cross_site");
    return true;
}

/* ------------------------------------------------------------ its end */

void
visit_done (void *user, const struct http_request *request, int status, int64_t microseconds)
{
    const struct gateway *gateway = user;
    struct visit *visit = request->attached;
    char route[160] = "unmatched", text[16];
    if (request->route)
        snprintf (route, sizeof route, "%s %s", request->route->method, request->route->path);
    snprintf (text, sizeof text, "%d", status);
    metric_add (&requests, route, 1);
    metric_add (&statuses, text, 1);
    metric_observe (&seconds, route, microseconds);
    if (request->refusal)
        metric_add (&refusals, request->refusal, 1);
    if (gateway->settings.access_log) {
        bool known = visit && atomic_load_explicit (&visit->known, memory_order_acquire);
        log_event (LOG_INFO, "http.request", LOG_STR ("route", route), LOG_INT ("status", status),
                   LOG_REAL ("ms", (double)microseconds / 1000.0), LOG_UUID ("request", request->id),
                   LOG_UUID ("person", known ? visit->person : (struct uuid){ 0 }),
                   LOG_INT ("tenant", known ? visit->tenant : 0));
    }
    visit_release (visit);
}
