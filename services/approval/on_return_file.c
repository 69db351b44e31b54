/* ReturnFile → FileReturned to an earlier act here, or ApplicationReturned to intake; RejectFile → ApplicationRejected;
 * reply FileReply. A file that is on an unsigned letter voids it: LetterReturned, and the others wait to be drafted
 * again. Rows: file, its letter and all files on it. */
#include "services/approval/chain.h"

/* The act to go back to must come before the one that waits, and wait for files one by one. */
static enum rc
earlier_act (const struct profile *profile, const struct file *file, const char *to_act, int *ret_act, struct err *err)
{
    int track = profile_track_find (profile, file->track), waits = profile_act_find (profile, file->act);
    for (int act = chain_next (profile, track, -1); act >= 0 && act != waits; act = chain_next (profile, track, act)) {
        int move = file_move_of (profile->acts[act].act);
        if (strcmp (profile->acts[act].id, to_act) != 0 || (move != FILE_MOVE_PASS && move != FILE_MOVE_DRAFT))
            continue;
        *ret_act = act;
        return RC_OK;
    }
    return err_code (err, RC_UNPROCESSABLE, "approval.not_earlier", "/to_act", "no earlier act of files here");
}

/* Whoever the file waits for may send it away. */
static enum rc
waits_for_them (const struct message *message, const struct profile *profile, const struct file *file,
                const struct office_letter *letter, struct err *err)
{
    int act = profile_act_find (profile, file->act);
    return act < 0 ? err_set (err, RC_CORRUPT, "its profile has no act %s", file->act)
                   : chain_allowed (message, profile, act, file, letter, err);
}

static enum rc
file_send_away (struct unit *unit, const struct message *message, const char *to_act, struct way_back way,
                struct err *err)
{
    const struct file *known;
    const struct approval_facts *facts;
    const struct office_letter *letter = NULL;
    enum rc rc = file_look (unit, message, &known, err);
    if (rc == RC_OK)
        rc = file_facts (message, known, &facts, err);
    if (rc == RC_OK && file_move (file_state_of (known), way.move) < 0)
        rc = err_code (err, RC_CONFLICT, "approval.signed", "", "the file is %s", known->state);
    if (rc == RC_OK && way.move == FILE_MOVE_BACK)
        rc = earlier_act (facts->profile, known, to_act, &way.act, err);
    if (rc != RC_OK)
        return rc;
    if (!uuid_is_nil (known->letter_id)) {
        letter = unit_peek (unit, &letter_table, message->tenant, known->letter_id);
        rc = letter ? letter_files_fit (unit, letter, facts, err)
                    : err_set (err, RC_CORRUPT, "a file without its letter");
    }
    if (rc == RC_OK)
        rc = waits_for_them (message, facts->profile, known, letter, err);
    if (rc != RC_OK)
        return rc;
    if (letter)
        letter_void (unit, unit_edit (unit, &letter_table, message->tenant, known->letter_id), known->id, way.reason,
                     facts->profile);
    struct file *file = unit_edit (unit, &file_table, message->tenant, message->subject);
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
    struct way_back way = { .move = *command->to_act ? FILE_MOVE_BACK : FILE_MOVE_SEND_BACK,
                            .reason = command->reason };
    return file_send_away (unit, message, command->to_act, way, err);
}

enum rc
on_reject_file (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__RejectFile *command = (const Padan__Approval__V1__RejectFile *)message->data;
    enum rc rc = text_given (command->reason, REASON_MAX, "/reason", err);
    if (rc != RC_OK)
        return rc;
    return file_send_away (unit, message, "", (struct way_back){ .move = FILE_MOVE_REJECT, .reason = command->reason },
                           err);
}
