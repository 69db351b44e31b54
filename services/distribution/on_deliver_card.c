/* DeliverCard → CardDelivered: a named receiver has it. Recorded by the courier it was handed to, or by the operator;
 * where residents fetch their cards the operator hands them out. Where the profile asks for proof, only with a stored
 * photo or signature.
 * Rows: card. */
#include <string.h>

#include "common/base/scan.h"
#include "services/distribution/card_store.h"

static void
proof_look (ProtobufCBinaryData proof, struct proof_facts *facts)
{
    uint8_t head[SCAN_HEAD];
    size_t got;
    if (proof.len != STORE_DIGEST ||
        store_head (distribution_store, proof.data, -1, head, sizeof head, &got, NULL) != RC_OK)
        return;
    facts->stored = true;
    facts->scan = scan_of_bytes (head, got);
}

enum rc
on_deliver_card_gather (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct proof_facts *facts = arena_alloc (gather_arena (gather), sizeof *facts);
        MUST (facts);
        proof_look (((const Padan__Distribution__V1__DeliverCard *)messages[i]->data)->proof_sha256, facts);
        messages[i]->facts = facts;
    }
    return RC_OK;
}

static enum rc
command_check (const Padan__Distribution__V1__DeliverCard *command, struct err *err)
{
    enum rc rc = text_given (command->receiver, "/receiver", err);
    return rc == RC_OK ? text_given (command->relation, "/relation", err) : rc;
}

static enum rc
proof_check (const struct message *message, const struct card *card, struct err *err)
{
    const struct proof_facts *facts = message->facts;
    if (!((const Padan__Distribution__V1__DeliverCard *)message->data)->proof_sha256.len)
        return card->proof_asked
                   ? err_code (err, RC_UNPROCESSABLE, "distribution.proof_needed", "/proof_sha256", "none given")
                   : RC_OK;
    if (!facts->stored)
        return err_code (err, RC_UNPROCESSABLE, "distribution.proof_missing", "/proof_sha256", "not in the store");
    if (!facts->scan)
        return err_code (err, RC_UNPROCESSABLE, "distribution.proof_content", "/proof_sha256", "begins as no scan");
    return RC_OK;
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
    if (rc == RC_OK)
        rc = proof_check (message, known, err);
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
    event.proof_sha256 = command->proof_sha256;
    card_emit (unit, card, &event);
    card_reply (unit, card);
    return RC_OK;
}
