/* The server as a client of any manners sees it. */
#include "common/http/server.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>

#include "tests/service/http/client.h"

enum { LATE_MAX = 1024 };

static struct http_server *server;
static uint16_t port;
static struct http_request *waiting[LATE_MAX]; /* handed over and not answered */
static atomic_size_t waiting_count;
static pthread_mutex_t waiting_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int done_count, done_unsent, done_refused;

static void
respond_text (struct http_request *request, int status, const char *text)
{
    http_respond (request, &(struct http_response){ .status = status, .body = text, .body_size = strlen (text) });
}

static void
on_echo (struct http_request *request)
{
    http_respond (request, &(struct http_response){ .content_type = request->content_type,
                                                    .etag = "\"7\"",
                                                    .location = "/v1/x",
                                                    .body = request->body,
                                                    .body_size = request->body_size });
}

static void
on_show (struct http_request *request)
{
    char text[512];
    const char *after = http_query (request, "after"), *key = request->idempotency_key;
    snprintf (text, sizeof text, "%s|%s|%s|%s|%s", http_param (request, "id"), after ? after : "-", key ? key : "-",
              request->path, request->peer);
    respond_text (request, 200, text);
}

static void
on_later (struct http_request *request)
{
    pthread_mutex_lock (&waiting_lock);
    waiting[waiting_count++] = request;
    pthread_mutex_unlock (&waiting_lock);
}

static void
on_error (struct http_request *request)
{
    struct err err = { 0 };
    err_code (&err, RC_UNPROCESSABLE, "test.nik", "/nik", "for operators only");
    http_respond_err (request, &err);
}

static void
on_busy (struct http_request *request)
{
    struct err err = { 0 };
    err_set (&err, RC_BUSY, "full");
    http_respond_err (request, &err);
}

static void
on_file (struct http_request *request)
{
    int fd = memfd_create ("file", MFD_CLOEXEC);
    assert_int_equal (write (fd, "0123456789", 10), 10);
    http_respond_file (request, &(struct http_response){ .content_type = "text/plain" }, fd, 2, 5);
}

static bool
admit (void *user, struct http_request *request)
{
    if (!request->authorization || strcmp (request->authorization, "Bearer no"))
        return true;
    http_respond_problem (request, &(struct http_problem){ .rc = RC_UNAUTHENTICATED });
    return false;
}

static void
done (void *user, const struct http_request *request, int status, int64_t microseconds)
{
    atomic_fetch_add (status ? &done_count : &done_unsent, 1);
    if (request->refusal && !strcmp (request->refusal, "http.not_found"))
        atomic_fetch_add (&done_refused, 1);
}

static const struct http_route routes[] = {
    { "POST", "/echo", on_echo, NULL, 100000, "application/json text/plain" },
    { "GET", "/show/{id}", on_show, .query = "after limit" },
    { "POST", "/later", on_later, NULL, 1000 },
    { "POST", "/hurry", on_later, NULL, 1000, .time = 200000 },
    { "GET", "/error", on_error },
    { "GET", "/busy", on_busy },
    { "GET", "/file", on_file },
};
static const struct http_problem_row problems[] = { { "test.nik", 422, "NIK tidak sah.", "The NIK is not valid." } };

static struct http_config
config_make (void)
{
    return (struct http_config){ .head_time = 700000,
                                 .body_time = 700000,
                                 .min_rate = 1000000,
                                 .idle_time = 20 * CLOCK_SECOND,
                                 .routes = routes,
                                 .route_count = sizeof routes / sizeof *routes,
                                 .problems = problems,
                                 .problem_count = 1,
                                 .admit = admit,
                                 .done = done };
}

static int
start (void **state)
{
    struct err err = { 0 };
    const struct http_config config = config_make ();
    atomic_store (&waiting_count, 0);
    if (http_server_start (&config, &server, &err))
        fail_msg ("%s", err.text);
    port = http_server_port (server);
    return 0;
}

static int
stop (void **state)
{
    http_server_stop (&server, 0);
    return server != NULL;
}

#define GET(path)        "GET " path " HTTP/1.1\r\nHost: a\r\n\r\n"
#define HEAD_OF(rest)    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n" rest
#define ASK(text)        client_ask (port, text)
#define HAS(answer, str) assert_non_null (strcasestr ((answer)->text, str))

static void
test_an_ordinary_answer (void **state)
{
    struct answer *answer = ASK (HEAD_OF ("Content-Length: 5\r\n\r\nhello"));
    assert_int_equal (answer->status, 200);
    assert_string_equal (answer->body, "hello");
    HAS (answer, "\r\nETag: \"7\"\r\n");
    HAS (answer, "\r\nLocation: /v1/x\r\n");
    HAS (answer, "\r\nCache-Control: no-store\r\n");
    HAS (answer, "\r\nX-Content-Type-Options: nosniff\r\n");
    HAS (answer, "\r\nContent-Type: text/plain\r\n");
    answer = ASK (HEAD_OF ("Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"));
    assert_string_equal (answer->body, "hello");
}

static void
test_parameters_reach_the_handler (void **state)
{
    struct answer *answer =
        ASK ("GET /show/kota%20kediri?after=a%2Bb HTTP/1.1\r\nHost: a\r\nidempotency-KEY: k1\r\n\r\n");
    assert_string_equal (answer->body, "kota kediri|a+b|k1|/show/kota%20kediri|127.0.0.1");
    answer = ASK ("HEAD /show/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert_int_equal (answer->status, 200);
    assert_int_equal (answer->body_size, 0);
}

static void
test_a_connection_is_kept (void **state)
{
    int fd = client_open (port);
    for (int i = 0; i < 20; i++) {
        client_say (fd, i % 2 ? GET ("/nowhere") : HEAD_OF ("Content-Length: 2\r\n\r\nab"));
        struct answer *answer = client_read (fd, 10000);
        assert_int_equal (answer->status, i % 2 ? 404 : 200);
        assert_false (answer->closed);
    }
    close (fd);
}

static void
test_refusals_have_a_code (void **state)
{
    static const struct {
        const char *text;
        int status;
        const char *code;
    } cases[] = {
        { GET ("/nowhere"), 404, "http.not_found" },
        { GET ("/echo"), 405, "http.method_refused" },
        { GET ("/show/a?befor=1"), 400, "http.query_unknown" },
        { GET ("/show/a?after=1&after=1"), 400, "http.query_double" },
        { GET ("/show/%00"), 400, "http.target_malformed" },
        { GET ("/show/a%2Fb"), 400, "http.target_malformed" },
        { GET ("/show/%2e%2e/x"), 400, "http.target_malformed" },
        { GET ("/show/%C0%AF"), 400, "http.target_malformed" },
        { GET ("http://a/show/x"), 400, "http.target_malformed" },
        { "GET /show/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "http.header_double" },
        { "GET /show/x HTTP/1.1\r\nHost: a@b\r\n\r\n", 400, "http.host_malformed" },
        { "GET /show/x HTTP/1.1\r\nHost: a\r\nX-A : v\r\n\r\n", 400, "http.header_malformed" },
        { "GET /show/x HTTP/1.1\r\nHost: a\r\nX-A: v\r\n folded\r\n\r\n", 400, "http.header_malformed" },
        { "GET /show/x HTTP/1.1\r\nHost: a\r\nX-A: v\r\n\tfolded\r\nX-B: v\r\n\r\n", 400, "http.header_malformed" },
        { "GET /show/x HTTP/1.1\r\nHost: a\r\nX-A: v\x01\r\n\r\n", 400, "http.header_malformed" },
        { HEAD_OF ("Authorization: a\r\nAuthorization: b\r\nContent-Length: 1\r\n\r\na"), 400, "http.header_double" },
        { HEAD_OF ("Content-Length: 1\r\nContent-Length: 1\r\n\r\na"), 400, "http.header_double" },
        { HEAD_OF ("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400, "http.length_ambiguous" },
        { HEAD_OF ("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 400, "http.coding_unknown" },
        { HEAD_OF ("Transfer-Encoding: chunked\r\n ,x\r\n\r\n0\r\n\r\n"), 400, "http.header_malformed" },
        { "GET /show/x HTTP/1.1\r\nHost: a\nX-A: v\r\n\r\n", 400, "http.header_malformed" },
        { HEAD_OF ("Content-Length: 1\r\nX-A: v\n\r\na"), 400, "http.header_malformed" },
        { HEAD_OF ("Content-Length: 1\r\nX-A: v\r\n\na"), 400, "http.header_malformed" },
        { HEAD_OF ("Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\na"), 415, "http.content_coding" },
        { "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: text/html\r\nContent-Length: 1\r\n\r\na", 415,
          "http.media_type" },
        { HEAD_OF ("Content-Length: 100001\r\nExpect: 100-continue\r\n\r\n"), 413, "http.body_too_large" },
        { "GET /show/x HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na", 400, "http.body_unexpected" },
        { HEAD_OF ("Authorization: Bearer no\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"), 401,
          "rc.unauthenticated" },
        { GET ("/error"), 422, "test.nik" },
        { GET ("/busy"), 503, "rc.busy" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer *answer = ASK (cases[i].text);
        char code[80];
        snprintf (code, sizeof code, "\"code\":\"%s\"", cases[i].code);
        if (answer->status != cases[i].status || !strstr (answer->text, code) ||
            !strstr (answer->text, "application/problem+json"))
            fail_msg ("%s → %d, %s", cases[i].text, answer->status, answer->text);
    }
}

/* Refused by libmicrohttpd itself, or cut: what matters is that no handler sees it. */
static void
test_broken_framing_reaches_no_handler (void **state)
{
    static const char *const cases[] = {
        "GET /show/x HTTP/1.1\r\n\r\n",
        "GET /show/x HTTP/1.1\r\nHost a\r\n\r\n",
        HEAD_OF ("Content-Length: +1\r\n\r\na"),
        HEAD_OF ("Content-Length: 1, 1\r\n\r\na"),
        HEAD_OF ("Content-Length: 99999999999999999999999\r\n\r\na"),
        HEAD_OF ("Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n"),
        HEAD_OF ("Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na\r\n0\r\n\r\n"),
        "GET /show/x y HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET  /show/x HTTP/1.1 \r\nHost: a\r\n\r\n",
        "GET /show/x\r\n\r\n",
        "\x16\x03\x01\x02\x01\x01\x02\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct answer *answer = ASK (cases[i]);
        if (answer->status && (answer->status < 400 || answer->status > 499))
            fail_msg ("%s → %s", cases[i], answer->text);
    }
#define ZERO(text)                                                                                                     \
    {                                                                                                                  \
        text, sizeof text - 1                                                                                          \
    }
    static const struct {
        const char *text;
        size_t size;
    } zeros[] = {
        ZERO ("GET /show/x\0y HTTP/1.1\r\nHost: a\r\n\r\n"),
        ZERO ("GET /show/x HTTP/1.1\r\nHost: a\r\nX-A: v\0w\r\n\r\n"),
        ZERO ("GET /show/x HTTP/1.1\r\nHost: a\0\r\nX-A: v\r\n\r\n"),
        ZERO ("GET /show/x HTTP/1.1\r\nHost: a\0\0\0\0\0\0@b\r\nX-A: v\r\n\r\n"),
        ZERO ("GET /show/x HTTP/1.1\r\nHost: a\r\nX-A: v\0\0w\r\n\r\n"),
    };
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
        int fd = client_open (port);
        client_send (fd, zeros[i].text, zeros[i].size);
        if (client_read (fd, 10000)->status != 400)
            fail_msg ("zero %zu", i);
        close (fd);
    }
    assert_int_equal (ASK ("GET /show/x HTTP/1.1\r\nHost:\ta\r\nX-A: v  \r\nX-B:\r\nX-C: \t \r\n\r\n")->status, 200);
}

static void
test_oversized_heads (void **state)
{
    static char text[80000];
    size_t size = (size_t)sprintf (text, "GET /show/x HTTP/1.1\r\nHost: a\r\nX-A: ");
    memset (text + size, 'a', 40000);
    strcpy (text + size + 40000, "\r\n\r\n");
    int status = ASK (text)->status;
    assert_true (status == 431 || status == 413);
    size = (size_t)sprintf (text, "GET /show/x HTTP/1.1\r\nHost: a\r\n");
    for (int i = 0; i < 70; i++)
        size += (size_t)sprintf (text + size, "X-%d: a\r\n", i);
    strcpy (text + size, "\r\n");
    assert_int_equal (ASK (text)->status, 431);
    size = (size_t)sprintf (text, "GET /show/");
    memset (text + size, 'a', 3000);
    strcpy (text + size + 3000, " HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal (ASK (text)->status, 414);
}

static void
test_large_bodies (void **state)
{
    static char text[310000];
    size_t head = (size_t)sprintf (text, HEAD_OF ("Content-Length: 100000\r\n\r\n"));
    memset (text + head, 'a', 300000);
    int fd = client_open (port);
    client_send (fd, text, head + 100000);
    struct answer *answer = client_read (fd, 10000);
    assert_int_equal (answer->status, 200);
    assert_int_equal (answer->body_size, 100000);
    /* Sent without waiting: read to its end, answered, and the connection lives on. */
    head = (size_t)sprintf (text, HEAD_OF ("Content-Length: 300000\r\n\r\n"));
    text[head] = 'a';
    client_send (fd, text, head + 300000);
    assert_int_equal (client_read (fd, 10000)->status, 413);
    head = (size_t)sprintf (text, HEAD_OF ("Transfer-Encoding: chunked\r\n\r\n%x\r\n"), 200000);
    text[head] = 'a';
    client_send (fd, text, head + 200000);
    client_say (fd, "\r\n0\r\n\r\n");
    assert_int_equal (client_read (fd, 10000)->status, 413);
    client_say (fd, GET ("/show/a"));
    assert_int_equal (client_read (fd, 10000)->status, 200);
    close (fd);
}

static void
test_100_continue (void **state)
{
    int fd = client_open (port);
    client_say (fd, HEAD_OF ("Content-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
    assert_int_equal (client_read (fd, 10000)->status, 100);
    client_say (fd, "ab");
    assert_string_equal (client_read (fd, 10000)->body, "ab");
    close (fd);
}

static void
test_languages_are_negotiated (void **state)
{
    struct answer *answer = ASK (GET ("/error"));
    HAS (answer, "\r\nContent-Language: id\r\n");
    HAS (answer, "\r\nVary: Accept-Language\r\n");
    HAS (answer, "\"detail\":\"NIK tidak sah.\"");
    HAS (answer, "\"pointer\":\"/nik\"");
    assert_null (strstr (answer->text, "operators"));
    answer = ASK ("GET /error HTTP/1.1\r\nHost: a\r\nAccept-Language: id;q=0.1, en\r\n\r\n");
    HAS (answer, "\r\nContent-Language: en\r\n");
    HAS (answer, "The NIK is not valid.");
    HAS (ASK (GET ("/busy")), "\r\nRetry-After: 2\r\n");
    HAS (ASK (GET ("/echo")), "\r\nAllow: POST\r\n");
}

static void
test_files (void **state)
{
    struct answer *answer = ASK (GET ("/file"));
    assert_string_equal (answer->body, "23456");
    HAS (answer, "\r\nContent-Type: text/plain\r\n");
}

static void
test_trickling_clients_are_cut (void **state)
{
    client_trickle (client_open (port),
                    "GET /show/x HTTP/1.1\r\nHost: a\r\nX-A: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                    3000000);
    client_trickle (client_open (port),
                    "GET /show/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 3000000);
    int fd = client_open (port); /* the second request of a connection too */
    client_say (fd, GET ("/show/a"));
    assert_int_equal (client_read (fd, 10000)->status, 200);
    client_say (fd, "GET /show/a HTTP/1.1\r\n");
    assert_int_equal (client_read (fd, 5000)->status, 0);
    close (fd);
    fd = client_open (port);
    client_say (fd, HEAD_OF ("Content-Length: 2000\r\n\r\naaaa"));
    struct answer *answer = client_read (fd, 5000);
    assert_int_equal (answer->status, 0);
    assert_true (answer->closed);
    close (fd);
    assert_int_equal (ASK (GET ("/show/a"))->status, 200);
}

static struct http_request *
take_waiting (size_t index)
{
    WAIT_UNTIL (atomic_load (&waiting_count) > index, 10000);
    pthread_mutex_lock (&waiting_lock);
    struct http_request *request = waiting[index];
    pthread_mutex_unlock (&waiting_lock);
    return request;
}

#define LATER(path) "POST " path " HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"

static void
test_answers_come_from_other_threads (void **state)
{
    enum { COUNT = 300 };
    int fds[COUNT];
    for (int i = 0; i < COUNT; i++) {
        fds[i] = client_open (port);
        client_say (fds[i], LATER ("/later"));
    }
    for (int i = COUNT; i-- > 0;) {
        struct http_request *request = take_waiting ((size_t)i);
        assert_int_equal (request->body_size, 3);
        assert_true (http_request_waits (request));
        respond_text (request, 201, "late");
    }
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal (client_read (fds[i], 10000)->status, 201);
        close (fds[i]);
    }
}

static void
test_an_answer_past_the_deadline_is_dropped (void **state)
{
    int fd = client_open (port);
    client_say (fd, LATER ("/hurry"));
    struct answer *answer = client_read (fd, 10000);
    assert_int_equal (answer->status, 504);
    HAS (answer, "http.deadline");
    struct http_request *request = take_waiting (0);
    assert_false (http_request_waits (request));
    assert_memory_equal (request->body, "abc", 3); /* still readable */
    respond_text (request, 200, "too late");
    client_say (fd, GET ("/show/a"));
    answer = client_read (fd, 10000);
    assert_int_equal (answer->status, 200);
    assert_null (strstr (answer->text, "too late"));
    close (fd);
}

static void
test_vanished_clients_do_no_harm (void **state)
{
    enum { COUNT = 50 };
    for (int i = 0; i < COUNT; i++) {
        int fd = client_open (port);
        struct linger linger = { 1, 0 };
        client_say (fd, LATER ("/later"));
        take_waiting ((size_t)i);
        setsockopt (fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
        close (fd);
    }
    for (int i = 0; i < COUNT; i++)
        respond_text (take_waiting ((size_t)i), 200, "anybody?");
    WAIT_UNTIL (!http_server_connections (server), 10000);
}

static void
test_stop_answers_who_waits (void **state)
{
    int fd = client_open (port);
    client_say (fd, LATER ("/later"));
    struct http_request *request = take_waiting (0);
    http_server_stop (&server, 50000);
    assert_null (server);
    struct answer *answer = client_read (fd, 10000);
    assert_int_equal (answer->status, 503);
    HAS (answer, "http.stopping");
    assert_false (http_request_waits (request));
    respond_text (request, 200, "after the end"); /* frees the last of it */
    close (fd);
}

static void
test_every_request_is_done_once (void **state)
{
    atomic_store (&done_count, 0);
    atomic_store (&done_unsent, 0);
    atomic_store (&done_refused, 0);
    for (int i = 0; i < 10; i++)
        ASK (GET ("/show/a"));
    ASK (GET ("/nowhere"));
    WAIT_UNTIL (atomic_load (&done_count) == 11, 10000);
    assert_int_equal (atomic_load (&done_unsent), 0);
    assert_int_equal (atomic_load (&done_refused), 1);
}

static void
test_wrong_configurations (void **state)
{
    struct http_server *other = NULL;
    struct err err = { 0 };
    struct http_config config = config_make ();
    config.port = port;
    assert_int_equal (http_server_start (&config, &other, &err), RC_INTERNAL);
    config = config_make ();
    config.address = "localhost";
    assert_int_equal (http_server_start (&config, &other, &err), RC_INVALID);
    assert_null (other);
}

int
main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST (test_an_ordinary_answer),
        TEST (test_parameters_reach_the_handler),
        TEST (test_a_connection_is_kept),
        TEST (test_refusals_have_a_code),
        TEST (test_broken_framing_reaches_no_handler),
        TEST (test_oversized_heads),
        TEST (test_large_bodies),
        TEST (test_100_continue),
        TEST (test_languages_are_negotiated),
        TEST (test_files),
        TEST (test_trickling_clients_are_cut),
        TEST (test_answers_come_from_other_threads),
        TEST (test_an_answer_past_the_deadline_is_dropped),
        TEST (test_vanished_clients_do_no_harm),
        TEST (test_stop_answers_who_waits),
        TEST (test_every_request_is_done_once),
        TEST (test_wrong_configurations),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
