/* A DEALER to all instances of one service: for loops that own their socket, such as a follower reading a log.
 * One thread each. Threads that want a call and its answer use call.h. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/bus/context.h"
#include "common/bus/peers.h"
#include "envelope.pb-c.h"

struct bus_client;

/* endpoints: "tcp://127.0.0.1:5501,tcp://127.0.0.1:5502"; requests go round those that are connected. Connects in
 * the background, for ever. The service's keys come from peers, which it borrows; a change of keys is followed at
 * the next send. NULL with *err. */
struct bus_client *bus_client_new (const struct bus_cert *own, struct bus_peers *peers, const char *service,
                                   const char *endpoints, struct err *err);
void bus_client_destroy (struct bus_client **self);
/* The libzmq socket, for zmq_poll only: POLLIN, and POLLOUT while no instance is reachable. */
void *bus_client_socket (struct bus_client *self);
const char *bus_client_service (const struct bus_client *self);

/* Never waits. RC_BUSY: no instance is connected, or all are behind; nothing was sent. A sent request may still be
 * lost with its connection: set a deadline of your own. */
enum rc bus_client_send (struct bus_client *self, const Padan__Request *request, struct err *err);
/* The same for a packed Request; takes over the message when it returns RC_OK, leaves it to the caller otherwise. */
enum rc bus_client_send_packed (struct bus_client *self, zmq_msg_t *message, struct err *err);
/* Packs into a fresh message; RC_INVALID past BUS_REQUEST_MAX. */
enum rc bus_request_pack (const Padan__Request *request, zmq_msg_t *ret_message, struct err *err);

/* Never waits. RC_OK with *ret_reply in the arena, RC_NOT_FOUND: nothing waits, otherwise one message was not a Reply
 * (or did not fit into the arena: RC_BUSY) and is gone. */
enum rc bus_client_receive (struct bus_client *self, struct arena *arena, Padan__Reply **ret_reply, struct err *err);
/* One message as it came; RC_NOT_FOUND when nothing waits. ret_message must be initialised. */
enum rc bus_client_receive_packed (struct bus_client *self, zmq_msg_t *ret_message);
