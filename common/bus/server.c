#include "common/bus/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <czmq.h>
#include "common/bus/envelope.h"
#include "common/bus/message.h"
#include "common/bus/zap.h"

enum { ZAP_ENFORCE_DOMAIN = 93 }; /* zmq.h and czmq hide the option among drafts; 4.3.4 knows it */

typedef _Atomic uint64_t counter;

struct bus_server {
    void *socket;
    struct bus_peers *peers;
    struct bus_zap_domain *domain;
    char endpoint[BUS_ENDPOINT];
    counter received, sent, refused_key, refused_malformed, refused_claim, refused_busy, dropped_unreachable,
        dropped_full;
};

static enum rc
server_bind (struct bus_server *self, const struct bus_cert *own, const char *endpoint, struct err *err)
{
    self->domain = bus_zap_domain_new (self->peers, err);
    if (!self->domain)
        return RC_INTERNAL;
    self->socket = bus_socket_new (ZMQ_ROUTER, own, BUS_REQUEST_MAX, err);
    if (!self->socket)
        return RC_INTERNAL;
    const char *name = bus_zap_domain_name (self->domain);
    int enforce = 1;
    zsock_set_curve_server (self->socket, 1);
    zsock_set_zap_domain (self->socket, name);
    MUST (zmq_setsockopt (self->socket, ZAP_ENFORCE_DOMAIN, &enforce, sizeof enforce) == 0);
    zsock_set_router_mandatory (self->socket, 1);
    zsock_set_linger (self->socket, BUS_FAREWELL_MS);
    size_t size = sizeof self->endpoint;
    if (zmq_bind (self->socket, endpoint) < 0 ||
        zmq_getsockopt (self->socket, ZMQ_LAST_ENDPOINT, self->endpoint, &size) < 0)
        return err_set (err, RC_INVALID, "cannot listen on %s: %s", endpoint, zmq_strerror (errno));
    return RC_OK;
}

struct bus_server *
bus_server_new (const struct bus_cert *own, struct bus_peers *peers, const char *endpoint, struct err *err)
{
    struct bus_server *self = calloc (1, sizeof *self);
    if (!self) {
        err_set (err, RC_INTERNAL, "no memory");
        return NULL;
    }
    self->peers = peers;
    if (server_bind (self, own, endpoint, err) != RC_OK)
        bus_server_destroy (&self);
    return self;
}

void
bus_server_destroy (struct bus_server **self)
{
    if (!*self)
        return;
    if ((*self)->socket)
        bus_socket_close ((*self)->socket);
    bus_zap_domain_destroy (&(*self)->domain);
    free (*self);
    *self = NULL;
}

const char *
bus_server_endpoint (const struct bus_server *self)
{
    return self->endpoint;
}

void *
bus_server_socket (struct bus_server *self)
{
    return self->socket;
}

/* The next frame; more says whether another follows it. False when nothing waits. */
static bool
frame_receive (void *socket, zmq_msg_t *frame, bool *ret_more)
{
    int got;
    do
        got = zmq_msg_recv (frame, socket, ZMQ_DONTWAIT);
    while (got < 0 && errno == EINTR);
    if (got >= 0)
        *ret_more = zmq_msg_more (frame);
    return got >= 0;
}

/* Who sent it, by the key its connection was made with. Read from the last frame: 4.3.4 may lose the properties of
 * the first. A key withdrawn since then is nobody's. */
static bool
sender_find (struct bus_server *self, zmq_msg_t *body, char ret_service[static KEYS_NAME])
{
    const char *key = zmq_msg_gets (body, "User-Id");
    return key && bus_peers_service (self->peers, key, ret_service);
}

/* A follower is the service, or a part of it: "journal", "journal.search". */
static bool
claim_good (const Padan__Request *request, const char *service)
{
    if (!request->log_read)
        return true;
    size_t length = strlen (service);
    const char *follower = request->log_read->follower;
    return strncmp (follower, service, length) == 0 && (follower[length] == '\0' || follower[length] == '.');
}

/* Tells the sender at once instead of letting it wait for its deadline. */
static void
refusal_send (struct bus_server *self, const struct bus_peer *peer, const uint8_t *data, size_t size, enum rc rc)
{
    Padan__Reply reply = PADAN__REPLY__INIT;
    Padan__Problem problem = PADAN__PROBLEM__INIT;
    if (!message_number (data, size, &reply.number))
        return;
    reply.outcome = rc == RC_FORBIDDEN ? PADAN__OUTCOME__OUTCOME_FORBIDDEN
                    : rc == RC_BUSY    ? PADAN__OUTCOME__OUTCOME_BUSY
                                       : PADAN__OUTCOME__OUTCOME_INVALID;
    problem.code = (char *)(rc == RC_FORBIDDEN ? "bus.claim" : rc == RC_BUSY ? "bus.busy" : "bus.malformed");
    reply.problem = &problem;
    bus_server_reply (self, peer, &reply);
}

static enum rc
body_read (struct bus_server *self, zmq_msg_t *body, struct arena *arena, struct bus_request *request, struct err *err)
{
    const uint8_t *data = zmq_msg_data (body);
    size_t size = zmq_msg_size (body);
    ProtobufCMessage *message = NULL;
    if (!sender_find (self, body, request->service)) {
        self->refused_key++;
        return err_set (err, RC_UNAUTHENTICATED, "a message without a known key");
    }
    enum rc rc = message_unpack (&padan__request__descriptor, arena, data, size, &message, err);
    request->message = (Padan__Request *)message;
    if (rc == RC_OK)
        rc = request_check (request->message, err);
    if (rc == RC_OK && !claim_good (request->message, request->service))
        rc = err_code (err, RC_FORBIDDEN, "bus.claim", "", "%s claims to be another service", request->service);
    if (rc == RC_OK)
        return rc;
    *(rc == RC_FORBIDDEN ? &self->refused_claim : rc == RC_BUSY ? &self->refused_busy : &self->refused_malformed) += 1;
    refusal_send (self, &request->peer, data, size, rc);
    return rc;
}

enum rc
bus_server_receive (struct bus_server *self, struct arena *arena, struct bus_request *ret_request, struct err *err)
{
    struct bus_request request = { .service = "" };
    zmq_msg_t frame;
    bool more = false;
    unsigned frames = 1;
    zmq_msg_init (&frame);
    if (!frame_receive (self->socket, &frame, &more)) {
        zmq_msg_close (&frame);
        return RC_NOT_FOUND;
    }
    /* ids that ROUTER makes: 0 and a number; a peer that brings its own could take another's place */
    const uint8_t *id = zmq_msg_data (&frame);
    bool id_good = zmq_msg_size (&frame) == sizeof request.peer.id && id[0] == 0;
    if (id_good)
        memcpy (request.peer.id, id, sizeof request.peer.id);
    while (more && frame_receive (self->socket, &frame, &more))
        frames++;
    enum rc rc;
    if (!id_good || frames != 2) {
        self->refused_malformed++;
        rc = err_set (err, RC_INVALID, "a message of %u frames", frames);
    } else {
        rc = body_read (self, &frame, arena, &request, err);
    }
    zmq_msg_close (&frame);
    if (rc == RC_OK) {
        self->received++;
        *ret_request = request;
    }
    return rc;
}

/* Takes over the body. */
static enum rc
body_send (struct bus_server *self, const struct bus_peer *peer, zmq_msg_t *body)
{
    int sent;
    do
        sent = zmq_send (self->socket, peer->id, sizeof peer->id, ZMQ_SNDMORE | ZMQ_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    bool full = sent < 0 && errno == EAGAIN;
    if (sent >= 0) {
        do
            sent = zmq_msg_send (body, self->socket, ZMQ_DONTWAIT);
        while (sent < 0 && errno == EINTR);
    }
    if (sent < 0)
        zmq_msg_close (body);
    *(sent >= 0 ? &self->sent : full ? &self->dropped_full : &self->dropped_unreachable) += 1;
    return sent >= 0 ? RC_OK : full ? RC_BUSY : RC_LOST;
}

enum rc
bus_server_send (struct bus_server *self, const struct bus_peer *peer, const void *data, size_t size)
{
    zmq_msg_t body;
    if (size > BUS_REPLY_MAX || zmq_msg_init_size (&body, size) < 0)
        return RC_INTERNAL;
    if (size)
        memcpy (zmq_msg_data (&body), data, size);
    return body_send (self, peer, &body);
}

enum rc
bus_server_reply (struct bus_server *self, const struct bus_peer *peer, const Padan__Reply *reply)
{
    zmq_msg_t body;
    size_t size = padan__reply__get_packed_size (reply);
    if (size > BUS_REPLY_MAX || zmq_msg_init_size (&body, size) < 0)
        return RC_INTERNAL;
    padan__reply__pack (reply, zmq_msg_data (&body));
    return body_send (self, peer, &body);
}

struct bus_server_stats
bus_server_stats (struct bus_server *self)
{
    return (struct bus_server_stats){
        .received = self->received,
        .sent = self->sent,
        .refused_key = self->refused_key,
        .refused_malformed = self->refused_malformed,
        .refused_claim = self->refused_claim,
        .refused_busy = self->refused_busy,
        .dropped_unreachable = self->dropped_unreachable,
        .dropped_full = self->dropped_full,
        .handshakes = bus_zap_domain_accepted (self->domain),
        .handshakes_refused = bus_zap_domain_refused (self->domain),
    };
}
