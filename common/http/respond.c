#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/http/internal.h"

static bool
add (struct MHD_Response *mhd, const char *name, const char *value)
{
    return !value || MHD_add_response_header (mhd, name, value) == MHD_YES;
}

bool
response_head (struct MHD_Response *mhd, const struct exchange *exchange, const struct http_response *response)
{
    char id[UUID_TEXT], retry[16];
    bool fine =
        add (mhd, MHD_HTTP_HEADER_CONTENT_TYPE, response->content_type) &&
        add (mhd, MHD_HTTP_HEADER_ETAG, response->etag) && add (mhd, MHD_HTTP_HEADER_LOCATION, response->location) &&
        add (mhd, MHD_HTTP_HEADER_CACHE_CONTROL, response->cache_control ? response->cache_control : "no-store") &&
        add (mhd, "X-Content-Type-Options", "nosniff") &&
        add (mhd, "X-Request-Id", uuid_format (exchange->request.id, id));
    if (response->retry_after) {
        snprintf (retry, sizeof retry, "%u", response->retry_after);
        fine = fine && add (mhd, MHD_HTTP_HEADER_RETRY_AFTER, retry);
    }
    for (const struct http_field *field = exchange->server->config.headers; field && field->name; field++)
        fine = fine && add (mhd, field->name, field->value);
    for (size_t i = 0; i < sizeof response->more / sizeof *response->more && response->more[i].name; i++)
        fine = fine && add (mhd, response->more[i].name, response->more[i].value);
    return fine;
}

/* Takes over an owned body. */
static struct MHD_Response *
buffer_response (const struct exchange *exchange, const struct http_response *given)
{
    struct http_response response = *given;
    if (!response.content_type && response.body_size)
        response.content_type = "application/json";
    union { /* the library promises not to write through it */
        const void *given;
        void *taken;
    } body = { response.body };
    struct MHD_Response *mhd =
        response.body_free
            ? MHD_create_response_from_buffer_with_free_callback (response.body_size, body.taken, response.body_free)
            : MHD_create_response_from_buffer (response.body_size, body.taken, MHD_RESPMEM_MUST_COPY);
    if (!mhd && response.body_free)
        response.body_free (body.taken);
    if (mhd && !response_head (mhd, exchange, &response)) {
        MHD_destroy_response (mhd);
        return NULL;
    }
    return mhd;
}

/* Without a response (no memory, a header that cannot be sent) the connection is closed instead. */
static void
give (struct exchange *exchange, const struct answer *answer)
{
    if (!exchange_answer (exchange, answer) && answer->response)
        MHD_destroy_response (answer->response);
}

void
http_respond (struct http_request *request, const struct http_response *response)
{
    struct exchange *exchange = exchange_of (request);
    int status = response->status ? response->status : response->body_size ? 200 : 204;
    MUST (status >= 200 && status <= 599);
    give (exchange, &(struct answer){ status, buffer_response (exchange, response), response->body_size });
    exchange_respond_end (exchange);
}

void
http_respond_file (struct http_request *request, const struct http_response *given, int fd, uint64_t offset,
                   uint64_t size)
{
    struct exchange *exchange = exchange_of (request);
    struct http_response response = *given;
    if (!response.content_type)
        response.content_type = "application/octet-stream";
    struct MHD_Response *mhd = MHD_create_response_from_fd_at_offset64 (size, fd, offset);
    if (!mhd)
        close (fd);
    if (mhd && !response_head (mhd, exchange, &response)) {
        MHD_destroy_response (mhd);
        mhd = NULL;
    }
    give (exchange, &(struct answer){ response.status ? response.status : 200, mhd, size });
    exchange_respond_end (exchange);
}

static struct MHD_Response *
problem_response (const struct exchange *exchange, const struct http_problem *problem, int *ret_status)
{
    char id[UUID_TEXT], instance[16 + UUID_TEXT];
    snprintf (instance, sizeof instance, "urn:uuid:%s", uuid_format (exchange->request.id, id));
    const struct http_server *server = exchange->server;
    enum http_language language = http_language_of (exchange->request.accept_language);
    const char *base = server->config.problem_base;
    char *text = http_problem_write (server->catalogue, problem, base ? base : HTTP_PROBLEM_BASE, language, instance,
                                     ret_status);
    if (!text)
        return NULL;
    struct http_response response = {
        .content_type = "application/problem+json",
        .retry_after = problem->retry_after                       ? problem->retry_after
                       : *ret_status == 503 || *ret_status == 429 ? 2
                                                                  : 0,
        .more = { { "Content-Language", http_language_tag (language) }, { "Vary", "Accept-Language" } },
        .body = text,
        .body_size = strlen (text),
        .body_free = free,
    };
    if (*ret_status == 405)
        response.more[2] = (struct http_field){ MHD_HTTP_HEADER_ALLOW, problem->arguments[1] };
    else if (*ret_status == 401)
        response.more[2] = (struct http_field){ MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer" };
    return buffer_response (exchange, &response);
}

void
exchange_refuse (struct exchange *exchange, const struct http_problem *problem)
{
    struct answer answer = { .status = 500, .size = 4096 };
    answer.response = problem_response (exchange, problem, &answer.status);
    answer.refusal = http_problem_row_of (exchange->server->catalogue, problem)->code;
    give (exchange, &answer);
}

void
http_respond_problem (struct http_request *request, const struct http_problem *problem)
{
    struct exchange *exchange = exchange_of (request);
    exchange_refuse (exchange, problem);
    exchange_respond_end (exchange);
}

void
http_respond_err (struct http_request *request, const struct err *err)
{
    const struct http_problem_error field = { .pointer = err->field, .code = err->code };
    const struct http_problem problem = {
        .code = err->code,
        .rc = err->rc,
        .errors = &field,
        .error_count = *err->field ? 1 : 0,
        .retry_after = err->retry_after,
    };
    http_respond_problem (request, &problem);
}
