#include "common/bus/context.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <czmq.h>
#include "common/bus/zap.h"

static pthread_mutex_t context_lock = PTHREAD_MUTEX_INITIALIZER;
static bool context_ended; /* zsys cannot be started twice */

void *
bus_context (void)
{
    pthread_mutex_lock (&context_lock);
    MUST (!context_ended);
    MUST (zsys_has_curve ());
    zsys_handler_set (NULL); /* before anything else of czmq: SIGTERM and SIGINT are the program's */
    void *context = zsys_init ();
    MUST (context && zmq_ctx_set (context, ZMQ_BLOCKY, 0) == 0);
    zsys_set_logstream (NULL); /* standard output carries our log, one JSON object a line */
    pthread_mutex_unlock (&context_lock);
    return context;
}

void
bus_context_end (void)
{
    pthread_mutex_lock (&context_lock);
    context_ended = true;
    pthread_mutex_unlock (&context_lock);
    if (bus_zap_running ()) {
        zmq_ctx_shutdown (zsys_init ());
        bus_zap_join ();
    }
    zsys_shutdown ();
}

/* zsys_socket and not zsock_new, which asserts when descriptors run out. Without a file and a line it is counted but
 * not listed: should the program leave by exit with sockets open, zsys lets them be and does not close them under the
 * threads that use them. */
void *
bus_socket_new (int type, const struct bus_cert *own, int message_max, struct err *err)
{
    bus_context ();
    void *socket = zsys_socket (type, NULL, 0);
    if (!socket) {
        err_set (err, RC_INTERNAL, "no socket: %s", zmq_strerror (errno));
        return NULL;
    }
    zsock_set_maxmsgsize (socket, message_max);
    zsock_set_sndhwm (socket, BUS_QUEUE);
    zsock_set_rcvhwm (socket, BUS_QUEUE);
    zsock_set_linger (socket, BUS_LINGER_MS);
    zsock_set_sndtimeo (socket, 0);
    zsock_set_rcvtimeo (socket, 0);
    zsock_set_immediate (socket, 1);
    zsock_set_handshake_ivl (socket, BUS_HANDSHAKE_MS);
    zsock_set_heartbeat_ivl (socket, BUS_HEARTBEAT_MS);
    zsock_set_heartbeat_timeout (socket, BUS_HEARTBEAT_TIMEOUT_MS);
    zsock_set_heartbeat_ttl (socket, BUS_HEARTBEAT_TTL_MS);
    zsock_set_reconnect_ivl (socket, BUS_RECONNECT_MS);
    zsock_set_reconnect_ivl_max (socket, BUS_RECONNECT_MAX_MS);
    zsock_set_backlog (socket, BUS_BACKLOG);
    zsock_set_tcp_keepalive (socket, 1);
    /* by libzmq, as zsock_set_curve_* assert: what is no pair is an error of a file, not of ours */
    if (zmq_setsockopt (socket, ZMQ_CURVE_PUBLICKEY, own->public_key, KEYS_Z85) < 0 ||
        zmq_setsockopt (socket, ZMQ_CURVE_SECRETKEY, own->secret_key, KEYS_Z85) < 0) {
        err_set (err, RC_INVALID, "the pair of %s is no CURVE pair", own->service);
        bus_socket_close (socket);
        return NULL;
    }
    return socket;
}

void
bus_socket_close (void *socket)
{
    zsys_close (socket, NULL, 0);
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
