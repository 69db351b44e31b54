#include "tests/service/bus/fixture.h"
#include "common/bus/context.h"
#include "common/bus/zap.h"

#include <errno.h>
#include <arpa/inet.h>
#include <sys/socket.h>
#include <czmq.h>

struct world {
    struct bus_peers *peers;
    struct bus_server *server;
    struct arena *arena;
};

static int
setup (void **state)
{
    static struct world world;
    keys_dir_make ();
    cert_of ("intake");
    cert_of ("gateway");
    world.peers = peers_of_dir ();
    world.server = server_of ("intake", world.peers);
    world.arena = arena_new (16 << 20);
    *state = &world;
    return 0;
}

static int
teardown (void **state)
{
    struct world *world = *state;
    bus_server_destroy (&world->server);
    bus_peers_destroy (&world->peers);
    arena_destroy (&world->arena);
    keys_dir_remove ();
    return 0;
}

/* The server still answers a good peer. */
static void
assert_alive (struct world *world)
{
    struct bus_client *client =
        client_of (cert_of ("gateway"), world->peers, "intake", bus_server_endpoint (world->server));
    client_send (client, query_of (7, "padan.intake.v1.Get"));
    struct bus_request request = server_take (world->server, world->arena);
    assert_string_equal (request.service, "gateway");
    assert_int_equal (request.message->number, 7);
    assert_string_equal (request.message->query->type, "padan.intake.v1.Get");
    Padan__Reply reply = reply_to (request.message);
    assert_int_equal (bus_server_reply (world->server, &request.peer, &reply), RC_OK);
    assert_int_equal (client_take (client, world->arena)->number, 7);
    bus_client_destroy (&client);
}

/* Takes whatever waits, until `counted` has grown. */
#define RECEIVE_UNTIL(world, counter)                                                                                  \
    do {                                                                                                               \
        struct bus_request ignored_;                                                                                   \
        struct err err_;                                                                                               \
        REPEAT_UNTIL (bus_server_stats ((world)->server).counter > 0, 10, {                                            \
            socket_wait (bus_server_socket ((world)->server), ZMQ_POLLIN, 20);                                         \
            assert_int_not_equal (bus_server_receive ((world)->server, (world)->arena, &ignored_, &err_), RC_OK);      \
        });                                                                                                            \
    } while (0)

static void
known_key_is_served (void **state)
{
    struct world *world = *state;
    assert_alive (world);
    struct bus_server_stats stats = bus_server_stats (world->server);
    assert_int_equal (stats.received, 1);
    assert_int_equal (stats.sent, 1);
    assert_int_equal (stats.handshakes, 1);
    assert_int_equal (stats.handshakes_refused, 0);
}

static void
unknown_key_is_refused (void **state)
{
    struct world *world = *state;
    struct err err;
    struct bus_client *client =
        client_of (cert_unknown (), world->peers, "intake", bus_server_endpoint (world->server));
    REPEAT_UNTIL (bus_server_stats (world->server).handshakes_refused > 0, 10,
                  socket_wait (bus_server_socket (world->server), ZMQ_POLLIN, 20));
    assert_int_equal (bus_client_send (client, query_of (1, "padan.intake.v1.Get"), &err), RC_BUSY);
    assert_alive (world);
    bus_client_destroy (&client);
}

static void
peer_without_curve_is_refused (void **state)
{
    struct world *world = *state;
    void *socket = zmq_socket (bus_context (), ZMQ_DEALER);
    zsock_set_linger (socket, 0);
    zsock_set_immediate (socket, 1);
    assert_int_equal (zmq_socket_monitor (socket, "inproc://plain", ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL), 0);
    void *monitor = zmq_socket (bus_context (), ZMQ_PAIR);
    assert_int_equal (zmq_connect (monitor, "inproc://plain"), 0);
    assert_int_equal (zmq_connect (socket, bus_server_endpoint (world->server)), 0);
    assert_true (socket_wait (monitor, ZMQ_POLLIN, 10000));
    assert_false (socket_wait (socket, ZMQ_POLLOUT, 0));
    assert_alive (world);
    assert_int_equal (bus_server_stats (world->server).handshakes, 1);
    zmq_socket_monitor (socket, NULL, 0);
    zmq_close (monitor);
    zmq_close (socket);
}

/* A DEALER with a good key that sends what it likes. */
static void *
rogue_new (struct world *world, const char *service, const char *identity)
{
    struct err err;
    char keys[PEERS_KEYS_OF_ONE][KEYS_Z85];
    struct bus_cert cert = cert_of (service);
    void *socket = bus_socket_new (ZMQ_DEALER, &cert, BUS_REPLY_MAX, &err);
    assert_non_null (socket);
    assert_int_equal (bus_peers_keys (world->peers, "intake", keys), 1);
    assert_int_equal (zmq_setsockopt (socket, ZMQ_CURVE_SERVERKEY, keys[0], KEYS_Z85), 0);
    if (identity)
        assert_int_equal (zmq_setsockopt (socket, ZMQ_ROUTING_ID, identity, strlen (identity)), 0);
    assert_int_equal (zmq_connect (socket, bus_server_endpoint (world->server)), 0);
    assert_true (socket_wait (socket, ZMQ_POLLOUT, 10000));
    return socket;
}

static void
oversized_message_ends_only_its_connection (void **state)
{
    struct world *world = *state;
    void *rogue = rogue_new (world, "gateway", NULL);
    uint64_t before = bus_server_stats (world->server).handshakes;
    char *huge = calloc (1, BUS_REQUEST_MAX + 1);
    assert_true (zmq_send (rogue, huge, BUS_REQUEST_MAX + 1, ZMQ_DONTWAIT) > 0);
    free (huge);
    /* it is thrown out and connects again; nothing of the message arrives */
    struct bus_request request;
    struct err err;
    REPEAT_UNTIL (bus_server_stats (world->server).handshakes > before, 10,
                  socket_wait (bus_server_socket (world->server), ZMQ_POLLIN, 20));
    assert_int_equal (bus_server_receive (world->server, world->arena, &request, &err), RC_NOT_FOUND);
    assert_alive (world);
    bus_socket_close (rogue);
}

static void
garbage_is_counted (void **state)
{
    struct world *world = *state;
    void *rogue = rogue_new (world, "gateway", NULL);
    uint8_t noise[300];
    unsigned sent = 0;
    srand (20261122);
    for (; sent < 1000; sent++) {
        size_t size = (size_t)rand () % sizeof noise;
        for (size_t i = 0; i < size; i++)
            noise[i] = (uint8_t)rand ();
        assert_true (zmq_send (rogue, noise, size, 0) >= 0 || errno == EAGAIN);
        if (sent % 10 == 0)
            zmq_send (rogue, noise, size, ZMQ_SNDMORE | ZMQ_DONTWAIT), zmq_send (rogue, "", 0, ZMQ_DONTWAIT);
    }
    struct bus_request request;
    struct err err;
    REPEAT_UNTIL (bus_server_stats (world->server).refused_malformed >= 1000, 10, {
        arena_reset (world->arena);
        enum rc rc = bus_server_receive (world->server, world->arena, &request, &err);
        assert_int_not_equal (rc, RC_OK);
        if (rc == RC_NOT_FOUND)
            socket_wait (bus_server_socket (world->server), ZMQ_POLLIN, 20);
    });
    assert_alive (world);
    bus_socket_close (rogue);
}

static void
malformed_envelope_is_answered_invalid (void **state)
{
    struct world *world = *state;
    struct bus_client *client =
        client_of (cert_of ("gateway"), world->peers, "intake", bus_server_endpoint (world->server));
    Padan__Request *request = query_of (11, "no such type!");
    client_send (client, request);
    RECEIVE_UNTIL (world, refused_malformed);
    Padan__Reply *reply = client_take (client, world->arena);
    assert_int_equal (reply->number, 11);
    assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_INVALID);
    assert_string_equal (reply->problem->code, "bus.malformed");
    bus_client_destroy (&client);
}

static void
own_identity_is_refused (void **state)
{
    struct world *world = *state;
    void *rogue = rogue_new (world, "gateway", "i am somebody");
    uint8_t bytes[512];
    size_t size = padan__request__pack (query_of (1, "padan.intake.v1.Get"), bytes);
    assert_true (zmq_send (rogue, bytes, size, 0) > 0);
    RECEIVE_UNTIL (world, refused_malformed);
    assert_alive (world);
    bus_socket_close (rogue);
}

static void
log_read_as (struct bus_client *client, uint64_t number, const char *follower)
{
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__LogRead read = PADAN__LOG_READ__INIT;
    Padan__LogFrom from = PADAN__LOG_FROM__INIT, *froms[] = { &from };
    from.partitions = ~UINT64_C (0);
    read.follower = (char *)follower;
    read.from = froms;
    read.n_from = 1;
    request.number = number;
    request.log_read = &read;
    client_send (client, &request);
}

static void
forged_service_name_is_refused (void **state)
{
    struct world *world = *state;
    struct bus_client *client =
        client_of (cert_of ("gateway"), world->peers, "intake", bus_server_endpoint (world->server));
    log_read_as (client, 1, "journal");
    RECEIVE_UNTIL (world, refused_claim);
    Padan__Reply *reply = client_take (client, world->arena);
    assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_FORBIDDEN);
    log_read_as (client, 2, "gatewayx");
    REPEAT_UNTIL (bus_server_stats (world->server).refused_claim == 2, 10, {
        struct bus_request ignored;
        struct err err;
        socket_wait (bus_server_socket (world->server), ZMQ_POLLIN, 20);
        bus_server_receive (world->server, world->arena, &ignored, &err);
    });
    log_read_as (client, 3, "gateway.sessions");
    assert_int_equal (server_take (world->server, world->arena).message->number, 3);
    bus_client_destroy (&client);
}

static void
withdrawn_key_is_refused_at_its_next_message (void **state)
{
    struct world *world = *state;
    struct bus_client *client =
        client_of (cert_of ("gateway"), world->peers, "intake", bus_server_endpoint (world->server));
    client_send (client, query_of (1, "padan.intake.v1.Get"));
    server_take (world->server, world->arena);
    char path[128];
    snprintf (path, sizeof path, "%s/public/gateway", keys_dir);
    assert_int_equal (unlink (path), 0);
    uint64_t generation = bus_peers_generation (world->peers);
    REPEAT_UNTIL (bus_peers_generation (world->peers) > generation, 5,
                  socket_wait (bus_server_socket (world->server), ZMQ_POLLIN, 20)); /* by the ZAP handler's thread */
    client_send (client, query_of (2, "padan.intake.v1.Get"));
    RECEIVE_UNTIL (world, refused_key);
    bus_client_destroy (&client);
}

static void
key_added_later_is_let_in (void **state)
{
    struct world *world = *state;
    struct bus_cert late = cert_of ("journal");
    struct bus_client *client = client_of (late, world->peers, "intake", bus_server_endpoint (world->server));
    client_send (client, query_of (5, "padan.intake.v1.Get"));
    assert_string_equal (server_take (world->server, world->arena).service, "journal");
    bus_client_destroy (&client);
}

static void
reply_to_a_peer_that_went_is_dropped (void **state)
{
    struct world *world = *state;
    struct bus_client *client =
        client_of (cert_of ("gateway"), world->peers, "intake", bus_server_endpoint (world->server));
    client_send (client, query_of (1, "padan.intake.v1.Get"));
    struct bus_request request = server_take (world->server, world->arena);
    bus_client_destroy (&client);
    Padan__Reply reply = reply_to (request.message);
    REPEAT_UNTIL (bus_server_reply (world->server, &request.peer, &reply) == RC_LOST, 10,
                  socket_wait (bus_server_socket (world->server), ZMQ_POLLIN, 20));
    assert_true (bus_server_stats (world->server).dropped_unreachable > 0);
}

static void
peer_that_does_not_read_never_blocks_us (void **state)
{
    struct world *world = *state;
    struct bus_client *client =
        client_of (cert_of ("gateway"), world->peers, "intake", bus_server_endpoint (world->server));
    client_send (client, query_of (1, "padan.intake.v1.Get"));
    struct bus_request request = server_take (world->server, world->arena);
    static uint8_t bulk[16 << 10];
    Padan__Reply reply = reply_to (request.message);
    reply.data = (ProtobufCBinaryData){ sizeof bulk, bulk };
    enum rc rc = RC_OK;
    for (unsigned i = 0; i < 10 * BUS_QUEUE && rc == RC_OK; i++)
        rc = bus_server_reply (world->server, &request.peer, &reply);
    assert_int_equal (rc, RC_BUSY);
    assert_int_equal (bus_server_stats (world->server).dropped_full, 1);
    bus_client_destroy (&client);
    assert_alive (world);
}

static void
reply_past_the_limit_is_not_sent (void **state)
{
    struct world *world = *state;
    struct bus_peer peer = { { 0 } };
    char *huge = calloc (1, BUS_REPLY_MAX + 1);
    assert_int_equal (bus_server_send (world->server, &peer, huge, BUS_REPLY_MAX + 1), RC_INTERNAL);
    free (huge);
}

/* Bytes that are not even ZMTP. */
static void
noise_on_the_port_is_survived (void **state)
{
    struct world *world = *state;
    unsigned port = 0;
    assert_int_equal (sscanf (bus_server_endpoint (world->server), "tcp://127.0.0.1:%u", &port), 1);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t)port) };
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    for (unsigned i = 0; i < 20; i++) {
        uint8_t noise[200];
        memset (noise, (int)(i * 13), sizeof noise);
        int fd = socket (AF_INET, SOCK_STREAM, 0);
        assert_int_equal (connect (fd, (struct sockaddr *)&address, sizeof address), 0);
        assert_true (write (fd, i == 0 ? (const void *)"GET / HTTP/1.1\r\n\r\n" : noise, i == 0 ? 18 : 200) > 0);
        close (fd);
    }
    assert_alive (world);
}

int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE (known_key_is_served),
        CASE (unknown_key_is_refused),
        CASE (peer_without_curve_is_refused),
        CASE (oversized_message_ends_only_its_connection),
        CASE (garbage_is_counted),
        CASE (malformed_envelope_is_answered_invalid),
        CASE (own_identity_is_refused),
        CASE (forged_service_name_is_refused),
        CASE (withdrawn_key_is_refused_at_its_next_message),
        CASE (key_added_later_is_let_in),
        CASE (reply_to_a_peer_that_went_is_dropped),
        CASE (peer_that_does_not_read_never_blocks_us),
        CASE (reply_past_the_limit_is_not_sent),
        CASE (noise_on_the_port_is_survived),
    };
    int failed = cmocka_run_group_tests_name ("bus server", tests, NULL, NULL);
    if (!failed) /* a failed test leaves sockets, for which this would wait */
        bus_context_end ();
    return failed;
}
