#include "services/gateway/watch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/bus/client.h"
#include "common/bus/message.h"
#include "services/gateway/sessions.h"

enum {
    ANSWER_ARENA = 16 << 20,
    WAIT_MS = 1000,              /* the owner answers at least this often, so that its silence is heard soon */
    PATIENCE = 4 * CLOCK_SECOND, /* without an answer: then nothing is kept any more */
    ASK_AGAIN = 500000,          /* an unsent or lost question, microseconds */
    ENTRIES = 500,               /* taken at once */
};

struct watch {
    struct gateway *gateway;
    struct bus_client *client;
    pthread_t thread;
    atomic_bool stopping;
    struct uuid epoch;     /* nil: not met since the last loss */
    int64_t position;      /* everything up to here is known */
    uint64_t number;       /* of the open question */
    int64_t asked_at;      /* monotonic; 0: none is open */
    atomic_llong heard_at; /* monotonic: last answer */
    atomic_llong lag;      /* entries behind the owner's head, as it last answered */
};

static void
lose (struct watch *self, const char *why)
{
    if (sessions_are_sighted (self->gateway->sessions))
        log_event (LOG_WARNING, "accounts.unheard", LOG_STR ("why", why));
    sessions_sighted (self->gateway->sessions, false);
    self->epoch = (struct uuid){ 0 };
    self->position = 0;
}

static void
question_send (struct watch *self)
{
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__LogRead read = PADAN__LOG_READ__INIT;
    Padan__LogFrom from = PADAN__LOG_FROM__INIT, *froms[] = { &from };
    bool met = !uuid_is_nil (self->epoch);
    struct err err;
    from.partitions = UINT64_MAX;
    from.position = self->position;
    read.follower = (char *)"gateway";
    read.epoch = met ? uuid_field (&self->epoch) : (ProtobufCBinaryData){ 0 };
    read.from = froms;
    read.n_from = 1;
    read.limit = met ? ENTRIES : 1; /* at first only the head is wanted */
    read.wait_ms = met ? WAIT_MS : 0;
    request.number = ++self->number;
    request.log_read = &read;
    if (bus_client_send (self->client, &request, &err) == RC_OK)
        self->asked_at = clock_monotonic ();
}

/* Whoever an entry names is asked for anew. Only what cannot take a right away is passed over. */
static void
entry_take (struct watch *self, const Padan__LogEntry *entry, struct arena *arena)
{
    static const char *const harmless[] = { "padan.accounts.v1.TenantAdded", "padan.accounts.v1.PersonAdded",
                                            "padan.accounts.v1.SessionStarted" };
    ProtobufCMessage *message;
    struct err err;
    struct uuid id;
    if (message_unpack (&padan__envelope__descriptor, arena, entry->envelope.data, entry->envelope.len, &message,
                        &err) != RC_OK) {
        lose (self, "an entry is malformed");
        return;
    }
    const Padan__Envelope *envelope = (const Padan__Envelope *)message;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (strcmp (envelope->type, harmless[i]) == 0)
            return;
    if (strcmp (envelope->type, "padan.accounts.v1.SessionEnded") == 0 &&
        message_unpack (&padan__accounts__v1__session_ended__descriptor, arena, envelope->data.data, envelope->data.len,
                        &message, &err) == RC_OK &&
        uuid_from (((const Padan__Accounts__V1__SessionEnded *)message)->session_id, &id)) {
        sessions_revoke (self->gateway->sessions, id); /* this one; the person's others live on */
        return;
    }
    if (uuid_from (envelope->subject, &id))
        sessions_revoke (self->gateway->sessions, id);
}

static void
answer_take (struct watch *self, const Padan__LogAnswer *answer, struct arena *arena)
{
    self->heard_at = clock_monotonic ();
    if (answer->rewound) {
        lose (self, "the log was rewound");
        return;
    }
    if (uuid_is_nil (self->epoch)) {
        if (!uuid_from (answer->epoch, &self->epoch))
            return;
        self->position = answer->head;
        sessions_sighted (self->gateway->sessions, true);
        log_event (LOG_NOTICE, "accounts.heard", LOG_INT ("position", self->position));
        return;
    }
    for (size_t i = 0; i < answer->n_entries; i++)
        if (answer->entries[i]->position > self->position)
            entry_take (self, answer->entries[i], arena);
    if (!uuid_is_nil (self->epoch) && answer->upto > self->position)
        self->position = answer->upto;
    self->lag = answer->head - answer->upto;
}

static void
answer_wait (struct watch *self)
{
    zmq_pollitem_t item = { .socket = bus_client_socket (self->client), .events = ZMQ_POLLIN };
    zmq_poll (&item, 1, 100);
    ARENA_AUTO struct arena *arena = arena_new (ANSWER_ARENA);
    MUST (arena);
    Padan__Reply *reply;
    struct err err;
    while (bus_client_receive (self->client, arena, &reply, &err) == RC_OK) {
        if (reply->number != self->number)
            continue;
        if (!reply->log_answer) /* refused: asked again after a pause */
            return;
        self->asked_at = 0;
        answer_take (self, reply->log_answer, arena);
    }
}

static void *
watch_run (void *context)
{
    struct watch *self = context;
    while (!atomic_load (&self->stopping)) {
        int64_t now = clock_monotonic ();
        if (now - self->heard_at > PATIENCE && !uuid_is_nil (self->epoch))
            lose (self, "no answer");
        int64_t patience = uuid_is_nil (self->epoch) ? ASK_AGAIN : WAIT_MS * 1000 + ASK_AGAIN;
        if (!self->asked_at || now - self->asked_at > patience)
            question_send (self);
        answer_wait (self);
    }
    return NULL;
}

struct watch *
watch_start (struct gateway *gateway, struct err *err)
{
    struct watch *self = calloc (1, sizeof *self);
    char endpoints[1024];
    if (!self || !gateway_endpoints (&gateway->settings, "accounts", endpoints, sizeof endpoints)) {
        err_set (err, RC_INVALID, "peers names no accounts");
        free (self);
        return NULL;
    }
    self->gateway = gateway;
    self->heard_at = clock_monotonic ();
    self->client = bus_client_new (&gateway->cert, gateway->peers, "accounts", endpoints, err);
    if (!self->client || bus_thread_start (&self->thread, "watch", watch_run, self, err) != RC_OK) {
        if (self->client)
            bus_client_destroy (&self->client);
        free (self);
        return NULL;
    }
    return self;
}

struct watch_state
watch_look (const struct watch *self)
{
    return (struct watch_state){ .lag = self->lag, .heard_at = self->heard_at };
}

void
watch_stop (struct watch **watch)
{
    struct watch *self = *watch;
    if (!self)
        return;
    atomic_store (&self->stopping, true);
    pthread_join (self->thread, NULL);
    bus_client_destroy (&self->client);
    free (self);
    *watch = NULL;
}
