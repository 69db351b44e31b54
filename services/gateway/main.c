/* The gateway: HTTP and JSON outside, messages inside. It has no database and decides nothing. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/http/page.h"
#include "services/gateway/events.h"
#include "services/gateway/figures.h"
#include "services/gateway/openapi.h"
#include "services/gateway/pace.h"
#include "services/gateway/problems.h"
#include "services/gateway/route.h"
#include "services/gateway/sessions.h"
#include "services/gateway/shares.h"
#include "services/gateway/visit.h"
#include "services/gateway/watch.h"
#include "services/gateway/worker.h"

enum { EXIT_USAGE = 2, OPENAPI_MAX = 1 << 20 };

/* An API has nothing to show in a frame, to run, or to tell other sites. */
static const struct http_field headers[] = {
    { "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" },
    { "Strict-Transport-Security", "max-age=31536000" },
    { "Referrer-Policy", "no-referrer" },
    { "X-Frame-Options", "DENY" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
    { NULL, NULL },
};

static void
page_metrics (void *self, FILE *out)
{
    struct text_buffer text = TEXT_BUFFER (1 << 20);
    figures_take (self);
    if (metrics_write (&text))
        fwrite (text.data, 1, text.size, out);
    text_clear (&text);
}

static void
page_ready (void *self, struct http_page_reasons *reasons)
{
    const struct gateway *gateway = self;
    bool sighted = sessions_are_sighted (gateway->sessions);
    http_page_reason (reasons, "accounts", sighted, sighted ? NULL : "accounts' log is not heard");
}

/* "127.0.0.1:8080" in two. */
static enum rc
address_split (const char *text, char ret_address[static 64], uint16_t *ret_port, struct err *err)
{
    const char *colon = strrchr (text, ':');
    char *end = NULL;
    unsigned long port = colon ? strtoul (colon + 1, &end, 10) : 0;
    if (!colon || colon - text >= 64 || end == colon + 1 || *end || port > 65535)
        return err_set (err, RC_INVALID, "\"%s\" is not address:port", text);
    snprintf (ret_address, 64, "%.*s", (int)(colon - text), text);
    *ret_port = (uint16_t)port;
    return RC_OK;
}

static enum rc
caller_open (struct gateway *gateway, struct err *err)
{
    static char names[BUS_CALL_SERVICES_MAX][KEYS_NAME], endpoints[BUS_CALL_SERVICES_MAX][1024];
    struct bus_route peers[BUS_CALL_SERVICES_MAX];
    unsigned n = 0;
    for (; n < gateway->settings.peers.count; n++) {
        const char *peer = gateway->settings.peers.items[n], *equals = strchr (peer, '=');
        if (!equals || equals - peer >= KEYS_NAME || n == BUS_CALL_SERVICES_MAX)
            return err_set (err, RC_INVALID, "peers: service=endpoint, at most %d", BUS_CALL_SERVICES_MAX);
        snprintf (names[n], KEYS_NAME, "%.*s", (int)(equals - peer), peer);
        if (!gateway_endpoints (&gateway->settings, names[n], endpoints[n], sizeof endpoints[n]))
            return err_set (err, RC_INVALID, "peers: too many instances of %s", names[n]);
        peers[n] = (struct bus_route){ names[n], endpoints[n] };
    }
    gateway->caller = bus_caller_new (&gateway->cert, gateway->peers, peers, n, err);
    return gateway->caller ? RC_OK : err->rc;
}

static void
limits_open (struct gateway *gateway)
{
    static struct pace searches = PACE (0, 0), uploads = PACE (0, 0);
    const struct gateway_settings *settings = &gateway->settings;
    searches.hourly = settings->searches;
    searches.burst = settings->searches / 10 + 1;
    uploads.hourly = uploads.burst = settings->uploads;
    gateway->searches = &searches;
    gateway->uploads = &uploads;
    gateway->calls = shares_new (
        (struct share_limits){ BUS_CALLS, (size_t)settings->calls_of_tenant, (size_t)settings->calls_of_person });
    gateway->readers = shares_new ((struct share_limits){
        (size_t)settings->streams, (size_t)settings->streams_of_tenant, (size_t)settings->streams_of_person });
    MUST (gateway->calls && gateway->readers);
}

static enum rc
gateway_open (struct gateway *gateway, struct err *err)
{
    struct text_buffer text = TEXT_BUFFER (OPENAPI_MAX);
    MUST (openapi_write (&text));
    gateway->openapi = text.data;
    gateway->openapi_size = text.size;
    enum rc rc = keys_load (gateway->settings.keys, "gateway", &gateway->cert, err);
    if (rc == RC_OK)
        rc = store_open (gateway->settings.store, clock_now (), &gateway->store, err);
    if (rc != RC_OK)
        return rc;
    gateway->peers = bus_peers_new (gateway->settings.keys, err);
    rc = gateway->peers ? caller_open (gateway, err) : err->rc;
    if (rc != RC_OK)
        return rc;
    limits_open (gateway);
    gateway->sessions = sessions_new (gateway->caller);
    MUST (gateway->sessions);
    gateway->worker = worker_new ((unsigned)gateway->settings.workers, err);
    if (gateway->worker)
        gateway->events = events_new (gateway, err);
    if (!gateway->events)
        return err->rc;
    sessions_tell (gateway->sessions, events_revoke, gateway->events);
    return RC_OK;
}

static void
gateway_close (struct gateway *gateway)
{
    if (gateway->events)
        events_stop (gateway->events);
    worker_destroy (&gateway->worker);
    if (gateway->caller)
        bus_caller_stop (gateway->caller);
    events_destroy (&gateway->events);
    sessions_destroy (&gateway->sessions);
    shares_destroy (&gateway->calls);
    shares_destroy (&gateway->readers);
    if (gateway->caller)
        bus_caller_destroy (&gateway->caller);
    if (gateway->peers)
        bus_peers_destroy (&gateway->peers);
    store_destroy (&gateway->store);
    bus_cert_wipe (&gateway->cert);
    free (gateway->openapi);
    bus_context_end ();
}

static enum rc
listen_open (struct gateway *gateway, struct http_server **ret_server, struct err *err)
{
    static char address[64];
    static struct bound *bound;
    static struct http_route *served;
    const struct gateway_settings *settings = &gateway->settings;
    struct http_config config = {
        .address = address,
        .threads = (unsigned)settings->threads,
        .connections = (unsigned)settings->connections,
        .connections_of_ip = (unsigned)settings->connections_of_ip,
        .request_time = settings->request_time,
        .headers = headers,
        .problem_base = "urn:padan:problem:",
        .admit = visit_admit,
        .done = visit_done,
        .user = gateway,
        .route_count = route_count,
    };
    bound = calloc (route_count, sizeof *bound);
    served = calloc (route_count, sizeof *served);
    MUST (bound && served);
    routes_bind (gateway, bound, served);
    config.routes = served;
    config.problems = problems_all (&config.problem_count);
    enum rc rc = address_split (settings->listen, address, &config.port, err);
    return rc == RC_OK ? http_server_start (&config, ret_server, err) : rc;
}

static enum rc
page_open (struct gateway *gateway, struct http_page **ret_page, struct err *err)
{
    char address[64];
    struct http_page_config config = {
        .address = address,
        .metrics = page_metrics,
        .ready = page_ready,
        .user = gateway,
    };
    enum rc rc = address_split (gateway->settings.page, address, &config.port, err);
    return rc == RC_OK ? http_page_start (&config, ret_page, err) : rc;
}

static enum rc
serve (struct gateway *gateway, struct err *err)
{
    sigset_t mask;
    sigemptyset (&mask);
    sigaddset (&mask, SIGTERM);
    sigaddset (&mask, SIGINT);
    sigprocmask (SIG_BLOCK, &mask, NULL); /* before any thread, so that only we see them */
    signal (SIGPIPE, SIG_IGN);
    visit_metrics_register ();
    figures_register ();
    struct http_page *page = NULL;
    struct http_server *server = NULL;
    enum rc rc = gateway_open (gateway, err);
    if (rc == RC_OK)
        gateway->watch = watch_start (gateway, err);
    if (rc == RC_OK)
        rc = gateway->watch ? listen_open (gateway, &server, err) : err->rc;
    if (rc == RC_OK)
        rc = page_open (gateway, &page, err);
    if (rc == RC_OK) {
        int number;
        log_event (LOG_NOTICE, "service.started", LOG_STR ("listen", gateway->settings.listen),
                   LOG_INT ("port", http_server_port (server)), LOG_INT ("page", http_page_port (page)));
        while (sigwait (&mask, &number) != 0)
            ;
        log_event (LOG_NOTICE, "service.stopping");
    }
    http_server_stop (&server, gateway->settings.drain);
    if (page)
        http_page_stop (&page);
    watch_stop (&gateway->watch);
    gateway_close (gateway);
    return rc;
}

static int
fail (const char *what, const struct err *err)
{
    log_event (LOG_CRIT, what, LOG_ERR_FIELDS (err));
    return err->rc == RC_INVALID ? EXIT_USAGE : EXIT_FAILURE;
}

int
main (int argc, char **argv)
{
    static struct gateway gateway;
    struct config_table tables[] = { { gateway_rows, &gateway.settings } };
    struct err err = { 0 };
    bool print, help;
    log_open ("gateway", "-", LOG_INFO);
    if (sodium_init () < 0)
        return EXIT_FAILURE;
    if (argc == 2 && strcmp (argv[1], "--print-openapi") == 0) {
        struct text_buffer text = TEXT_BUFFER (OPENAPI_MAX);
        MUST (openapi_write (&text));
        fwrite (text.data, 1, text.size, stdout);
        text_clear (&text);
        return EXIT_SUCCESS;
    }
    CONFIG_AUTO struct config *config = config_new (tables, 1);
    MUST (config);
    if (config_load (config, &argc, argv, &print, &help, &err) != RC_OK)
        return fail ("config.refused", &err);
    if (help) {
        puts ("gateway [--config FILE] [--set key=value] [--print-config] [--print-openapi]");
        config_help (config, stdout);
        return EXIT_SUCCESS;
    }
    if (print) {
        config_print (config, stdout);
        return EXIT_SUCCESS;
    }
    if (argc > 1) {
        err_set (&err, RC_INVALID, "unknown argument %s", argv[1]);
        return fail ("arguments.refused", &err);
    }
    log_open ("gateway", gateway.settings.instance, LOG_INFO);
    return serve (&gateway, &err) == RC_OK ? EXIT_SUCCESS : fail ("service.failed", &err);
}
