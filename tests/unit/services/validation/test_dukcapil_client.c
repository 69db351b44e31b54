/* Dukcapil's client against services of the test's own: too slow for its time, counting who connects, and with
 * certificates right and wrong. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "services/validation/dukcapil_client.h"
#include "tests/support/test.h"

enum { BACKLOG = 16 };

static const struct dukcapil_pair fields[] = { { .name = "NIK", .sent = "1272014101900001" } };

struct round {
    struct arena *arena;
    struct dukcapil_client *client;
    int listener;
    char url[64];
    int connections;
};

static void
client_open (struct round *round, char *authority, int64_t timeout)
{
    struct err err;
    const struct dukcapil_settings settings = {
        .url = round->url,
        .office = (char *)"12-72/dinsos",
        .method = (char *)"CALL_VERIFY_BY_ELEMEN",
        .keys = (char *)"upper",
        .authority = authority,
        .user = (char *)"demo",
        .password = (char *)"x",
        .address = (char *)"127.0.0.1",
        .timeout = timeout,
        .parallel = 1,
    };
    round->arena = arena_new (16 << 20);
    assert_int_equal (dukcapil_client_new (&settings, &round->client, &err), RC_OK);
}

static void
round_open (struct round *round, int64_t timeout)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    memset (round, 0, sizeof *round);
    round->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal (bind (round->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal (listen (round->listener, BACKLOG), 0);
    assert_int_equal (getsockname (round->listener, (struct sockaddr *)&address, &size), 0);
    snprintf (round->url, sizeof round->url, "http://127.0.0.1:%d", ntohs (address.sin_port));
    client_open (round, (char *)"", timeout);
}

static void
round_close (struct round *round)
{
    dukcapil_client_destroy (&round->client);
    close (round->listener);
    arena_destroy (&round->arena);
}

static void
round_ask (struct round *round, struct dukcapil_question *questions, size_t n, int64_t time)
{
    memset (questions, 0, n * sizeof *questions);
    for (size_t i = 0; i < n; i++)
        questions[i] = (struct dukcapil_question){ .fields = fields, .n_fields = 1, .threshold = 90 };
    dukcapil_client_ask (round->client, questions, n, clock_monotonic () + time, round->arena);
}

/* The kernel takes connections that nobody accepts: a service that never answers. */
static void
question_whose_turn_does_not_come_waits_unsent (void **state)
{
    struct dukcapil_question questions[3];
    struct round round;
    round_open (&round, 3 * CLOCK_SECOND);
    round_ask (&round, questions, 3, 2 * CLOCK_SECOND);
    assert_string_equal (questions[0].why, "timeout");
    for (int i = 1; i < 3; i++) {
        assert_int_equal (questions[i].class, DUKCAPIL_WAIT);
        assert_string_equal (questions[i].why, "belum giliran");
    }
    round_ask (&round, questions, 1, 0);
    assert_string_equal (questions[0].why, "belum giliran");
    assert_int_equal (dukcapil_client_pause (round.client), 0); /* and is nobody's failure */
    round_close (&round);
}

/* Answers every question on a connection until its other side closes it; counts the connections. */
static void *
answer_thread (void *self)
{
    static const char body[] = "{\"content\":[{\"NIK\":\"Sesuai\"}]}";
    struct round *round = self;
    for (int connection; (connection = accept (round->listener, NULL, NULL)) >= 0; close (connection)) {
        char text[4096], answer[256];
        round->connections++;
        int size =
            snprintf (answer, sizeof answer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen (body), body);
        ssize_t got;
        for (size_t used = 0; (got = read (connection, text + used, sizeof text - 1 - used)) > 0;) {
            used += (size_t)got;
            text[used] = '\0';
            if (!strchr (text, '}')) /* the question's end */
                continue;
            assert_int_equal (write (connection, answer, (size_t)size), size);
            used = 0;
        }
    }
    return NULL;
}

static void
connection_is_kept_from_one_claim_to_the_next (void **state)
{
    struct dukcapil_question questions[2];
    struct round round;
    pthread_t thread;
    round_open (&round, 10 * CLOCK_SECOND);
    assert_int_equal (pthread_create (&thread, NULL, answer_thread, &round), 0);
    for (int i = 0; i < 3; i++) {
        round_ask (&round, questions, 2, 10 * CLOCK_SECOND);
        assert_int_equal (questions[0].class, DUKCAPIL_VERDICT);
        assert_int_equal (questions[1].class, DUKCAPIL_VERDICT);
    }
    dukcapil_client_destroy (&round.client);
    shutdown (round.listener, SHUT_RDWR);
    pthread_join (thread, NULL);
    assert_int_equal (round.connections, 1);
    round_close (&round);
}

static char folder[64];

static char *
path_of (const char *name)
{
    static char paths[4][96];
    static size_t next;
    char *path = paths[next++ % 4];
    snprintf (path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

/* A certificate with its key, that vouches for itself. */
static void
certificate_make (const char *name, const char *of)
{
    char command[512];
    snprintf (
        command, sizeof command,
        "umask 077; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=uji "
        "-addext subjectAltName=IP:%s -keyout %s -out %s.crt 2>/dev/null && cat %s.crt >>%s",
        of, path_of (name), path_of (name), path_of (name), path_of (name));
    child_run ((const char *const[]){ "/bin/sh", "-c", command, NULL }, 20000);
}

/* argv: certificate with key, file for the port. */
static const char tls_service[] = "import http.server, os, ssl, sys\n"
                                  "class Handler(http.server.BaseHTTPRequestHandler):\n"
                                  "    def do_POST(self):\n"
                                  "        self.rfile.read(int(self.headers['Content-Length']))\n"
                                  "        self.send_response(200)\n"
                                  "        self.end_headers()\n"
                                  "        self.wfile.write(b'{\"content\":[{\"NIK\":\"Sesuai\"}]}')\n"
                                  "    def log_message(self, *args):\n"
                                  "        pass\n"
                                  "server = http.server.HTTPServer(('127.0.0.1', 0), Handler)\n"
                                  "context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n"
                                  "context.load_cert_chain(sys.argv[1])\n"
                                  "server.socket = context.wrap_socket(server.socket, server_side=True)\n"
                                  "with open(sys.argv[2] + '.new', 'w') as file:\n"
                                  "    file.write('%d' % server.server_address[1])\n"
                                  "os.rename(sys.argv[2] + '.new', sys.argv[2])\n"
                                  "server.serve_forever()\n";

static int
port_in (const char *path)
{
    FILE *file = fopen (path, "r");
    int port = 0;
    if (file && fscanf (file, "%d", &port) != 1)
        port = 0;
    if (file)
        fclose (file);
    return port;
}

static enum dukcapil_class
asked_over_tls (const char *certificate, char *authority, bool *ret_refused)
{
    struct dukcapil_question question;
    struct round round = { .listener = -1 };
    char why[64], *port = path_of ("port");
    unlink (port);
    CHILD_AUTO struct child *child =
        child_spawn ((const char *const[]){ "/usr/bin/python3", "-c", tls_service, path_of (certificate), port, NULL });
    WAIT_UNTIL (port_in (port) > 0, 20000);
    snprintf (round.url, sizeof round.url, "https://127.0.0.1:%d", port_in (port));
    client_open (&round, authority, 10 * CLOCK_SECOND);
    round_ask (&round, &question, 1, 10 * CLOCK_SECOND);
    *ret_refused = dukcapil_client_refused (round.client, why, sizeof why);
    dukcapil_client_destroy (&round.client);
    arena_destroy (&round.arena);
    return question.class;
}

/* A NIK goes to nobody who cannot show that they are the service; that is for an administrator and not for waiting. */
static void
certificate_is_held_to_the_authority (void **state)
{
    bool refused;
    snprintf (folder, sizeof folder, "/tmp/padan-dukcapil-XXXXXX");
    assert_non_null (mkdtemp (folder));
    certificate_make ("service", "127.0.0.1");
    certificate_make ("other", "127.0.0.1");
    certificate_make ("elsewhere", "127.0.0.2");
    assert_int_equal (asked_over_tls ("service", path_of ("service.crt"), &refused), DUKCAPIL_VERDICT);
    assert_false (refused);
    const struct {
        const char *certificate, *authority;
    } wrong[] = {
        { "service", "" },                     /* the system's */
        { "service", "other.crt" },            /* made by somebody else */
        { "elsewhere", "elsewhere.crt" },      /* of another address */
        { "service", "nothing/is/there.crt" }, /* a file that cannot be read */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char *authority = wrong[i].authority[0] ? path_of (wrong[i].authority) : (char *)"";
        assert_int_equal (asked_over_tls (wrong[i].certificate, authority, &refused), DUKCAPIL_SETUP);
        assert_true (refused);
    }
    child_run ((const char *const[]){ "rm", "-rf", folder, NULL }, 10000);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (question_whose_turn_does_not_come_waits_unsent),
        cmocka_unit_test (connection_is_kept_from_one_claim_to_the_next),
        cmocka_unit_test (certificate_is_held_to_the_authority),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
