#include "common/bus/call.h"

#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include "common/base/clock.h"
#include "common/bus/client.h"
#include "common/bus/message.h"

enum {
    REFRESH_US = CLOCK_SECOND, /* a withdrawn or added key takes effect within this */
    RECEIVE_BATCH = 256,       /* answers of one service taken before the others have their turn */
};

/* One call, from call_open to call_release. Between call_queue and its end it belongs to the owner's thread. */
struct call {
    struct call *next;   /* free list, queue or unsent list */
    uint64_t number;     /* sequence × BUS_CALLS + place in calls[], so that an answer finds it at once */
    int64_t deadline;    /* monotonic; then RC_EXPIRED */
    int64_t send_before; /* monotonic; then RC_BUSY */
    unsigned service;
    bool open, sent; /* owner's thread only */
    zmq_msg_t request;
    bus_call_done *done; /* NULL: somebody waits on ready */
    void *context;
    sem_t ready;
    enum rc rc;
    zmq_msg_t answer; /* with rc RC_OK */
};

struct service {
    struct bus_client *client;
    unsigned open;                     /* under lock */
    struct call *unsent, **unsent_end; /* owner's: waiting for an instance */
};

struct bus_caller {
    pthread_mutex_t lock;
    pthread_t thread;
    struct bus_peers *peers;
    int wake; /* eventfd */
    unsigned service_count;
    struct service services[BUS_CALL_SERVICES_MAX];
    /* under lock */
    struct call *free, *queue, **queue_end;
    unsigned used; /* calls[] ever used: the rest has never been touched */
    uint64_t sequence;
    bool sleeping, stopping, joined;
    /* owner's thread */
    int64_t earliest; /* no deadline or send_before is sooner */
    int64_t refresh_at;
    /* counters */
    _Atomic uint64_t started, answered, busy, expired, late, corrupt;
    _Atomic unsigned open;
    struct call calls[BUS_CALLS];
};

struct bus_reply {
    zmq_msg_t message;
};

/* ---- any thread: opening, queueing and releasing calls ---- */

/* A free place for a call, or NULL past the bounds. */
static struct call *
call_open (struct bus_caller *self, unsigned service, int timeout_ms)
{
    struct call *call = NULL;
    pthread_mutex_lock (&self->lock);
    if (!self->stopping && self->services[service].open < BUS_CALLS_OF_SERVICE) {
        call = self->free;
        if (call) {
            self->free = call->next;
        } else if (self->used < BUS_CALLS) {
            call = &self->calls[self->used++];
            sem_init (&call->ready, 0, 0);
        }
    }
    if (call) {
        self->services[service].open++;
        call->number = ++self->sequence * BUS_CALLS + (uint64_t)(call - self->calls);
    }
    pthread_mutex_unlock (&self->lock);
    if (!call)
        return NULL;
    int64_t now = clock_monotonic ();
    call->service = service;
    call->deadline = now + (int64_t)timeout_ms * 1000;
    call->send_before = now + (int64_t)BUS_CALL_UNSENT_MS * 1000;
    self->open++;
    self->started++;
    return call;
}

static void
call_release (struct bus_caller *self, struct call *call)
{
    self->open--;
    pthread_mutex_lock (&self->lock);
    self->services[call->service].open--;
    call->next = self->free;
    self->free = call;
    pthread_mutex_unlock (&self->lock);
}

/* Hands the call to the owner's thread; false when that has stopped. */
static bool
call_queue (struct bus_caller *self, struct call *call)
{
    pthread_mutex_lock (&self->lock);
    bool good = !self->stopping, wake = self->sleeping;
    if (good) {
        call->next = NULL;
        *self->queue_end = call;
        self->queue_end = &call->next;
        self->sleeping = false;
    }
    pthread_mutex_unlock (&self->lock);
    if (good && wake)
        eventfd_write (self->wake, 1);
    return good;
}

/* Packs the request with the call's number and, where it has none, its deadline. */
static enum rc
call_pack (struct call *call, const Padan__Request *template, int timeout_ms, struct err *err)
{
    Padan__Request request = *template;
    Padan__Envelope envelope;
    request.number = call->number;
    const Padan__Envelope *given = template->command ? template->command : template->query;
    if (given && given->deadline == 0) {
        envelope = *given;
        envelope.deadline = clock_now () + (int64_t)timeout_ms * 1000;
        *(template->command ? &request.command : &request.query) = &envelope;
    }
    return bus_request_pack (&request, &call->request, err);
}

static enum rc
busy (struct bus_caller *self, struct err *err, const char *service, const char *why)
{
    self->busy++;
    return err_code (err, RC_BUSY, "bus.busy", "", "%s: %s", service, why);
}

/* Everything up to the queue, for both forms. */
static enum rc
call_start (struct bus_caller *self, const char *service, const Padan__Request *request, int timeout_ms,
            bus_call_done *done, void *context, struct call **ret_call, struct err *err)
{
    unsigned index = 0;
    while (index < self->service_count && strcmp (bus_client_service (self->services[index].client), service) != 0)
        index++;
    if (index == self->service_count || timeout_ms <= 0)
        return err_set (err, RC_INVALID, "no service %s to call, or no time", service);
    struct call *call = call_open (self, index, timeout_ms);
    if (!call)
        return busy (self, err, service, "too many calls are open");
    call->done = done;
    call->context = context;
    enum rc rc = call_pack (call, request, timeout_ms, err);
    *ret_call = call; /* before it is queued: afterwards it may be over at any time */
    if (rc == RC_OK && !call_queue (self, call)) {
        zmq_msg_close (&call->request);
        rc = busy (self, err, service, "calls have ended");
    }
    if (rc != RC_OK)
        call_release (self, call);
    return rc;
}

enum rc
bus_call_async (struct bus_caller *self, const char *service, const Padan__Request *request, int timeout_ms,
                bus_call_done *done, void *context, struct err *err)
{
    struct call *call;
    MUST (done);
    return call_start (self, service, request, timeout_ms, done, context, &call, err);
}

static enum rc
answer_unpack (zmq_msg_t *message, struct arena *arena, Padan__Reply **ret_reply, struct err *err)
{
    enum rc rc = message_unpack (&padan__reply__descriptor, arena, zmq_msg_data (message), zmq_msg_size (message),
                                 (ProtobufCMessage **)ret_reply, err);
    if (rc != RC_OK && err)
        err->rc = RC_CORRUPT;
    return rc == RC_OK ? RC_OK : RC_CORRUPT;
}

enum rc
bus_call (struct bus_caller *self, const char *service, const Padan__Request *request, int timeout_ms,
          struct arena *arena, Padan__Reply **ret_reply, struct err *err)
{
    struct call *call;
    MUST (!pthread_equal (pthread_self (), self->thread));
    enum rc rc = call_start (self, service, request, timeout_ms, NULL, NULL, &call, err);
    if (rc != RC_OK)
        return rc;
    while (sem_wait (&call->ready) < 0)
        MUST (errno == EINTR);
    rc = call->rc;
    if (rc == RC_OK) {
        rc = answer_unpack (&call->answer, arena, ret_reply, err);
        zmq_msg_close (&call->answer);
    } else if (rc == RC_BUSY) {
        err_code (err, rc, "bus.busy", "", "%s is not reachable", service);
    } else {
        err_code (err, rc, "bus.expired", "", "%s did not answer in time", service);
    }
    call_release (self, call);
    return rc;
}

enum rc
bus_reply_unpack (const struct bus_reply *self, struct arena *arena, Padan__Reply **ret_reply, struct err *err)
{
    return answer_unpack ((zmq_msg_t *)&self->message, arena, ret_reply, err);
}

void
bus_reply_destroy (struct bus_reply **self)
{
    if (!*self)
        return;
    zmq_msg_close (&(*self)->message);
    free (*self);
    *self = NULL;
}

/* ---- the owner's thread ---- */

/* The callback of a call that has ended; takes over the answer. */
static void
call_done (struct call *call, enum rc rc, zmq_msg_t *answer)
{
    struct bus_reply *reply = NULL;
    if (rc == RC_OK) {
        reply = malloc (sizeof *reply);
        if (reply) {
            zmq_msg_init (&reply->message);
            zmq_msg_move (&reply->message, answer);
        }
    }
    call->done (call->context, rc == RC_OK && !reply ? RC_EXPIRED : rc, &reply);
    bus_reply_destroy (&reply);
}

/* Ends a call. answer: taken over with RC_OK, else unused. */
static void
call_end (struct bus_caller *self, struct call *call, enum rc rc, zmq_msg_t *answer)
{
    call->open = false;
    if (!call->sent)
        zmq_msg_close (&call->request);
    *(rc == RC_OK ? &self->answered : rc == RC_BUSY ? &self->busy : &self->expired) += 1;
    if (call->done) {
        call_done (call, rc, answer);
        call_release (self, call);
        return;
    }
    call->rc = rc;
    if (rc == RC_OK) {
        zmq_msg_init (&call->answer);
        zmq_msg_move (&call->answer, answer);
    }
    sem_post (&call->ready); /* now it is its waiter's again */
}

static void
earliest_lower (struct bus_caller *self, int64_t time)
{
    if (time < self->earliest)
        self->earliest = time;
}

static bool
call_send (struct bus_caller *self, struct call *call)
{
    if (bus_client_send_packed (self->services[call->service].client, &call->request, NULL) != RC_OK)
        return false;
    call->sent = true;
    return true;
}

/* A call from the queue: sent at once, unless others wait before it. */
static void
call_take (struct bus_caller *self, struct call *call, bool send)
{
    struct service *service = &self->services[call->service];
    call->open = true;
    call->sent = false;
    earliest_lower (self, call->deadline);
    if (send && !service->unsent && call_send (self, call))
        return;
    call->next = NULL;
    *service->unsent_end = call;
    service->unsent_end = &call->next;
    earliest_lower (self, call->send_before);
}

static void
unsent_send (struct bus_caller *self, struct service *service)
{
    while (service->unsent && call_send (self, service->unsent))
        service->unsent = service->unsent->next;
    if (!service->unsent)
        service->unsent_end = &service->unsent;
}

/* An answer: to its call, or nobody's any more. */
static void
answer_match (struct bus_caller *self, unsigned service, zmq_msg_t *message)
{
    uint64_t number;
    if (!message_number (zmq_msg_data (message), zmq_msg_size (message), &number)) {
        self->corrupt++;
        return;
    }
    struct call *call = &self->calls[number % BUS_CALLS];
    if (call->open && call->sent && call->number == number && call->service == service)
        call_end (self, call, RC_OK, message);
    else
        self->late++;
}

static void
answers_receive (struct bus_caller *self, unsigned service)
{
    zmq_msg_t message;
    zmq_msg_init (&message);
    for (unsigned i = 0; i < RECEIVE_BATCH; i++) {
        if (bus_client_receive_packed (self->services[service].client, &message) != RC_OK)
            break;
        answer_match (self, service, &message);
    }
    zmq_msg_close (&message);
}

/* Ends the unsent calls whose time is over: RC_BUSY, as they surely did not happen. */
static void
unsent_expire (struct bus_caller *self, struct service *service, int64_t now)
{
    struct call *ended = NULL;
    for (struct call **link = &service->unsent; *link;) {
        struct call *call = *link;
        if (now < call->send_before && now < call->deadline) {
            earliest_lower (self, call->send_before);
            link = &call->next;
            continue;
        }
        *link = call->next;
        call->next = ended;
        ended = call;
    }
    service->unsent_end = &service->unsent;
    while (*service->unsent_end)
        service->unsent_end = &(*service->unsent_end)->next;
    for (struct call *next; ended; ended = next) {
        next = ended->next;
        call_end (self, ended, RC_BUSY, NULL);
    }
}

/* Looks through all calls, but only when the earliest deadline has come: calls that are answered in time cost
 * nothing here. INT64_MAX ends them all. */
static void
calls_expire (struct bus_caller *self, int64_t now)
{
    if (now < self->earliest)
        return;
    self->earliest = INT64_MAX;
    for (unsigned i = 0; i < self->service_count; i++)
        unsent_expire (self, &self->services[i], now);
    pthread_mutex_lock (&self->lock);
    unsigned used = self->used;
    pthread_mutex_unlock (&self->lock);
    for (unsigned i = 0; i < used; i++) {
        struct call *call = &self->calls[i];
        if (!call->open)
            continue;
        if (now >= call->deadline && call->sent)
            call_end (self, call, RC_EXPIRED, NULL);
        else
            earliest_lower (self, call->deadline);
    }
}

/* What was queued since the last time; with nothing there, callers are told to wake us. */
static struct call *
queue_take (struct bus_caller *self, bool *ret_stopping)
{
    pthread_mutex_lock (&self->lock);
    struct call *queue = self->queue;
    self->queue = NULL;
    self->queue_end = &self->queue;
    *ret_stopping = self->stopping;
    self->sleeping = !queue && !self->stopping;
    pthread_mutex_unlock (&self->lock);
    return queue;
}

/* Waits for a wake-up, an answer, or room to send; at most until `until`. */
static void
events_handle (struct bus_caller *self, int64_t until)
{
    zmq_pollitem_t items[1 + BUS_CALL_SERVICES_MAX] = { { .fd = self->wake, .events = ZMQ_POLLIN } };
    for (unsigned i = 0; i < self->service_count; i++) {
        struct service *service = &self->services[i];
        items[i + 1].socket = bus_client_socket (service->client);
        items[i + 1].events = (short)(ZMQ_POLLIN | (service->unsent ? ZMQ_POLLOUT : 0));
    }
    int64_t wait = until - clock_monotonic ();
    int ready = zmq_poll (items, (int)self->service_count + 1, wait > 0 ? (long)((wait + 999) / 1000) : 0);
    if (ready <= 0)
        return;
    eventfd_t ignored;
    if (items[0].revents & ZMQ_POLLIN)
        eventfd_read (self->wake, &ignored);
    for (unsigned i = 0; i < self->service_count; i++) {
        if (items[i + 1].revents & ZMQ_POLLIN)
            answers_receive (self, i);
        if (items[i + 1].revents & ZMQ_POLLOUT)
            unsent_send (self, &self->services[i]);
    }
}

static void *
caller_run (void *argument)
{
    struct bus_caller *self = argument;
    for (bool stopping = false; !stopping;) {
        struct call *queue = queue_take (self, &stopping);
        bool idle = !queue;
        for (struct call *next; queue; queue = next) {
            next = queue->next;
            call_take (self, queue, !stopping);
        }
        if (stopping)
            break;
        int64_t until = self->earliest < self->refresh_at ? self->earliest : self->refresh_at;
        events_handle (self, idle ? until : 0);
        int64_t now = clock_monotonic ();
        calls_expire (self, now);
        if (now >= self->refresh_at) {
            bus_peers_refresh (self->peers);
            self->refresh_at = now + REFRESH_US;
        }
    }
    calls_expire (self, INT64_MAX);
    return NULL;
}

/* ---- life ---- */

static enum rc
caller_start (struct bus_caller *self, const struct bus_cert *own, const struct bus_route *routes, unsigned count,
              struct err *err)
{
    if (count > BUS_CALL_SERVICES_MAX)
        return err_set (err, RC_INVALID, "more than %d services to call", BUS_CALL_SERVICES_MAX);
    for (; self->service_count < count; self->service_count++) {
        const struct bus_route *route = &routes[self->service_count];
        struct service *service = &self->services[self->service_count];
        service->unsent_end = &service->unsent;
        service->client = bus_client_new (own, self->peers, route->service, route->endpoints, err);
        if (!service->client)
            return err ? err->rc : RC_INVALID;
    }
    self->wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (self->wake < 0)
        return err_set (err, RC_INTERNAL, "no eventfd: %s", strerror (errno));
    return bus_thread_start (&self->thread, "bus-call", caller_run, self, err);
}

struct bus_caller *
bus_caller_new (const struct bus_cert *own, struct bus_peers *peers, const struct bus_route *routes, unsigned count,
                struct err *err)
{
    struct bus_caller *self = calloc (1, sizeof *self);
    if (!self) {
        err_set (err, RC_INTERNAL, "no memory");
        return NULL;
    }
    pthread_mutex_init (&self->lock, NULL);
    self->peers = peers;
    self->wake = -1;
    self->queue_end = &self->queue;
    self->earliest = INT64_MAX;
    self->refresh_at = clock_monotonic () + REFRESH_US;
    self->joined = caller_start (self, own, routes, count, err) != RC_OK;
    if (self->joined)
        bus_caller_destroy (&self);
    return self;
}

void
bus_caller_stop (struct bus_caller *self)
{
    pthread_mutex_lock (&self->lock);
    bool join = !self->joined;
    self->joined = self->stopping = true;
    pthread_mutex_unlock (&self->lock);
    if (!join)
        return;
    eventfd_write (self->wake, 1);
    pthread_join (self->thread, NULL);
}

void
bus_caller_destroy (struct bus_caller **self)
{
    if (!*self)
        return;
    bus_caller_stop (*self);
    for (unsigned i = 0; i < (*self)->service_count; i++)
        bus_client_destroy (&(*self)->services[i].client);
    for (unsigned i = 0; i < (*self)->used; i++)
        sem_destroy (&(*self)->calls[i].ready);
    if ((*self)->wake >= 0)
        close ((*self)->wake);
    pthread_mutex_destroy (&(*self)->lock);
    free (*self);
    *self = NULL;
}

struct bus_caller_stats
bus_caller_stats (struct bus_caller *self)
{
    return (struct bus_caller_stats){
        .calls = self->started,
        .answered = self->answered,
        .busy = self->busy,
        .expired = self->expired,
        .late = self->late,
        .corrupt = self->corrupt,
        .open = self->open,
    };
}
