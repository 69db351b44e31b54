/* VoidLetter → LetterVoided, and FileReturned for each application: they wait to be drafted again; reply LetterReply. A
 * signed letter is taken back before it is delivered, by who may sign it; its number stays taken, as void.
 * Rows: letter, every file on it. */
#include "services/approval/chain.h"

enum rc
on_void_letter (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__VoidLetter *command = (const Padan__Approval__V1__VoidLetter *)message->data;
    const struct office_letter *known;
    const struct approval_facts *facts;
    int act = -1;
    enum rc rc = text_given (command->reason, REASON_MAX, "/reason", err);
    if (rc == RC_OK)
        rc = letter_look (unit, message, LETTER_MOVE_VOID, ACT_SIGN, &known, &facts, &act, err);
    if (rc != RC_OK)
        return rc;
    const struct profile *profile = facts->profile;
    struct way_back way = { .move = FILE_MOVE_VOID, .reason = command->reason };
    way.act = chain_find (profile, profile_track_find (profile, known->track), ACT_DRAFT);
    struct office_letter *letter = unit_edit (unit, &letter_table, message->tenant, message->subject);
    letter_break_up (unit, letter, LETTER_MOVE_VOID, (struct uuid){ 0 }, &way, profile);
    letter_reply (unit, letter);
    return RC_OK;
}
