#include "common/http/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/http/internal.h"

enum { BUFFER_FIRST = 1024, BUFFER_DEFAULT = 64 * 1024, READ_SIZE = 4096, BEAT_DEFAULT = 15 * CLOCK_SECOND };

struct http_stream {
    struct exchange *exchange; /* held */
    struct http_stream_options options;
    atomic_uint references; /* the producer's and the response's */
    pthread_mutex_t lock;
    /* lock */
    char *buffer;
    size_t start, size, capacity; /* bytes waiting lie at [start, start + size) */
    bool ended;                   /* nothing more is written */
    bool aborted;                 /* by the producer: the body is not whole */
    bool dropped;                 /* client gone or too slow */
    bool wants_room;
    struct MHD_Connection *asleep; /* suspended: whoever clears it resumes */
    int64_t written_at;
};

void
stream_hold (struct http_stream *self)
{
    atomic_fetch_add (&self->references, 1);
}

void
stream_release (struct http_stream *self)
{
    if (atomic_fetch_sub (&self->references, 1) != 1)
        return;
    http_request_release (&self->exchange->request);
    pthread_mutex_destroy (&self->lock);
    free (self->buffer);
    free (self);
}

int64_t
stream_beat_time (const struct http_stream *self)
{
    return self->options.heartbeat ? self->options.heartbeat_time / 2 : HTTP_NEVER / 4;
}

/* With self->lock. */
static void
wake (struct http_stream *self)
{
    if (self->asleep)
        MHD_resume_connection (self->asleep);
    self->asleep = NULL;
}

static bool
buffer_put (struct http_stream *self, const char *data, size_t size)
{
    if (self->start && self->start + self->size + size > self->capacity) {
        memmove (self->buffer, self->buffer + self->start, self->size);
        self->start = 0;
    }
    if (self->size + size > self->capacity) {
        size_t capacity = self->capacity ? self->capacity : BUFFER_FIRST;
        while (capacity < self->size + size)
            capacity *= 2;
        capacity = capacity > self->options.buffer ? self->options.buffer : capacity;
        char *buffer = realloc (self->buffer, capacity);
        if (!buffer)
            return false;
        self->buffer = buffer;
        self->capacity = capacity;
    }
    memcpy (self->buffer + self->start + self->size, data, size);
    self->size += size;
    return true;
}

static size_t
buffer_take (struct http_stream *self, char *out, size_t size)
{
    size = size < self->size ? size : self->size;
    memcpy (out, self->buffer + self->start, size);
    self->start += size;
    self->size -= size;
    if (!self->size) { /* an idle client keeps a small buffer only */
        self->start = 0;
        if (self->capacity > BUFFER_FIRST) {
            free (self->buffer);
            self->buffer = NULL;
            self->capacity = 0;
        }
    }
    return size;
}

/* libmicrohttpd wants bytes. */
static ssize_t
stream_read (void *closure, uint64_t position, char *out, size_t size)
{
    struct http_stream *self = closure;
    bool room = false;
    ssize_t result = 0;
    pthread_mutex_lock (&self->lock);
    if (self->dropped) {
        result = MHD_CONTENT_READER_END_WITH_ERROR;
    } else if (self->size) {
        result = (ssize_t)buffer_take (self, out, size);
        room = self->wants_room && self->size <= self->options.buffer / 2;
        self->wants_room = self->wants_room && !room;
    } else if (self->ended) {
        result = self->aborted ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        self->asleep = self->exchange->connection->mhd;
        MHD_suspend_connection (self->asleep);
    }
    pthread_mutex_unlock (&self->lock);
    if (room)
        self->options.room (self->options.user);
    return result;
}

/* libmicrohttpd has let go of the response: sent, cut or never queued. */
static void
stream_gone (void *closure)
{
    struct http_stream *self = closure;
    pthread_mutex_lock (&self->exchange->lock);
    self->exchange->stream = NULL;
    pthread_mutex_unlock (&self->exchange->lock);
    pthread_mutex_lock (&self->lock);
    self->dropped = true;
    pthread_mutex_unlock (&self->lock);
    if (self->options.gone)
        self->options.gone (self->options.user);
    atomic_fetch_sub (&self->exchange->server->streams, 1);
    stream_release (self);
}

static struct http_stream *
stream_new (struct exchange *exchange, const struct http_stream_options *options)
{
    struct http_stream *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    self->options = *options;
    if (!self->options.buffer)
        self->options.buffer = BUFFER_DEFAULT;
    if (!self->options.heartbeat_time)
        self->options.heartbeat_time = BEAT_DEFAULT;
    self->written_at = clock_monotonic ();
    self->exchange = exchange;
    http_request_hold (&exchange->request);
    atomic_init (&self->references, 2);
    pthread_mutex_init (&self->lock, NULL);
    atomic_fetch_add (&exchange->server->streams, 1);
    return self;
}

/* MHD_destroy_response calls stream_gone; the producer was never told of the stream. */
static void
stream_undo (struct http_stream *self, struct MHD_Response *mhd)
{
    self->options.gone = NULL;
    if (mhd)
        MHD_destroy_response (mhd);
    else
        stream_gone (self);
    stream_release (self);
}

enum rc
http_respond_stream (struct http_request *request, const struct http_response *response,
                     const struct http_stream_options *options, struct http_stream **ret_stream)
{
    struct exchange *exchange = exchange_of (request);
    struct http_server *server = exchange->server;
    struct http_stream *self = stream_new (exchange, options);
    struct MHD_Response *mhd =
        self ? MHD_create_response_from_callback (MHD_SIZE_UNKNOWN, READ_SIZE, stream_read, self, stream_gone) : NULL;
    bool fine = mhd && response_head (mhd, exchange, response) && !atomic_load (&server->draining);
    if (fine) {
        *ret_stream = self; /* `gone` may be called before we return */
        fine = exchange_answer (
            exchange,
            &(struct answer){ .status = response->status ? response->status : 200, .response = mhd, .stream = self });
        if (!fine)
            *ret_stream = NULL;
    }
    if (!fine) {
        if (self)
            stream_undo (self, mhd);
        exchange_refuse (exchange, &(struct http_problem){ .code = mhd ? "http.stopping" : "rc.internal" });
    }
    exchange_respond_end (exchange);
    return fine ? RC_OK : RC_LOST;
}

enum rc
http_stream_write (struct http_stream *self, const void *data, size_t size)
{
    enum rc rc = RC_OK;
    bool slow = false;
    pthread_mutex_lock (&self->lock);
    if (self->dropped || self->ended) {
        rc = RC_LOST;
    } else if (size > self->options.buffer - self->size || !buffer_put (self, data, size)) {
        slow = !self->options.room || size > self->options.buffer;
        self->wants_room = !slow;
        rc = slow ? RC_LOST : RC_BUSY;
    } else {
        self->written_at = clock_monotonic ();
        wake (self);
    }
    pthread_mutex_unlock (&self->lock);
    if (slow)
        http_stream_cut (self);
    return rc;
}

enum rc
http_stream_event (struct http_stream *self, const char *id, const char *event, const char *data, size_t size)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream (&text, &length);
    if (!out)
        return RC_INTERNAL;
    if (id)
        fprintf (out, "id: %s\n", id);
    if (event)
        fprintf (out, "event: %s\n", event);
    for (size_t at = 0; at <= size;) {
        const char *end = size > at ? memchr (data + at, '\n', size - at) : NULL;
        size_t line = end ? (size_t)(end - data) - at : size - at;
        fputs ("data: ", out);
        fwrite (data + at, 1, line, out);
        fputc ('\n', out);
        at += line + 1;
    }
    fputc ('\n', out);
    enum rc rc = fclose (out) ? RC_INTERNAL : http_stream_write (self, text, length);
    free (text);
    return rc;
}

size_t
http_stream_pending (struct http_stream *self)
{
    pthread_mutex_lock (&self->lock);
    size_t size = self->size;
    pthread_mutex_unlock (&self->lock);
    return size;
}

void
http_stream_cut (struct http_stream *self)
{
    pthread_mutex_lock (&self->lock);
    self->dropped = true;
    wake (self);
    pthread_mutex_unlock (&self->lock);
    exchange_cut (self->exchange); /* it may wait for a socket that never drains */
}

void
stream_close (struct http_stream *self)
{
    pthread_mutex_lock (&self->lock);
    self->ended = true;
    wake (self);
    pthread_mutex_unlock (&self->lock);
}

void
stream_beat (struct http_stream *self, int64_t now)
{
    pthread_mutex_lock (&self->lock);
    bool due = self->options.heartbeat && now - self->written_at >= self->options.heartbeat_time && !self->size;
    pthread_mutex_unlock (&self->lock);
    if (due)
        http_stream_write (self, self->options.heartbeat, strlen (self->options.heartbeat));
}

void
http_stream_end (struct http_stream **stream)
{
    if (!*stream)
        return;
    stream_close (*stream);
    stream_release (*stream);
    *stream = NULL;
}

void
http_stream_abort (struct http_stream **stream)
{
    if (!*stream)
        return;
    pthread_mutex_lock (&(*stream)->lock);
    (*stream)->aborted = true;
    pthread_mutex_unlock (&(*stream)->lock);
    http_stream_end (stream);
}
