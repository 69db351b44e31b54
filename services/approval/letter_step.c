/* What becomes of a letter and of the files on it: the one place that writes its state. */
#include "services/approval/chain.h"

enum rc
letter_files_fit (struct unit *unit, const struct office_letter *letter, const struct approval_facts *facts,
                  struct err *err)
{
    enum file_state state = letter_state_of (letter) == LETTER_STATE_DRAFTED ? FILE_DRAFTED : FILE_SIGNED;
    if (facts->n_list != letter->n_files)
        return err_set (err, RC_CORRUPT, "a letter's list has changed");
    for (size_t i = 0; i < letter->n_files; i++) {
        const struct file *file = unit_peek (unit, &file_table, letter->tenant, letter->files[i].application_id);
        if (file && state == FILE_SIGNED && file_state_of (file) == FILE_APPROVED) {
            err_code (err, RC_CONFLICT, "common.held_elsewhere", "", "a file of it is approved");
            return err_argument (err, file_holder (file));
        }
        if (!file || uuid_compare (file->letter_id, letter->id) != 0 || file_state_of (file) != state)
            return err_set (err, RC_CORRUPT, "a file of a letter is not on it");
    }
    return RC_OK;
}

/* May the person do what waits on every file of it? */
static enum rc
letter_allowed (struct unit *unit, const struct message *message, const struct profile *profile, int act,
                const struct office_letter *letter, struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < letter->n_files; i++)
        rc =
            chain_allowed (message, profile, act,
                           unit_peek (unit, &file_table, letter->tenant, letter->files[i].application_id), letter, err);
    return rc;
}

enum rc
letter_content_same (const struct office_letter *letter, const struct approval_facts *facts, struct err *err)
{
    const struct bytes *hash = &letter->content_sha256;
    if (hash->size == sizeof facts->content_sha256 && memcmp (hash->data, facts->content_sha256, hash->size) == 0)
        return RC_OK;
    return err_code (err, RC_CONFLICT, "approval.content_changed", "", "it would not be printed as it was read");
}

enum rc
letter_look (struct unit *unit, const struct message *message, enum letter_move move, enum act kind,
             const struct office_letter **ret_letter, const struct approval_facts **ret_facts, int *ret_act,
             struct err *err)
{
    const struct office_letter *letter = unit_peek (unit, &letter_table, message->tenant, message->subject);
    if (!letter)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such letter");
    enum rc rc = unit_expect (message, letter->version, err);
    if (rc != RC_OK)
        return rc;
    enum letter_state state = letter_state_of (letter);
    if (move == LETTER_MOVE_DELIVER && state == LETTER_STATE_SIGNED)
        return err_code (err, RC_CONFLICT, "approval.not_sealed", "", "its PDF is being made");
    if (move == LETTER_MOVE_RETURN && (state == LETTER_STATE_SIGNED || state == LETTER_STATE_SEALED))
        return err_code (err, RC_CONFLICT, "approval.signed", "", "the letter is signed");
    if (letter_move (state, move) < 0)
        return err_code (err, RC_CONFLICT, "common.not_allowed_now", "", "the letter is %s", letter->state);
    rc = facts_take (message, ret_facts, err);
    if (rc != RC_OK)
        return rc;
    const struct profile *profile = (*ret_facts)->profile;
    int act = move == LETTER_MOVE_VOID ? chain_find (profile, profile_track_find (profile, letter->track), ACT_SIGN)
                                       : profile_act_find (profile, letter->act);
    if (act < 0 || (kind != ACT_END && profile->acts[act].act != kind))
        return err_code (err, RC_CONFLICT, "common.not_allowed_now", "", "the letter waits for %s", letter->act);
    rc = letter_files_fit (unit, letter, *ret_facts, err);
    if (rc == RC_OK)
        rc = letter_allowed (unit, message, profile, act, letter, err);
    if (rc != RC_OK)
        return rc;
    *ret_letter = letter;
    *ret_act = act;
    return RC_OK;
}

void
letter_wait (struct unit *unit, struct office_letter *letter, const struct profile *profile, int act)
{
    int by = act < 0 ? -1 : file_move_of (profile->acts[act].act);
    bool ours = by == FILE_MOVE_CLEAR || by == FILE_MOVE_SIGN || by == FILE_MOVE_DELIVER;
    letter->since = unit_now (unit);
    letter->act = ours ? profile->acts[act].id : "";
    letter->role = ours ? (int32_t)chain_role (&profile->acts[act]) : 0;
    letter->due_at = ours ? chain_due (profile, act, letter->since) : 0;
}

void
letter_go (struct unit *unit, struct office_letter *letter, enum letter_move move, const struct profile *profile,
           int act)
{
    int to = letter_move (letter_state_of (letter), move);
    MUST (to >= 0); /* letter_look has looked */
    letter->state = letter_state_word ((enum letter_state)to);
    letter->version++;
    letter_wait (unit, letter, profile, act);
}

enum rc
letter_step_files (struct unit *unit, const struct office_letter *letter, enum file_move move, int act,
                   const struct approval_facts *facts, struct err *err)
{
    for (size_t i = 0; i < letter->n_files; i++) {
        struct file *file = unit_edit (unit, &file_table, letter->tenant, letter->files[i].application_id);
        enum rc rc = file_step (unit, file, move, facts->profile, act, letter->number, facts->list[i].sent, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

void
letter_break_up (struct unit *unit, struct office_letter *letter, enum letter_move move, struct uuid except,
                 const struct way_back *way, const struct profile *profile)
{
    for (size_t i = 0; i < letter->n_files; i++)
        if (uuid_compare (letter->files[i].application_id, except) != 0)
            file_leave (unit, unit_edit (unit, &file_table, letter->tenant, letter->files[i].application_id), profile,
                        way);
    letter_go (unit, letter, move, profile, -1);
    letter->reason = way->reason;
    Padan__Approval__V1__LetterReturned returned = PADAN__APPROVAL__V1__LETTER_RETURNED__INIT;
    Padan__Approval__V1__LetterVoided voided = PADAN__APPROVAL__V1__LETTER_VOIDED__INIT;
    returned.reason = voided.reason = (char *)way->reason;
    voided.number = (char *)letter->number;
    const void *event = move == LETTER_MOVE_VOID ? (const void *)&voided : &returned;
    unit_emit (unit, letter->tenant, letter->id, letter->version, event);
}

void
letter_recall (struct unit *unit, struct office_letter *letter, const struct way_back *way,
               const struct profile *profile)
{
    for (size_t i = 0; i < letter->n_files; i++)
        file_leave (unit, unit_edit (unit, &file_table, letter->tenant, letter->files[i].application_id), profile, way);
    letter_acts_void (letter, profile, way->act, unit_now (unit));
    letter_go (unit, letter, LETTER_MOVE_RECALL, profile, way->act);
    letter->reason = way->reason;
    Padan__Approval__V1__LetterRecalled event = PADAN__APPROVAL__V1__LETTER_RECALLED__INIT;
    event.reason = (char *)way->reason;
    event.next_act = (char *)letter->act;
    event.next_role = (char *)words_word (&words_roles, (int)profile->acts[way->act].role);
    event.due_at = letter->due_at;
    unit_emit (unit, letter->tenant, letter->id, letter->version, &event);
}

void
letter_reply (struct unit *unit, const struct office_letter *letter)
{
    Padan__Approval__V1__LetterReply reply = PADAN__APPROVAL__V1__LETTER_REPLY__INIT;
    reply.letter_id = uuid_field (&letter->id);
    reply.version = letter->version;
    reply.state = (char *)letter->state;
    reply.number = (char *)letter->number;
    reply.content_sha256 = (ProtobufCBinaryData){ letter->content_sha256.size, (uint8_t *)letter->content_sha256.data };
    unit_reply (unit, &reply);
}
