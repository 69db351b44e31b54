/* ReturnFile → FileReturned to an earlier act here, or ApplicationReturned to intake; RejectFile → ApplicationRejected;
 * reply FileReply. A file that leaves an unsigned letter ends it: LetterReturned, and the others wait to be drafted
 * again. Back to a paraf goes the letter as it is, with all on it: LetterRecalled.
 * Rows: file, its letter and all files on it. */
#include "services/approval/chain.h"

/* Whoever the file waits for may send it away. */
static enum rc
waits_for_them (const struct message *message, const struct profile *profile, const struct file *file,
                const struct office_letter *letter, struct err *err)
{
    int act = profile_act_find (profile, file->act);
    return act < 0 ? err_set (err, RC_CORRUPT, "its profile has no act %s", file->act)
                   : chain_allowed (message, profile, act, file, letter, err);
}

/* The letter that the file is on, NULL when it is on none. */
static enum rc
letter_of (struct unit *unit, const struct file *file, const struct approval_facts *facts,
           const struct office_letter **ret_letter, struct err *err)
{
    *ret_letter = NULL;
    if (uuid_is_nil (file->letter_id))
        return RC_OK;
    const struct office_letter *letter = unit_peek (unit, &letter_table, file->tenant, file->letter_id);
    if (!letter)
        return err_set (err, RC_CORRUPT, "a file without its letter");
    *ret_letter = letter;
    return letter_files_fit (unit, letter, facts, err);
}

/* What becomes of its letter, and with it of all others on it. */
static void
letter_leave (struct unit *unit, const struct file *file, const struct way_back *way, const struct profile *profile)
{
    struct office_letter *letter = unit_edit (unit, &letter_table, file->tenant, file->letter_id);
    struct way_back drafting = { .move = FILE_MOVE_BACK, .reason = way->reason };
    drafting.act = chain_find (profile, profile_track_find (profile, letter->track), ACT_DRAFT);
    if (way->move == FILE_MOVE_RECALL)
        letter_recall (unit, letter, way, profile);
    else
        letter_break_up (unit, letter, LETTER_MOVE_RETURN, file->id, &drafting, profile);
}

/* to_act: "" the way is known. */
static enum rc
file_send_away (struct unit *unit, const struct message *message, const char *to_act, struct way_back way,
                struct err *err)
{
    const struct file *known;
    const struct approval_facts *facts;
    const struct office_letter *letter;
    enum rc rc = file_look (unit, message, &known, err);
    if (rc == RC_OK)
        rc = file_facts (message, known, &facts, err);
    if (rc == RC_OK && *to_act)
        rc = chain_back (facts->profile, profile_track_find (facts->profile, known->track),
                         profile_act_find (facts->profile, known->act), to_act, &way, err);
    if (rc == RC_OK && file_move (file_state_of (known), way.move) < 0)
        rc = err_code (err, RC_CONFLICT, "approval.signed", "", "the file is %s", known->state);
    if (rc == RC_OK)
        rc = letter_of (unit, known, facts, &letter, err);
    if (rc == RC_OK)
        rc = waits_for_them (message, facts->profile, known, letter, err);
    if (rc != RC_OK)
        return rc;
    if (letter)
        letter_leave (unit, known, &way, facts->profile);
    struct file *file = unit_edit (unit, &file_table, message->tenant, message->subject);
    if (way.move != FILE_MOVE_RECALL) /* it went back with its letter */
        file_leave (unit, file, facts->profile, &way);
    file_reply (unit, file);
    return RC_OK;
}

enum rc
on_return_file (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__ReturnFile *command = (const Padan__Approval__V1__ReturnFile *)message->data;
    enum rc rc = text_given (command->reason, REASON_MAX, "/reason", err);
    if (rc != RC_OK)
        return rc;
    struct way_back way = { .move = FILE_MOVE_SEND_BACK, .act = -1, .reason = command->reason };
    return file_send_away (unit, message, command->to_act, way, err);
}

enum rc
on_reject_file (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__RejectFile *command = (const Padan__Approval__V1__RejectFile *)message->data;
    enum rc rc = text_given (command->reason, REASON_MAX, "/reason", err);
    if (rc != RC_OK)
        return rc;
    struct way_back way = { .move = FILE_MOVE_REJECT, .act = -1, .reason = command->reason };
    return file_send_away (unit, message, "", way, err);
}
