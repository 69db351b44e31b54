/* Dukcapil's client against sockets of the test's own: a service too slow for its time, and one
 * that counts who connects. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
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
round_open (struct round *round, int64_t timeout)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    struct err err;
    memset (round, 0, sizeof *round);
    round->arena = arena_new (16 << 20);
    round->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal (bind (round->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal (listen (round->listener, BACKLOG), 0);
    assert_int_equal (getsockname (round->listener, (struct sockaddr *)&address, &size), 0);
    snprintf (round->url, sizeof round->url, "http://127.0.0.1:%d", ntohs (address.sin_port));
    const struct dukcapil_settings settings = {
        .url = round->url,
        .office = (char *)"12-72/dinsos",
        .method = (char *)"CALL_VERIFY_BY_ELEMEN",
        .keys = (char *)"upper",
        .authority = (char *)"",
        .user = (char *)"demo",
        .password = (char *)"x",
        .address = (char *)"127.0.0.1",
        .timeout = timeout,
        .parallel = 1,
    };
    assert_int_equal (dukcapil_client_new (&settings, &round->client, &err), RC_OK);
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

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (question_whose_turn_does_not_come_waits_unsent),
        cmocka_unit_test (connection_is_kept_from_one_claim_to_the_next),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
