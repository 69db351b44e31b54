#include "common/bus/client.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include "common/base/clock.h"
#include "common/bus/message.h"

/* libzmq gives a connection up for ever when something else answers on its port. When nothing could be sent for longer
 * than its slowest reconnect, we connect anew. */
enum { UNREACHABLE_US = (BUS_RECONNECT_MAX_MS + 1000) * 1000 };

struct bus_client {
    void *socket;
    int64_t unreachable_since; /* monotonic; 0: the last send went out */
    struct bus_peers *peers;
    uint64_t generation; /* of peers, that `keys` is from */
    char service[KEYS_NAME];
    char keys[PEERS_KEYS_OF_ONE][KEYS_Z85]; /* "": none in this place */
    char endpoints[BUS_ENDPOINTS_MAX][BUS_ENDPOINT];
    unsigned endpoint_count;
};

/* The endpoint as connected with the key in a place. libzmq ignores a second connect to the same text, so the second
 * place names the source address too: any, as without it. */
static const char *
endpoint_of_place (const struct bus_client *self, unsigned endpoint, unsigned place,
                   char text[static BUS_ENDPOINT + 16])
{
    static const char tcp[] = "tcp://";
    const char *plain = self->endpoints[endpoint];
    if (place == 0 || strncmp (plain, tcp, strlen (tcp)) != 0)
        return plain;
    snprintf (text, BUS_ENDPOINT + 16, "%s0.0.0.0:0;%s", tcp, plain + strlen (tcp));
    return text;
}

/* Every endpoint is connected once with each valid key: an instance takes the connection made with the key it has,
 * the other never completes its handshake and, by ZMQ_IMMEDIATE, is given no message. */
static enum rc
place_connect (struct bus_client *self, unsigned place, struct err *err)
{
    char text[BUS_ENDPOINT + 16];
    if (zmq_setsockopt (self->socket, ZMQ_CURVE_SERVERKEY, self->keys[place], KEYS_Z85) < 0)
        return err_set (err, RC_CORRUPT, "the key of %s is no CURVE key", self->service);
    for (unsigned i = 0; i < self->endpoint_count; i++)
        if (zmq_connect (self->socket, endpoint_of_place (self, i, place, text)) < 0)
            return err_set (err, RC_INVALID, "cannot connect to %s: %s", self->endpoints[i], zmq_strerror (errno));
    return RC_OK;
}

static void
place_disconnect (struct bus_client *self, unsigned place)
{
    char text[BUS_ENDPOINT + 16];
    for (unsigned i = 0; i < self->endpoint_count; i++)
        zmq_disconnect (self->socket, endpoint_of_place (self, i, place, text));
}

static void
unreachable_note (struct bus_client *self)
{
    int64_t now = clock_monotonic ();
    if (self->unreachable_since == 0)
        self->unreachable_since = now;
    if (now - self->unreachable_since < UNREACHABLE_US)
        return;
    self->unreachable_since = now;
    for (unsigned place = 0; place < PEERS_KEYS_OF_ONE; place++)
        if (self->keys[place][0]) {
            place_disconnect (self, place);
            place_connect (self, place, NULL);
        }
}

static bool
key_among (const char *key, char keys[PEERS_KEYS_OF_ONE][KEYS_Z85], unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp (keys[i], key) == 0)
            return true;
    return false;
}

/* Connections made with a withdrawn key end; those with a new one are made beside the others. */
static enum rc
keys_follow (struct bus_client *self, struct err *err)
{
    char keys[PEERS_KEYS_OF_ONE][KEYS_Z85];
    uint64_t generation = bus_peers_generation (self->peers);
    if (generation == self->generation)
        return RC_OK;
    self->generation = generation;
    unsigned count = bus_peers_keys (self->peers, self->service, keys);
    for (unsigned place = 0; place < PEERS_KEYS_OF_ONE; place++)
        if (self->keys[place][0] && !key_among (self->keys[place], keys, count)) {
            place_disconnect (self, place);
            self->keys[place][0] = '\0';
        }
    enum rc rc = RC_OK;
    for (unsigned i = 0; rc == RC_OK && i < count; i++) {
        if (key_among (keys[i], self->keys, PEERS_KEYS_OF_ONE))
            continue;
        unsigned place = self->keys[0][0] ? 1 : 0;
        memcpy (self->keys[place], keys[i], KEYS_Z85);
        rc = place_connect (self, place, err);
    }
    return rc;
}

static enum rc
endpoints_split (struct bus_client *self, const char *text, struct err *err)
{
    while (*text) {
        size_t length = strcspn (text, ",");
        if (length >= BUS_ENDPOINT || self->endpoint_count == BUS_ENDPOINTS_MAX)
            return err_set (err, RC_INVALID, "too many endpoints, or one too long, for %s", self->service);
        if (length)
            memcpy (self->endpoints[self->endpoint_count++], text, length);
        text += length + (text[length] == ',');
    }
    return self->endpoint_count ? RC_OK : err_set (err, RC_INVALID, "no endpoint for %s", self->service);
}

static enum rc
client_start (struct bus_client *self, const struct bus_cert *own, const char *service, const char *endpoints,
              struct err *err)
{
    if (!keys_name_valid (service))
        return err_set (err, RC_INVALID, "a service's name is made of a-z, 0-9 and -");
    snprintf (self->service, sizeof self->service, "%s", service);
    enum rc rc = endpoints_split (self, endpoints, err);
    if (rc != RC_OK)
        return rc;
    self->socket = bus_socket_new (ZMQ_DEALER, own, BUS_REPLY_MAX, err);
    if (!self->socket)
        return RC_INTERNAL;
    rc = keys_follow (self, err);
    if (rc == RC_OK && !self->keys[0][0])
        rc = err_set (err, RC_NOT_FOUND, "no public key of %s", service);
    return rc;
}

struct bus_client *
bus_client_new (const struct bus_cert *own, struct bus_peers *peers, const char *service, const char *endpoints,
                struct err *err)
{
    struct bus_client *self = calloc (1, sizeof *self);
    if (!self) {
        err_set (err, RC_INTERNAL, "no memory");
        return NULL;
    }
    self->peers = peers;
    if (client_start (self, own, service, endpoints, err) != RC_OK)
        bus_client_destroy (&self);
    return self;
}

void
bus_client_destroy (struct bus_client **self)
{
    if (!*self)
        return;
    if ((*self)->socket)
        bus_socket_close ((*self)->socket);
    free (*self);
    *self = NULL;
}

void *
bus_client_socket (struct bus_client *self)
{
    return self->socket;
}

const char *
bus_client_service (const struct bus_client *self)
{
    return self->service;
}

enum rc
bus_request_pack (const Padan__Request *request, zmq_msg_t *ret_message, struct err *err)
{
    size_t size = padan__request__get_packed_size (request);
    if (size > BUS_REQUEST_MAX)
        return err_code (err, RC_INVALID, "bus.too_large", "", "a request of %zu bytes", size);
    if (zmq_msg_init_size (ret_message, size) < 0)
        return err_set (err, RC_INTERNAL, "no memory");
    padan__request__pack (request, zmq_msg_data (ret_message));
    return RC_OK;
}

enum rc
bus_client_send_packed (struct bus_client *self, zmq_msg_t *message, struct err *err)
{
    enum rc rc = keys_follow (self, err);
    if (rc != RC_OK)
        return rc;
    int sent;
    do
        sent = zmq_msg_send (message, self->socket, ZMQ_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    if (sent >= 0) {
        self->unreachable_since = 0;
        return RC_OK;
    }
    unreachable_note (self);
    return err_code (err, RC_BUSY, "bus.busy", "", "%s is not reachable", self->service);
}

enum rc
bus_client_send (struct bus_client *self, const Padan__Request *request, struct err *err)
{
    zmq_msg_t message;
    enum rc rc = bus_request_pack (request, &message, err);
    if (rc != RC_OK)
        return rc;
    rc = bus_client_send_packed (self, &message, err);
    if (rc != RC_OK)
        zmq_msg_close (&message);
    return rc;
}

enum rc
bus_client_receive_packed (struct bus_client *self, zmq_msg_t *ret_message)
{
    int got;
    do
        got = zmq_msg_recv (ret_message, self->socket, ZMQ_DONTWAIT);
    while (got < 0 && errno == EINTR);
    return got < 0 ? RC_NOT_FOUND : RC_OK;
}

enum rc
bus_client_receive (struct bus_client *self, struct arena *arena, Padan__Reply **ret_reply, struct err *err)
{
    zmq_msg_t message;
    zmq_msg_init (&message);
    enum rc rc = bus_client_receive_packed (self, &message);
    if (rc == RC_OK)
        rc = message_unpack (&padan__reply__descriptor, arena, zmq_msg_data (&message), zmq_msg_size (&message),
                             (ProtobufCMessage **)ret_reply, err);
    zmq_msg_close (&message);
    return rc;
}
