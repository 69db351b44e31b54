/* HandCard → CardHanded: a courier whose place covers the village takes the card along; one that came back goes again.
 * Rows: card, courier. */
#include "services/distribution/card_store.h"

enum rc
on_hand_card_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Distribution__V1__HandCard *command = (const void *)message->data;
    struct uuid courier;
    if (!uuid_from (command->courier_id, &courier))
        return err_code (err, RC_UNPROCESSABLE, "common.required", "/courier_id", "not an id");
    keys_add (keys, &card_table, message->tenant, message->subject);
    keys_add (keys, &courier_table, message->tenant, courier);
    return RC_OK;
}

enum rc
on_hand_card (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Distribution__V1__HandCard *command = (const void *)message->data;
    const struct card *known = unit_peek (unit, &card_table, message->tenant, message->subject);
    struct uuid courier = { 0 };
    struct card *card;
    uuid_from (command->courier_id, &courier);
    if (known && !message_allowed (message, CARD_OFFICE, known->village))
        return err_code (err, RC_FORBIDDEN, "common.forbidden", "", "no role in that village");
    enum rc rc = card_hand (unit, message->tenant, message->subject, message->version, courier, &card, err);
    if (rc == RC_OK)
        card_reply (unit, card);
    return rc;
}
