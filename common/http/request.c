#include "common/http/request.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "common/http/internal.h"

static const char *
field_find (const struct http_field *fields, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp (fields[i].name, name))
            return fields[i].value;
    return NULL;
}

const char *
http_param (const struct http_request *request, const char *name)
{
    return field_find (request->params, request->param_count, name);
}

const char *
http_query (const struct http_request *request, const char *name)
{
    return field_find (request->query, request->query_count, name);
}

const char *
http_header (const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->field_count; i++)
        if (!strcasecmp (request->fields[i].name, name))
            return request->fields[i].value;
    return NULL;
}

void
http_request_hold (struct http_request *request)
{
    atomic_fetch_add_explicit (&exchange_of (request)->references, 1, memory_order_relaxed);
}

void
http_request_release (struct http_request *request)
{
    struct exchange *self = exchange_of (request);
    if (atomic_fetch_sub_explicit (&self->references, 1, memory_order_acq_rel) != 1)
        return;
    struct http_server *server = self->server;
    pthread_mutex_destroy (&self->lock);
    free (self->body);
    free (self);
    server_release (server);
}

bool
http_request_waits (struct http_request *request)
{
    struct exchange *self = exchange_of (request);
    pthread_mutex_lock (&self->lock);
    bool waits = self->connection && !self->answered;
    pthread_mutex_unlock (&self->lock);
    return waits;
}

/* With self->lock. */
static void
wake (struct exchange *self)
{
    self->asleep = false;
    atomic_store (&self->connection->answer_by, HTTP_NEVER);
    atomic_fetch_sub (&self->server->asleep, 1);
    MHD_resume_connection (self->connection->mhd);
}

void
http_upload_resume (struct http_request *request)
{
    struct exchange *self = exchange_of (request);
    pthread_mutex_lock (&self->lock);
    if (self->asleep)
        wake (self);
    else
        self->awoken = true;
    pthread_mutex_unlock (&self->lock);
}

bool
exchange_answer (struct exchange *self, const struct answer *answer)
{
    pthread_mutex_lock (&self->lock);
    bool accepted = !self->answered && self->connection;
    if (accepted) {
        self->answered = true;
        self->unsent = answer->response;
        self->answer_size = answer->size;
        self->status = answer->status;
        self->stream = answer->stream;
        self->request.refusal = answer->refusal;
        if (self->asleep)
            wake (self);
    }
    pthread_mutex_unlock (&self->lock);
    return accepted;
}

void
exchange_cut (struct exchange *self)
{
    pthread_mutex_lock (&self->lock);
    if (self->connection) /* libmicrohttpd closes it only after exchange_completed, which takes our lock */
        shutdown (self->connection->fd, SHUT_RDWR);
    pthread_mutex_unlock (&self->lock);
}

void
exchange_respond_end (struct exchange *self)
{
    self->responded = true;
    http_request_release (&self->request);
}
