/* What is known of a request before anybody is asked: its credentials, whether it may come from elsewhere. */
#pragma once

#include <stdatomic.h>

#include "common/base/token.h"
#include "common/http/request.h"

#define COOKIE_NAME "__Host-padan"

/* request->attached; shared by the request's end (metrics, log) and whoever answers it. */
struct visit {
    atomic_uint references;
    bool signed_in;            /* bears a well-formed token */
    bool cookie;               /* in a cookie, so other sites could make a browser send it */
    uint8_t token[TOKEN_HASH]; /* its hash */
    struct uuid person;        /* read only after `known` */
    int64_t tenant;
    atomic_bool known;
};

/* `admit` of the HTTP server: refuses what needs no question to anybody. user: the gateway. */
bool visit_admit (void *user, struct http_request *request);
/* `done` of the HTTP server: metrics and the access log; without personal data. */
void visit_done (void *user, const struct http_request *request, int status, int64_t microseconds);

struct visit *visit_of (const struct http_request *request);
void visit_hold (struct visit *visit);
void visit_release (struct visit *visit);

/* Whether a browser says that a page of ours sent it. origin: ours, "" to take the Host header's. */
bool visit_same_site (const struct http_request *request, const char *origin);
/* The token of a Cookie header, NULL when it has none. */
const char *visit_cookie (const char *header, size_t *ret_size);

void visit_metrics_register (void);
