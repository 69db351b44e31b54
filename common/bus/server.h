/* A service's front door: a ROUTER that only known keys may enter. For one thread, except where noted. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/bus/context.h"
#include "common/bus/peers.h"
#include "envelope.pb-c.h"

struct bus_server;

/* One connection of a peer, to send replies to later. A value: copy and keep it as long as you like; once the
 * connection is gone, sends to it are dropped. */
struct bus_peer {
    uint8_t id[5]; /* ROUTER's own ids; others are refused */
};

struct bus_request {
    struct bus_peer peer;
    char service[KEYS_NAME]; /* who the peer's key says it is */
    Padan__Request *message; /* in the arena; exactly one of command, query, log_read is set and well-formed */
};

struct bus_server_stats {
    uint64_t received, sent;
    uint64_t refused_key;         /* messages of a connection whose key was withdrawn, or without one */
    uint64_t refused_malformed;   /* frames, protobuf, envelope, sizes */
    uint64_t refused_claim;       /* claimed to be another service */
    uint64_t refused_busy;        /* did not fit into the caller's arena */
    uint64_t dropped_unreachable; /* replies to peers that went */
    uint64_t dropped_full;        /* replies to peers that do not read */
    uint64_t handshakes, handshakes_refused;
};

/* Binds. endpoint: "tcp://127.0.0.1:5501", port * for any free one. Borrows peers. NULL with *err. */
struct bus_server *bus_server_new (const struct bus_cert *own, struct bus_peers *peers, const char *endpoint,
                                   struct err *err);
void bus_server_destroy (struct bus_server **self);
/* What it is bound to, port resolved. */
const char *bus_server_endpoint (const struct bus_server *self);
/* The libzmq socket, for zmq_poll (ZMQ_POLLIN) only. */
void *bus_server_socket (struct bus_server *self);

/* Takes one message, never waits.
 *   RC_OK         *ret_request is filled
 *   RC_NOT_FOUND  nothing waits
 *   otherwise     one message was refused and counted (and answered, when it bore a number); call again */
enum rc bus_server_receive (struct bus_server *self, struct arena *arena, struct bus_request *ret_request,
                            struct err *err);
/* Sends a packed Reply, or packs and sends one; never waits. RC_LOST: the peer is gone, RC_BUSY: it does not read, both
 * counted and the reply dropped (the database has it). RC_INTERNAL: larger than BUS_REPLY_MAX, nothing sent. */
enum rc bus_server_send (struct bus_server *self, const struct bus_peer *peer, const void *data, size_t size);
enum rc bus_server_reply (struct bus_server *self, const struct bus_peer *peer, const Padan__Reply *reply);
/* Any thread. */
struct bus_server_stats bus_server_stats (struct bus_server *self);
