#include "common/bus/context.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include "common/bus/zap.h"

static pthread_mutex_t context_lock = PTHREAD_MUTEX_INITIALIZER;
static void *context;

void *
bus_context (void)
{
    pthread_mutex_lock (&context_lock);
    if (!context) {
        MUST (zmq_has ("curve"));
        context = zmq_ctx_new ();
        MUST (context);
        MUST (zmq_ctx_set (context, ZMQ_BLOCKY, 0) == 0);
    }
    void *same = context;
    pthread_mutex_unlock (&context_lock);
    return same;
}

void
bus_context_end (void)
{
    pthread_mutex_lock (&context_lock);
    void *ending = context;
    context = NULL;
    pthread_mutex_unlock (&context_lock);
    if (!ending)
        return;
    zmq_ctx_shutdown (ending);
    bus_zap_join ();
    while (zmq_ctx_term (ending) < 0 && errno == EINTR)
        ;
}

void
bus_socket_set (void *socket, int option, int value)
{
    MUST (zmq_setsockopt (socket, option, &value, sizeof value) == 0);
}

void *
bus_socket_new (int type, const struct bus_cert *own, int message_max, struct err *err)
{
    void *socket = zmq_socket (bus_context (), type);
    if (!socket) {
        err_set (err, RC_INTERNAL, "no socket: %s", zmq_strerror (errno));
        return NULL;
    }
    int64_t max = message_max;
    MUST (zmq_setsockopt (socket, ZMQ_MAXMSGSIZE, &max, sizeof max) == 0);
    bus_socket_set (socket, ZMQ_SNDHWM, BUS_QUEUE);
    bus_socket_set (socket, ZMQ_RCVHWM, BUS_QUEUE);
    bus_socket_set (socket, ZMQ_LINGER, BUS_LINGER_MS);
    bus_socket_set (socket, ZMQ_SNDTIMEO, 0);
    bus_socket_set (socket, ZMQ_RCVTIMEO, 0);
    bus_socket_set (socket, ZMQ_IMMEDIATE, 1);
    bus_socket_set (socket, ZMQ_HANDSHAKE_IVL, BUS_HANDSHAKE_MS);
    bus_socket_set (socket, ZMQ_HEARTBEAT_IVL, BUS_HEARTBEAT_MS);
    bus_socket_set (socket, ZMQ_HEARTBEAT_TIMEOUT, BUS_HEARTBEAT_TIMEOUT_MS);
    bus_socket_set (socket, ZMQ_HEARTBEAT_TTL, BUS_HEARTBEAT_TTL_MS);
    bus_socket_set (socket, ZMQ_RECONNECT_IVL, BUS_RECONNECT_MS);
    bus_socket_set (socket, ZMQ_RECONNECT_IVL_MAX, BUS_RECONNECT_MAX_MS);
    bus_socket_set (socket, ZMQ_BACKLOG, BUS_BACKLOG);
    bus_socket_set (socket, ZMQ_TCP_KEEPALIVE, 1);
    if (zmq_setsockopt (socket, ZMQ_CURVE_PUBLICKEY, own->public_key, KEYS_Z85) < 0 ||
        zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, own->secret_key, KEYS_Z85) < 0) {
        err_set (err, RC_INVALID, "the pair of %s is no CURVE pair", own->service);
        zmq_close (socket);
        return NULL;
    }
    return socket;
}

enum rc
bus_thread_start (pthread_t *ret_thread, const char *name, void *(*run) (void *), void *argument, struct err *err)
{
    sigset_t all, before;
    sigfillset (&all);
    pthread_sigmask (SIG_BLOCK, &all, &before);
    int error = pthread_create (ret_thread, NULL, run, argument);
    pthread_sigmask (SIG_SETMASK, &before, NULL);
    if (error)
        return err_set (err, RC_INTERNAL, "no thread for %s", name);
    pthread_setname_np (*ret_thread, name);
    return RC_OK;
}
