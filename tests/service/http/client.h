/* A client that sends exactly the bytes it is told, and reads one answer at a time. */
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/test.h"

struct answer {
    int status; /* 0: the connection ended without one */
    char head[8192];
    char *body; /* of the kept buffer */
    size_t body_size;
    bool closed; /* the line ended */
    char text[1 << 20];
    size_t size;
};

static inline int
client_open (uint16_t port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons (port) };
    address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
    int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true (fd >= 0);
    assert_int_equal (connect (fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* False when the other end has closed. */
static inline bool
client_send (int fd, const void *data, size_t size)
{
    for (const char *at = data; size;) {
        ssize_t sent = send (fd, at, size, MSG_NOSIGNAL);
        if (sent <= 0)
            return false;
        at += sent;
        size -= (size_t)sent;
    }
    return true;
}

static inline bool
client_say (int fd, const char *text)
{
    return client_send (fd, text, strlen (text));
}

/* More bytes into answer->text; false at the end of the line or after timeout_ms. */
static inline bool
client_more (int fd, struct answer *answer, int timeout_ms)
{
    struct pollfd ready = { fd, POLLIN, 0 };
    if (poll (&ready, 1, timeout_ms) <= 0)
        return false;
    ssize_t got = recv (fd, answer->text + answer->size, sizeof answer->text - 1 - answer->size, 0);
    if (got <= 0) {
        answer->closed = true;
        return false;
    }
    answer->size += (size_t)got;
    answer->text[answer->size] = 0;
    return true;
}

/* Reads one answer with a Content-Length (or none), or the head and what there is of a chunked one. */
static inline struct answer *
client_read (int fd, int timeout_ms)
{
    static struct answer *answer; /* one at a time is enough for a test */
    if (!answer)
        answer = malloc (sizeof *answer);
    *answer = (struct answer){ 0 };
    char *end;
    while (!(end = strstr (answer->text, "\r\n\r\n")))
        if (!client_more (fd, answer, timeout_ms))
            return answer;
    answer->status = atoi (answer->text + strlen ("HTTP/1.1 "));
    memcpy (answer->head, answer->text, (size_t)(end + 4 - answer->text));
    answer->body = end + 4;
    const char *length = strcasestr (answer->head, "\r\nContent-Length:");
    size_t size = length ? strtoul (length + 17, NULL, 10) : 0;
    while (answer->size - (size_t)(answer->body - answer->text) < size)
        if (!client_more (fd, answer, timeout_ms))
            break;
    answer->body_size = answer->size - (size_t)(answer->body - answer->text);
    return answer;
}

static inline struct answer *
client_ask (uint16_t port, const char *text)
{
    int fd = client_open (port);
    client_say (fd, text);
    struct answer *answer = client_read (fd, 10000);
    close (fd);
    return answer;
}

/* Sends the text byte by byte and its last byte for ever: activity to libmicrohttpd. Returns when the line ends. */
static inline void
client_trickle (int fd, const char *text, int64_t most)
{
    int64_t begun = clock_monotonic ();
    struct answer *answer = calloc (1, sizeof *answer);
    for (const char *at = text; !answer->closed; at += at[1] != 0) {
        if (!client_send (fd, at, 1))
            break;
        client_more (fd, answer, 20);
        if (clock_monotonic () - begun > most)
            fail_msg ("still connected: %.60s", text);
    }
    free (answer);
    close (fd);
}
