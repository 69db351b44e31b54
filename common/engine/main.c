/* From the command line to a running service, and back down. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include <sodium.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/bus/routes.h"
#include "common/db/migrate.h"
#include "common/engine/runtime.h"
#include "common/http/page.h"

enum { THREADS_MAX = 64, PATH_BYTES = 512, MOVES_BYTES = 1 << 20, EXIT_USAGE = 2 };

const struct config_row engine_rows[] = {
    CONFIG_ROW (struct engine_settings, instance, CONFIG_TEXT, "1", "name of this instance among its siblings"),
    CONFIG_ROW (struct engine_settings, listen, CONFIG_TEXT, NULL, "endpoint others reach us at: tcp://127.0.0.1:5501"),
    CONFIG_ROW (struct engine_settings, page, CONFIG_TEXT, "127.0.0.1:0", "address and port of /metrics and /readyz"),
    CONFIG_ROW (struct engine_settings, keys, CONFIG_TEXT, NULL, "directory of CURVE and signing keys"),
    CONFIG_ROW (struct engine_settings, database, CONFIG_TEXT, NULL, "conninfo of the writing login", .masked = true),
    CONFIG_ROW (struct engine_settings, database_reader, CONFIG_TEXT, NULL, "conninfo of the reading login",
                .masked = true),
    CONFIG_ROW (struct engine_settings, database_owner, CONFIG_TEXT, "", "conninfo of the owner, for --migrate",
                .masked = true),
    CONFIG_ROW (struct engine_settings, data, CONFIG_TEXT, PADAN_DATA, "where migrations are"),
    CONFIG_ROW (struct engine_settings, peers, CONFIG_LIST, "", "service=endpoint, instances separated by |"),
    CONFIG_ROW (struct engine_settings, writers, CONFIG_INT, "2", "threads that decide commands", .min = 1, .max = 8),
    CONFIG_ROW (struct engine_settings, readers, CONFIG_INT, "2", "threads that answer queries", .min = 1, .max = 16),
    CONFIG_ROW (struct engine_settings, workers, CONFIG_INT, "2", "threads that do due work", .min = 0, .max = 16),
    CONFIG_ROW (struct engine_settings, drain, CONFIG_SPAN, "20s", "longest wait for open commands at the end",
                .max = 300 * (int64_t)CLOCK_SECOND),
    { 0 },
};

/* ------------------------------------------------------------ what threads share */

void
engine_committed (struct engine *engine, const struct batch *batch)
{
    long long known = engine->head;
    engine->commits++;
    while (batch->head > known && !atomic_compare_exchange_weak (&engine->head, &known, batch->head))
        ;
    if (batch->head > known)
        outbox_wake (engine->outbox);
    if (batch->scheduled)
        engine_signal (engine, SIGNAL_DUE);
}

bool
engine_too_early (const struct engine *engine, const Padan__Position *after)
{
    for (size_t i = 0; after && i < engine->n_follows; i++)
        if (strcmp (engine->follows[i].log, after->log) == 0)
            return engine->follows[i].seen < after->position;
    return false;
}

bool
engine_rewound (const struct engine *engine)
{
    int64_t at = engine->rewound_at;
    return at && clock_monotonic () - at < REWOUND_SECONDS * (int64_t)CLOCK_SECOND;
}

void
engine_back_off (struct engine *engine, unsigned failures)
{
    unsigned span = 20u << (failures < 6 ? failures : 6); /* 40 ms … 1.3 s */
    engine_sleep (engine, (int)(span / 2 + randombytes_uniform (span)));
}

void
engine_database_state (struct engine *engine, bool ok, const struct err *err)
{
    int64_t now = clock_monotonic ();
    if (!ok && err->code[0] && strncmp (err->code, "db.", 3) != 0)
        return; /* another service is away, which its own page tells */
    if (!ok && err->rc == RC_BUSY)
        engine->refused_at = now;
    else if (ok && engine->refused_at && now - engine->refused_at < REFUSED_SECONDS * (int64_t)CLOCK_SECOND)
        return;
    bool before = atomic_exchange (&engine->database_ok, ok);
    if (before == ok)
        return;
    if (ok)
        log_event (LOG_NOTICE, "database.back");
    else
        log_event (LOG_ERR, "database.away", LOG_ERR_FIELDS (err));
}

void
engine_batch_failed (const char *source, enum rc rc, const struct err *err)
{
    if (rc != RC_OK && rc != RC_RETRY && rc != RC_LOST)
        log_event (LOG_ERR, "batch.failed", LOG_STR ("source", source), LOG_ERR_FIELDS (err));
}

/* ------------------------------------------------------------ starting */

static enum rc
migrate (struct engine *engine, struct err *err)
{
    char own[PATH_BYTES], common[PATH_BYTES], login[96], reader[96];
    const char *name = engine->service->name;
    snprintf (common, sizeof common, "%s/common/engine/migrations", engine->settings.data);
    snprintf (own, sizeof own, "%s/%s", engine->settings.data, engine->service->migrations);
    snprintf (login, sizeof login, "padan_%s", name);
    snprintf (reader, sizeof reader, "padan_%s_reader", name);
    DB_AUTO struct db *db = db_new (engine->settings.database_owner, "padan migrate");
    MUST (db);
    return db_migrate (db, name, login, reader, (const char *const[]){ common, own, NULL }, err);
}

static void
page_metrics (void *self, FILE *out)
{
    struct text_buffer text = TEXT_BUFFER (1 << 20);
    engine_metrics_take (self);
    if (metrics_write (&text))
        fwrite (text.data, 1, text.size, out);
    text_clear (&text);
}

static void
page_ready (void *self, struct http_page_reasons *reasons)
{
    engine_page_ready (self, reasons);
}

static enum rc
page_open (struct engine *engine, struct http_page **ret_page, struct err *err)
{
    char address[64];
    snprintf (address, sizeof address, "%s", engine->settings.page);
    char *colon = strrchr (address, ':'), *end = NULL;
    unsigned long port = colon ? strtoul (colon + 1, &end, 10) : 0;
    if (!colon || end == colon + 1 || *end || port > UINT16_MAX)
        return err_set (err, RC_INVALID, "page is address:port");
    *colon = '\0';
    struct http_page_config config = {
        .address = address,
        .port = (uint16_t)port,
        .metrics = page_metrics,
        .ready = page_ready,
        .user = engine,
    };
    return http_page_start (&config, ret_page, err);
}

static enum rc
caller_open (struct engine *engine, struct err *err)
{
    struct bus_route routes[BUS_CALL_SERVICES_MAX];
    ARENA_AUTO struct arena *arena = arena_new (ROUTES_ARENA);
    MUST (arena);
    const struct config_list *peers = &engine->settings.peers;
    enum rc rc = bus_routes_parse (peers->items, peers->count, arena, routes, err);
    if (rc != RC_OK)
        return rc;
    engine->caller = bus_caller_new (&engine->cert, engine->peers, routes, (unsigned)peers->count, err);
    return engine->caller ? RC_OK : err->rc;
}

static enum rc
bus_open (struct engine *engine, struct err *err)
{
    enum rc rc = keys_load (engine->settings.keys, engine->service->name, &engine->cert, err);
    if (rc != RC_OK)
        return rc;
    engine->peers = bus_peers_new (engine->settings.keys, err);
    if (!engine->peers)
        return err->rc;
    rc = caller_open (engine, err);
    if (rc != RC_OK)
        return rc;
    engine->server = bus_server_new (&engine->cert, engine->peers, engine->settings.listen, err);
    return engine->server ? RC_OK : err->rc;
}

struct threads {
    pthread_t list[THREADS_MAX];
    size_t n;
    struct follower followers[FOLLOW_MAX];
};

static void
thread_start (struct threads *threads, void *(*run) (void *), void *argument)
{
    MUST (threads->n < THREADS_MAX);
    MUST (pthread_create (&threads->list[threads->n++], NULL, run, argument) == 0);
}

static void
threads_start (struct engine *engine, struct threads *threads)
{
    for (int64_t i = 0; i < engine->settings.writers; i++)
        thread_start (threads, writer_thread, engine);
    for (int64_t i = 0; i < engine->settings.readers; i++)
        thread_start (threads, reader_thread, engine);
    for (int64_t i = 0; engine->service->due_kinds && i < engine->settings.workers; i++)
        thread_start (threads, due_thread, engine);
    thread_start (threads, keeper_thread, engine);
    for (const struct follow *follow = engine->service->follows; follow && follow->log; follow++) {
        MUST (engine->n_follows < FOLLOW_MAX);
        struct follow_state *state = &engine->follows[engine->n_follows];
        state->log = follow->log;
        state->committed_at = clock_monotonic ();
        threads->followers[engine->n_follows++] = (struct follower){ engine, follow, state };
    }
    for (size_t i = 0; i < engine->n_follows; i++)
        thread_start (threads, follower_thread, &threads->followers[i]);
}

static void
threads_join (struct engine *engine, struct threads *threads)
{
    engine->stopping = true;
    engine_signal (engine, SIGNAL_STOP);
    for (size_t i = 0; i < threads->n; i++)
        pthread_join (threads->list[i], NULL);
}

static enum rc
service_start (struct engine *engine, struct err *err)
{
    if (!engine->service->start)
        return RC_OK;
    struct gather *gather = gather_new (engine, "start");
    enum rc rc = engine->service->start (gather, err);
    gather_destroy (&gather);
    return rc;
}

static enum rc
serve (struct engine *engine, struct err *err)
{
    sigset_t mask;
    sigemptyset (&mask);
    sigaddset (&mask, SIGTERM);
    sigaddset (&mask, SIGINT);
    sigprocmask (SIG_BLOCK, &mask, NULL); /* before any thread, so that only the reactor sees them */
    signal (SIGPIPE, SIG_IGN);
    int signals = signalfd (-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK);
    engine_signals_open (engine);
    engine->commands = queue_new ();
    engine->reads = queue_new ();
    engine->outbox = outbox_new ();
    engine_metrics_register ();
    struct http_page *page = NULL;
    struct threads threads = { .n = 0 };
    enum rc rc = bus_open (engine, err);
    if (rc == RC_OK)
        rc = service_start (engine, err);
    if (rc == RC_OK)
        rc = page_open (engine, &page, err);
    if (rc == RC_OK) {
        threads_start (engine, &threads);
        log_event (LOG_NOTICE, "service.started", LOG_STR ("listen", bus_server_endpoint (engine->server)),
                   LOG_INT ("page", http_page_port (page)));
        reactor_run (engine, signals);
        threads_join (engine, &threads);
        reactor_farewell (engine);
        log_event (LOG_NOTICE, "service.stopped");
    }
    if (page)
        http_page_stop (&page);
    bus_server_destroy (&engine->server);
    if (engine->caller)
        bus_caller_destroy (&engine->caller);
    bus_peers_destroy (&engine->peers);
    queue_destroy (&engine->commands);
    queue_destroy (&engine->reads);
    outbox_destroy (&engine->outbox);
    bus_cert_wipe (&engine->cert);
    bus_context_end ();
    close (signals);
    return rc;
}

static enum rc
moves_print (const struct service *service, struct err *err)
{
    static const struct moves *const none[] = { NULL };
    TEXT_AUTO struct text_buffer page = TEXT_BUFFER (MOVES_BYTES);
    moves_page (service->name, service->moves ? service->moves : none, &page);
    if (page.failed)
        return err_set (err, RC_INTERNAL, "no memory for the moves");
    fwrite (page.data, 1, page.size, stdout);
    return RC_OK;
}

static int
fail (const char *what, const struct err *err)
{
    log_event (LOG_CRIT, what, LOG_ERR_FIELDS (err));
    return err->rc == RC_INVALID ? EXIT_USAGE : EXIT_FAILURE;
}

int
service_main (const struct service *service, int argc, char **argv)
{
    struct engine engine = { .service = service, .database_ok = true };
    struct config_table tables[] = { { engine_rows, &engine.settings }, { service->config, service->settings } };
    struct err err = { 0 };
    bool print, help;
    log_open (service->name, "-", LOG_INFO);
    if (sodium_init () < 0)
        return EXIT_FAILURE;
    if (argc == 2 && strcmp (argv[1], "--print-moves") == 0)
        return moves_print (service, &err) == RC_OK ? EXIT_SUCCESS : fail ("moves.failed", &err);
    CONFIG_AUTO struct config *config = config_new (tables, service->config ? 2 : 1);
    MUST (config);
    if (config_load (config, &argc, argv, &print, &help, &err) != RC_OK)
        return fail ("config.refused", &err);
    if (help) {
        printf ("%s [--config FILE] [--set key=value] [--print-config] [--print-moves] [--migrate]\n", service->name);
        config_help (config, stdout);
        return EXIT_SUCCESS;
    }
    if (print) {
        config_print (config, stdout);
        return EXIT_SUCCESS;
    }
    log_open (service->name, engine.settings.instance, LOG_INFO);
    if (argc == 2 && strcmp (argv[1], "--migrate") == 0)
        return migrate (&engine, &err) == RC_OK ? EXIT_SUCCESS : fail ("migrate.failed", &err);
    if (argc > 1) {
        err_set (&err, RC_INVALID, "unknown argument %s", argv[1]);
        return fail ("arguments.refused", &err);
    }
    return serve (&engine, &err) == RC_OK ? EXIT_SUCCESS : fail ("service.failed", &err);
}
