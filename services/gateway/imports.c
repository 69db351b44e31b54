/* POST /v1/imports: one door, three owners. What an import is decides who takes it. */
#include <string.h>
#include <unistd.h>

#include "batching.pb-c.h"
#include "gateway.pb-c.h"
#include "intake.pb-c.h"
#include "services/gateway/handle.h"
#include "services/gateway/imports.h"
#include "validation.pb-c.h"

/* Bytes of a stored file. False: refused. */
static bool
file_size (struct ask *ask, ProtobufCBinaryData sha256, const char *pointer, int64_t *ret_size)
{
    struct err err;
    int fd;
    uint64_t size;
    enum rc rc = store_read (ask->gateway->store, sha256.data, -1, &fd, &size, &err);
    if (rc == RC_NOT_FOUND)
        ask_refuse_field (ask, "gateway.file_unknown", pointer, "gateway.file_unknown");
    else if (rc != RC_OK)
        ask_refuse_err (ask, &err);
    if (rc != RC_OK)
        return false;
    close (fd);
    *ret_size = (int64_t)size;
    return true;
}

static void
import_started (struct ask *ask)
{
    char location[UUID_TEXT + 16], id[UUID_TEXT], position[KEYS_NAME + 24];
    Padan__Gateway__V1__ImportStarted started = PADAN__GATEWAY__V1__IMPORT_STARTED__INIT;
    started.import_id = uuid_field (&ask->subject);
    snprintf (location, sizeof location, "/v1/imports/%s", uuid_format (ask->subject, id));
    struct http_response response = { .status = ask->route->status, .location = location };
    if (ask->reply->position && ask->reply->position->log) {
        snprintf (position, sizeof position, "%.*s:%lld", KEYS_NAME, ask->reply->position->log,
                  (long long)ask->reply->position->position);
        response.more[0] = (struct http_field){ "Padan-Position", position };
    }
    ask_message (ask, &response, &started.base);
}

static void
import_proposals (struct ask *ask, const Padan__Gateway__V1__NewImport *body, int64_t size)
{
    Padan__Intake__V1__StartImport command = PADAN__INTAKE__V1__START_IMPORT__INIT;
    command.kind = body->kind;
    command.period = body->period;
    command.source = body->source;
    command.file_sha256 = body->file_sha256;
    command.size = size;
    ask_call (ask, ROUTE_COMMAND, "intake", &command.base, &padan__intake__v1__import_reply__descriptor,
              import_started);
}

static void
import_registry (struct ask *ask, const Padan__Gateway__V1__NewImport *body, int64_t size)
{
    Padan__Validation__V1__LoadRegistry command = PADAN__VALIDATION__V1__LOAD_REGISTRY__INIT;
    command.registry = body->kind;
    command.period = body->period;
    command.source = body->source;
    command.file_sha256 = body->file_sha256;
    command.size = size;
    command.family_sha256 = body->family_sha256;
    if (body->family_sha256.len && !file_size (ask, body->family_sha256, "/family_sha256", &command.family_size))
        return;
    ask_call (ask, ROUTE_COMMAND, "validation", &command.base, &padan__validation__v1__import_reply__descriptor,
              import_started);
}

static void
import_replies (struct ask *ask, const Padan__Gateway__V1__NewImport *body, int64_t size)
{
    Padan__Batching__V1__StartReplies command = PADAN__BATCHING__V1__START_REPLIES__INIT;
    command.batch_id = body->batch_id;
    command.file_sha256 = body->file_sha256;
    command.size = size;
    command.source = body->source;
    ask_call (ask, ROUTE_COMMAND, "batching", &command.base, &padan__batching__v1__import_reply__descriptor,
              import_started);
}

const struct import_kind import_kinds[IMPORT_KINDS] = {
    { "proposals", { "period", "source" }, import_proposals },
    { "poverty", { "period" }, import_registry },
    { "membership", { "period" }, import_registry },
    { "replies", { "batch_id" }, import_replies },
};

/* Is the field there? Only texts and bytes are needed: an id and a digest that is there has its length. */
static bool
field_given (const Padan__Gateway__V1__NewImport *body, const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name (body->base.descriptor, name);
    const char *at = (const char *)body + field->offset;
    return field->type == PROTOBUF_C_TYPE_BYTES ? ((const ProtobufCBinaryData *)at)->len > 0
                                                : (*(const char *const *)at)[0] != '\0';
}

/* False: refused, naming the first field that is missing. */
static bool
needs_check (struct ask *ask, const struct import_kind *kind, const Padan__Gateway__V1__NewImport *body)
{
    const char *missing = field_given (body, "file_sha256") ? NULL : "file_sha256";
    char pointer[48];
    for (size_t i = 0; i < IMPORT_NEEDS && kind->needs[i] && !missing; i++)
        missing = field_given (body, kind->needs[i]) ? NULL : kind->needs[i];
    if (!missing)
        return true;
    snprintf (pointer, sizeof pointer, "/%s", missing);
    ask_refuse_field (ask, "gateway.import_incomplete", pointer, "common.required");
    return false;
}

static void
import_start (struct ask *ask)
{
    if (!handle_key (ask) || !ask_new_id (ask, &ask->subject))
        return;
    const Padan__Gateway__V1__NewImport *body =
        (const Padan__Gateway__V1__NewImport *)ask_body (ask, &padan__gateway__v1__new_import__descriptor);
    if (!body)
        return;
    for (size_t i = 0; i < IMPORT_KINDS; i++) {
        int64_t size;
        if (strcmp (import_kinds[i].name, body->kind) != 0)
            continue;
        if (needs_check (ask, &import_kinds[i], body) && file_size (ask, body->file_sha256, "/file_sha256", &size))
            import_kinds[i].start (ask, body, size);
        return;
    }
    ask_refuse_field (ask, "gateway.import_kind", "/kind", "gateway.import_kind");
}

void
import_handle (struct http_request *request)
{
    struct ask *ask = ask_new (request);
    if (ask)
        ask_sign_in (ask, import_start);
}
