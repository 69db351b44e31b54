/* Bodies piece by piece, in both directions. */
#include "common/http/stream.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "common/http/server.h"
#include "tests/service/http/client.h"

static struct http_server *server;
static uint16_t port;

/* The last stream made, and what was heard of it. */
static struct http_stream *_Atomic stream;
static atomic_int gone, rooms, made, lost;

struct sum {
    uint64_t bytes, sum;
    bool refuse;
};
static struct http_request *_Atomic paused;
static atomic_int aborted, begun;

static void
on_gone (void *user)
{
    atomic_fetch_add (&gone, 1);
}

static void
open_stream (struct http_request *request, const struct http_stream_options *options)
{
    struct http_stream *fresh = NULL;
    if (http_respond_stream (request, &(struct http_response){ .content_type = "text/event-stream" }, options, &fresh))
        atomic_fetch_add (&lost, 1);
    atomic_store (&stream, fresh);
    atomic_fetch_add (&made, 1);
}

static void
on_events (struct http_request *request)
{
    open_stream (request, &(struct http_stream_options){
                              .buffer = 16384, .heartbeat = ": \n\n", .heartbeat_time = 300000, .gone = on_gone });
}

static void
on_room (void *user)
{
    atomic_fetch_add (&rooms, 1);
}

static void
on_download (struct http_request *request)
{
    open_stream (request, &(struct http_stream_options){ .buffer = 8192, .room = on_room, .gone = on_gone });
}

static struct http_request *_Atomic kept;

static void
on_kept (struct http_request *request)
{
    atomic_store (&kept, request);
}

static bool
upload_begin (struct http_request *request)
{
    atomic_fetch_add (&begun, 1);
    if (http_query (request, "refuse")) {
        http_respond_problem (request, &(struct http_problem){ .rc = RC_FORBIDDEN });
        return false;
    }
    request->upload = calloc (1, sizeof (struct sum));
    return true;
}

static size_t
upload_chunk (struct http_request *request, const uint8_t *data, size_t size)
{
    struct sum *sum = request->upload;
    if (http_query (request, "pause") && sum->bytes >= 50000 && !sum->refuse) {
        sum->refuse = true; /* once */
        http_request_hold (request);
        atomic_store (&paused, request);
        size = size > 10 ? 10 : size - 1;
    }
    for (size_t i = 0; i < size; i++)
        sum->sum = sum->sum * 31 + data[i];
    sum->bytes += size;
    if (http_query (request, "full") && sum->bytes > 50000)
        http_respond_problem (request, &(struct http_problem){ .rc = RC_BUSY });
    return size;
}

static void
upload_abort (struct http_request *request)
{
    free (request->upload);
    request->upload = NULL;
    atomic_fetch_add (&aborted, 1);
}

static void
on_uploaded (struct http_request *request)
{
    struct sum *sum = request->upload;
    char text[64];
    snprintf (text, sizeof text, "%llu %llu", (unsigned long long)sum->bytes, (unsigned long long)sum->sum);
    free (sum);
    http_respond (request, &(struct http_response){ .body = text, .body_size = strlen (text) });
}

static const struct http_upload upload = { upload_begin, upload_chunk, upload_abort };
static const struct http_route routes[] = {
    { "GET", "/events", on_events },
    { "GET", "/download", on_download },
    { "GET", "/kept", on_kept, .time = 150000 },
    { "PUT", "/files", on_uploaded, NULL, 1 << 30, .query = "refuse pause full", .upload = &upload },
    { "PUT", "/scans", on_uploaded, NULL, 100000, .upload = &upload },
};

static int
start (void **state)
{
    struct err err = { 0 };
    const struct http_config config = { .body_time = 2 * CLOCK_SECOND,
                                        .min_rate = 10000000,
                                        .routes = routes,
                                        .route_count = sizeof routes / sizeof *routes };
    atomic_int *counts[] = { &gone, &rooms, &made, &lost, &aborted, &begun };
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        atomic_store (counts[i], 0);
    atomic_store (&paused, NULL);
    atomic_store (&kept, NULL);
    if (http_server_start (&config, &server, &err))
        fail_msg ("%s", err.text);
    port = http_server_port (server);
    return 0;
}

static int
stop (void **state)
{
    http_server_stop (&server, 0);
    return 0;
}

static struct http_stream *
stream_open (const char *path, int *ret_fd)
{
    char text[200];
    int before = atomic_load (&made);
    *ret_fd = client_open (port);
    snprintf (text, sizeof text, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path);
    client_say (*ret_fd, text);
    WAIT_UNTIL (atomic_load (&made) > before, 10000);
    return atomic_load (&stream);
}

static bool
answer_has (int fd, struct answer *answer, const char *text)
{
    while (!strstr (answer->text, text))
        if (!client_more (fd, answer, 10000))
            return false;
    return true;
}

static void
test_events_reach_the_client (void **state)
{
    int fd;
    struct http_stream *events = stream_open ("/events", &fd);
    struct answer *answer = client_read (fd, 10000);
    assert_int_equal (answer->status, 200);
    assert_non_null (strstr (answer->head, "text/event-stream"));
    assert_int_equal (http_stream_event (events, "41", "moved", "{\"a\":1}\nb", 9), RC_OK);
    assert_true (answer_has (fd, answer, "id: 41\nevent: moved\ndata: {\"a\":1}\ndata: b\n\n"));
    assert_int_equal (http_stream_event (events, NULL, NULL, "", 0), RC_OK);
    assert_true (answer_has (fd, answer, "data: \n\n"));
    assert_true (answer_has (fd, answer, ": \n\n")); /* the heartbeat, without anybody writing */
    http_stream_end (&events);
    assert_null (events);
    assert_true (answer_has (fd, answer, "\r\n0\r\n"));
    WAIT_UNTIL (atomic_load (&gone) == 1, 10000);
    client_say (fd, "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n"); /* the connection lives on */
    assert_int_equal (client_read (fd, 10000)->status, 404);
    close (fd);
}

static void
test_a_closed_client_is_noticed_at_once (void **state)
{
    int fd;
    struct http_stream *events = stream_open ("/events", &fd);
    client_read (fd, 10000);
    close (fd);
    WAIT_UNTIL (atomic_load (&gone) == 1, 5000);
    assert_int_equal (http_stream_write (events, "x", 1), RC_LOST);
    http_stream_end (&events);
    WAIT_UNTIL (!http_server_connections (server), 10000);
}

static void
test_a_slow_client_is_dropped_and_others_are_served (void **state)
{
    static char data[4096];
    int fds[2];
    struct http_stream *slow = stream_open ("/events", &fds[0]), *quick = stream_open ("/events", &fds[1]);
    memset (data, 'a', sizeof data);
    enum rc rc = RC_OK;
    for (int64_t end = clock_monotonic () + 20 * CLOCK_SECOND; !rc && clock_monotonic () < end;)
        rc = http_stream_write (slow, data, sizeof data);
    assert_int_equal (rc, RC_LOST);
    WAIT_UNTIL (atomic_load (&gone) == 1, 10000);
    struct answer *answer = client_read (fds[1], 10000);
    assert_int_equal (http_stream_event (quick, "1", NULL, "still here", 10), RC_OK);
    assert_true (answer_has (fds[1], answer, "still here"));
    http_stream_end (&slow);
    http_stream_end (&quick);
    close (fds[0]);
    close (fds[1]);
}

static void
test_a_download_waits_for_its_reader (void **state)
{
    enum { TOTAL = 400000 };
    static char data[1000];
    int fd, written = 0;
    struct http_stream *download = stream_open ("/download", &fd);
    struct answer *answer = client_read (fd, 10000);
    memset (data, 'z', sizeof data);
    for (int64_t end = clock_monotonic () + 20 * CLOCK_SECOND; written < TOTAL && clock_monotonic () < end;) {
        int before = atomic_load (&rooms);
        enum rc rc = http_stream_write (download, data, sizeof data);
        if (rc == RC_BUSY) {
            while (atomic_load (&rooms) == before && clock_monotonic () < end)
                client_more (fd, answer, 5);
        } else {
            assert_int_equal (rc, RC_OK);
            written += (int)sizeof data;
        }
    }
    http_stream_end (&download);
    assert_true (answer_has (fd, answer, "\r\n0\r\n\r\n"));
    int count = 0;
    for (const char *at = answer->body; at < answer->text + answer->size; at++)
        count += *at == 'z';
    assert_int_equal (count, TOTAL);
    close (fd);
}

static void
test_an_aborted_download_is_not_whole (void **state)
{
    int fd;
    struct http_stream *download = stream_open ("/download", &fd);
    http_stream_write (download, "half", 4);
    http_stream_abort (&download);
    struct answer *answer = client_read (fd, 10000);
    while (client_more (fd, answer, 10000))
        ;
    assert_true (answer->closed);
    assert_null (strstr (answer->text, "\r\n0\r\n"));
    close (fd);
}

static void
test_head_of_a_stream (void **state)
{
    int fd = client_open (port);
    client_say (fd, "HEAD /events HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal (client_read (fd, 10000)->status, 200);
    WAIT_UNTIL (atomic_load (&gone) == 1, 10000);
    struct http_stream *events = atomic_load (&stream);
    assert_int_equal (http_stream_write (events, "x", 1), RC_LOST);
    http_stream_end (&events);
    close (fd);
}

static void
test_a_stream_too_late (void **state)
{
    int fd = client_open (port);
    client_say (fd, "GET /kept HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_int_equal (client_read (fd, 10000)->status, 504);
    struct http_stream *events = NULL;
    const struct http_stream_options options = { .gone = on_gone };
    assert_int_equal (http_respond_stream (atomic_load (&kept), &(struct http_response){ 0 }, &options, &events),
                      RC_LOST);
    assert_null (events);
    assert_int_equal (atomic_load (&gone), 0);
    close (fd);
}

static void
test_stop_ends_streams (void **state)
{
    int fd;
    struct http_stream *events = stream_open ("/events", &fd);
    struct answer *answer = client_read (fd, 10000);
    http_server_stop (&server, 10000);
    assert_true (answer_has (fd, answer, "\r\n0\r\n"));
    assert_int_equal (http_stream_write (events, "x", 1), RC_LOST);
    http_stream_end (&events);
    close (fd);
}

static char file[9000000];

static void
upload_send (int fd, const char *target, size_t size)
{
    char head[200];
    snprintf (head, sizeof head, "PUT %s HTTP/1.1\r\nHost: a\r\nContent-Length: %zu\r\n\r\n", target, size);
    for (size_t i = 0; i < size; i++)
        file[i] = (char)(i * 7 + i / 1000);
    client_say (fd, head);
    client_send (fd, file, size);
}

static const char *
expected_sum (size_t size)
{
    static char text[64];
    uint64_t sum = 0;
    for (size_t i = 0; i < size; i++)
        sum = sum * 31 + (uint8_t)file[i];
    snprintf (text, sizeof text, "%zu %llu", size, (unsigned long long)sum);
    return text;
}

static void
test_an_upload_is_taken_piece_by_piece (void **state)
{
    int fd = client_open (port);
    upload_send (fd, "/files", 900000);
    struct answer *answer = client_read (fd, 10000);
    assert_int_equal (answer->status, 200);
    assert_string_equal (answer->body, expected_sum (900000));
    client_say (fd, "PUT /files HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n");
    client_send (fd, file, 100);
    client_say (fd, "\r\n0\r\n\r\n");
    assert_string_equal (client_read (fd, 10000)->body, expected_sum (100));
    assert_int_equal (atomic_load (&aborted), 0);
    close (fd);
}

static void *
resume (void *closure)
{
    struct http_request *request = closure;
    http_upload_resume (request);
    http_request_release (request);
    return NULL;
}

static void *
send_paused (void *closure)
{
    upload_send (*(int *)closure, "/files?pause=1", 500000);
    return NULL;
}

static void
test_an_upload_can_be_paused (void **state)
{
    pthread_t thread, sender;
    int fd = client_open (port);
    assert_int_equal (pthread_create (&sender, NULL, send_paused, &fd), 0);
    WAIT_UNTIL (atomic_load (&paused), 10000);
    assert_int_equal (pthread_create (&thread, NULL, resume, atomic_load (&paused)), 0);
    pthread_join (thread, NULL);
    pthread_join (sender, NULL);
    struct answer *answer = client_read (fd, 10000);
    assert_int_equal (answer->status, 200);
    assert_string_equal (answer->body, expected_sum (500000));
    close (fd);
}

static void
test_refused_uploads (void **state)
{
    int fd = client_open (port);
    upload_send (fd, "/files?refuse=1", 200000);
    assert_int_equal (client_read (fd, 10000)->status, 403);
    assert_int_equal (atomic_load (&aborted), 0);
    upload_send (fd, "/files?full=1", 200000);
    assert_int_equal (client_read (fd, 10000)->status, 503);
    assert_int_equal (atomic_load (&aborted), 1);
    client_say (fd, "PUT /scans HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\nExpect: 100-continue\r\n\r\n");
    assert_int_equal (client_read (fd, 10000)->status, 413);
    assert_int_equal (atomic_load (&begun), 2); /* nobody was bothered with it */
    close (fd);
}

/* However much of it is still to come: the sender hears why, and its connection lives on. */
static void
test_refusals_of_large_uploads_are_told (void **state)
{
    static const struct {
        const char *target;
        int status;
    } cases[] = { { "/files?refuse=1", 403 }, { "/files?full=1", 503 }, { "/scans", 413 } };
    int fd = client_open (port);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        upload_send (fd, cases[i].target, sizeof file);
        assert_int_equal (client_read (fd, 10000)->status, cases[i].status);
    }
    upload_send (fd, "/files", 1000);
    assert_int_equal (client_read (fd, 10000)->status, 200);
    close (fd);
}

/* What was announced buys no time; only what came does. */
static void
test_uploads_that_trickle_are_cut (void **state)
{
#define GIGABYTE "HTTP/1.1\r\nHost: a\r\nContent-Length: 1073741824\r\n\r\n"
    static const char *const heads[] = { "PUT /files " GIGABYTE, "PUT /files?refuse=1 " GIGABYTE,
                                         "PUT /scans " GIGABYTE };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        int fd = client_open (port);
        client_say (fd, heads[i]);
        client_trickle (fd, "a", 20 * CLOCK_SECOND);
    }
    int fd = client_open (port); /* refused midway */
    client_say (fd, "PUT /files?full=1 " GIGABYTE);
    client_send (fd, file, 100000);
    client_trickle (fd, "a", 20 * CLOCK_SECOND);
    WAIT_UNTIL (atomic_load (&aborted) == 2, 10000);
}

static void
test_an_abandoned_upload_is_aborted (void **state)
{
    int fd = client_open (port);
    client_say (fd, "PUT /files HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc");
    WAIT_UNTIL (atomic_load (&begun) == 1, 10000);
    close (fd);
    WAIT_UNTIL (atomic_load (&aborted) == 1, 10000);
    fd = client_open (port); /* and one that stays silent */
    client_say (fd, "PUT /files HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nabc");
    WAIT_UNTIL (atomic_load (&aborted) == 2, 10000);
    close (fd);
}

int
main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, start, stop)
    const struct CMUnitTest tests[] = {
        TEST (test_events_reach_the_client),
        TEST (test_a_closed_client_is_noticed_at_once),
        TEST (test_a_slow_client_is_dropped_and_others_are_served),
        TEST (test_a_download_waits_for_its_reader),
        TEST (test_an_aborted_download_is_not_whole),
        TEST (test_head_of_a_stream),
        TEST (test_a_stream_too_late),
        TEST (test_stop_ends_streams),
        TEST (test_an_upload_is_taken_piece_by_piece),
        TEST (test_an_upload_can_be_paused),
        TEST (test_refused_uploads),
        TEST (test_refusals_of_large_uploads_are_told),
        TEST (test_uploads_that_trickle_are_cut),
        TEST (test_an_abandoned_upload_is_aborted),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
