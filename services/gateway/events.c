#include "services/gateway/events.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/metrics.h"
#include "common/bus/message.h"
#include "common/http/stream.h"
#include "journal.pb-c.h"
#include "services/gateway/ask.h"
#include "services/gateway/handle.h"

enum {
    PAGE = 200,               /* events asked for at once */
    WAIT_MS = 5000,           /* the journal may keep an empty answer back so long: its silence is heard soon */
    PAGE_WAIT_MS = 25000,     /* the journal waits no longer for who asks for a page */
    SILENT_MS = 3000,         /* after that a question counts as lost, its owner as away */
    SOON = CLOCK_SECOND / 4,  /* rest after an empty answer that came at once */
    LATER = 2 * CLOCK_SECOND, /* rest after a refusal */
    REPLY_ARENA = 16 << 20,
    EVENT_MAX = 64 * 1024, /* bytes of one event's JSON; they have about 500 */
    BUFFER = 256 * 1024,   /* of each reader */
};

static struct metric readers = METRIC_GAUGE ("padan_event_readers", "Readers of the event stream.");

enum step { STEP_RUNNING, STEP_FULL, STEP_RESTING };

/* One reader. One thread at a time runs its step; `gone` and `room` may come in between. */
struct feed {
    struct feed *next;      /* resting ones */
    struct feed *next_open; /* of all; events.lock */
    atomic_uint references; /* the stream's callbacks', and the step's */
    struct events *events;
    struct http_stream *stream; /* lock; the step alone ends it */
    uint8_t token[TOKEN_HASH];
    struct uuid person, login; /* whose it is; the session or key it was opened with */
    struct session *session;
    int64_t tenant, after;
    int64_t asked_at, rest_until; /* monotonic */
    struct share place;
    pthread_mutex_t lock;
    enum step step;      /* lock */
    bool gone, room;     /* lock */
    struct arena *arena; /* of the page in hand */
    const Padan__Journal__V1__Events *page;
    size_t at; /* next event of the page */
};

struct events {
    struct gateway *gateway;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct feed *open, *resting; /* lock */
    bool stopping;               /* lock */
};

static void feed_ask (struct feed *feed);

static void
feed_free (struct feed *feed)
{
    session_release (feed->session);
    share_give (&feed->place);
    arena_destroy (&feed->arena);
    pthread_mutex_destroy (&feed->lock);
    free (feed);
}

static void
feed_release (struct feed *feed)
{
    if (atomic_fetch_sub (&feed->references, 1) != 1)
        return;
    struct events *events = feed->events;
    pthread_mutex_lock (&events->lock);
    struct feed **at = &events->open;
    while (*at != feed)
        at = &(*at)->next_open;
    *at = feed->next_open;
    metric_add (&readers, NULL, -1);
    pthread_mutex_unlock (&events->lock);
    feed_free (feed);
}

/* The step's end for good. */
static void
feed_end (struct feed *feed, bool cut)
{
    pthread_mutex_lock (&feed->lock);
    struct http_stream *stream = feed->stream;
    feed->stream = NULL;
    pthread_mutex_unlock (&feed->lock);
    cut ? http_stream_abort (&stream) : http_stream_end (&stream);
    feed_release (feed);
}

/* Nothing to do for a while. */
static void
feed_rest (struct feed *feed, int64_t time)
{
    struct events *events = feed->events;
    pthread_mutex_lock (&feed->lock);
    bool gone = feed->gone;
    feed->step = gone ? STEP_RUNNING : STEP_RESTING;
    pthread_mutex_unlock (&feed->lock);
    pthread_mutex_lock (&events->lock);
    bool ends = gone || events->stopping;
    if (!ends) {
        feed->rest_until = clock_monotonic () + time;
        feed->next = events->resting;
        events->resting = feed;
        pthread_cond_signal (&events->wake);
    }
    pthread_mutex_unlock (&events->lock);
    if (ends)
        feed_end (feed, true);
}

/* True when the reader has no room: `room` goes on. */
static bool
feed_full (struct feed *feed)
{
    pthread_mutex_lock (&feed->lock);
    bool full = !feed->room && !feed->gone;
    feed->room = false;
    feed->step = full ? STEP_FULL : STEP_RUNNING;
    pthread_mutex_unlock (&feed->lock);
    return full;
}

static enum rc
event_write (struct feed *feed, const Padan__Journal__V1__PublicEvent *event)
{
    struct text_buffer text = TEXT_BUFFER (EVENT_MAX);
    struct err err;
    char id[24];
    enum rc rc = json_from_message (&event->base, &text, &err);
    if (rc == RC_OK) {
        snprintf (id, sizeof id, "%lld", (long long)event->number);
        rc = http_stream_event (feed->stream, id, NULL, text.data, text.size);
    }
    text_clear (&text);
    return rc;
}

/* The rest of the page in hand, then the next question. */
static void
feed_write (struct feed *feed)
{
    while (feed->at < feed->page->n_events) {
        const Padan__Journal__V1__PublicEvent *event = feed->page->events[feed->at];
        enum rc rc = event_write (feed, event);
        if (rc == RC_BUSY && feed_full (feed))
            return;
        if (rc == RC_BUSY)
            continue;
        if (rc != RC_OK) {
            feed_end (feed, true);
            return;
        }
        feed->after = event->number;
        feed->at++;
    }
    if (feed->page->n_events || clock_monotonic () - feed->asked_at > SOON)
        feed_ask (feed);
    else
        feed_rest (feed, SOON);
}

static void
feed_answered (void *context, enum rc rc, struct bus_reply **packed)
{
    struct feed *feed = context;
    struct arena *arena = arena_new (REPLY_ARENA);
    Padan__Reply *reply;
    ProtobufCMessage *page = NULL;
    struct err err;
    if (rc == RC_OK && !arena)
        rc = RC_BUSY;
    if (rc == RC_OK)
        rc = bus_reply_unpack (*packed, arena, &reply, &err);
    if (rc == RC_OK && reply->outcome == PADAN__OUTCOME__OUTCOME_FORBIDDEN) {
        arena_destroy (&arena);
        feed_end (feed, true);
        return;
    }
    if (rc == RC_OK && reply->outcome == PADAN__OUTCOME__OUTCOME_OK)
        rc = message_unpack (&padan__journal__v1__events__descriptor, arena, reply->data.data, reply->data.len, &page,
                             &err);
    if (rc != RC_OK || !page) {
        arena_destroy (&arena);
        feed_rest (feed, LATER);
        return;
    }
    arena_destroy (&feed->arena);
    feed->arena = arena;
    feed->page = (const Padan__Journal__V1__Events *)page;
    feed->at = 0;
    feed_write (feed);
}

static void
feed_send (struct feed *feed)
{
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    Padan__Journal__V1__ListEvents question = PADAN__JOURNAL__V1__LIST_EVENTS__INIT;
    struct uuid id = uuid_new (clock_now ());
    uint8_t data[64];
    struct err err;
    question.after = feed->after;
    question.limit = PAGE;
    question.wait_ms = WAIT_MS;
    envelope.id = uuid_field (&id);
    envelope.type = (char *)question.base.descriptor->name;
    envelope.tenant = feed->tenant;
    envelope.time = clock_now ();
    envelope.principal = feed->session->who->principal;
    envelope.data = (ProtobufCBinaryData){ padan__journal__v1__list_events__pack (&question, data), data };
    request.query = &envelope;
    feed->asked_at = clock_monotonic ();
    struct bus_caller *caller = feed->events->gateway->caller;
    if (bus_call_async (caller, "journal", &request, WAIT_MS + SILENT_MS, feed_answered, feed, &err) != RC_OK)
        feed_rest (feed, LATER);
}

/* A principal lives a minute: each question bears a fresh one, and so ends with the reader's right. */
static void
feed_known (void *context, struct session *session, const struct err *err)
{
    struct feed *feed = context;
    if (session) {
        session_hold (session);
        session_release (feed->session);
        feed->session = session;
        feed_send (feed);
    } else if (err->rc == RC_UNAUTHENTICATED) {
        feed_end (feed, true);
    } else {
        feed_rest (feed, LATER);
    }
}

static void
feed_ask (struct feed *feed)
{
    pthread_mutex_lock (&feed->lock);
    bool gone = feed->gone;
    pthread_mutex_unlock (&feed->lock);
    if (gone)
        feed_end (feed, true);
    else
        sessions_find (feed->events->gateway->sessions, feed->token, SESSION_LISTENED, feed_known, feed);
}

/* ------------------------------------------------------------ from the HTTP server's threads */

static void
feed_room (void *user)
{
    struct feed *feed = user;
    pthread_mutex_lock (&feed->lock);
    bool full = feed->step == STEP_FULL;
    feed->room = !full;
    feed->step = full ? STEP_RUNNING : feed->step;
    pthread_mutex_unlock (&feed->lock);
    if (full)
        feed_write (feed);
}

static void
feed_gone (void *user)
{
    struct feed *feed = user;
    pthread_mutex_lock (&feed->lock);
    feed->gone = true;
    bool full = feed->step == STEP_FULL;
    feed->step = full ? STEP_RUNNING : feed->step;
    pthread_mutex_unlock (&feed->lock);
    if (full) /* nobody else would end it; one that rests is ended when it wakes */
        feed_end (feed, true);
    feed_release (feed);
}

/* Among the open ones; false: we stop. Before its first question, so that a right is either asked for after it was
 * taken away, or events_revoke finds the reader here. */
static bool
feed_open (struct feed *feed)
{
    struct events *events = feed->events;
    pthread_mutex_lock (&events->lock);
    bool open = !events->stopping;
    if (open) {
        feed->next_open = events->open;
        events->open = feed;
        metric_add (&readers, NULL, 1);
    }
    pthread_mutex_unlock (&events->lock);
    return open;
}

void
events_revoke (void *context, struct uuid subject)
{
    struct events *events = context;
    pthread_mutex_lock (&events->lock);
    for (struct feed *feed = events->open; feed; feed = feed->next_open) {
        if (uuid_compare (feed->person, subject) != 0 && uuid_compare (feed->login, subject) != 0)
            continue;
        pthread_mutex_lock (&feed->lock);
        if (feed->stream)
            http_stream_cut (feed->stream);
        pthread_mutex_unlock (&feed->lock);
    }
    pthread_mutex_unlock (&events->lock);
}

static bool
place_read (const struct ask *ask, int64_t *ret_after)
{
    const char *text = ask->request->last_event_id;
    if (!text)
        text = http_query (ask->request, "after");
    *ret_after = 0;
    if (!text)
        return true;
    size_t size = strlen (text);
    if (!size || size > 18 || strspn (text, "0123456789") != size)
        return false;
    *ret_after = strtoll (text, NULL, 10);
    return true;
}

static struct feed *
feed_new (const struct ask *ask, int64_t after)
{
    struct feed *feed = calloc (1, sizeof *feed);
    if (!feed)
        return NULL;
    *feed = (struct feed){
        .events = ask->gateway->events,
        .person = ask->session->person,
        .login = ask->session->id,
        .session = ask->session,
        .tenant = ask->tenant,
        .after = after,
    };
    atomic_init (&feed->references, 2);
    pthread_mutex_init (&feed->lock, NULL);
    memcpy (feed->token, ask->visit->token, TOKEN_HASH);
    session_hold (feed->session);
    return feed;
}

/* Streams and pages that wait share the readers' places: each has a question to the journal open. */
static bool
reader_begin (struct ask *ask)
{
    enum share_result result = share_take (ask->gateway->readers, ask->tenant, ask->session->person, &ask->reader);
    if (result != SHARE_TAKEN)
        ask_refuse_code (ask, result == SHARE_MUCH ? "gateway.readers_many" : "gateway.readers_full");
    return result == SHARE_TAKEN;
}

static void
feed_start (struct ask *ask)
{
    int64_t after;
    if (!place_read (ask, &after)) {
        ask_refuse_code (ask, "gateway.parameter_malformed");
        return;
    }
    if (!reader_begin (ask))
        return;
    struct feed *feed = feed_new (ask, after);
    if (!feed || !feed_open (feed)) {
        if (feed)
            feed_free (feed);
        ask_refuse_code (ask, "common.busy");
        return;
    }
    feed->place = ask->reader;
    ask->reader = (struct share){ 0 };
    struct http_response response = { .content_type = "text/event-stream", .more = { { "X-Accel-Buffering", "no" } } };
    struct http_stream_options options = {
        .buffer = BUFFER,
        .heartbeat = ": \n\n",
        .room = feed_room,
        .gone = feed_gone,
        .user = feed,
    };
    struct http_stream *stream;
    enum rc rc = http_respond_stream (ask->request, &response, &options, &stream);
    ask_drop (ask);
    if (rc == RC_OK) {
        pthread_mutex_lock (&feed->lock);
        feed->stream = stream;
        pthread_mutex_unlock (&feed->lock);
        feed_ask (feed);
    } else {
        feed_release (feed);
        feed_release (feed);
    }
}

/* Who lost the right while the journal waited for events gets none of them. */
static void
page_allowed (void *context, struct session *session, const struct err *err)
{
    struct ask *ask = context;
    session ? ask_answer (ask) : ask_refuse_err (ask, err);
}

static void
page_answer (struct ask *ask)
{
    sessions_find (ask->gateway->sessions, ask->visit->token, SESSION_LISTENED, page_allowed, ask);
}

static void
page_ask (struct ask *ask)
{
    const struct route *route = ask->route;
    ProtobufCMessage *question = arena_alloc (ask->arena, route->type->sizeof_message);
    if (!question) {
        ask_refuse_code (ask, "common.busy");
        return;
    }
    protobuf_c_message_init (route->type, question);
    if (!ask_parameters (ask, question))
        return;
    uint32_t waits = ((const Padan__Journal__V1__ListEvents *)question)->wait_ms;
    ask->patience_ms = SILENT_MS + (int)(waits < PAGE_WAIT_MS ? waits : PAGE_WAIT_MS);
    if (!waits || reader_begin (ask))
        ask_call (ask, ROUTE_QUERY, route->service, question, route->reply, page_answer);
}

void
events_handle (struct http_request *request)
{
    bool stream = request->accept && strstr (request->accept, "text/event-stream");
    struct ask *ask = ask_new (request);
    if (ask)
        ask_sign_in (ask, stream ? feed_start : page_ask);
}

/* ------------------------------------------------------------ those that rest */

/* Takes out who has rested, or everybody at the end. */
static struct feed *
rested_take (struct events *self, int64_t now, int64_t *ret_next)
{
    struct feed *taken = NULL;
    *ret_next = now + 60 * (int64_t)CLOCK_SECOND;
    for (struct feed **at = &self->resting; *at;) {
        struct feed *feed = *at;
        if (self->stopping || feed->rest_until <= now) {
            *at = feed->next;
            feed->next = taken;
            taken = feed;
        } else {
            *ret_next = feed->rest_until < *ret_next ? feed->rest_until : *ret_next;
            at = &feed->next;
        }
    }
    return taken;
}

static void *
events_run (void *context)
{
    struct events *self = context;
    pthread_mutex_lock (&self->lock);
    for (bool stopping = false; !stopping;) {
        int64_t next;
        stopping = self->stopping;
        struct feed *rested = rested_take (self, clock_monotonic (), &next);
        if (!rested && !stopping) {
            struct timespec until = { next / CLOCK_SECOND, next % CLOCK_SECOND * 1000 };
            pthread_cond_timedwait (&self->wake, &self->lock, &until);
            continue;
        }
        pthread_mutex_unlock (&self->lock);
        for (struct feed *feed = rested, *after; feed; feed = after) {
            after = feed->next;
            pthread_mutex_lock (&feed->lock);
            feed->step = STEP_RUNNING;
            pthread_mutex_unlock (&feed->lock);
            stopping ? feed_end (feed, true) : feed_ask (feed);
        }
        pthread_mutex_lock (&self->lock);
    }
    pthread_mutex_unlock (&self->lock);
    return NULL;
}

struct events *
events_new (struct gateway *gateway, struct err *err)
{
    static struct metric *const metrics[] = { &readers, NULL };
    struct events *self = calloc (1, sizeof *self);
    if (!self) {
        err_set (err, RC_INTERNAL, "no memory for events");
        return NULL;
    }
    metrics_register (metrics);
    self->gateway = gateway;
    pthread_condattr_t monotonic;
    pthread_condattr_init (&monotonic);
    pthread_condattr_setclock (&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init (&self->wake, &monotonic);
    pthread_mutex_init (&self->lock, NULL);
    if (bus_thread_start (&self->thread, "events", events_run, self, err) == RC_OK)
        return self;
    free (self);
    return NULL;
}

void
events_stop (struct events *self)
{
    pthread_mutex_lock (&self->lock);
    bool first = !self->stopping;
    self->stopping = true;
    pthread_cond_signal (&self->wake);
    pthread_mutex_unlock (&self->lock);
    if (first)
        pthread_join (self->thread, NULL);
}

void
events_destroy (struct events **events)
{
    struct events *self = *events;
    if (!self)
        return;
    events_stop (self);
    pthread_mutex_destroy (&self->lock);
    pthread_cond_destroy (&self->wake);
    free (self);
    *events = NULL;
}
