#include "tests/bench/posts.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/test.h"

enum { ANSWER_MAX = 8192, EVENTS = 64, PATIENCE_MS = 30000 };

struct post {
    int fd;
    int64_t sent_at;
    size_t size; /* of the answer so far */
    char answer[ANSWER_MAX];
};

struct posts {
    int epoll;
    struct post *list;
    unsigned open; /* requests without an answer */
    size_t room;
    posts_write *write_request;
    void *context;
    struct posts_result *result;
};

static void
post_send (struct posts *posts, struct post *post)
{
    char request[POSTS_REQUEST_MAX];
    size_t size = posts->write_request (posts->context, request);
    post->size = 0;
    post->sent_at = clock_monotonic ();
    assert_int_equal (send (post->fd, request, size, MSG_NOSIGNAL), size); /* far smaller than a socket's buffer */
    posts->open++;
}

/* Whether the whole answer is there. */
static bool
answer_whole (const struct post *post)
{
    const char *end = memmem (post->answer, post->size, "\r\n\r\n", 4);
    if (!end)
        return false;
    size_t body = 0;
    for (const char *line = post->answer; line < end; line = strstr (line, "\r\n") + 2)
        if (strncasecmp (line, "Content-Length:", 15) == 0)
            body = strtoul (line + 15, NULL, 10);
    return post->size >= (size_t)(end - post->answer) + 4 + body;
}

static void
answer_count (struct posts *posts, const struct post *post)
{
    struct posts_result *result = posts->result;
    posts->open--;
    if (strncmp (post->answer, "HTTP/1.1 201 ", 13) != 0) {
        result->others++;
        snprintf (result->other, sizeof result->other, "%.250s", strstr (post->answer, "\r\n\r\n") + 4);
        return;
    }
    if ((size_t)result->created == posts->room) {
        posts->room = posts->room ? posts->room * 2 : 65536;
        result->times = realloc (result->times, posts->room * sizeof *result->times);
        assert_non_null (result->times);
    }
    result->times[result->created++] = clock_monotonic () - post->sent_at;
}

static void
post_read (struct posts *posts, struct post *post, bool more)
{
    ssize_t got = recv (post->fd, post->answer + post->size, ANSWER_MAX - 1 - post->size, 0);
    if (got <= 0)
        fail_msg ("a connection was closed");
    post->size += (size_t)got;
    post->answer[post->size] = '\0';
    if (!answer_whole (post))
        return;
    answer_count (posts, post);
    if (more)
        post_send (posts, post);
}

static void
post_open (struct posts *posts, struct post *post, int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons ((uint16_t)port) };
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = post };
    post->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal (connect (post->fd, (struct sockaddr *)&address, sizeof address), 0);
    setsockopt (post->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof (int));
    assert_int_equal (epoll_ctl (posts->epoll, EPOLL_CTL_ADD, post->fd, &event), 0);
    post_send (posts, post);
}

static int
time_compare (const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

void
posts_run (int port, unsigned connections, int seconds, posts_write *write_request, void *context,
           struct posts_result *ret)
{
    *ret = (struct posts_result){ 0 };
    struct posts posts = { .write_request = write_request, .context = context, .result = ret };
    posts.epoll = epoll_create1 (EPOLL_CLOEXEC);
    posts.list = calloc (connections, sizeof *posts.list);
    assert_non_null (posts.list);
    int64_t start = clock_monotonic (), end = start + seconds * (int64_t)CLOCK_SECOND;
    for (unsigned i = 0; i < connections; i++)
        post_open (&posts, &posts.list[i], port);
    while (posts.open) {
        struct epoll_event events[EVENTS];
        int n = epoll_wait (posts.epoll, events, EVENTS, PATIENCE_MS);
        assert_true (n > 0);
        bool more = clock_monotonic () < end;
        for (int i = 0; i < n; i++)
            post_read (&posts, events[i].data.ptr, more);
    }
    ret->seconds = (double)(clock_monotonic () - start) / CLOCK_SECOND;
    qsort (ret->times, (size_t)ret->created, sizeof *ret->times, time_compare);
    for (unsigned i = 0; i < connections; i++)
        close (posts.list[i].fd);
    close (posts.epoll);
    free (posts.list);
}
