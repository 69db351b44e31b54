/* An HTTP/1.1 client that keeps many connections busy: each sends its next request when its answer has come. One
 * thread, epoll. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { POSTS_REQUEST_MAX = 4096 };

/* Writes a whole request and returns its size, at most POSTS_REQUEST_MAX. */
typedef size_t posts_write (void *context, char *request);

struct posts_result {
    double seconds;
    long created;    /* answers 201 */
    long others;     /* any other answer, and lost connections */
    int64_t *times;  /* of the answers 201, µs, sorted; the caller frees them */
    char other[256]; /* the beginning of one of the others */
};

/* As many connections to 127.0.0.1:port as said, until the time is over and every answer is there. */
void posts_run (int port, unsigned connections, int seconds, posts_write *write_request, void *context,
                struct posts_result *ret);
