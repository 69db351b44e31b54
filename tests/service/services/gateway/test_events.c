/* Events as pages and streams, and how much one person may have open at once. */
#include "tests/service/services/gateway/door.h"

static void
events_are_a_page_or_a_stream (void **state)
{
    struct answer *answer = ask ("GET", "/v1/events?after=1&limit=10", "", "");
    assert_int_equal (answer->status, 200);
    assert_true (body_says (answer, "\"number\":2"));
    assert_true (body_says (answer, "\"at\":\"2026-11-22T01:02:03.000004Z\""));
    assert_false (body_says (answer, "\"number\":1,"));

    char text[512];
    int fd = client_open (t.port);
    snprintf (text, sizeof text,
              "GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nAccept: text/event-stream\r\n"
              "Last-Event-ID: 1\r\n\r\n",
              t.token);
    client_say (fd, text);
    answer = client_read (fd, PATIENCE_MS);
    assert_int_equal (answer->status, 200);
    assert_true (head_says (answer, "text/event-stream"));
    while (!strstr (answer->text, "id: 3\n"))
        assert_true (client_more (fd, answer, PATIENCE_MS));
    assert_null (strstr (answer->text, "id: 1\n"));
    assert_non_null (strstr (answer->text, "id: 2\n"));
    close (fd);
}

static int
events_begin (const char *accept)
{
    char text[512];
    int fd = client_open (t.port);
    snprintf (
        text, sizeof text,
        "GET /v1/events?after=3&wait_ms=9000 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nAccept: %s\r\n\r\n",
        t.token, accept);
    client_say (fd, text);
    return fd;
}

/* Who loses the right is cut off though the journal has just been asked, and a page that was waited for is not shown.
 */
static void
who_loses_the_right_hears_nothing_more (void **state)
{
    Padan__Accounts__V1__PersonDisabled disabled = PADAN__ACCOUNTS__V1__PERSON_DISABLED__INIT;
    int before = atomic_load (&t.journal.asked);
    atomic_store (&t.hold, true);
    int page = events_begin ("application/json");
    WAIT_UNTIL (atomic_load (&t.journal.asked) > before, PATIENCE_MS);
    int stream = events_begin ("text/event-stream");
    struct answer *answer = client_read (stream, PATIENCE_MS);
    assert_int_equal (answer->status, 200);
    atomic_store (&t.gone, true);
    played_event (&t.accounts, &disabled.base, t.person);
    while (client_more (stream, answer, PATIENCE_MS))
        ;
    assert_true (answer->closed);
    close (stream);
    atomic_store (&t.hold, false);
    answer = client_read (page, PATIENCE_MS);
    assert_int_equal (answer->status, 401);
    assert_false (body_says (answer, "\"number\""));
    close (page);
    atomic_store (&t.gone, false);
}

/* An open stream asks accounts ever again who its reader is: that must not keep an idle session alive. */
static void
listening_is_no_use_of_a_session (void **state)
{
    atomic_store (&t.lifetime, 20); /* renewed with every question */
    forget ();
    int used = atomic_load (&t.used), heard = atomic_load (&t.heard);
    int stream = events_begin ("text/event-stream");
    assert_int_equal (client_read (stream, PATIENCE_MS)->status, 200);
    WAIT_UNTIL (atomic_load (&t.heard) > heard, PATIENCE_MS);
    assert_true (atomic_load (&t.used) <= used + 1); /* opening it is one */
    /* what the stream has just renewed is used all the same */
    atomic_store (&t.lifetime, 60);
    heard = atomic_load (&t.heard);
    WAIT_UNTIL (atomic_load (&t.heard) > heard, PATIENCE_MS);
    used = atomic_load (&t.used);
    WAIT_UNTIL (ask ("GET", "/v1/session", "", "")->status == 200 && atomic_load (&t.used) > used, PATIENCE_MS);
    close (stream);
}

static bool
stream_begin (int *ret_fd)
{
    *ret_fd = events_begin ("text/event-stream");
    if (client_read (*ret_fd, PATIENCE_MS)->status == 200)
        return true;
    close (*ret_fd);
    return false;
}

static void
readers_are_shared (void **state)
{
    int streams[3];
    for (size_t i = 0; i < 3; i++)
        WAIT_UNTIL (stream_begin (&streams[i]), PATIENCE_MS); /* those of other tests have yet to be missed */
    struct answer *answer = ask ("GET", "/v1/events?after=3", "Accept: text/event-stream\r\n", "");
    assert_int_equal (answer->status, 429);
    assert_true (body_says (answer, "gateway.readers_many"));
    assert_true (head_says (answer, "\r\nRetry-After: "));
    assert_int_equal (ask ("GET", "/v1/events?after=0&wait_ms=1000", "", "")->status,
                      429); /* it waits as a stream does */
    assert_int_equal (ask ("GET", "/v1/events?after=0", "", "")->status, 200);
    for (size_t i = 0; i < 3; i++)
        close (streams[i]);
    WAIT_UNTIL (ask ("GET", "/v1/events?after=0&wait_ms=1000", "", "")->status == 200, PATIENCE_MS);
}

/* A page waits as long as it was asked to and a little more, not the route's whole minute. */
static void
a_silent_journal_is_told (void **state)
{
    atomic_store (&t.hold, true);
    int status = ask ("GET", "/v1/events?after=0&wait_ms=100", "", "")->status;
    atomic_store (&t.hold, false);
    assert_int_equal (status, 504);
    WAIT_UNTIL (ask ("GET", "/v1/events?after=0", "", "")->status == 200, PATIENCE_MS);
}

static void
open_questions_are_shared (void **state)
{
    char text[512];
    int silent[4], before = atomic_load (&t.intake.asked);
    snprintf (text, sizeof text,
              "POST /v1/applications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n" KEY (
                  "silence") "Content-Type: "
                             "application/json\r\nContent-Length: 2\r\n\r\n{}",
              t.token);
    for (size_t i = 0; i < 4; i++) {
        silent[i] = client_open (t.port);
        client_say (silent[i], text);
    }
    WAIT_UNTIL (atomic_load (&t.intake.asked) == before + 4, PATIENCE_MS);
    struct answer *answer = ask ("GET", "/v1/applications", "", "");
    assert_int_equal (answer->status, 429);
    assert_true (body_says (answer, "gateway.too_many_open"));
    assert_int_equal (ask ("GET", "/v1/session", "", "")->status, 200); /* asks nobody */
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal (client_read (silent[i], PATIENCE_MS)->status, 504);
        close (silent[i]);
    }
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
}

static void
numbers_are_not_looked_up_without_end (void **state)
{
    struct answer *answer;
    int searches = 0;
    do {
        answer = ask ("POST", "/v1/search", "", "{\"text\":\"1272010101010001\"}");
        assert_true (answer->status == 200 || answer->status == 429);
        assert_true (++searches <= 7); /* a tenth of an hour's, and one */
    } while (answer->status == 200);
    assert_true (searches > 3);
    assert_true (body_says (answer, "gateway.too_many_searches"));
    assert_true (head_says (answer, "\r\nRetry-After: "));
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (events_are_a_page_or_a_stream),
        cmocka_unit_test (who_loses_the_right_hears_nothing_more),
        cmocka_unit_test (listening_is_no_use_of_a_session),
        cmocka_unit_test (readers_are_shared),
        cmocka_unit_test (a_silent_journal_is_told),
        cmocka_unit_test (open_questions_are_shared),
        cmocka_unit_test (numbers_are_not_looked_up_without_end),
    };
    return cmocka_run_group_tests (tests, set_up, tear_down);
}
