/* ReceiveFile → FileReceived (FileMoved for other acts), or ApplicationApproved after the last; reply FileReply. Does
 * the file's own act that waits: receive, sort, disposisi, approve, archive … Rows: file. */
#include "services/approval/chain.h"

enum rc
on_receive_file (struct unit *unit, const struct message *message, struct err *err)
{
    const struct file *known;
    const struct approval_facts *facts;
    enum rc rc = file_look (unit, message, &known, err);
    if (rc == RC_OK)
        rc = file_facts (message, known, &facts, err);
    if (rc != RC_OK)
        return rc;
    int act = profile_act_find (facts->profile, known->act);
    if (act < 0 || file_move_of (facts->profile->acts[act].act) != FILE_MOVE_PASS ||
        file_move (file_state_of (known), FILE_MOVE_PASS) < 0)
        return err_code (err, RC_CONFLICT, "common.not_allowed_now", "", "the file waits for %s", known->act);
    const struct office_letter *letter = NULL;
    if (!uuid_is_nil (known->letter_id))
        letter = unit_peek (unit, &letter_table, message->tenant, known->letter_id);
    rc = chain_allowed (message, facts->profile, act, known, letter, err);
    if (rc != RC_OK)
        return rc;
    struct file *file = unit_edit (unit, &file_table, message->tenant, message->subject);
    file_act_add (unit, file, facts->profile->acts[act].id, message);
    rc = file_step (unit, file, FILE_MOVE_PASS, facts->profile, act, letter ? letter->number : "", facts->sent, err);
    if (rc == RC_OK)
        file_reply (unit, file);
    return rc;
}
