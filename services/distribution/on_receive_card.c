/* ReceiveCard → CardReceived: the card came from BPJS, and the days to bring it begin.
 * Rows: card. */
#include "services/distribution/card_store.h"

enum rc
on_receive_card_gather (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct receive_facts *facts = arena_alloc (gather_arena (gather), sizeof *facts);
        MUST (facts);
        enum rc rc = cards_due (gather, messages[i]->tenant, &messages[i]->subject, 1, &facts->due_at, err);
        if (rc == RC_RETRY)
            return rc;
        if (rc != RC_OK)
            gather_refuse (gather, messages[i], err);
        messages[i]->facts = facts->due_at ? facts : NULL;
    }
    return RC_OK;
}

enum rc
on_receive_card (struct unit *unit, const struct message *message, struct err *err)
{
    const struct receive_facts *facts = message->facts;
    const struct card *known = unit_peek (unit, &card_table, message->tenant, message->subject);
    struct card *card;
    if (!known || !facts)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such card");
    if (!message_allowed (message, CARD_OFFICE, known->village))
        return err_code (err, RC_FORBIDDEN, "common.forbidden", "", "no role in that village");
    enum rc rc = card_receive (unit, message->tenant, message->subject, message->version, facts->due_at, &card, err);
    if (rc == RC_OK)
        card_reply (unit, card);
    return rc;
}
