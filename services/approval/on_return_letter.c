/* ReturnLetter → LetterReturned and FileReturned for each application; reply LetterReply. The letter is void with every
 * paraf on it; its files wait to be drafted again. By whoever the letter waits for, before it is signed.
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
    struct office_letter *letter = unit_edit (unit, &letter_table, message->tenant, message->subject);
    letter_void (unit, letter, (struct uuid){ 0 }, command->reason, facts->profile);
    letter_reply (unit, letter);
    return RC_OK;
}
