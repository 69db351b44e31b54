/* GetLetter → LetterView with list and parafs. GetLetterPreview → LetterPreview: the letter as it stands as a PDF in
 * the content store, marked DRAF until it is signed. */
#include "services/approval/letter_read.h"
#include "services/approval/letter_text.h"
#include "services/approval/query.h"

static void
parafs_fill (Padan__Approval__V1__LetterView *view, const struct office_letter *letter, struct arena *arena)
{
    static const char *const roles[] = { [PADAN__ROLE__ROLE_OPERATOR] = "operator",
                                         [PADAN__ROLE__ROLE_KABID] = "kabid",
                                         [PADAN__ROLE__ROLE_SEKDIS] = "sekdis",
                                         [PADAN__ROLE__ROLE_KADIS] = "kadis" };
    view->parafs = approval_memory (arena, letter->n_acts, sizeof *view->parafs);
    for (size_t i = 0; i < letter->n_acts; i++) {
        const struct letter_act *act = &letter->acts[i];
        if (strcmp (act->kind, "paraf") != 0)
            continue;
        Padan__Approval__V1__Paraf *paraf = approval_memory (arena, 1, sizeof *paraf);
        padan__approval__v1__paraf__init (paraf);
        bool known = act->role > 0 && (size_t)act->role < sizeof roles / sizeof *roles && roles[act->role];
        paraf->role = (char *)(known ? roles[act->role] : "");
        paraf->person_id = id_field (&act->person_id);
        paraf->name = (char *)act->name;
        paraf->at = act->at;
        paraf->voided_at = act->voided_at;
        paraf->content_sha256 = bytes_field (act->content_sha256);
        view->parafs[view->n_parafs++] = paraf;
    }
}

enum rc
query_get_letter (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                  struct err *err)
{
    struct arena *arena = query_arena (query);
    const struct office_letter *letter;
    struct listed *list;
    size_t n;
    enum rc rc = letter_read (query_gather (query), message->tenant, message->subject, &letter, err);
    if (rc == RC_OK)
        rc = query_letter_seen (query, message, APPROVAL_READERS, err);
    if (rc == RC_OK)
        rc = facts_list (query_gather (query), message->tenant, message->subject, false, &list, &n, err);
    if (rc != RC_OK)
        return rc;
    Padan__Approval__V1__LetterView *view = letter_view (letter, arena);
    view->application_id = approval_memory (arena, n, sizeof *view->application_id);
    for (size_t i = 0; i < n; i++)
        view->application_id[view->n_application_id++] = id_field (&list[i].application_id);
    parafs_fill (view, letter, arena);
    *ret_reply = &view->base;
    return RC_OK;
}

enum rc
query_get_letter_preview (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                          struct err *err)
{
    struct arena *arena = query_arena (query);
    Padan__Approval__V1__LetterPreview *preview = approval_memory (arena, 1, sizeof *preview);
    uint8_t *hash = approval_memory (arena, STORE_DIGEST, 1);
    uint64_t size;
    padan__approval__v1__letter_preview__init (preview);
    enum rc rc = query_letter_seen (query, message, APPROVAL_OFFICERS, err);
    if (rc == RC_OK)
        rc = letter_pdf_store (query_gather (query), message->tenant, message->subject, hash, &size, err);
    if (rc != RC_OK)
        return rc;
    preview->pdf_sha256 = (ProtobufCBinaryData){ STORE_DIGEST, hash };
    preview->size = (int64_t)size;
    *ret_reply = &preview->base;
    return RC_OK;
}
