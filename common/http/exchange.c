/* The life of a request: head, body, handler, sleep, answer. All on the server thread that owns the connection, but
 * for the answer, which may come from anywhere (request.c). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/http/internal.h"

/* A refused body is read and thrown away, so that the client, which sends before it reads, sees the refusal instead of
 * a reset, and keeps its connection. Up to this size; a file whole, because files are large. Neither may take longer
 * than this size may. */
enum { DISCARD_MAX = 1024 * 1024, BODY_FIRST = 16 * 1024 };

/* Microseconds that so many bytes may take. */
static int64_t
transfer_time (const struct http_server *server, uint64_t size)
{
    uint64_t seconds = size / server->config.min_rate;
    return server->config.body_time + (int64_t)(seconds < 864000 ? seconds : 864000) * CLOCK_SECOND;
}

/* By what has come of the body, not by what was announced: who says a gigabyte and sends a byte a minute is cut. */
static void
body_hurry (struct exchange *self)
{
    int64_t end = self->body_began + transfer_time (self->server, self->request.body_size + self->discarded);
    if (self->stage == STAGE_DISCARD && self->discard_end < end)
        end = self->discard_end;
    atomic_store (&self->connection->cut_at, end);
}

static void
discard_begin (struct exchange *self)
{
    self->stage = STAGE_DISCARD;
    self->discard_end = clock_monotonic () + transfer_time (self->server, DISCARD_MAX);
}

static uint64_t
discard_max (const struct exchange *self)
{
    const struct http_route *route = self->request.route;
    return route && route->upload ? UINT64_MAX : DISCARD_MAX;
}

/* Sends the answer given. A stream has no end to hurry to: its reader is watched instead. */
static enum MHD_Result
answer_send (struct exchange *self)
{
    struct connection *connection = self->connection;
    pthread_mutex_lock (&self->lock);
    struct MHD_Response *response = self->unsent;
    struct http_stream *stream = self->stream;
    self->unsent = NULL;
    int status = self->status;
    pthread_mutex_unlock (&self->lock);
    if (!response)
        return MHD_NO;
    if (stream) {
        atomic_store (&connection->cut_at, HTTP_NEVER);
        atomic_store (&connection->beat_at, clock_monotonic () + stream_beat_time (stream));
        reaper_watch (self->server, connection);
    } else {
        atomic_store (&connection->cut_at, clock_monotonic () + transfer_time (self->server, self->answer_size));
    }
    enum MHD_Result result = MHD_queue_response (connection->mhd, (unsigned)status, response);
    MHD_destroy_response (response);
    return result;
}

/* With nothing to do until somebody wakes it; false: it was answered meanwhile. */
static bool
fall_asleep (struct exchange *self)
{
    struct http_server *server = self->server;
    pthread_mutex_lock (&self->lock);
    bool sleeps = !self->answered && !self->awoken;
    self->awoken = false;
    if (sleeps) {
        atomic_fetch_add (&server->asleep, 1);
        self->asleep = true;
        atomic_store (&self->connection->answer_by, self->request.deadline);
        MHD_suspend_connection (self->connection->mhd);
    }
    pthread_mutex_unlock (&self->lock);
    /* The stop sees either this sleeper or never another one. */
    if (sleeps && atomic_load (&server->closing))
        exchange_refuse (self, &(struct http_problem){ .code = "http.stopping" });
    return sleeps;
}

static void
upload_drop (struct exchange *self)
{
    if (self->uploading)
        self->request.route->upload->abort (&self->request);
    self->uploading = false;
}

/* After a callback of the caller that may have refused: whether it did. */
static bool
callback_end (struct exchange *self)
{
    if (!self->responded)
        http_request_release (&self->request);
    return self->responded;
}

static bool
admit (struct exchange *self)
{
    const struct http_config *config = &self->server->config;
    if (!config->admit)
        return true;
    http_request_hold (&self->request);
    bool admitted = config->admit (config->user, &self->request);
    return !callback_end (self) && admitted;
}

static bool
upload_begin (struct exchange *self)
{
    MUST (self->request.route); /* or a problem was found before */
    const struct http_upload *upload = self->request.route->upload;
    if (!upload)
        return true;
    http_request_hold (&self->request);
    self->uploading = upload->begin (&self->request);
    return !callback_end (self) && self->uploading;
}

/* The refused body is short enough to wait for, and the client already sends it. */
static bool
discard_pays (const struct exchange *self)
{
    bool short_enough = self->length <= discard_max (self) || self->length == UINT64_MAX;
    return !self->length || (!self->continues && short_enough);
}

static enum MHD_Result
head_take (struct connection *connection, const char *method, const char *version, void **context)
{
    struct http_server *server = connection->server;
    struct http_problem problem = { 0 };
    bool hostile = false;
    struct exchange *self = exchange_new (connection, method, version, &problem, &hostile);
    if (!self)
        return MHD_NO;
    *context = self;
    pthread_mutex_lock (&connection->lock);
    connection->exchange = self;
    pthread_mutex_unlock (&connection->lock);
    atomic_fetch_add (&server->in_hand, 1);
    int64_t time =
        self->request.route && self->request.route->time ? self->request.route->time : server->config.request_time;
    self->request.deadline = self->started + time;
    self->stage = STAGE_BODY;
    self->body_began = self->started;
    if (!problem.code && atomic_load (&server->draining))
        problem.code = "http.stopping";
    if (problem.code)
        exchange_refuse (self, &problem);
    if (!problem.code && admit (self) && upload_begin (self)) {
        body_hurry (self);
        return MHD_YES;
    }
    discard_begin (self);
    if (!self->answered)
        return MHD_NO; /* a callback said no without a word */
    if (hostile || !discard_pays (self))
        return answer_send (self);
    body_hurry (self);
    return MHD_YES;
}

static void
body_refuse (struct exchange *self, const struct http_problem *problem)
{
    if (problem)
        exchange_refuse (self, problem);
    upload_drop (self);
    discard_begin (self);
}

static bool
body_room (struct exchange *self, size_t size)
{
    size_t needed = self->request.body_size + size;
    if (needed <= self->body_capacity)
        return true;
    size_t limit = self->length < self->request.route->body_limit ? self->length : self->request.route->body_limit;
    size_t capacity = self->body_capacity ? self->body_capacity * 2 : BODY_FIRST;
    capacity = capacity < needed ? needed : capacity;
    capacity = capacity > limit ? limit : capacity;
    uint8_t *body = realloc (self->body, capacity);
    if (!body)
        return false;
    self->body = body;
    self->body_capacity = capacity;
    return true;
}

static enum MHD_Result
body_buffer (struct exchange *self, const char *data, size_t *size)
{
    if (!body_room (self, *size))
        return MHD_NO;
    memcpy (self->body + self->request.body_size, data, *size);
    self->request.body_size += *size;
    *size = 0;
    return MHD_YES;
}

static enum MHD_Result
body_upload (struct exchange *self, const char *data, size_t *size)
{
    http_request_hold (&self->request);
    size_t taken = self->request.route->upload->chunk (&self->request, (const uint8_t *)data, *size);
    if (callback_end (self)) {
        body_refuse (self, NULL);
        *size = 0;
        return MHD_YES;
    }
    MUST (taken <= *size);
    self->request.body_size += taken;
    *size -= taken;
    if (!*size)
        return MHD_YES;
    /* The upload's consumer is behind: its time counts, not the client's. */
    atomic_store (&self->connection->cut_at, HTTP_NEVER);
    self->paused_at = clock_monotonic ();
    self->request.deadline = self->paused_at + self->server->config.request_time;
    if (fall_asleep (self))
        return MHD_YES;
    /* Resumed before it slept: libmicrohttpd only calls again for a connection that was suspended. */
    pthread_mutex_lock (&self->lock);
    MHD_suspend_connection (self->connection->mhd);
    MHD_resume_connection (self->connection->mhd);
    pthread_mutex_unlock (&self->lock);
    return MHD_YES;
}

static void
body_go_on (struct exchange *self)
{
    self->body_began += clock_monotonic () - self->paused_at;
    self->paused_at = 0;
    if (self->answered) /* 504 or 503 while it slept */
        body_refuse (self, NULL);
}

static enum MHD_Result
body_stage (struct exchange *self, const char *data, size_t *size)
{
    const struct http_route *route = self->request.route;
    if (self->stage == STAGE_BODY && *size > route->body_limit - self->request.body_size) {
        snprintf (self->limit_text, sizeof self->limit_text, "%zu", route->body_limit);
        body_refuse (self, &(struct http_problem){ .code = "http.body_too_large", .arguments = { self->limit_text } });
    }
    if (self->stage == STAGE_DISCARD) {
        self->discarded += *size;
        *size = 0;
        return self->discarded <= discard_max (self) ? MHD_YES : MHD_NO;
    }
    return route->upload ? body_upload (self, data, size) : body_buffer (self, data, size);
}

static enum MHD_Result
body_take (struct exchange *self, const char *data, size_t *size)
{
    if (self->paused_at)
        body_go_on (self);
    enum MHD_Result result = body_stage (self, data, size);
    if (!self->paused_at)
        body_hurry (self);
    return result;
}

static enum MHD_Result
request_hand (struct exchange *self)
{
    atomic_store (&self->connection->cut_at, HTTP_NEVER);
    if (self->stage == STAGE_BODY) {
        self->stage = STAGE_HANDED;
        self->uploading = false;
        const struct http_route *route = self->request.route;
        self->request.body = self->body;
        self->request.deadline = clock_monotonic () + (route->time ? route->time : self->server->config.request_time);
        http_request_hold (&self->request);
        route->handler (&self->request);
    }
    return fall_asleep (self) ? MHD_YES : answer_send (self);
}

enum MHD_Result
exchange_handle (void *server, struct MHD_Connection *mhd, const char *url, const char *method, const char *version,
                 const char *data, size_t *size, void **context)
{
    struct exchange *self = *context;
    if (!self) {
        const union MHD_ConnectionInfo *info = MHD_get_connection_info (mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
        return info && info->socket_context ? head_take (info->socket_context, method, version, context) : MHD_NO;
    }
    return *size ? body_take (self, data, size) : request_hand (self);
}

void
exchange_completed (void *closure, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode how)
{
    struct exchange *self = *context;
    struct http_server *server = closure;
    if (!self)
        return;
    *context = NULL;
    struct connection *connection = self->connection;
    pthread_mutex_lock (&connection->lock);
    connection->exchange = NULL;
    pthread_mutex_unlock (&connection->lock);
    pthread_mutex_lock (&self->lock);
    self->connection = NULL;
    struct MHD_Response *unsent = self->unsent;
    self->unsent = NULL;
    int status = unsent || !self->answered ? 0 : self->status;
    pthread_mutex_unlock (&self->lock);
    if (unsent)
        MHD_destroy_response (unsent);
    upload_drop (self);
    atomic_store (&connection->answer_by, HTTP_NEVER);
    atomic_store (&connection->beat_at, HTTP_NEVER);
    atomic_store (&connection->cut_at, clock_monotonic () + server->config.idle_time);
    if (server->config.done)
        server->config.done (server->config.user, &self->request, status, clock_monotonic () - self->started);
    atomic_fetch_sub (&server->in_hand, 1);
    http_request_release (&self->request);
}
