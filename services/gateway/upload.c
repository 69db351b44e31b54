/* POST /v1/files: from the connection into the content store, never whole in memory. Nothing is taken or opened before
 * it is known who sends it: until then the connection is not read. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "gateway.pb-c.h"
#include "services/gateway/ask.h"
#include "services/gateway/handle.h"
#include "services/gateway/media.h"
#include "services/gateway/pace.h"
#include "services/gateway/worker.h"

struct file {
    atomic_uint references; /* the HTTP layer's, and accounts' answer's */
    struct gateway *gateway;
    struct http_request *request;
    pthread_mutex_t lock;
    bool decided;                /* lock: accounts has answered */
    bool waiting;                /* lock: the upload sleeps until then */
    struct err err;              /* lock: rc RC_OK: may go on */
    struct store_writer *writer; /* NULL: nothing has come */
    struct uuid person;          /* lock until decided */
    struct media media;
    uint64_t size;
};

static void
file_release (struct file *file)
{
    if (atomic_fetch_sub (&file->references, 1) != 1)
        return;
    store_abort (&file->writer);
    pthread_mutex_destroy (&file->lock);
    free (file);
}

static void
sender_found (void *context, struct session *session, const struct err *err)
{
    struct file *file = context;
    struct http_request *request = file->request;
    struct visit *visit = visit_of (request);
    if (session) {
        visit->person = session->person;
        atomic_store_explicit (&visit->known, true, memory_order_release);
    }
    pthread_mutex_lock (&file->lock);
    if (session)
        file->person = session->person;
    if (!session)
        file->err = *err;
    else if (!route_allows (bound_of (request)->route, session->who, 0))
        err_code (&file->err, RC_FORBIDDEN, "common.forbidden", "", "no role that sends files");
    file->decided = true;
    bool waiting = file->waiting;
    file->waiting = false;
    pthread_mutex_unlock (&file->lock);
    if (waiting)
        http_upload_resume (request);
    visit_release (visit);
    http_request_release (request);
    file_release (file);
}

static bool
file_begin (struct http_request *request)
{
    struct gateway *gateway = bound_of (request)->gateway;
    struct file *file = calloc (1, sizeof *file);
    if (!file) {
        http_respond_problem (request, &(struct http_problem){ .code = "common.busy" });
        return false;
    }
    atomic_init (&file->references, 2);
    pthread_mutex_init (&file->lock, NULL);
    file->gateway = gateway;
    file->request = request;
    request->upload = file;
    http_request_hold (request);
    visit_hold (visit_of (request));
    sessions_find (gateway->sessions, visit_of (request)->token, SESSION_USED, sender_found, file);
    return true;
}

static uint64_t
limit_of (const struct file *file, enum media_state state)
{
    const struct gateway_settings *settings = &file->gateway->settings;
    return (uint64_t)(state == MEDIA_SCAN ? settings->scan_limit : settings->file_limit);
}

/* NULL: fine so far. */
static const char *
file_fault (const struct file *file, const char **ret_type)
{
    enum media_state state = media_state (&file->media, ret_type);
    if (state == MEDIA_REFUSED)
        return "gateway.media_type";
    return state != MEDIA_UNDECIDED && file->size > limit_of (file, state) ? "store.too_large" : NULL;
}

static enum rc
file_write (struct file *file, const uint8_t *data, size_t size, struct err *err)
{
    const struct gateway *gateway = file->gateway;
    int64_t wait = pace_take (gateway->uploads, file->person, (int64_t)size, clock_monotonic ());
    enum rc rc = RC_OK;
    if (wait) {
        err_code (err, RC_BUSY, "gateway.too_much_uploaded", "", "more than one may send in an hour");
        err->retry_after = (unsigned)(wait / CLOCK_SECOND) + 1;
        return RC_BUSY;
    }
    if (!file->writer)
        rc = store_begin (gateway->store, (uint64_t)gateway->settings.file_limit, &file->writer, err);
    return rc == RC_OK ? store_append (file->writer, data, size, err) : rc;
}

static size_t
file_chunk (struct http_request *request, const uint8_t *data, size_t size)
{
    struct file *file = request->upload;
    const char *type;
    struct err err;
    pthread_mutex_lock (&file->lock);
    bool decided = file->decided;
    file->waiting = !decided;
    err = file->err;
    pthread_mutex_unlock (&file->lock);
    if (!decided)
        return 0;
    enum rc rc = err.rc;
    if (rc == RC_OK)
        rc = file_write (file, data, size, &err);
    if (rc != RC_OK) {
        http_respond_err (request, &err);
        return 0;
    }
    media_take (&file->media, data, size);
    file->size += size;
    const char *fault = file_fault (file, &type);
    if (fault)
        http_respond_problem (request, &(struct http_problem){ .code = fault });
    return fault ? 0 : size;
}

static void
file_abort (struct http_request *request)
{
    file_release (request->upload);
}

static void
file_commit (void *context)
{
    struct file *file = context;
    struct ask *ask = ask_new (file->request);
    Padan__Gateway__V1__StoredFile stored = PADAN__GATEWAY__V1__STORED_FILE__INIT;
    uint8_t digest[STORE_DIGEST];
    const char *type = "";
    struct err err;
    uint64_t size;
    enum rc rc = store_commit (&file->writer, digest, &size, &err);
    media_state (&file->media, &type);
    file_release (file);
    if (!ask)
        return;
    if (rc != RC_OK) {
        ask_refuse_err (ask, &err);
        return;
    }
    stored.file_sha256 = (ProtobufCBinaryData){ sizeof digest, digest };
    stored.size = (int64_t)size;
    stored.media_type = (char *)type;
    ask_message (ask, &(struct http_response){ .status = ask->route->status }, &stored.base);
}

void
upload_handle (struct http_request *request)
{
    struct file *file = request->upload;
    const char *type;
    struct err err;
    media_end (&file->media);
    const char *fault = file->size ? file_fault (file, &type) : "gateway.file_empty";
    if (fault) {
        http_respond_problem (request, &(struct http_problem){ .code = fault });
        file_release (file);
    } else if (worker_do (file->gateway->worker, file_commit, file, &err) != RC_OK) {
        http_respond_err (request, &err);
        file_release (file);
    }
}

const struct http_upload upload = { file_begin, file_chunk, file_abort };
