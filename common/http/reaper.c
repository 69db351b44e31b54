/* One thread that ends what waits too long. libmicrohttpd's timeout only counts silence: one byte a second lives for
 * ever, and a suspended connection has no timeout at all. */
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/http/internal.h"
#include "common/http/stream.h"

enum { TICK_MS = 100, ROUND = 256 }; /* deadlines are kept within a tick; a round bounds what is held at once */

struct found {
    struct exchange *exchange; /* held */
    bool late;                 /* answer 504; else its stream's heartbeat */
};

static struct exchange *
connection_hold (struct connection *connection)
{
    pthread_mutex_lock (&connection->lock);
    struct exchange *exchange = connection->exchange;
    if (exchange)
        http_request_hold (&exchange->request);
    pthread_mutex_unlock (&connection->lock);
    return exchange;
}

static struct http_stream *
exchange_stream (struct exchange *exchange)
{
    pthread_mutex_lock (&exchange->lock);
    struct http_stream *stream = exchange->stream;
    if (stream)
        stream_hold (stream);
    pthread_mutex_unlock (&exchange->lock);
    return stream;
}

/* Cuts at once; what needs an exchange is collected, for answering may not happen under server->lock. */
static size_t
look (struct http_server *server, int64_t now, struct found found[static ROUND])
{
    size_t count = 0;
    pthread_mutex_lock (&server->lock);
    for (struct connection *at = server->connections; at && count < ROUND; at = at->next) {
        if (atomic_load (&at->cut_at) <= now) {
            atomic_store (&at->cut_at, HTTP_NEVER);
            shutdown (at->fd, SHUT_RDWR);
        }
        bool late = atomic_load (&at->answer_by) <= now, beat = atomic_load (&at->beat_at) <= now;
        if (!late && !beat)
            continue;
        if (late)
            atomic_store (&at->answer_by, HTTP_NEVER);
        struct exchange *exchange = connection_hold (at);
        struct http_stream *stream = exchange && beat ? exchange_stream (exchange) : NULL;
        atomic_store (&at->beat_at, stream ? now + stream_beat_time (stream) : HTTP_NEVER);
        if (stream)
            stream_release (stream);
        if (exchange)
            found[count++] = (struct found){ exchange, late };
    }
    pthread_mutex_unlock (&server->lock);
    return count;
}

static void
act (const struct found *found, int64_t now)
{
    struct http_stream *stream = found->late ? NULL : exchange_stream (found->exchange);
    if (found->late)
        exchange_refuse (found->exchange, &(struct http_problem){ .code = "http.deadline" });
    if (stream) {
        stream_beat (stream, now);
        stream_release (stream);
    }
    http_request_release (&found->exchange->request);
}

/* The other end of connection `serial` hung up. Only a stream ends by that: a client may close its sending side and
 * still wait for an ordinary answer. */
static void
hang_up (struct http_server *server, uint64_t serial)
{
    struct exchange *exchange = NULL;
    pthread_mutex_lock (&server->lock);
    for (struct connection *at = server->connections; at; at = at->next)
        if (at->serial == serial) {
            exchange = connection_hold (at);
            break;
        }
    pthread_mutex_unlock (&server->lock);
    struct http_stream *stream = exchange ? exchange_stream (exchange) : NULL;
    if (stream) {
        http_stream_cut (stream);
        stream_release (stream);
    }
    if (exchange)
        http_request_release (&exchange->request);
}

static void *
reaper_run (void *closure)
{
    struct http_server *server = closure;
    struct found found[ROUND];
    struct epoll_event events[32];
    while (!atomic_load (&server->reaper_stops)) {
        bool idle = !http_server_connections (server);
        int ready = epoll_wait (server->reaper_epoll, events, 32, idle ? -1 : TICK_MS);
        for (int i = 0; i < ready; i++) {
            uint64_t count;
            if (events[i].data.u64)
                hang_up (server, events[i].data.u64);
            else if (read (server->reaper_event, &count, sizeof count) < 0 && errno != EAGAIN)
                break;
        }
        int64_t now = clock_monotonic ();
        for (size_t count = ROUND; count == ROUND;) {
            count = look (server, now, found);
            for (size_t i = 0; i < count; i++)
                act (&found[i], now);
        }
    }
    return NULL;
}

void
reaper_watch (struct http_server *server, const struct connection *connection)
{
    struct epoll_event event = { .events = EPOLLRDHUP | EPOLLONESHOT, .data.u64 = connection->serial };
    if (epoll_ctl (server->reaper_epoll, EPOLL_CTL_ADD, connection->fd, &event) && errno == EEXIST)
        epoll_ctl (server->reaper_epoll, EPOLL_CTL_MOD, connection->fd, &event);
}

void
reaper_wake (struct http_server *server)
{
    const uint64_t one = 1;
    if (write (server->reaper_event, &one, sizeof one) < 0)
        MUST (errno == EAGAIN); /* full: it is awake anyway */
}

enum rc
reaper_start (struct http_server *server, struct err *err)
{
    struct epoll_event event = { .events = EPOLLIN };
    server->reaper_epoll = epoll_create1 (EPOLL_CLOEXEC);
    server->reaper_event = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (server->reaper_epoll < 0 || server->reaper_event < 0 ||
        epoll_ctl (server->reaper_epoll, EPOLL_CTL_ADD, server->reaper_event, &event))
        return err_set (err, RC_INTERNAL, "epoll: %s", strerror (errno));
    int failed = pthread_create (&server->reaper, NULL, reaper_run, server);
    if (failed)
        return err_set (err, RC_INTERNAL, "thread: %s", strerror (failed));
    server->reaper_runs = true;
    return RC_OK;
}

void
reaper_stop (struct http_server *server)
{
    if (server->reaper_runs) {
        atomic_store (&server->reaper_stops, true);
        reaper_wake (server);
        pthread_join (server->reaper, NULL);
    }
    server->reaper_runs = false;
    if (server->reaper_epoll >= 0)
        close (server->reaper_epoll);
    if (server->reaper_event >= 0)
        close (server->reaper_event);
    server->reaper_epoll = server->reaper_event = -1;
}
