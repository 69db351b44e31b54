/* A directory of keys for some services, and waiting for conditions. */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>
#include "tests/support/test.h"
#include "common/base/arena.h"
#include "common/base/clock.h"
#include "common/base/err.h"
#include "common/base/uuid.h"
#include "common/bus/client.h"
#include "common/bus/keys.h"
#include "common/bus/peers.h"
#include "common/bus/server.h"

#define UNUSED __attribute__ ((unused))

static char keys_dir[64];

static UNUSED void
keys_dir_make (void)
{
    snprintf (keys_dir, sizeof keys_dir, "/tmp/padan-bus-XXXXXX");
    assert_non_null (mkdtemp (keys_dir));
}

static UNUSED void
keys_dir_remove (void)
{
    char command[128];
    snprintf (command, sizeof command, "rm -rf %s", keys_dir);
    assert_int_equal (system (command), 0);
}

/* The pair of a service, made at its first use. */
static UNUSED struct bus_cert
cert_of (const char *service)
{
    struct bus_cert cert;
    struct err err;
    enum rc rc = keys_generate (keys_dir, service, &err);
    assert_true (rc == RC_OK || rc == RC_CONFLICT);
    assert_int_equal (keys_load (keys_dir, service, &cert, &err), RC_OK);
    return cert;
}

/* A pair that no key directory knows. */
static UNUSED struct bus_cert
cert_unknown (void)
{
    struct bus_cert cert = { .service = "stranger" };
    assert_int_equal (zmq_curve_keypair (cert.public_key, cert.secret_key), 0);
    return cert;
}

static UNUSED struct bus_peers *
peers_of_dir (void)
{
    struct err err;
    struct bus_peers *peers = bus_peers_new (keys_dir, &err);
    if (!peers)
        fail_msg ("%s", err.text);
    return peers;
}

static UNUSED struct bus_server *
server_of (const char *service, struct bus_peers *peers)
{
    struct err err;
    struct bus_cert cert = cert_of (service);
    struct bus_server *server = bus_server_new (&cert, peers, "tcp://127.0.0.1:*", &err);
    if (!server)
        fail_msg ("%s", err.text);
    return server;
}

static UNUSED struct bus_client *
client_of (struct bus_cert cert, struct bus_peers *peers, const char *service, const char *endpoints)
{
    struct err err;
    struct bus_client *client = bus_client_new (&cert, peers, service, endpoints, &err);
    if (!client)
        fail_msg ("%s", err.text);
    return client;
}

/* Waits until the socket is ready or a moment has passed. */
static UNUSED bool
socket_wait (void *socket, short events, long milliseconds)
{
    zmq_pollitem_t item = { .socket = socket, .events = events };
    return zmq_poll (&item, 1, milliseconds) > 0;
}

static UNUSED int64_t
deadline_in (int seconds)
{
    return clock_monotonic () + (int64_t)seconds * CLOCK_SECOND;
}

/* Evaluates condition again and again until it holds; fails the test after some seconds. `pause` is a statement that
 * waits a moment for whatever may change it. */
#define REPEAT_UNTIL(condition, seconds, pause)                                                                        \
    for (int64_t until_ = deadline_in (seconds); !(condition);) {                                                      \
        if (clock_monotonic () > until_)                                                                               \
            fail_msg ("not within %d s: %s", seconds, #condition);                                                     \
        pause;                                                                                                         \
    }

/* A query of this number and type; everything lives in static memory. */
static UNUSED Padan__Request *
query_of (uint64_t number, const char *type)
{
    static __thread Padan__Request request;
    static __thread Padan__Envelope envelope;
    static __thread struct uuid id;
    padan__request__init (&request);
    padan__envelope__init (&envelope);
    id = uuid_new (clock_now ());
    envelope.id = uuid_field (&id);
    envelope.type = (char *)type;
    envelope.tenant = 1;
    request.number = number;
    request.query = &envelope;
    return &request;
}

static UNUSED Padan__Reply
reply_to (const Padan__Request *request)
{
    Padan__Reply reply = PADAN__REPLY__INIT;
    reply.number = request->number;
    return reply;
}

/* Receives the next good message within some seconds. */
static UNUSED struct bus_request
server_take (struct bus_server *server, struct arena *arena)
{
    struct bus_request request;
    struct err err;
    REPEAT_UNTIL (bus_server_receive (server, arena, &request, &err) == RC_OK, 10,
                  socket_wait (bus_server_socket (server), ZMQ_POLLIN, 50));
    return request;
}

static UNUSED Padan__Reply *
client_take (struct bus_client *client, struct arena *arena)
{
    Padan__Reply *reply = NULL;
    struct err err;
    REPEAT_UNTIL (bus_client_receive (client, arena, &reply, &err) == RC_OK, 10,
                  socket_wait (bus_client_socket (client), ZMQ_POLLIN, 50));
    return reply;
}

/* Sends once an instance is reachable. */
static UNUSED void
client_send (struct bus_client *client, const Padan__Request *request)
{
    struct err err;
    REPEAT_UNTIL (bus_client_send (client, request, &err) == RC_OK, 10,
                  socket_wait (bus_client_socket (client), ZMQ_POLLOUT, 50));
}
