#include "common/bus/zap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <czmq.h>
#include "common/base/clock.h"
#include "common/bus/context.h"

enum {
    ZAP_REFRESH_MS = 1000, /* a key added or withdrawn takes effect within this */
    ZAP_FRAMES = 7,        /* version, request, domain, address, identity, mechanism, key */
    ZAP_FRAME_MAX = 256,   /* bytes; identities are the longest */
};

struct bus_zap_domain {
    struct bus_zap_domain *next;
    char name[32];
    struct bus_peers *peers;
    uint64_t accepted, refused; /* under zap.lock */
};

static struct {
    pthread_mutex_t lock;
    struct bus_zap_domain *domains;
    uint64_t last; /* number of the last domain's name */
    bool running;
    pthread_t thread;
} zap = { .lock = PTHREAD_MUTEX_INITIALIZER };

struct zap_request {
    char frames[ZAP_FRAMES][ZAP_FRAME_MAX + 1];
    int sizes[ZAP_FRAMES]; /* of what came, may exceed what was kept */
    unsigned count;
};

/* False when the socket ended. */
static bool
request_receive (void *socket, struct zap_request *ret_request)
{
    int more = 1;
    size_t size = sizeof more;
    memset (ret_request, 0, sizeof *ret_request);
    for (; more; ret_request->count++) {
        char extra[1];
        bool kept = ret_request->count < ZAP_FRAMES;
        int got;
        do
            got =
                zmq_recv (socket, kept ? ret_request->frames[ret_request->count] : extra, kept ? ZAP_FRAME_MAX : 1, 0);
        while (got < 0 && errno == EINTR);
        if (got < 0 || zmq_getsockopt (socket, ZMQ_RCVMORE, &more, &size) < 0)
            return false;
        if (kept)
            ret_request->sizes[ret_request->count] = got;
    }
    return true;
}

/* Whether this peer may enter; its key in Z85 becomes the User-Id of its messages. */
static bool
request_decide (const struct zap_request *request, char ret_key[static KEYS_Z85])
{
    char service[KEYS_NAME];
    bool shape = request->count == ZAP_FRAMES && strcmp (request->frames[0], "1.0") == 0 &&
                 strcmp (request->frames[5], "CURVE") == 0 && request->sizes[6] == 32 &&
                 zmq_z85_encode (ret_key, (const uint8_t *)request->frames[6], 32);
    bool good = false;
    pthread_mutex_lock (&zap.lock);
    for (struct bus_zap_domain *domain = zap.domains; domain; domain = domain->next) {
        if (strcmp (domain->name, request->frames[2]) != 0)
            continue;
        good = shape && bus_peers_service (domain->peers, ret_key, service);
        if (good)
            domain->accepted++;
        else
            domain->refused++;
    }
    pthread_mutex_unlock (&zap.lock);
    return good;
}

static void
request_answer (void *socket, const struct zap_request *request, bool good, const char *key)
{
    int id_size = request->sizes[1] < ZAP_FRAME_MAX ? request->sizes[1] : ZAP_FRAME_MAX;
    zmq_send (socket, "1.0", 3, ZMQ_SNDMORE);
    zmq_send (socket, request->frames[1], (size_t)id_size, ZMQ_SNDMORE);
    /* 300 closes the connection and lets the peer try again; after 400 libzmq's client gives up for ever, also when
     * its key is added a second later */
    zmq_send (socket, good ? "200" : "300", 3, ZMQ_SNDMORE);
    zmq_send (socket, good ? "OK" : "No", 2, ZMQ_SNDMORE);
    zmq_send (socket, key, good ? KEYS_Z85 - 1 : 0, ZMQ_SNDMORE);
    zmq_send (socket, "", 0, 0);
}

static void
lists_refresh (void)
{
    pthread_mutex_lock (&zap.lock);
    for (struct bus_zap_domain *domain = zap.domains; domain; domain = domain->next)
        bus_peers_refresh (domain->peers);
    pthread_mutex_unlock (&zap.lock);
}

static void *
zap_run (void *socket)
{
    static struct zap_request request;
    int64_t refresh_at = clock_monotonic () + ZAP_REFRESH_MS * 1000;
    for (;;) {
        zmq_pollitem_t item = { .socket = socket, .events = ZMQ_POLLIN };
        int ready = zmq_poll (&item, 1, ZAP_REFRESH_MS);
        if (ready < 0 && errno != EINTR)
            break;
        if (ready > 0) {
            char key[KEYS_Z85] = "";
            if (!request_receive (socket, &request))
                break;
            bool good = request_decide (&request, key);
            request_answer (socket, &request, good, key);
        }
        if (clock_monotonic () >= refresh_at) {
            lists_refresh ();
            refresh_at = clock_monotonic () + ZAP_REFRESH_MS * 1000;
        }
    }
    zmq_close (socket);
    return NULL;
}

/* Under zap.lock. The socket is not one of zsys: it lives as long as the context, whose end closes it. */
static enum rc
zap_start (struct err *err)
{
    void *socket = zmq_socket (bus_context (), ZMQ_REP);
    if (!socket)
        return err_set (err, RC_INTERNAL, "no socket: %s", zmq_strerror (errno));
    zsock_set_linger (socket, 0);
    if (zmq_bind (socket, "inproc://zeromq.zap.01") < 0) {
        err_set (err, RC_INTERNAL, "another ZAP handler runs: %s", zmq_strerror (errno));
        zmq_close (socket);
        return RC_INTERNAL;
    }
    enum rc rc = bus_thread_start (&zap.thread, "bus-zap", zap_run, socket, err);
    if (rc != RC_OK)
        zmq_close (socket);
    zap.running = rc == RC_OK;
    return rc;
}

struct bus_zap_domain *
bus_zap_domain_new (struct bus_peers *peers, struct err *err)
{
    struct bus_zap_domain *self = calloc (1, sizeof *self);
    if (!self) {
        err_set (err, RC_INTERNAL, "no memory");
        return NULL;
    }
    self->peers = peers;
    pthread_mutex_lock (&zap.lock);
    enum rc rc = zap.running ? RC_OK : zap_start (err);
    if (rc == RC_OK) {
        snprintf (self->name, sizeof self->name, "padan-%lu", (unsigned long)++zap.last);
        self->next = zap.domains;
        zap.domains = self;
    }
    pthread_mutex_unlock (&zap.lock);
    if (rc != RC_OK) {
        free (self);
        return NULL;
    }
    return self;
}

void
bus_zap_domain_destroy (struct bus_zap_domain **self)
{
    if (!*self)
        return;
    pthread_mutex_lock (&zap.lock);
    for (struct bus_zap_domain **link = &zap.domains; *link; link = &(*link)->next)
        if (*link == *self) {
            *link = (*self)->next;
            break;
        }
    pthread_mutex_unlock (&zap.lock);
    free (*self);
    *self = NULL;
}

const char *
bus_zap_domain_name (const struct bus_zap_domain *self)
{
    return self->name;
}

uint64_t
bus_zap_domain_accepted (struct bus_zap_domain *self)
{
    pthread_mutex_lock (&zap.lock);
    uint64_t accepted = self->accepted;
    pthread_mutex_unlock (&zap.lock);
    return accepted;
}

uint64_t
bus_zap_domain_refused (struct bus_zap_domain *self)
{
    pthread_mutex_lock (&zap.lock);
    uint64_t refused = self->refused;
    pthread_mutex_unlock (&zap.lock);
    return refused;
}

bool
bus_zap_running (void)
{
    pthread_mutex_lock (&zap.lock);
    bool running = zap.running;
    pthread_mutex_unlock (&zap.lock);
    return running;
}

void
bus_zap_join (void)
{
    pthread_mutex_lock (&zap.lock);
    bool running = zap.running;
    zap.running = false;
    pthread_mutex_unlock (&zap.lock);
    if (running)
        pthread_join (zap.thread, NULL);
}
