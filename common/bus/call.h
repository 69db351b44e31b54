/* Calls from many threads to many services: a thread of its own owns the sockets and matches answers to calls. */
#pragma once

#include <stdint.h>
#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/bus/context.h"
#include "common/bus/peers.h"
#include "envelope.pb-c.h"

enum {
    BUS_CALLS = 4096,            /* open at once, all services together: what a gateway's connections can ask for */
    BUS_CALLS_OF_SERVICE = 1024, /* of these to one service, so that one that hangs does not stop the others; half of
                                    BUS_QUEUE, so that its replies always fit */
    BUS_CALL_SERVICES_MAX = 16,  /* there are eight */
    BUS_CALL_UNSENT_MS = 500,    /* a call waits so long for an instance to be reachable; a restart takes less */
};

struct bus_caller;
struct bus_reply; /* an answer not unpacked yet */

struct bus_route {
    const char *service;
    const char *endpoints; /* as for bus_client_new */
};

struct bus_caller_stats {
    uint64_t calls, answered, busy, expired;
    uint64_t late;    /* answers nobody waited for any more */
    uint64_t corrupt; /* answers that were not a Reply */
    unsigned open;    /* now */
};

/* Starts the thread. Borrows peers. NULL with *err. */
struct bus_caller *bus_caller_new (const struct bus_cert *own, struct bus_peers *peers, const struct bus_route *routes,
                                   unsigned count, struct err *err);
/* Ends every open call with RC_EXPIRED (callbacks run before this returns) and refuses new ones with RC_BUSY.
 * Any thread but the caller's own. */
void bus_caller_stop (struct bus_caller *self);
/* Stops first. No other thread may be inside a call. */
void bus_caller_destroy (struct bus_caller **self);

/* Asks and waits; any thread. request: a command, query or log_read; its number is ours, and an envelope without a
 * deadline gets one timeout_ms from now.
 *   RC_OK       *ret_reply is in the arena; its outcome may be anything
 *   RC_BUSY     not sent: nothing reachable, too many calls open, or stopped
 *   RC_EXPIRED  sent and not answered in time: whether it happened is not known; ask again with the same key
 *   RC_INVALID  too large, or no such service;  RC_CORRUPT  the answer was no Reply or outgrew the arena */
enum rc bus_call (struct bus_caller *self, const char *service, const Padan__Request *request, int timeout_ms,
                  struct arena *arena, Padan__Reply **ret_reply, struct err *err);

/* Runs on the caller's thread: be short, never wait, never call bus_call. May call bus_call_async. rc as above; *reply
 * is set only with RC_OK; take it (and set it to NULL) to keep it, or it is freed on return. */
typedef void bus_call_done (void *context, enum rc rc, struct bus_reply **reply);

/* Asks; done is called exactly once, later, unless this returns something else than RC_OK. The request is packed
 * before it returns. */
enum rc bus_call_async (struct bus_caller *self, const char *service, const Padan__Request *request, int timeout_ms,
                        bus_call_done *done, void *context, struct err *err);
/* Any thread. */
enum rc bus_reply_unpack (const struct bus_reply *self, struct arena *arena, Padan__Reply **ret_reply, struct err *err);
void bus_reply_destroy (struct bus_reply **self);

struct bus_caller_stats bus_caller_stats (struct bus_caller *self);
