/* GetFile → FileView: one file with what was sent, for who works at its place. NIK and KK are masked for those who only
 * administer or audit; every other view is logged. */
#include "approval_sql.h"
#include "common/base/log.h"
#include "services/approval/chain.h"
#include "services/approval/query.h"

/* 127201******0001, as nik_mask writes it. */
static void
number_mask (char *text)
{
    if (strlen (text) == 16)
        memset (text + 6, '*', 6);
}

static void
content_mask (Padan__Common__V1__Dossier *dossier)
{
    number_mask (dossier->kk);
    for (size_t i = 0; i < dossier->n_members; i++) {
        number_mask (dossier->members[i]->nik);
        number_mask (dossier->members[i]->mother_nik);
    }
}

static const char *
role_word (struct query *query, const struct message *message, struct bytes hash, const char *act)
{
    const struct profile *profile;
    if (!*act || hash.size != PROFILE_HASH ||
        profiles_get (query_gather (query), message->tenant, hash.data, &profile, NULL) != RC_OK)
        return "";
    int index = profile_act_find (profile, act);
    return index < 0 ? "" : words_word (&words_roles, (int)profile->acts[index].role);
}

enum rc
query_get_file (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply, struct err *err)
{
    struct arena *arena = query_arena (query);
    struct db_call call = { .sql = &sql_file_get, .params = query_params (query, message, true) };
    enum rc rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    const char *village = db_count (call.result) ? arena_string (arena, db_text (call.result, 0, 7)) : NULL;
    if (!village || !message_allowed (message, APPROVAL_READERS, village)) {
        db_calls_clear (&call, 1);
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such file");
    }
    struct bytes sent = db_bytes (call.result, 0, 9), hash = db_bytes (call.result, 0, 8);
    Padan__Intake__V1__ApplicationSent *content =
        padan__intake__v1__application_sent__unpack (arena_protobuf (arena), sent.size, sent.data);
    Padan__Approval__V1__FileView *view = approval_memory (arena, 1, sizeof *view);
    padan__approval__v1__file_view__init (view);
    struct uuid *letter_id = approval_memory (arena, 1, sizeof *letter_id);
    if (!db_null (call.result, 0, 3))
        *letter_id = db_uuid (call.result, 0, 3);
    uint8_t *hash_copy = arena_copy (arena, hash.data, hash.size);
    view->act = arena_string (arena, db_text (call.result, 0, 0));
    view->state = arena_string (arena, db_text (call.result, 0, 1));
    view->version = db_int8 (call.result, 0, 2);
    view->letter_id = id_field (letter_id);
    view->since_at = db_time (call.result, 0, 4);
    view->due_at = db_null (call.result, 0, 5) ? 0 : db_time (call.result, 0, 5);
    view->reason = arena_string (arena, db_text (call.result, 0, 6));
    db_calls_clear (&call, 1);
    if (!content || !content->dossier || !hash_copy || !view->act || !view->state || !view->reason)
        return err_set (err, RC_CORRUPT, "a stored dossier does not unpack");
    if (!message_allowed (message, APPROVAL_OFFICERS, village))
        content_mask (content->dossier);
    else
        log_event (LOG_INFO, "nik.shown", LOG_UUID ("person", message_person (message)),
                   LOG_UUID ("application", message->subject), LOG_INT ("tenant", message->tenant));
    view->role = (char *)role_word (query, message, (struct bytes){ hash_copy, hash.size }, view->act);
    view->dossier = content->dossier;
    view->n_verdicts = content->n_verdicts;
    view->verdicts = content->verdicts;
    *ret_reply = &view->base;
    return RC_OK;
}
