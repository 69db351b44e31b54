#include "tests/service/bus/fixture.h"
#include "common/bus/context.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>

extern char **environ;

struct world {
    struct bus_peers *peers;
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
    world.arena = arena_new (16 << 20);
    *state = &world;
    return 0;
}

static int
teardown (void **state)
{
    struct world *world = *state;
    bus_peers_destroy (&world->peers);
    arena_destroy (&world->arena);
    keys_dir_remove ();
    return 0;
}

static void
answer_next (struct bus_server *server, struct arena *arena)
{
    struct bus_request request = server_take (server, arena);
    Padan__Reply reply = reply_to (request.message);
    assert_int_equal (bus_server_reply (server, &request.peer, &reply), RC_OK);
}

static void
requests_go_round_the_instances (void **state)
{
    struct world *world = *state;
    struct bus_server *servers[2] = { server_of ("intake", world->peers), server_of ("intake", world->peers) };
    char endpoints[2 * BUS_ENDPOINT];
    snprintf (endpoints, sizeof endpoints, "%s,%s", bus_server_endpoint (servers[0]), bus_server_endpoint (servers[1]));
    struct bus_client *client = client_of (cert_of ("gateway"), world->peers, "intake", endpoints);
    REPEAT_UNTIL (bus_server_stats (servers[0]).handshakes && bus_server_stats (servers[1]).handshakes, 10,
                  socket_wait (bus_client_socket (client), ZMQ_POLLIN, 20));
    unsigned taken[2] = { 0 };
    uint64_t number = 0;
    REPEAT_UNTIL (taken[0] >= 5 && taken[1] >= 5, 10, {
        struct bus_request request;
        struct err err;
        client_send (client, query_of (++number, "padan.intake.v1.Get"));
        for (unsigned i = 0; i < 2; i++) {
            socket_wait (bus_server_socket (servers[i]), ZMQ_POLLIN, 20);
            taken[i] += bus_server_receive (servers[i], world->arena, &request, &err) == RC_OK;
        }
    });
    /* one goes; what is sent from then on reaches the other */
    bus_server_destroy (&servers[0]);
    unsigned alone = 0;
    REPEAT_UNTIL (alone >= 5, 10, {
        struct bus_request request;
        struct err err;
        client_send (client, query_of (++number, "padan.intake.v1.Get"));
        socket_wait (bus_server_socket (servers[1]), ZMQ_POLLIN, 20);
        alone += bus_server_receive (servers[1], world->arena, &request, &err) == RC_OK;
    });
    bus_client_destroy (&client);
    bus_server_destroy (&servers[1]);
}

static void
unreachable_service_is_busy (void **state)
{
    struct world *world = *state;
    struct err err;
    struct bus_client *client = client_of (cert_of ("gateway"), world->peers, "intake", "tcp://127.0.0.1:1");
    assert_int_equal (bus_client_send (client, query_of (1, "padan.intake.v1.Get"), &err), RC_BUSY);
    assert_string_equal (err.code, "bus.busy");
    bus_client_destroy (&client);
}

static void
service_without_a_key_is_refused (void **state)
{
    struct world *world = *state;
    struct err err;
    struct bus_cert cert = cert_of ("gateway");
    assert_null (bus_client_new (&cert, world->peers, "approval", "tcp://127.0.0.1:1", &err));
    assert_int_equal (err.rc, RC_NOT_FOUND);
    assert_null (bus_client_new (&cert, world->peers, "intake", "", &err));
    assert_null (bus_client_new (&cert, world->peers, "intake", "nonsense", &err));
    assert_int_equal (err.rc, RC_INVALID);
}

static void
restarted_service_is_found_again (void **state)
{
    struct world *world = *state;
    struct err err;
    char endpoint[BUS_ENDPOINT];
    struct bus_server *server = server_of ("intake", world->peers);
    snprintf (endpoint, sizeof endpoint, "%s", bus_server_endpoint (server));
    struct bus_client *client = client_of (cert_of ("gateway"), world->peers, "intake", endpoint);
    client_send (client, query_of (1, "padan.intake.v1.Get"));
    answer_next (server, world->arena);
    assert_int_equal (client_take (client, world->arena)->number, 1);
    bus_server_destroy (&server);
    struct bus_cert cert = cert_of ("intake");
    REPEAT_UNTIL (server = bus_server_new (&cert, world->peers, endpoint, &err), 10,
                  socket_wait (bus_client_socket (client), ZMQ_POLLIN, 20));
    REPEAT_UNTIL (bus_server_stats (server).handshakes > 0, 10,
                  socket_wait (bus_client_socket (client), ZMQ_POLLIN, 20));
    client_send (client, query_of (2, "padan.intake.v1.Get"));
    answer_next (server, world->arena);
    assert_int_equal (client_take (client, world->arena)->number, 2);
    bus_client_destroy (&client);
    bus_server_destroy (&server);
}

/* A client asks with either key while a service changes its own. */
static void
key_change_interrupts_nobody (void **state)
{
    struct world *world = *state;
    struct err err;
    char endpoint[BUS_ENDPOINT];
    struct bus_server *server = server_of ("intake", world->peers);
    snprintf (endpoint, sizeof endpoint, "%s", bus_server_endpoint (server));
    struct bus_client *client = client_of (cert_of ("gateway"), world->peers, "intake", endpoint);

    assert_int_equal (keys_generate_next (keys_dir, "intake", &err), RC_OK);
    REPEAT_UNTIL (bus_peers_generation (world->peers) > 1, 5, bus_peers_refresh (world->peers));
    client_send (client, query_of (1, "padan.intake.v1.Get"));
    answer_next (server, world->arena);
    assert_int_equal (client_take (client, world->arena)->number, 1);

    assert_int_equal (keys_promote (keys_dir, "intake", &err), RC_OK);
    bus_server_destroy (&server);
    struct bus_cert changed = cert_of ("intake");
    REPEAT_UNTIL (server = bus_server_new (&changed, world->peers, endpoint, &err), 10,
                  socket_wait (bus_client_socket (client), ZMQ_POLLIN, 20));
    REPEAT_UNTIL (bus_server_stats (server).handshakes > 0, 10,
                  socket_wait (bus_client_socket (client), ZMQ_POLLIN, 20));
    client_send (client, query_of (2, "padan.intake.v1.Get"));
    answer_next (server, world->arena);
    assert_int_equal (client_take (client, world->arena)->number, 2);

    uint64_t generation = bus_peers_generation (world->peers);
    assert_int_equal (keys_retire (keys_dir, "intake", &err), RC_OK);
    REPEAT_UNTIL (bus_peers_generation (world->peers) > generation, 5, bus_peers_refresh (world->peers));
    client_send (client, query_of (3, "padan.intake.v1.Get"));
    answer_next (server, world->arena);
    assert_int_equal (client_take (client, world->arena)->number, 3);
    bus_client_destroy (&client);
    bus_server_destroy (&server);
}

/* libzmq ends a connection for good when something else answers; ours comes back. */
static void
port_of_somebody_else_is_left_again (void **state)
{
    struct world *world = *state;
    struct err err;
    char endpoint[BUS_ENDPOINT];
    struct sockaddr_in address = { .sin_family = AF_INET };
    socklen_t size = sizeof address;
    int on = 1, listener = socket (AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    setsockopt (listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    assert_int_equal (bind (listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal (listen (listener, 10), 0);
    assert_int_equal (getsockname (listener, (struct sockaddr *)&address, &size), 0);
    snprintf (endpoint, sizeof endpoint, "tcp://127.0.0.1:%u", ntohs (address.sin_port));
    struct bus_client *client = client_of (cert_of ("gateway"), world->peers, "intake", endpoint);
    int connection = accept (listener, NULL, NULL);
    static const char answer[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    assert_true (write (connection, answer, sizeof answer - 1) > 0);
    char ignored[256];
    while (read (connection, ignored, sizeof ignored) > 0)
        ;
    close (connection);
    close (listener);
    struct bus_cert cert = cert_of ("intake");
    struct bus_server *server = NULL;
    REPEAT_UNTIL (server = bus_server_new (&cert, world->peers, endpoint, &err), 10,
                  socket_wait (bus_client_socket (client), ZMQ_POLLIN, 20));
    client_send (client, query_of (1, "padan.intake.v1.Get"));
    answer_next (server, world->arena);
    assert_int_equal (client_take (client, world->arena)->number, 1);
    bus_client_destroy (&client);
    bus_server_destroy (&server);
}

/* ---- half-open: the peer is another process that is stopped ---- */

static char own_path[512];

/* This program again, as a server or client of its own; returns its id and the read end of its output. */
static pid_t
peer_start (const char *role, const char *endpoint, int *ret_output)
{
    int output[2];
    pid_t pid;
    posix_spawn_file_actions_t actions;
    char *arguments[] = { own_path, (char *)role, keys_dir, (char *)endpoint, NULL };
    assert_int_equal (pipe2 (output, O_CLOEXEC), 0);
    posix_spawn_file_actions_init (&actions);
    posix_spawn_file_actions_adddup2 (&actions, output[1], STDOUT_FILENO);
    assert_int_equal (posix_spawn (&pid, own_path, &actions, NULL, arguments, environ), 0);
    posix_spawn_file_actions_destroy (&actions);
    close (output[1]);
    *ret_output = output[0];
    return pid;
}

static void
peer_end (pid_t pid, int output)
{
    kill (pid, SIGKILL);
    waitpid (pid, NULL, 0);
    close (output);
}

static int
peer_server (void)
{
    struct bus_peers *peers = peers_of_dir ();
    struct bus_server *server = server_of ("intake", peers);
    struct arena *arena = arena_new (1 << 20);
    printf ("%s\n", bus_server_endpoint (server));
    fflush (stdout);
    for (int64_t end = deadline_in (60); clock_monotonic () < end; arena_reset (arena)) {
        struct bus_request request;
        struct err err;
        socket_wait (bus_server_socket (server), ZMQ_POLLIN, 1000);
        if (bus_server_receive (server, arena, &request, &err) == RC_OK) {
            Padan__Reply reply = reply_to (request.message);
            bus_server_reply (server, &request.peer, &reply);
        }
    }
    return 0;
}

static int
peer_client (const char *endpoint)
{
    struct err err;
    struct bus_peers *peers = peers_of_dir ();
    struct bus_client *client = client_of (cert_of ("gateway"), peers, "intake", endpoint);
    for (int64_t end = deadline_in (60); clock_monotonic () < end;) {
        socket_wait (bus_client_socket (client), ZMQ_POLLOUT, 1000);
        if (bus_client_send (client, query_of (1, "padan.intake.v1.Get"), &err) == RC_OK)
            break;
    }
    zmq_pollitem_t item = { .socket = bus_client_socket (client), .events = 0 };
    zmq_poll (&item, 1, 60000);
    return 0;
}

static void
stopped_server_is_noticed (void **state)
{
    struct world *world = *state;
    struct err err;
    char endpoint[BUS_ENDPOINT];
    int output;
    pid_t pid = peer_start ("server", "", &output);
    FILE *lines = fdopen (dup (output), "r");
    assert_non_null (fgets (endpoint, sizeof endpoint, lines));
    fclose (lines);
    endpoint[strcspn (endpoint, "\n")] = '\0';
    struct bus_client *client = client_of (cert_of ("gateway"), world->peers, "intake", endpoint);
    client_send (client, query_of (1, "padan.intake.v1.Get"));
    assert_int_equal (client_take (client, world->arena)->number, 1);
    kill (pid, SIGSTOP);
    int64_t stopped = clock_monotonic ();
    REPEAT_UNTIL (bus_client_send (client, query_of (2, "padan.intake.v1.Get"), &err) == RC_BUSY, 10,
                  socket_wait (bus_client_socket (client), ZMQ_POLLIN, 100));
    int64_t span = clock_monotonic () - stopped;
    assert_true (span > CLOCK_SECOND); /* by heartbeats, not because it never worked */
    kill (pid, SIGCONT);
    client_send (client, query_of (3, "padan.intake.v1.Get"));
    while (client_take (client, world->arena)->number != 3)
        ;
    bus_client_destroy (&client);
    peer_end (pid, output);
}

static void
stopped_client_is_noticed (void **state)
{
    struct world *world = *state;
    int output;
    struct bus_server *server = server_of ("intake", world->peers);
    pid_t pid = peer_start ("client", bus_server_endpoint (server), &output);
    struct bus_request request = server_take (server, world->arena);
    Padan__Reply reply = reply_to (request.message);
    assert_int_equal (bus_server_reply (server, &request.peer, &reply), RC_OK);
    kill (pid, SIGSTOP);
    REPEAT_UNTIL (bus_server_reply (server, &request.peer, &reply) == RC_LOST, 10,
                  socket_wait (bus_server_socket (server), ZMQ_POLLIN, 100));
    peer_end (pid, output);
    bus_server_destroy (&server);
}

int
main (int argc, char **argv)
{
    if (argc == 4) {
        snprintf (keys_dir, sizeof keys_dir, "%s", argv[2]); /* the parent removes it */
        return strcmp (argv[1], "server") == 0 ? peer_server () : peer_client (argv[3]);
    }
    if (readlink ("/proc/self/exe", own_path, sizeof own_path - 1) < 0)
        return 1;
#define CASE(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE (requests_go_round_the_instances),  CASE (unreachable_service_is_busy),
        CASE (service_without_a_key_is_refused), CASE (restarted_service_is_found_again),
        CASE (key_change_interrupts_nobody),     CASE (port_of_somebody_else_is_left_again),
        CASE (stopped_server_is_noticed),        CASE (stopped_client_is_noticed),
    };
    int failed = cmocka_run_group_tests_name ("bus client", tests, NULL, NULL);
    if (!failed) /* a failed test leaves sockets, for which this would wait */
        bus_context_end ();
    return failed;
}
