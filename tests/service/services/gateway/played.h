/* Services played for the gateway: real CURVE sockets that answer what a test wants, and note what they were asked.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "accounts.pb-c.h"
#include "common/base/token.h"
#include "common/bus/message.h"
#include "common/bus/principal.h"
#define client_send bus_client_say /* both clients have one of that name */
#include "tests/service/bus/fixture.h"
#undef client_send
#include "tests/service/http/client.h"

struct played;
/* Fills *reply (its outcome, data, problem) for a command or query; memory from the arena. False: no answer. */
typedef bool played_answer (struct played *played, const Padan__Envelope *envelope, bool command, Padan__Reply *reply,
                            struct arena *arena);

struct played {
    char service[KEYS_NAME];
    struct bus_server *server;
    struct bus_peers *peers;
    played_answer *answer;
    pthread_t thread;
    atomic_bool stopping;
    atomic_int asked;
    /* the last command or query, for the test's thread once it has its HTTP answer */
    struct arena *arena;
    Padan__Envelope *last;
    bool last_command;
    /* accounts' log, in memory */
    pthread_mutex_t lock;
    struct {
        uint8_t data[512];
        size_t size;
    } log[64];
    size_t head;
    bool waiting;
    struct bus_peer waiter;
    uint64_t waiter_number;
    int64_t waiter_position, waiter_until;
    bool rewound;
};

static const uint8_t played_epoch[16] = { 1, 2, 3 };

static void
played_log_answer (struct played *played, const struct bus_peer *peer, uint64_t number, int64_t position)
{
    Padan__Reply reply = PADAN__REPLY__INIT;
    Padan__LogAnswer answer = PADAN__LOG_ANSWER__INIT;
    Padan__LogEntry entries[64], *list[64];
    uint8_t hash[16] = { 0 };
    reply.number = number;
    reply.log_answer = &answer;
    answer.epoch = (ProtobufCBinaryData){ 16, (uint8_t *)played_epoch };
    answer.head = answer.upto = (int64_t)played->head;
    answer.rewound = played->rewound;
    answer.entries = list;
    for (size_t i = (size_t)position; i < played->head; i++) {
        Padan__LogEntry *entry = list[answer.n_entries] = &entries[answer.n_entries];
        answer.n_entries++;
        padan__log_entry__init (entry);
        entry->position = (int64_t)i + 1;
        entry->hash = (ProtobufCBinaryData){ 16, hash };
        entry->envelope = (ProtobufCBinaryData){ played->log[i].size, played->log[i].data };
    }
    bus_server_reply (played->server, peer, &reply);
}

static void
played_log_read (struct played *played, const struct bus_request *request)
{
    const Padan__LogRead *read = request->message->log_read;
    pthread_mutex_lock (&played->lock);
    int64_t position = read->from[0]->position;
    if ((size_t)position < played->head || !read->wait_ms || played->rewound) {
        played_log_answer (played, &request->peer, request->message->number, position);
    } else {
        played->waiting = true;
        played->waiter = request->peer;
        played->waiter_number = request->message->number;
        played->waiter_position = position;
        played->waiter_until = clock_monotonic () + read->wait_ms * (int64_t)1000;
    }
    pthread_mutex_unlock (&played->lock);
}

static void
played_log_wake (struct played *played)
{
    pthread_mutex_lock (&played->lock);
    bool more = (size_t)played->waiter_position < played->head || played->rewound;
    if (played->waiting && (more || clock_monotonic () > played->waiter_until)) {
        played->waiting = false;
        played_log_answer (played, &played->waiter, played->waiter_number, played->waiter_position);
    }
    pthread_mutex_unlock (&played->lock);
}

static void
played_take (struct played *played, const struct bus_request *request, struct arena *arena)
{
    bool command = request->message->command != NULL;
    const Padan__Envelope *envelope = command ? request->message->command : request->message->query;
    Padan__Reply reply = PADAN__REPLY__INIT;
    size_t size = padan__envelope__get_packed_size (envelope);
    uint8_t *packed = arena_alloc (arena, size + 1);
    padan__envelope__pack (envelope, packed);
    arena_reset (played->arena);
    played->last = padan__envelope__unpack (arena_protobuf (played->arena), size, packed);
    played->last_command = command;
    atomic_fetch_add (&played->asked, 1);
    reply.number = request->message->number;
    if (played->answer (played, envelope, command, &reply, arena))
        bus_server_reply (played->server, &request->peer, &reply);
}

static void *
played_run (void *context)
{
    struct played *played = context;
    while (!atomic_load (&played->stopping)) {
        socket_wait (bus_server_socket (played->server), ZMQ_POLLIN, 5);
        struct bus_request request;
        struct err err;
        for (;;) {
            ARENA_AUTO struct arena *arena = arena_new (8 << 20);
            enum rc rc = bus_server_receive (played->server, arena, &request, &err);
            if (rc == RC_NOT_FOUND)
                break;
            if (rc == RC_OK && request.message->log_read)
                played_log_read (played, &request);
            else if (rc == RC_OK)
                played_take (played, &request, arena);
        }
        played_log_wake (played);
    }
    return NULL;
}

static void
played_start (struct played *played, const char *service, struct bus_peers *peers, played_answer *answer)
{
    snprintf (played->service, sizeof played->service, "%s", service);
    played->peers = peers;
    played->answer = answer;
    played->arena = arena_new (1 << 20);
    pthread_mutex_init (&played->lock, NULL);
    played->server = server_of (service, peers);
    assert_int_equal (pthread_create (&played->thread, NULL, played_run, played), 0);
}

static void
played_stop (struct played *played)
{
    atomic_store (&played->stopping, true);
    pthread_join (played->thread, NULL);
    bus_server_destroy (&played->server);
    arena_destroy (&played->arena);
}

/* An event of accounts about a person. */
static void
played_event (struct played *played, const ProtobufCMessage *event, struct uuid subject)
{
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    uint8_t data[256];
    struct uuid id = uuid_new (clock_now ());
    envelope.id = uuid_field (&id);
    envelope.type = (char *)event->descriptor->name;
    envelope.subject = uuid_field (&subject);
    envelope.data = (ProtobufCBinaryData){ protobuf_c_message_pack (event, data), data };
    pthread_mutex_lock (&played->lock);
    played->log[played->head].size = padan__envelope__pack (&envelope, played->log[played->head].data);
    played->head++;
    pthread_mutex_unlock (&played->lock);
}

static void
reply_data (Padan__Reply *reply, const ProtobufCMessage *message, struct arena *arena)
{
    reply->type = (char *)message->descriptor->name;
    reply->data.len = protobuf_c_message_get_packed_size (message);
    reply->data.data = arena_alloc (arena, reply->data.len + 1);
    protobuf_c_message_pack (message, reply->data.data);
}

static void
reply_refuse (Padan__Reply *reply, Padan__Outcome outcome, const char *code, const char *pointer, struct arena *arena)
{
    Padan__Problem *problem = arena_alloc (arena, sizeof *problem);
    padan__problem__init (problem);
    problem->code = (char *)code;
    if (pointer) {
        Padan__FieldProblem *field = arena_alloc (arena, sizeof *field), **fields = arena_alloc (arena, sizeof field);
        padan__field_problem__init (field);
        field->pointer = (char *)pointer;
        field->code = (char *)code;
        fields[0] = field;
        problem->fields = fields;
        problem->n_fields = 1;
    }
    reply->outcome = outcome;
    reply->problem = problem;
}
