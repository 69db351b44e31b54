/* What the files of this layer share. Not for callers.
 *
 * Locks, in the order they may be taken: server.lock, connection.lock | exchange.lock, stream.lock; libmicrohttpd's own
 * are taken under ours by suspend and resume only, and it calls us with none but a response's. */
#pragma once

#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "common/http/problem.h"
#include "common/http/request.h"
#include "common/http/router.h"
#include "common/http/server.h"

#define HTTP_PROBLEM_BASE "urn:problem:"
#define HTTP_NEVER        INT64_MAX

struct http_stream;
struct exchange;

/* One TCP connection, from accept to close. */
struct connection {
    struct http_server *server;
    struct connection *previous, *next; /* server.lock */
    struct MHD_Connection *mhd;
    uint64_t serial;
    int fd;
    char peer[INET6_ADDRSTRLEN];
    /* monotonic microseconds; the reaper acts when they have passed */
    _Atomic int64_t cut_at;    /* shut the socket down */
    _Atomic int64_t answer_by; /* answer 504 */
    _Atomic int64_t beat_at;   /* look whether its stream needs a heartbeat */
    pthread_mutex_t lock;
    struct exchange *exchange; /* lock: the request in hand */
    /* server thread only */
    char *target; /* as it came; NULL: there was no memory */
    size_t target_capacity;
    const char *target_at; /* where libmicrohttpd read it: only compared */
};

enum stage { STAGE_HEAD, STAGE_BODY, STAGE_DISCARD, STAGE_HANDED };

/* One request and its answer. Referenced by its connection until libmicrohttpd is done, and by who must answer. */
struct exchange {
    struct http_request request; /* first: handlers hold this */
    struct http_server *server;
    atomic_uint references;
    pthread_mutex_t lock;
    /* lock */
    struct connection *connection; /* NULL: the client is gone or served */
    struct MHD_Response *unsent;   /* the answer, given and not yet sent */
    struct http_stream *stream;    /* the answer's, while it lives */
    int status;
    uint64_t answer_size;
    bool answered;  /* later answers are dropped */
    bool responded; /* by the caller, who may have been too late */
    bool asleep;    /* suspended: whoever clears it resumes */
    bool awoken;    /* http_upload_resume came before the suspend */
    /* server thread only */
    enum stage stage;
    int64_t body_began;  /* monotonic, pauses taken out */
    int64_t paused_at;   /* its upload took less than it was given; 0: it goes on */
    int64_t discard_end; /* of STAGE_DISCARD */
    bool uploading;      /* begin was called: handler or abort must follow */
    bool continues;      /* waits for "100 Continue" */
    int64_t started;
    uint64_t length;    /* of the body; UINT64_MAX unknown */
    uint64_t discarded; /* bytes */
    uint8_t *body;
    size_t body_capacity;
    struct http_match match;
    struct http_field query[HTTP_QUERY_MAX];
    char limit_text[24]; /* argument of a refusal */
};

struct http_server {
    struct http_config config;
    struct http_router *router;
    struct http_catalogue *catalogue;
    struct MHD_Daemon *daemon;
    uint16_t port;
    atomic_uint references; /* the owner's and one per exchange */
    atomic_bool draining;   /* new requests are refused */
    atomic_bool closing;    /* nobody may fall asleep any more */
    atomic_size_t asleep, in_hand, streams;
    pthread_mutex_t lock;
    struct connection *connections; /* lock */
    size_t connection_count;        /* lock */
    uint64_t serial;                /* lock */
    pthread_t reaper;
    bool reaper_runs;
    atomic_bool reaper_stops;
    int reaper_epoll, reaper_event;
};

/* server.c */
void server_release (struct http_server *server);

/* head.c: ret_problem->code is NULL when the request may go on; ret_hostile: the framing cannot be trusted. NULL
 * without memory. */
struct exchange *exchange_new (struct connection *connection, const char *method, const char *version,
                               struct http_problem *ret_problem, bool *ret_hostile);

/* exchange.c */
enum MHD_Result exchange_handle (void *server, struct MHD_Connection *mhd, const char *url, const char *method,
                                 const char *version, const char *data, size_t *size, void **context);
void exchange_completed (void *server, struct MHD_Connection *mhd, void **context, enum MHD_RequestTerminationCode how);
/* An answer on its way. size: of the body; stream, refusal: NULL when it is none. */
struct answer {
    int status;
    struct MHD_Response *response; /* NULL: the connection is closed instead */
    uint64_t size;
    struct http_stream *stream;
    const char *refusal; /* as in http_request */
};
/* Gives the answer and wakes the connection; false: too late, the response stays the caller's. */
bool exchange_answer (struct exchange *exchange, const struct answer *answer);
void exchange_refuse (struct exchange *exchange, const struct http_problem *problem);
void exchange_cut (struct exchange *exchange);         /* shuts the socket down, if it still has one */
void exchange_respond_end (struct exchange *exchange); /* marks responded and drops the caller's reference */

/* respond.c */
bool response_head (struct MHD_Response *mhd, const struct exchange *exchange, const struct http_response *response);

/* stream.c */
void stream_beat (struct http_stream *stream, int64_t now);
void stream_close (struct http_stream *stream); /* the server stops */
void stream_hold (struct http_stream *stream);
void stream_release (struct http_stream *stream);
int64_t stream_beat_time (const struct http_stream *stream);

/* reaper.c */
enum rc reaper_start (struct http_server *server, struct err *err);
void reaper_stop (struct http_server *server);
void reaper_wake (struct http_server *server);
/* Reports when the other end of a streaming connection hangs up. */
void reaper_watch (struct http_server *server, const struct connection *connection);

/* problem.c */
/* The row it is told with: its code's, or that of its rc. */
const struct http_problem_row *http_problem_row_of (const struct http_catalogue *catalogue,
                                                    const struct http_problem *problem);
char *http_problem_write (const struct http_catalogue *catalogue, const struct http_problem *problem, const char *base,
                          enum http_language language, const char *instance, int *ret_status);

static inline struct exchange *
exchange_of (struct http_request *request)
{
    return (struct exchange *)request;
}
