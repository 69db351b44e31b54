/* ClearLetter → LetterCleared and FileMoved for each application; reply LetterReply. A paraf binds person, time and the
 * hash of what was read. Rows: letter, every file on it. */
#include "services/approval/chain.h"

enum rc
on_clear_letter (struct unit *unit, const struct message *message, struct err *err)
{
    const struct office_letter *known;
    const struct approval_facts *facts;
    int act = -1;
    enum rc rc = version_given (message, err);
    if (rc == RC_OK)
        rc = letter_look (unit, message, LETTER_MOVE_CLEAR, ACT_PARAF, &known, &facts, &act, err);
    if (rc == RC_OK)
        rc = letter_content_same (known, facts, err);
    if (rc != RC_OK)
        return rc;
    const struct profile_act *row = &facts->profile->acts[act];
    struct office_letter *letter = unit_edit (unit, &letter_table, message->tenant, message->subject);
    letter_act_add (unit, letter, row->id, "paraf", (int32_t)chain_role (row), message);
    letter_go (unit, letter, LETTER_MOVE_CLEAR, facts->profile,
               chain_next (facts->profile, profile_track_find (facts->profile, letter->track), act));
    rc = letter_step_files (unit, letter, FILE_MOVE_CLEAR, act, facts, err);
    if (rc != RC_OK)
        return rc;
    Padan__Approval__V1__LetterCleared event = PADAN__APPROVAL__V1__LETTER_CLEARED__INIT;
    event.role = (char *)words_word (&words_roles, (int)row->role);
    unit_emit (unit, letter->tenant, letter->id, letter->version, &event);
    letter_reply (unit, letter);
    return RC_OK;
}
