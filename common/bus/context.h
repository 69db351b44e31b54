/* The process's one ZeroMQ context, and what every socket of ours has in common. The limits are here. */
#pragma once

#include <pthread.h>
#include <stddef.h>
#include <zmq.h>
#include "common/base/err.h"
#include "common/bus/keys.h"

enum {
    BUS_REQUEST_MAX = 1 << 20, /* bytes; files travel by the content store, never in a command */
    BUS_REPLY_MAX = 4 << 20,   /* bytes; a log answer of a large batch */
    /* A queue to a peer is full after the high-water mark or, the other side reporting late, a little above its half.
     * Twice the calls one caller may have open to a service, so that its replies always fit. */
    BUS_QUEUE = 2048,
    BUS_HANDSHAKE_MS = 5000,
    BUS_HEARTBEAT_MS = 1000,
    BUS_HEARTBEAT_TIMEOUT_MS = 3000, /* a frozen or unplugged peer is given up after at most 4 s */
    BUS_HEARTBEAT_TTL_MS = 5000,
    BUS_RECONNECT_MS = 100,
    BUS_RECONNECT_MAX_MS = 5000,
    BUS_BACKLOG = 100,
    BUS_ENDPOINT = 256,     /* bytes of one endpoint */
    BUS_ENDPOINTS_MAX = 16, /* instances of one service in a list */
    BUS_FAREWELL_MS = 200,  /* but a server's last answers leave, or their askers would wait out their patience */
    BUS_LINGER_MS = 0,      /* nothing waits at close: the database has what matters */
};

/* czmq's (zsys), created at the first call and kept: libzmq 4.3.4 crashes with several contexts and CURVE. It takes no
 * signals and prints nothing. After it exists the process must not fork (posix_spawn of other programs is fine). */
void *bus_context (void);
/* Ends it, for a clean exit, after every socket of bus_socket_new was closed (with one open it ends nothing, and leaves
 * that to the kernel). Nothing of the bus may be used afterwards. */
void bus_context_end (void);

/* A socket of libzmq with heartbeats, bounds and linger set and `own` as its CURVE pair; NULL with *err. */
void *bus_socket_new (int type, const struct bus_cert *own, int message_max, struct err *err);
/* Instead of zmq_close: bus_context_end counts on it. */
void bus_socket_close (void *socket);
/* A thread of the bus: takes no signals, so that they reach the program's own loop. */
enum rc bus_thread_start (pthread_t *ret_thread, const char *name, void *(*run) (void *), void *argument,
                          struct err *err);
