#include "common/http/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "common/http/internal.h"
#include "common/http/stream.h"

enum { BACKLOG = 1024, STOP_TIME = 2 * CLOCK_SECOND /* for answers and streams to leave at a stop */ };

static void
connection_start (struct http_server *server, struct MHD_Connection *mhd, void **context)
{
    struct connection *self = calloc (1, sizeof *self);
    *context = self; /* without memory: its first request is refused */
    if (!self)
        return;
    self->server = server;
    self->mhd = mhd;
    self->fd = MHD_get_connection_info (mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    const struct sockaddr *peer = MHD_get_connection_info (mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
    const void *address = peer->sa_family == AF_INET6
                              ? (const void *)&((const struct sockaddr_in6 *)(const void *)peer)->sin6_addr
                              : (const void *)&((const struct sockaddr_in *)(const void *)peer)->sin_addr;
    inet_ntop (peer->sa_family, address, self->peer, sizeof self->peer);
    pthread_mutex_init (&self->lock, NULL);
    atomic_init (&self->cut_at, clock_monotonic () + server->config.head_time);
    atomic_init (&self->answer_by, HTTP_NEVER);
    atomic_init (&self->beat_at, HTTP_NEVER);
    pthread_mutex_lock (&server->lock);
    self->serial = ++server->serial;
    self->next = server->connections;
    if (self->next)
        self->next->previous = self;
    server->connections = self;
    bool first = !server->connection_count++;
    pthread_mutex_unlock (&server->lock);
    if (first)
        reaper_wake (server);
}

static void
connection_close (struct http_server *server, struct connection *self)
{
    pthread_mutex_lock (&server->lock); /* from here on the reaper cannot reach the descriptor */
    if (self->previous)
        self->previous->next = self->next;
    else
        server->connections = self->next;
    if (self->next)
        self->next->previous = self->previous;
    server->connection_count--;
    pthread_mutex_unlock (&server->lock);
    pthread_mutex_destroy (&self->lock);
    free (self->target);
    free (self);
}

static void
connection_notify (void *closure, struct MHD_Connection *mhd, void **context, enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        connection_start (closure, mhd, context);
    else if (*context)
        connection_close (closure, *context);
}

/* The request line has come: keeps its target before libmicrohttpd takes it apart, and starts the head's time. */
static void *
target_keep (void *closure, const char *target, struct MHD_Connection *mhd)
{
    struct http_server *server = closure;
    struct connection *self = MHD_get_connection_info (mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    if (!self)
        return NULL;
    size_t size = strlen (target ? target : "") + 1;
    if (size > self->target_capacity) {
        free (self->target);
        self->target = malloc (size);
        self->target_capacity = self->target ? size : 0;
    }
    if (self->target)
        memcpy (self->target, target ? target : "", size);
    self->target_at = target;
    int64_t end = clock_monotonic () + server->config.head_time;
    if (end < atomic_load (&self->cut_at))
        atomic_store (&self->cut_at, end);
    return NULL;
}

/* Decodes nothing: the guard and the router want what was sent. */
static size_t
unescape_nothing (void *closure, struct MHD_Connection *mhd, char *text)
{
    return strlen (text);
}

static enum rc
listen_socket (const struct http_config *config, int *ret_fd, uint16_t *ret_port, struct err *err)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address = { 0 };
    socklen_t size;
    if (inet_pton (AF_INET, config->address, &address.v4.sin_addr) == 1) {
        address.v4.sin_family = AF_INET;
        address.v4.sin_port = htons (config->port);
        size = sizeof address.v4;
    } else if (inet_pton (AF_INET6, config->address, &address.v6.sin6_addr) == 1) {
        address.v6.sin6_family = AF_INET6;
        address.v6.sin6_port = htons (config->port);
        size = sizeof address.v6;
    } else {
        return err_set (err, RC_INVALID, "\"%s\" is no numeric address", config->address);
    }
    const int yes = 1;
    int fd = socket (address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return err_set (err, RC_INTERNAL, "socket: %s", strerror (errno));
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind (fd, &address.any, size) || listen (fd, BACKLOG) || getsockname (fd, &address.any, &size)) {
        int error = errno;
        close (fd);
        return err_set (err, RC_INTERNAL, "%s port %u: %s", config->address, config->port, strerror (error));
    }
    *ret_port = ntohs (address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
    *ret_fd = fd;
    return RC_OK;
}

static void
config_complete (struct http_config *config)
{
    config->address = config->address ? config->address : "127.0.0.1";
    config->threads = config->threads < 2 ? 2 : config->threads;
    config->connections = config->connections ? config->connections : 4096;
    config->connection_memory = config->connection_memory ? config->connection_memory : 32 * 1024;
    config->head_time = config->head_time ? config->head_time : 5 * CLOCK_SECOND;
    config->idle_time = config->idle_time ? config->idle_time : 60 * CLOCK_SECOND;
    config->body_time = config->body_time ? config->body_time : 10 * CLOCK_SECOND;
    config->min_rate = config->min_rate ? config->min_rate : 4096;
    config->request_time = config->request_time ? config->request_time : 30 * CLOCK_SECOND;
}

static enum rc
daemon_start (struct http_server *self, struct err *err)
{
    const struct http_config *config = &self->config;
    int fd = -1;
    enum rc rc = listen_socket (config, &fd, &self->port, err);
    if (rc)
        return rc;
    self->daemon = MHD_start_daemon (
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, exchange_handle, self,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, config->threads, MHD_OPTION_CONNECTION_LIMIT,
        config->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT, config->connections_of_ip,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, config->connection_memory, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)((config->idle_time + CLOCK_SECOND - 1) / CLOCK_SECOND), MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL, MHD_OPTION_URI_LOG_CALLBACK, target_keep, self,
        MHD_OPTION_NOTIFY_CONNECTION, connection_notify, self, MHD_OPTION_NOTIFY_COMPLETED, exchange_completed, self,
        MHD_OPTION_END);
    if (self->daemon)
        return RC_OK;
    close (fd);
    return err_set (err, RC_INTERNAL, "libmicrohttpd did not start on %s port %u", config->address, self->port);
}

enum rc
http_server_start (const struct http_config *config, struct http_server **ret_server, struct err *err)
{
    struct http_server *self = calloc (1, sizeof *self);
    if (!self)
        return err_set (err, RC_INTERNAL, "no memory for a server");
    self->config = *config;
    config_complete (&self->config);
    atomic_init (&self->references, 1);
    pthread_mutex_init (&self->lock, NULL);
    self->reaper_epoll = self->reaper_event = -1;
    enum rc rc = http_router_new (config->routes, config->route_count, &self->router, err);
    if (!rc)
        rc = http_catalogue_new (config->problems, config->problem_count, &self->catalogue, err);
    if (!rc)
        rc = reaper_start (self, err);
    if (!rc)
        rc = daemon_start (self, err);
    if (rc) {
        reaper_stop (self);
        server_release (self);
        return rc;
    }
    *ret_server = self;
    return RC_OK;
}

/* Requests outlive the server when their handlers do. */
void
server_release (struct http_server *self)
{
    if (atomic_fetch_sub (&self->references, 1) != 1)
        return;
    http_router_destroy (&self->router);
    http_catalogue_destroy (&self->catalogue);
    pthread_mutex_destroy (&self->lock);
    free (self);
}

uint16_t
http_server_port (const struct http_server *self)
{
    return self->port;
}

size_t
http_server_connections (struct http_server *self)
{
    pthread_mutex_lock (&self->lock);
    size_t count = self->connection_count;
    pthread_mutex_unlock (&self->lock);
    return count;
}

static void
pause_briefly (void)
{
    nanosleep (&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

/* Ends the streams and answers the sleepers; cut: without waiting for those that do not read. */
static void
sleepers_end (struct http_server *self, bool cut)
{
    size_t count = 0, capacity = http_server_connections (self) + 64;
    struct exchange **exchanges = calloc (capacity, sizeof (struct exchange *));
    MUST (exchanges);
    pthread_mutex_lock (&self->lock);
    for (struct connection *at = self->connections; at && count < capacity; at = at->next) {
        pthread_mutex_lock (&at->lock);
        if (at->exchange) {
            http_request_hold (&at->exchange->request);
            exchanges[count++] = at->exchange;
        }
        pthread_mutex_unlock (&at->lock);
    }
    pthread_mutex_unlock (&self->lock);
    for (size_t i = 0; i < count; i++) {
        pthread_mutex_lock (&exchanges[i]->lock);
        struct http_stream *stream = exchanges[i]->stream;
        if (stream)
            stream_hold (stream);
        bool asleep = exchanges[i]->asleep;
        pthread_mutex_unlock (&exchanges[i]->lock);
        if (asleep)
            exchange_refuse (exchanges[i], &(struct http_problem){ .code = "http.stopping" });
        if (stream) {
            cut ? http_stream_cut (stream) : stream_close (stream);
            stream_release (stream);
        } else if (cut) {
            exchange_cut (exchanges[i]);
        }
        http_request_release (&exchanges[i]->request);
    }
    free (exchanges);
}

void
http_server_stop (struct http_server **server, int64_t grace)
{
    struct http_server *self = *server;
    if (!self)
        return;
    int fd = MHD_quiesce_daemon (self->daemon);
    atomic_store (&self->draining, true);
    int64_t end = clock_monotonic () + grace;
    while (atomic_load (&self->in_hand) > atomic_load (&self->streams) && clock_monotonic () < end)
        pause_briefly ();
    atomic_store (&self->closing, true);
    end = clock_monotonic () + STOP_TIME;
    while (atomic_load (&self->in_hand)) {
        sleepers_end (self, clock_monotonic () > end);
        pause_briefly ();
    }
    MHD_stop_daemon (self->daemon);
    if (fd != MHD_INVALID_SOCKET)
        close (fd);
    reaper_stop (self);
    server_release (self);
    *server = NULL;
}
