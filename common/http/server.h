/* The HTTP server: connections, limits and time. Routes say what it serves; it knows none of them.
 *
 * A request costs a thread only while its bytes come or go: between its handler and its answer the connection sleeps.
 * A reaper thread ends what libmicrohttpd would let live for ever: heads and bodies that trickle, answers nobody
 * reads, and requests nobody answers (504). */
#pragma once

#include <stdint.h>

#include "common/base/err.h"
#include "common/http/problem.h"
#include "common/http/request.h"
#include "common/http/router.h"

struct http_config {
    const char *address;        /* numeric; NULL: 127.0.0.1 */
    uint16_t port;              /* 0: any free one, see http_server_port */
    unsigned threads;           /* 0: 2; never fewer, for one epoll thread stalls at 256 connections */
    unsigned connections;       /* 0: 4096. More wait in the backlog: give health checks a port of their own */
    unsigned connections_of_ip; /* 0: no limit */
    size_t connection_memory;   /* 0: 32 kB; a head that does not fit is answered 431 */
    int64_t head_time;          /* microseconds for a request line and headers; 0: 5 s */
    int64_t idle_time;          /* between requests of a connection, and without any progress; 0: 60 s */
    int64_t body_time;          /* allowance for a body or an answer, besides its bytes / min_rate; 0: 10 s */
    uint64_t min_rate;          /* bytes a second, of a body by what has come of it so far; 0: 4096 */
    int64_t request_time;       /* for a handler to answer; 0: 30 s */
    const struct http_route *routes;
    size_t route_count;
    const struct http_problem_row *problems;
    size_t problem_count;
    const struct http_field *headers; /* on every answer, up to the first without a name; NULL none */
    const char *problem_base;         /* before a code in `type`; NULL: "urn:problem:" */
    /* After headers and route, before the body: who may go on. It refuses by http_respond… and returns false. May set
     * request->attached. Must not block. NULL: everybody. */
    bool (*admit) (void *user, struct http_request *request);
    /* After the last byte of the answer or the end of the connection, on a server thread: metrics, access log,
     * request->attached. status 0: nothing was sent. NULL: none. */
    void (*done) (void *user, const struct http_request *request, int status, int64_t microseconds);
    void *user;
};

struct http_server;

/* Borrows the tables and strings of *config until the stop. */
enum rc http_server_start (const struct http_config *config, struct http_server **ret_server, struct err *err);
uint16_t http_server_port (const struct http_server *server);
size_t http_server_connections (struct http_server *server);
/* Takes no new requests, waits up to grace microseconds for those in hand, answers the rest 503 and ends streams.
 * Handlers may still answer afterwards: that is dropped. */
void http_server_stop (struct http_server **server, int64_t grace);
