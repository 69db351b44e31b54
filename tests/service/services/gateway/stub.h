/* Services as the gateway sees them: real CURVE sockets that answer what a test wants, and note what they were asked.
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

struct stub;
/* Fills *reply (its outcome, data, problem) for a command or query; memory from the arena. False: no answer. */
typedef bool stub_answer (struct stub *stub, const Padan__Envelope *envelope, bool command, Padan__Reply *reply,
                          struct arena *arena);

struct stub {
    char service[KEYS_NAME];
    struct bus_server *server;
    struct bus_peers *peers;
    stub_answer *answer;
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

static const uint8_t stub_epoch[16] = { 1, 2, 3 };

static void
stub_log_answer (struct stub *stub, const struct bus_peer *peer, uint64_t number, int64_t position)
{
    Padan__Reply reply = PADAN__REPLY__INIT;
    Padan__LogAnswer answer = PADAN__LOG_ANSWER__INIT;
    Padan__LogEntry entries[64], *list[64];
    uint8_t hash[16] = { 0 };
    reply.number = number;
    reply.log_answer = &answer;
    answer.epoch = (ProtobufCBinaryData){ 16, (uint8_t *)stub_epoch };
    answer.head = answer.upto = (int64_t)stub->head;
    answer.rewound = stub->rewound;
    answer.entries = list;
    for (size_t i = (size_t)position; i < stub->head; i++) {
        Padan__LogEntry *entry = list[answer.n_entries] = &entries[answer.n_entries];
        answer.n_entries++;
        padan__log_entry__init (entry);
        entry->position = (int64_t)i + 1;
        entry->hash = (ProtobufCBinaryData){ 16, hash };
        entry->envelope = (ProtobufCBinaryData){ stub->log[i].size, stub->log[i].data };
    }
    bus_server_reply (stub->server, peer, &reply);
}

static void
stub_log_read (struct stub *stub, const struct bus_request *request)
{
    const Padan__LogRead *read = request->message->log_read;
    pthread_mutex_lock (&stub->lock);
    int64_t position = read->from[0]->position;
    if ((size_t)position < stub->head || !read->wait_ms || stub->rewound) {
        stub_log_answer (stub, &request->peer, request->message->number, position);
    } else {
        stub->waiting = true;
        stub->waiter = request->peer;
        stub->waiter_number = request->message->number;
        stub->waiter_position = position;
        stub->waiter_until = clock_monotonic () + read->wait_ms * (int64_t)1000;
    }
    pthread_mutex_unlock (&stub->lock);
}

static void
stub_log_wake (struct stub *stub)
{
    pthread_mutex_lock (&stub->lock);
    bool more = (size_t)stub->waiter_position < stub->head || stub->rewound;
    if (stub->waiting && (more || clock_monotonic () > stub->waiter_until)) {
        stub->waiting = false;
        stub_log_answer (stub, &stub->waiter, stub->waiter_number, stub->waiter_position);
    }
    pthread_mutex_unlock (&stub->lock);
}

static void
stub_take (struct stub *stub, const struct bus_request *request, struct arena *arena)
{
    bool command = request->message->command != NULL;
    const Padan__Envelope *envelope = command ? request->message->command : request->message->query;
    Padan__Reply reply = PADAN__REPLY__INIT;
    size_t size = padan__envelope__get_packed_size (envelope);
    uint8_t *packed = arena_alloc (arena, size + 1);
    padan__envelope__pack (envelope, packed);
    arena_reset (stub->arena);
    stub->last = padan__envelope__unpack (arena_protobuf (stub->arena), size, packed);
    stub->last_command = command;
    atomic_fetch_add (&stub->asked, 1);
    reply.number = request->message->number;
    if (stub->answer (stub, envelope, command, &reply, arena))
        bus_server_reply (stub->server, &request->peer, &reply);
}

static void *
stub_run (void *context)
{
    struct stub *stub = context;
    while (!atomic_load (&stub->stopping)) {
        socket_wait (bus_server_socket (stub->server), ZMQ_POLLIN, 5);
        struct bus_request request;
        struct err err;
        for (;;) {
            ARENA_AUTO struct arena *arena = arena_new (8 << 20);
            enum rc rc = bus_server_receive (stub->server, arena, &request, &err);
            if (rc == RC_NOT_FOUND)
                break;
            if (rc == RC_OK && request.message->log_read)
                stub_log_read (stub, &request);
            else if (rc == RC_OK)
                stub_take (stub, &request, arena);
        }
        stub_log_wake (stub);
    }
    return NULL;
}

static void
stub_start (struct stub *stub, const char *service, struct bus_peers *peers, stub_answer *answer)
{
    snprintf (stub->service, sizeof stub->service, "%s", service);
    stub->peers = peers;
    stub->answer = answer;
    stub->arena = arena_new (1 << 20);
    pthread_mutex_init (&stub->lock, NULL);
    stub->server = server_of (service, peers);
    assert_int_equal (pthread_create (&stub->thread, NULL, stub_run, stub), 0);
}

static void
stub_stop (struct stub *stub)
{
    atomic_store (&stub->stopping, true);
    pthread_join (stub->thread, NULL);
    bus_server_destroy (&stub->server);
    arena_destroy (&stub->arena);
}

/* An event of accounts about a person. */
static void
stub_event (struct stub *stub, const ProtobufCMessage *event, struct uuid subject)
{
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    uint8_t data[256];
    struct uuid id = uuid_new (clock_now ());
    envelope.id = uuid_field (&id);
    envelope.type = (char *)event->descriptor->name;
    envelope.subject = uuid_field (&subject);
    envelope.data = (ProtobufCBinaryData){ protobuf_c_message_pack (event, data), data };
    pthread_mutex_lock (&stub->lock);
    stub->log[stub->head].size = padan__envelope__pack (&envelope, stub->log[stub->head].data);
    stub->head++;
    pthread_mutex_unlock (&stub->lock);
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
