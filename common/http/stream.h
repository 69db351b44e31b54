/* An answer written bit by bit from any thread: Server-Sent Events, long downloads. Between writes the connection
 * costs no thread. Each client has one bounded buffer; who does not read is dropped, and nobody waits for it. */
#pragma once

#include "common/http/request.h"

struct http_stream;

struct http_stream_options {
    size_t buffer; /* bytes the client may lag behind; 0: 64 kB */
    /* Sent when nothing else was for `heartbeat_time` microseconds, so that proxies keep the line and a dead client is
     * noticed: ": \n\n" for Server-Sent Events. NULL: none. */
    const char *heartbeat;
    int64_t heartbeat_time; /* 0: 15 s */
    /* Room for half the buffer again after a write that got RC_BUSY. With it a full buffer does not drop the client:
     * a download's producer waits for its reader. On a server thread, without locks; may write. */
    void (*room) (void *user);
    /* Once, when the client is gone or everything was sent: nothing is called after it. On a server thread. */
    void (*gone) (void *user);
    void *user;
};

/* Answers with the status and headers of *response and leaves the body open; ends the caller's right to the request
 * as http_respond does. RC_LOST without a stream (and without gone): nobody is there to read. */
enum rc http_respond_stream (struct http_request *request, const struct http_response *response,
                             const struct http_stream_options *options, struct http_stream **ret_stream);

/* All or nothing. RC_BUSY: no room (`room` will call), RC_LOST: the client is gone, was dropped, or was too slow. */
enum rc http_stream_write (struct http_stream *stream, const void *data, size_t size);
/* One event: id and event may be NULL; data is split into lines. */
enum rc http_stream_event (struct http_stream *stream, const char *id, const char *event, const char *data,
                           size_t size);
size_t http_stream_pending (struct http_stream *stream); /* bytes the client has not taken yet */

/* Cuts the line at once, with all that the client has not taken: writes get RC_LOST from here on, `gone` follows. From
 * any thread, while the producer has not given the stream up. */
void http_stream_cut (struct http_stream *stream);
/* Ends the body after what was written, and the caller's right to the stream. `gone` may still be called. */
void http_stream_end (struct http_stream **stream);
/* The same, but cuts the line so that the client sees the body is not whole. */
void http_stream_abort (struct http_stream **stream);
