/* DeliverCard → CardDelivered: a named receiver has it. Recorded by the courier it was handed to, or by the operator;
 * where residents fetch their cards the operator hands them out.
 * Rows: card. */
#include <string.h>

#include "services/distribution/card_store.h"

enum { PROOF_SIZE = 32 }; /* SHA-256 of a stored photo or signature */

static enum rc
command_check (const Padan__Distribution__V1__DeliverCard *command, struct err *err)
{
    enum rc rc = text_given (command->receiver, "/receiver", err);
    if (rc == RC_OK)
        rc = text_given (command->relation, "/relation", err);
    if (rc == RC_OK && command->proof_sha256.len && command->proof_sha256.len != PROOF_SIZE)
        return err_code (err, RC_UNPROCESSABLE, "common.invalid", "/proof_sha256", "not 32 bytes");
    return rc;
}

enum rc
on_deliver_card (struct unit *unit, const struct message *message, struct err *err)
{
    Padan__Distribution__V1__CardDelivered event = PADAN__DISTRIBUTION__V1__CARD_DELIVERED__INIT;
    const Padan__Distribution__V1__DeliverCard *command = (const void *)message->data;
    const struct card *known = unit_peek (unit, &card_table, message->tenant, message->subject);
    enum card_act act =
        known && known->fetched && card_state_of (known->state) != CARD_HANDED ? CARD_ACT_FETCH : CARD_ACT_DELIVER;
    enum rc rc = command_check (command, err);
    if (rc == RC_OK)
        rc = card_look (unit, message->tenant, message->subject, message->version, act, &known, err);
    if (rc == RC_OK)
        rc = carrier_check (message, known, err);
    if (rc != RC_OK)
        return rc;
    struct card *card = card_go (unit, known, act);
    card->receiver = command->receiver;
    card->relation = command->relation;
    card->reason = "";
    if (command->proof_sha256.len)
        card->proof_sha256 = (struct bytes){ command->proof_sha256.data, command->proof_sha256.len };
    card->due_at = 0;
    event.application_id = uuid_field (&card->application_id);
    event.relation = command->relation;
    card_emit (unit, card, &event);
    card_reply (unit, card);
    return RC_OK;
}
