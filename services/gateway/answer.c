/* The ends of an ask: how what a service said becomes HTTP. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/log.h"
#include "common/base/metrics.h"
#include "services/gateway/ask.h"
#include "services/gateway/etag.h"
#include "services/gateway/field.h"

enum { ANSWER_MAX = 32 << 20 }; /* JSON of a reply of 4 MB, every byte escaped */

void
ask_respond (struct ask *ask, const struct http_response *response)
{
    http_respond (ask->request, response);
    ask_drop (ask);
}

void
ask_refuse (struct ask *ask, const struct http_problem *problem)
{
    http_respond_problem (ask->request, problem);
    ask_drop (ask);
}

void
ask_refuse_code (struct ask *ask, const char *code)
{
    ask_refuse (ask, &(struct http_problem){ .code = code });
}

void
ask_refuse_field (struct ask *ask, const char *code, const char *pointer, const char *field_code)
{
    const struct http_problem_error error = { .pointer = pointer, .code = field_code };
    ask_refuse (ask, &(struct http_problem){ .code = code, .errors = &error, .error_count = 1 });
}

void
ask_refuse_err (struct ask *ask, const struct err *err)
{
    if (err->rc >= RC_RETRY)
        log_event (LOG_ERR, "request.failed", LOG_STR ("route", ask->route->path), LOG_ERR_FIELDS (err));
    http_respond_err (ask->request, err);
    ask_drop (ask);
}

/* The message as the response's body. False: refused. */
static bool
body_write (struct ask *ask, struct http_response *response, const ProtobufCMessage *message)
{
    struct text_buffer text = TEXT_BUFFER (ANSWER_MAX);
    struct err err = { 0 };
    if (json_from_message (message, &text, &err) != RC_OK) {
        text_clear (&text);
        ask_refuse_err (ask, &err);
        return false;
    }
    response->body = text.data;
    response->body_size = text.size;
    response->body_free = free;
    return true;
}

void
ask_message (struct ask *ask, struct http_response *response, const ProtobufCMessage *message)
{
    if (body_write (ask, response, message))
        ask_respond (ask, response);
}

/* The ETag of what is answered; 304 without a body when the client has exactly that. */
static void
etag_add (const struct ask *ask, struct http_response *response, char etag[static ETAG_TEXT])
{
    bool question = ask->route->kind == ROUTE_QUERY;
    int64_t version = ask->answer ? field_int64 (ask->answer, ask->bound->version) : 0;
    if (version <= 0)
        return;
    response->etag = etag_write (version, question ? response->body : NULL, response->body_size, etag);
    if (!(ask->bound->headers & HEADER_IF_NONE_MATCH) || !etag_named (ask->request->if_none_match, etag))
        return;
    response->body_free ((void *)response->body);
    *response = (struct http_response){ .status = 304, .etag = etag };
}

void
ask_answer (struct ask *ask)
{
    char etag[ETAG_TEXT], position[KEYS_NAME + 24], location[160], id[UUID_TEXT];
    struct http_response response = { .status = ask->answer ? ask->route->status : 204 };
    if (ask->answer && !body_write (ask, &response, ask->answer))
        return;
    etag_add (ask, &response, etag);
    if (ask->reply->position && ask->reply->position->log) {
        snprintf (position, sizeof position, "%.*s:%lld", KEYS_NAME, ask->reply->position->log,
                  (long long)ask->reply->position->position);
        response.more[0] = (struct http_field){ "Padan-Position", position };
    }
    if (ask->route->location) {
        int prefix = (int)strcspn (ask->route->location, "%");
        snprintf (location, sizeof location, "%.*s%s%s", prefix, ask->route->location, uuid_format (ask->subject, id),
                  ask->route->location + prefix + 2);
        response.location = location;
    }
    ask_respond (ask, &response);
}

void
ask_file (struct ask *ask, const struct route_file *file)
{
    struct err err;
    int fd;
    uint64_t size;
    char disposition[128];
    enum rc rc = store_read (ask->gateway->store, file->sha256, file->size, &fd, &size, &err);
    if (rc != RC_OK) {
        if (rc == RC_NOT_FOUND) /* a row names it: that it is missing is our failure */
            err_code (&err, RC_INTERNAL, "gateway.file_missing", "", "a file that a row names is not in the store");
        ask_refuse_err (ask, &err);
        return;
    }
    if (file->shows_nik)
        log_event (LOG_INFO, "nik.shown", LOG_UUID ("person", ask->session->person),
                   LOG_STR ("route", ask->route->path), LOG_UUID ("subject", ask->subject),
                   LOG_INT ("tenant", ask->tenant));
    snprintf (disposition, sizeof disposition, "attachment; filename=\"%s\"", file->name);
    struct http_response response = {
        .content_type = file->media_type,
        .more = { { "Content-Disposition", disposition } },
    };
    http_respond_file (ask->request, &response, fd, 0, size);
    ask_drop (ask);
}
