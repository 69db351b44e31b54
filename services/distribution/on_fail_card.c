/* FailCard → CardFailed: the card came back, with the reason; it may be handed again.
 * Rows: card. */
#include "services/distribution/card_store.h"

enum rc
on_fail_card (struct unit *unit, const struct message *message, struct err *err)
{
    Padan__Distribution__V1__CardFailed event = PADAN__DISTRIBUTION__V1__CARD_FAILED__INIT;
    const Padan__Distribution__V1__FailCard *command = (const void *)message->data;
    const struct card *known;
    enum rc rc = text_given (command->reason, "/reason", err);
    if (rc == RC_OK)
        rc = card_look (unit, message->tenant, message->subject, message->version, CARD_ACT_FAIL, &known, err);
    if (rc == RC_OK)
        rc = carrier_check (message, known, err);
    if (rc != RC_OK)
        return rc;
    struct card *card = card_go (unit, known, CARD_ACT_FAIL);
    card->reason = command->reason;
    card->courier_id = (struct uuid){ 0 };
    event.application_id = uuid_field (&card->application_id);
    event.reason = command->reason;
    event.due_at = card->due_at;
    card_emit (unit, card, &event);
    card_reply (unit, card);
    return RC_OK;
}
