#include "tests/support/feed.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>
#include <zmq.h>

#include "common/base/clock.h"
#include "common/bus/server.h"
#include "common/engine/ledger.h"
#include "tests/support/test.h"

enum { ENTRIES_MAX = 20000, PENDING_MAX = 64, ANSWERS_MAX = 4, LOOK_MS = 10, WAIT_MS = 1000, FEED_ARENA = 16 << 20 };

struct entry_kept {
    uint32_t partition;
    uint8_t hash[ENTRY_HASH_SIZE];
    uint8_t *envelope;
    size_t size;
};

/* A question nobody can answer yet. */
struct pending {
    struct bus_peer peer;
    uint64_t number;
    int64_t positions[ENGINE_PARTITIONS]; /* -1: not asked for */
    uint32_t limit;
    int64_t deadline;
};

/* What every query of a type gets. */
struct answer {
    const ProtobufCMessageDescriptor *question, *type;
    uint8_t *data;
    size_t size;
};

struct feed {
    struct bus_server *server;
    struct uuid epoch;
    pthread_t thread;
    pthread_mutex_t mutex;
    atomic_bool stopping;
    struct entry_kept entries[ENTRIES_MAX];
    size_t n;
    struct pending pending[PENDING_MAX];
    size_t n_pending;
    struct answer answers[ANSWERS_MAX];
    size_t n_answers;
};

static void
pending_take (struct feed *feed, const struct bus_request *request)
{
    const Padan__LogRead *read = request->message->log_read;
    if (!read || feed->n_pending == PENDING_MAX)
        return; /* the follower asks again */
    struct pending *pending = &feed->pending[feed->n_pending++];
    *pending = (struct pending){ .peer = request->peer,
                                 .number = request->message->number,
                                 .limit = read->limit,
                                 .deadline = clock_monotonic () + WAIT_MS * (int64_t)1000 };
    memset (pending->positions, 0xff, sizeof pending->positions);
    for (size_t i = 0; i < read->n_from; i++)
        for (unsigned p = 0; p < ENGINE_PARTITIONS; p++)
            if (read->from[i]->partitions >> p & 1)
                pending->positions[p] = read->from[i]->position;
}

/* False: nothing to say yet. */
static bool
pending_answer (struct feed *feed, const struct pending *pending, struct arena *arena)
{
    Padan__Reply reply = PADAN__REPLY__INIT;
    Padan__LogAnswer answer = PADAN__LOG_ANSWER__INIT;
    answer.entries = arena_array (arena, pending->limit + 1, sizeof *answer.entries);
    assert_non_null (answer.entries);
    size_t i = 0;
    for (; i < feed->n && answer.n_entries < pending->limit; i++) {
        const struct entry_kept *kept = &feed->entries[i];
        int64_t after = pending->positions[kept->partition];
        if (after < 0 || (int64_t)i + 1 <= after)
            continue;
        Padan__LogEntry *entry = arena_alloc (arena, sizeof *entry);
        assert_non_null (entry);
        padan__log_entry__init (entry);
        entry->position = (int64_t)i + 1;
        entry->partition = kept->partition;
        entry->hash = (ProtobufCBinaryData){ ENTRY_HASH_SIZE, (uint8_t *)kept->hash };
        entry->envelope = (ProtobufCBinaryData){ kept->size, kept->envelope };
        answer.entries[answer.n_entries++] = entry;
    }
    if (!answer.n_entries && clock_monotonic () < pending->deadline)
        return false;
    answer.epoch = uuid_field (&feed->epoch);
    answer.upto = (int64_t)i;
    answer.head = (int64_t)feed->n;
    reply.number = pending->number;
    reply.log_answer = &answer;
    bus_server_reply (feed->server, &pending->peer, &reply); /* a follower that was killed does not hear it */
    return true;
}

static void
query_answer (struct feed *feed, const struct bus_request *request)
{
    Padan__Reply reply = PADAN__REPLY__INIT;
    const Padan__Envelope *query = request->message->query;
    reply.number = request->message->number;
    reply.outcome = PADAN__OUTCOME__OUTCOME_NOT_FOUND;
    pthread_mutex_lock (&feed->mutex);
    for (size_t i = 0; i < feed->n_answers; i++) {
        const struct answer *answer = &feed->answers[i];
        if (strcmp (answer->question->name, query->type) != 0)
            continue;
        reply.outcome = PADAN__OUTCOME__OUTCOME_OK;
        reply.type = (char *)answer->type->name;
        reply.data = (ProtobufCBinaryData){ answer->size, answer->data };
    }
    bus_server_reply (feed->server, &request->peer, &reply);
    pthread_mutex_unlock (&feed->mutex);
}

static void
feed_step (struct feed *feed, struct arena *arena)
{
    struct bus_request request;
    struct err err;
    enum rc rc;
    while ((rc = bus_server_receive (feed->server, arena, &request, &err)) != RC_NOT_FOUND)
        if (rc == RC_OK && request.message->query)
            query_answer (feed, &request);
        else if (rc == RC_OK)
            pending_take (feed, &request);
    pthread_mutex_lock (&feed->mutex);
    size_t kept = 0;
    for (size_t i = 0; i < feed->n_pending; i++)
        if (!pending_answer (feed, &feed->pending[i], arena))
            feed->pending[kept++] = feed->pending[i];
    feed->n_pending = kept;
    pthread_mutex_unlock (&feed->mutex);
}

static void *
feed_thread (void *self)
{
    struct feed *feed = self;
    struct arena *arena = arena_new (FEED_ARENA);
    while (!feed->stopping) {
        zmq_pollitem_t item = { .socket = bus_server_socket (feed->server), .events = ZMQ_POLLIN };
        zmq_poll (&item, 1, LOOK_MS);
        feed_step (feed, arena);
        arena_reset (arena);
    }
    arena_destroy (&arena);
    return NULL;
}

struct feed *
feed_new (struct fleet *fleet, const char *service)
{
    struct feed *feed = calloc (1, sizeof *feed);
    struct bus_cert cert;
    struct err err;
    char endpoint[64];
    assert_non_null (feed);
    fleet_endpoint (fleet, service, endpoint, sizeof endpoint);
    assert_int_equal (keys_load (fleet_keys (fleet), service, &cert, &err), RC_OK);
    feed->server = bus_server_new (&cert, fleet_peers (fleet), endpoint, &err);
    if (!feed->server)
        fail_msg ("%s at %s: %s", service, endpoint, err.text);
    feed->epoch = uuid_new (clock_now ());
    pthread_mutex_init (&feed->mutex, NULL);
    assert_int_equal (pthread_create (&feed->thread, NULL, feed_thread, feed), 0);
    return feed;
}

void
feed_destroy (struct feed **feed)
{
    struct feed *self = *feed;
    if (!self)
        return;
    self->stopping = true;
    pthread_join (self->thread, NULL);
    bus_server_destroy (&self->server);
    for (size_t i = 0; i < self->n; i++)
        free (self->entries[i].envelope);
    for (size_t i = 0; i < self->n_answers; i++)
        free (self->answers[i].data);
    pthread_mutex_destroy (&self->mutex);
    free (self);
    *feed = NULL;
}

int64_t
feed_add (struct feed *feed, int64_t tenant, struct uuid subject, int64_t version, const void *event)
{
    const ProtobufCMessage *message = event;
    struct uuid id = uuid_new (clock_now ());
    uint8_t digest[crypto_hash_sha256_BYTES];
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    envelope.id = uuid_field (&id);
    envelope.type = (char *)message->descriptor->name;
    envelope.tenant = tenant;
    envelope.subject = uuid_field (&subject);
    envelope.version = version;
    envelope.time = clock_now ();
    envelope.data.len = protobuf_c_message_get_packed_size (message);
    envelope.data.data = malloc (envelope.data.len + 1);
    assert_non_null (envelope.data.data);
    protobuf_c_message_pack (message, envelope.data.data);
    struct entry_kept kept = { .partition = partition_of (subject),
                               .size = padan__envelope__get_packed_size (&envelope) };
    kept.envelope = malloc (kept.size);
    assert_non_null (kept.envelope);
    padan__envelope__pack (&envelope, kept.envelope);
    free (envelope.data.data);
    crypto_hash_sha256 (digest, kept.envelope, kept.size);
    memcpy (kept.hash, digest, sizeof kept.hash);
    pthread_mutex_lock (&feed->mutex);
    assert_true (feed->n < ENTRIES_MAX);
    feed->entries[feed->n++] = kept;
    int64_t position = (int64_t)feed->n;
    pthread_mutex_unlock (&feed->mutex);
    return position;
}

void
feed_say (struct feed *feed, const ProtobufCMessageDescriptor *question, const void *reply)
{
    const ProtobufCMessage *message = reply;
    struct answer answer = { .question = question, .type = message->descriptor };
    answer.size = protobuf_c_message_get_packed_size (message);
    answer.data = malloc (answer.size + 1);
    assert_non_null (answer.data);
    protobuf_c_message_pack (message, answer.data);
    pthread_mutex_lock (&feed->mutex);
    size_t i = 0;
    while (i < feed->n_answers && feed->answers[i].question != question)
        i++;
    assert_true (i < ANSWERS_MAX);
    free (feed->answers[i].data); /* what it said before */
    feed->answers[i] = answer;
    feed->n_answers += i == feed->n_answers;
    pthread_mutex_unlock (&feed->mutex);
}
