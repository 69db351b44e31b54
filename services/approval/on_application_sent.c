/* ApplicationSent of intake → the file waits for its first act here; without any it is approved at once.
 * Rows: file, dossier. */
#include "services/approval/chain.h"

enum rc
on_application_sent_keys (struct keys *keys, const struct message *message, struct err *err)
{
    keys_add (keys, &file_table, message->tenant, message->subject);
    keys_add (keys, &dossier_table, message->tenant, dossier_id_of (message->subject, message->version));
    return RC_OK;
}

static bool
is_blocked (const Padan__Intake__V1__ApplicationSent *sent, const Padan__Common__V1__Member *member)
{
    for (size_t i = 0; i < sent->n_verdicts; i++) {
        const Padan__Common__V1__MemberVerdict *verdict = sent->verdicts[i];
        if (verdict->verdict == PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK &&
            verdict->member_id.len == member->member_id.len &&
            memcmp (verdict->member_id.data, member->member_id.data, member->member_id.len) == 0)
            return true;
    }
    return false;
}

/* Kept as sent, but for people who cannot be proposed. */
static struct bytes
content_pack (struct unit *unit, const Padan__Intake__V1__ApplicationSent *sent, size_t *ret_people)
{
    Padan__Intake__V1__ApplicationSent copy = *sent;
    Padan__Common__V1__Dossier dossier = *sent->dossier;
    struct arena *arena = unit_arena (unit);
    dossier.members = approval_memory (arena, sent->dossier->n_members, sizeof *dossier.members);
    dossier.n_members = 0;
    for (size_t i = 0; i < sent->dossier->n_members; i++)
        if (!is_blocked (sent, sent->dossier->members[i]))
            dossier.members[dossier.n_members++] = sent->dossier->members[i];
    copy.dossier = &dossier;
    size_t size = padan__intake__v1__application_sent__get_packed_size (&copy);
    uint8_t *data = approval_memory (arena, size, 1);
    padan__intake__v1__application_sent__pack (&copy, data);
    *ret_people = dossier.n_members;
    return (struct bytes){ data, size };
}

static void
file_fill (struct file *file, const struct message *message, const Padan__Common__V1__Dossier *dossier)
{
    file->ticket = dossier->ticket;
    file->track = dossier->track;
    file->village = dossier->address ? dossier->address->village : "";
    file->profile_sha256 = (struct bytes){ dossier->profile_sha256.data, dossier->profile_sha256.len };
    file->dossier_id = dossier_id_of (message->subject, message->version);
    file->letter_id = (struct uuid){ 0 };
    file->entered_by = (struct uuid){ 0 };
    uuid_from (dossier->entered_by_id, &file->entered_by);
    file->sent_by = message_person (message);
    file->version = message->version - 1; /* file_go raises it to what intake said */
    file->reason = "";
    file->state = file_state_word (FILE_RETURNED); /* nobody's yet: entering leads on from there */
}

enum rc
on_application_sent (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__ApplicationSent *sent = (const Padan__Intake__V1__ApplicationSent *)message->data;
    const struct file *known = unit_peek (unit, &file_table, message->tenant, message->subject);
    const struct approval_facts *facts;
    if (known && known->version >= message->version)
        return RC_OK;
    if (known && file_move (file_state_of (known), FILE_MOVE_ENTER) < 0)
        return err_set (err, RC_CONFLICT, "sent while it is %s here", known->state);
    enum rc rc = facts_take (message, &facts, err);
    if (rc != RC_OK)
        return rc;
    int track = profile_track_find (facts->profile, sent->dossier->track);
    if (track < 0)
        return err_set (err, RC_CORRUPT, "its profile has no track %s", sent->dossier->track);
    struct file *file = known ? unit_edit (unit, &file_table, message->tenant, message->subject)
                              : unit_create (unit, &file_table, message->tenant, message->subject);
    file_fill (file, message, sent->dossier);
    struct dossier *dossier = unit_create (unit, &dossier_table, message->tenant, file->dossier_id);
    size_t people;
    dossier->application_id = file->id;
    dossier->version = message->version;
    dossier->sent = content_pack (unit, sent, &people);
    file->people = (int32_t)people;
    int first = chain_next (facts->profile, track, -1);
    file_go (unit, file, FILE_MOVE_ENTER, facts->profile, first);
    return first < 0 ? file_step (unit, file, FILE_MOVE_PASS, facts->profile, -1, "", dossier->sent, err) : RC_OK;
}
