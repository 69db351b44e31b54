/* The reactor: the one thread that owns the ROUTER. Takes requests, checks who sends them, hands them to threads,
 * sends replies, and keeps those that wait. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>
#include <zmq.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/bus/principal.h"
#include "common/engine/runtime.h"

enum {
    RECEIVE_AT_ONCE = 256, /* requests taken before replies are sent */
    QUERY_PATIENCE_MS = 10000,
    QUIET_MS = 50,           /* at the end: nobody sends any more */
    FAREWELL_MS = 300,       /* and the longest that is waited for it */
    SCRATCH_ARENA = 1 << 16, /* a refusal of ours: one code and its field */
    WAITERS_MAX = 1024,      /* log readers and queries that wait: looked through every 10 ms; more get what there is */
};

struct reactor {
    struct engine *engine;
    struct principal_verifier *verifier;
    struct job *waiters; /* their answer found nothing yet */
    size_t n_waiters;
    uint64_t open;         /* jobs with threads */
    struct arena *scratch; /* for what is packed and sent at once */
};

static void
job_send (struct reactor *reactor, struct job *job)
{
    /* Number and position are appended: to protobuf a concatenation is a merge. */
    Padan__Reply rest = PADAN__REPLY__INIT;
    Padan__Position position = PADAN__POSITION__INIT;
    rest.number = job->request.message->number;
    if (job->request.message->command && job->position) {
        position.log = (char *)reactor->engine->service->name;
        position.position = job->position;
        rest.position = &position;
    }
    size_t size = padan__reply__get_packed_size (&rest);
    uint8_t *bytes = malloc (job->reply.size + size);
    MUST (bytes);
    memcpy (bytes, job->reply.data, job->reply.size);
    padan__reply__pack (&rest, bytes + job->reply.size);
    bus_server_send (reactor->engine->server, &job->request.peer, bytes, job->reply.size + size);
    free (bytes);
    job_destroy (&job);
}

static void
refusal_send (struct reactor *reactor, struct job *job, const struct err *err)
{
    arena_reset (reactor->scratch);
    job_refuse (job, reactor->scratch, err);
    job_send (reactor, job);
}

static enum rc
job_admit (struct reactor *reactor, struct job *job, const Padan__Envelope *envelope, struct err *err)
{
    if (envelope->deadline && envelope->deadline < clock_now ())
        return err_code (err, RC_EXPIRED, "common.expired", "", "deadline passed before it came");
    if (!envelope->principal)
        return RC_OK; /* a service speaks for itself; what needs a person is refused by its handler */
    return principal_verify (reactor->verifier, envelope->principal, clock_now (), job->arena, &job->principal, err);
}

static enum lane
lane_of (const struct service *service, const char *type)
{
    for (const struct command *row = service->commands; row && row->type; row++)
        if (strcmp (row->type->name, type) == 0)
            return row->lane;
    return LANE_PERSON;
}

static int64_t
patience_of (const Padan__Request *message)
{
    if (message->log_read)
        return message->log_read->wait_ms < LOG_WAIT_MS ? message->log_read->wait_ms : LOG_WAIT_MS;
    const Padan__Envelope *envelope = message->command ? message->command : message->query;
    int64_t most = message->command ? COMMAND_PATIENCE * 1000 : QUERY_PATIENCE_MS;
    int64_t left = envelope->deadline ? (envelope->deadline - clock_now ()) / 1000 : most;
    return left < most ? left : most;
}

static void
job_take (struct reactor *reactor, struct job *job)
{
    struct engine *engine = reactor->engine;
    const Padan__Request *message = job->request.message;
    const Padan__Envelope *envelope = message->command ? message->command : message->query;
    struct err err = { 0 };
    bool rewound = message->command && engine_rewound (engine);
    if (engine->stopping || rewound) { /* told at once, so that nobody waits for what will never be read */
        err_code (&err, RC_BUSY, "common.busy", "", rewound ? "its log was rewound" : "it stops");
        refusal_send (reactor, job, &err);
        return;
    }
    job->expires = clock_monotonic () + patience_of (message) * (CLOCK_SECOND / 1000);
    if (envelope && job_admit (reactor, job, envelope, &err) != RC_OK) {
        refusal_send (reactor, job, &err);
        return;
    }
    if (message->command) {
        job->lane = lane_of (engine->service, envelope->type);
        job->size = envelope->data.len;
    }
    if (queue_push (message->command ? engine->commands : engine->reads, &job)) {
        reactor->open++;
        return;
    }
    err_code (&err, RC_BUSY, "common.busy", "", "the queue is full");
    refusal_send (reactor, job, &err);
}

/* False: nothing waits. */
static bool
request_take (struct reactor *reactor)
{
    struct arena *arena = arena_new (REQUEST_ARENA);
    struct job *job = arena ? arena_alloc (arena, sizeof *job) : NULL;
    struct err err;
    MUST (job);
    job->arena = arena;
    enum rc rc = bus_server_receive (reactor->engine->server, arena, &job->request, &err);
    if (rc == RC_OK)
        job_take (reactor, job);
    else
        job_destroy (&job);
    return rc != RC_NOT_FOUND;
}

/* ------------------------------------------------------------ waiting */

static bool
waiter_ready (struct reactor *reactor, const struct job *job)
{
    if (job->request.message->log_read)
        return reactor->engine->head > job->position;
    if (job->reply.data)
        return reactor->engine->commits != job->commits || job->look_at <= clock_monotonic ();
    return !engine_too_early (reactor->engine, job->request.message->query->after);
}

static void
waiters_look (struct reactor *reactor, bool stopping)
{
    int64_t now = clock_monotonic ();
    for (struct job **link = &reactor->waiters; *link;) {
        struct job *job = *link;
        bool late = job->expires <= now || stopping, ready = waiter_ready (reactor, job);
        if (!late && !ready) {
            link = &job->next;
            continue;
        }
        *link = job->next;
        job->next = NULL;
        reactor->n_waiters--;
        struct err err = { 0 };
        if (late && job->reply.data) {
            job_send (reactor, job); /* the empty answer it already has */
        } else if (late) {
            err_code (&err, RC_EXPIRED, "common.not_seen_yet", "", "what it waits for has not come");
            refusal_send (reactor, job, &err);
        } else if (queue_push (reactor->engine->reads, &job)) {
            reactor->open++;
        } else {
            err_code (&err, RC_BUSY, "common.busy", "", "the queue is full");
            refusal_send (reactor, job, &err);
        }
    }
    bool first = reactor->n_waiters && !reactor->engine->waiting;
    reactor->engine->waiting = (int)reactor->n_waiters;
    if (first)
        engine_signal (reactor->engine, SIGNAL_WAITING);
}

static void
answers_send (struct reactor *reactor)
{
    for (struct job *job = outbox_take (reactor->engine->outbox), *next; job; job = next) {
        next = job->next;
        job->next = NULL;
        reactor->open--;
        if (job->waits && reactor->n_waiters < WAITERS_MAX && job->expires > clock_monotonic ()) {
            job->next = reactor->waiters;
            reactor->waiters = job;
            reactor->n_waiters++;
        } else if (job->reply.data) {
            job_send (reactor, job);
        } else {
            struct err err = { 0 };
            err_code (&err, RC_EXPIRED, "common.not_seen_yet", "", "what it waits for has not come");
            refusal_send (reactor, job, &err);
        }
    }
}

static void
signal_take (struct reactor *reactor, int signals)
{
    struct signalfd_siginfo info;
    if (read (signals, &info, sizeof info) == sizeof info) {
        log_event (LOG_NOTICE, "service.stopping", LOG_INT ("signal", (int64_t)info.ssi_signo));
        reactor->engine->stopping = true;
    }
}

void
reactor_run (struct engine *engine, int signals)
{
    struct reactor reactor = { .engine = engine, .verifier = principal_verifier_new (engine->peers) };
    reactor.scratch = arena_new (SCRATCH_ARENA);
    MUST (reactor.verifier && reactor.scratch);
    int64_t until = 0;
    for (;;) {
        zmq_pollitem_t items[] = {
            { .fd = outbox_fd (engine->outbox), .events = ZMQ_POLLIN },
            { .fd = signals, .events = ZMQ_POLLIN },
            { .socket = bus_server_socket (engine->server), .events = ZMQ_POLLIN },
        };
        zmq_poll (items, 3, reactor.n_waiters || engine->stopping ? 10 : 1000);
        if (items[1].revents)
            signal_take (&reactor, signals);
        for (int i = 0; i < RECEIVE_AT_ONCE && request_take (&reactor); i++)
            ;
        answers_send (&reactor);
        waiters_look (&reactor, engine->stopping);
        if (!engine->stopping)
            continue;
        if (!until)
            until = clock_monotonic () + engine->settings.drain;
        if (!reactor.open || clock_monotonic () > until)
            break;
    }
    principal_verifier_destroy (&reactor.verifier);
    arena_destroy (&reactor.scratch);
}

void
reactor_farewell (struct engine *engine)
{
    struct reactor reactor = { .engine = engine, .scratch = arena_new (SCRATCH_ARENA) };
    MUST (reactor.scratch);
    zmq_pollitem_t item = { .socket = bus_server_socket (engine->server), .events = ZMQ_POLLIN };
    int64_t until = clock_monotonic () + FAREWELL_MS * (int64_t)(CLOCK_SECOND / 1000);
    while (clock_monotonic () < until && zmq_poll (&item, 1, QUIET_MS) > 0)
        while (request_take (&reactor))
            ;
    arena_destroy (&reactor.scratch);
}
