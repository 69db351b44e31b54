/* ReturnLetter → LetterReturned, and FileReturned or ApplicationReturned for each application: they wait to be drafted
 * again, or for the act that is named, and the letter is void. When that is a paraf: LetterRecalled, and it waits for
 * it again with all that is on it. Reply LetterReply. By whoever the letter waits for, before it is signed.
 * Rows: letter, every file on it. */
#include "services/approval/chain.h"

enum rc
on_return_letter (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__ReturnLetter *command = (const Padan__Approval__V1__ReturnLetter *)message->data;
    const struct office_letter *known;
    const struct approval_facts *facts;
    int act = -1;
    enum rc rc = text_given (command->reason, REASON_MAX, "/reason", err);
    if (rc == RC_OK)
        rc = letter_look (unit, message, LETTER_MOVE_RETURN, ACT_END, &known, &facts, &act, err);
    if (rc != RC_OK)
        return rc;
    const struct profile *profile = facts->profile;
    int track = profile_track_find (profile, known->track);
    struct way_back way = { .move = FILE_MOVE_BACK,
                            .act = chain_find (profile, track, ACT_DRAFT),
                            .reason = command->reason };
    if (*command->to_act)
        rc = chain_back (profile, track, act, command->to_act, &way, err);
    if (rc != RC_OK)
        return rc;
    struct office_letter *letter = unit_edit (unit, &letter_table, message->tenant, message->subject);
    if (way.move == FILE_MOVE_RECALL)
        letter_recall (unit, letter, &way, profile);
    else
        letter_break_up (unit, letter, LETTER_MOVE_RETURN, (struct uuid){ 0 }, &way, profile);
    letter_reply (unit, letter);
    return RC_OK;
}
