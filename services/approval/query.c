#include "services/approval/query.h"

#include "approval_sql.h"
#include "common/base/text.h"

int64_t
page_limit (uint32_t limit)
{
    return limit && limit < PAGE_MAX ? limit : PAGE_MAX;
}

struct db_params *
query_params (struct query *query, const struct message *message, bool with_subject)
{
    struct db_params *params = db_params (query_arena (query));
    db_param_int8 (params, message->tenant);
    if (with_subject)
        db_param_uuid (params, message->subject);
    return params;
}

/* The asker's grants of those roles in this tenant. Either array may be NULL. */
static size_t
grants_take (const struct message *message, unsigned held, int32_t *roles, const char **places)
{
    const Padan__Principal *principal = message->principal;
    size_t n = 0;
    for (size_t i = 0; i < principal->n_grants; i++) {
        const Padan__Grant *grant = principal->grants[i];
        if (grant->tenant != message->tenant || !(held >> grant->role & 1))
            continue;
        if (roles)
            roles[n] = (int32_t)grant->role;
        places[n++] = grant->place;
    }
    return n;
}

void
query_roles (struct db_params *params, const struct message *message, unsigned roles, struct arena *arena)
{
    int32_t *held = approval_memory (arena, message->principal->n_grants, sizeof *held);
    const char **places = approval_memory (arena, message->principal->n_grants, sizeof *places);
    size_t n = grants_take (message, roles, held, places);
    db_param_int4_array (params, held, n);
    db_param_text_array (params, places, n);
}

void
query_places (struct db_params *params, const struct message *message, unsigned roles, struct arena *arena)
{
    const char **places = approval_memory (arena, message->principal->n_grants, sizeof *places);
    db_param_text_array (params, places, grants_take (message, roles, NULL, places));
}

enum rc
query_letter_seen (struct query *query, const struct message *message, unsigned roles, struct err *err)
{
    if (message_allowed (message, roles, ""))
        return RC_OK;
    struct db_call call = { .sql = &sql_letter_villages, .params = query_params (query, message, true) };
    enum rc rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    bool seen = db_count (call.result) > 0;
    for (size_t i = 0; seen && i < db_count (call.result); i++)
        seen = message_allowed (message, roles, db_text (call.result, i, 0));
    db_calls_clear (&call, 1);
    return seen ? RC_OK : err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such letter");
}

ProtobufCBinaryData
bytes_field (struct bytes bytes)
{
    return (ProtobufCBinaryData){ bytes.data ? bytes.size : 0, (uint8_t *)bytes.data };
}

ProtobufCBinaryData
id_field (const struct uuid *id)
{
    return uuid_is_nil (*id) ? ((ProtobufCBinaryData){ 0 }) : uuid_field (id);
}

Padan__Approval__V1__LetterView *
letter_view (const struct office_letter *letter, struct arena *arena)
{
    Padan__Approval__V1__LetterView *view = approval_memory (arena, 1, sizeof *view);
    padan__approval__v1__letter_view__init (view);
    view->letter_id = id_field (&letter->id);
    view->letter = (char *)letter->letter;
    view->state = (char *)letter->state;
    view->version = letter->version;
    view->number = (char *)letter->number;
    view->content_sha256 = bytes_field (letter->content_sha256);
    view->pdf_sha256 = bytes_field (letter->pdf_sha256);
    view->pdf_size = letter->pdf_size;
    view->signed_at = letter->signed_at;
    view->act = (char *)letter->act;
    view->track = (char *)letter->track;
    view->people = (uint32_t)letter->people;
    view->drafted_at = letter->drafted_at;
    view->due_at = letter->due_at;
    view->receiver = (char *)letter->receiver;
    view->delivered_at = letter->delivered_at;
    view->reason = (char *)letter->reason;
    return view;
}
