/* DeliverLetter → LetterDelivered, and ApplicationApproved for each application when no act here follows; reply
 * LetterReply. The printed letter goes to the BPJS branch; batching holds its applications from here.
 * Rows: letter, every file on it. */
#include "services/approval/chain.h"

enum rc
on_deliver_letter (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__DeliverLetter *command = (const Padan__Approval__V1__DeliverLetter *)message->data;
    const struct office_letter *known;
    const struct approval_facts *facts;
    int act = -1;
    enum rc rc = text_given (command->receiver, RECEIVER_MAX, "/receiver", err);
    if (rc == RC_OK && strlen (command->to) > RECEIVER_MAX)
        rc = err_code (err, RC_UNPROCESSABLE, "common.too_long", "/to", "more than %d bytes", RECEIVER_MAX);
    if (rc == RC_OK)
        rc = letter_look (unit, message, LETTER_MOVE_DELIVER, ACT_DELIVER, &known, &facts, &act, err);
    if (rc != RC_OK)
        return rc;
    const struct profile *profile = facts->profile;
    struct office_letter *letter = unit_edit (unit, &letter_table, message->tenant, message->subject);
    letter->delivered_to = *command->to ? command->to : profile->office.bpjs;
    letter->receiver = command->receiver;
    letter->delivered_at = unit_now (unit);
    letter_act_add (unit, letter, profile->acts[act].id, "deliver", (int32_t)chain_role (&profile->acts[act]), message);
    letter_go (unit, letter, LETTER_MOVE_DELIVER, profile,
               chain_next (profile, profile_track_find (profile, letter->track), act));
    rc = letter_step_files (unit, letter, FILE_MOVE_DELIVER, act, facts, err);
    if (rc != RC_OK)
        return rc;
    Padan__Approval__V1__LetterDelivered event = PADAN__APPROVAL__V1__LETTER_DELIVERED__INIT;
    event.to = (char *)letter->delivered_to;
    unit_emit (unit, letter->tenant, letter->id, letter->version, &event);
    letter_reply (unit, letter);
    return RC_OK;
}
