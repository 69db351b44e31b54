/* The small pages every service shows on the loopback: /metrics, /healthz, /readyz. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/base/err.h"

struct http_page_reasons;

/* One thing readiness hangs on: name "database", ok, detail for people (may be NULL, no personal data). */
void http_page_reason (struct http_page_reasons *reasons, const char *name, bool ok, const char *detail);

/* Callbacks run on a server thread: they read counters, they do not wait. */
struct http_page_config {
    const char *address;                                           /* NULL: 127.0.0.1 */
    uint16_t port;                                                 /* 0: any free one */
    void (*metrics) (void *user, FILE *out);                       /* Prometheus text; NULL: an empty page */
    bool (*healthy) (void *user);                                  /* NULL: yes */
    void (*ready) (void *user, struct http_page_reasons *reasons); /* ready when every reason is ok; NULL: yes */
    void *user;
};

struct http_page;

enum rc http_page_start (const struct http_page_config *config, struct http_page **ret_page, struct err *err);
uint16_t http_page_port (const struct http_page *page);
void http_page_stop (struct http_page **page);
