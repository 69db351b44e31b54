/* Due work "bulk": one card of an ActOnMany is decided as if the act had been asked for it alone, and what became of
 * it, a refusal too, is kept as its result.
 * Rows: bulk and bulk_target, card, courier. */
#include <string.h>

#include "services/distribution/bulk_store.h"
#include "services/distribution/card_store.h"

typedef Padan__Distribution__V1__BulkDue bulk_due;

static enum rc
item_work (struct gather *gather, struct due_item *item, struct err *err)
{
    const bulk_due *due = (const void *)item->payload;
    bulk_due *result = arena_alloc (gather_arena (gather), sizeof *result);
    struct uuid id;
    enum rc rc = RC_OK;
    MUST (result);
    *result = *due;
    if (!due->target || !uuid_from (due->target->card_id, &id))
        return err_set (err, RC_CORRUPT, "a target without its card");
    if (strcmp (due->act, "receive") == 0) {
        int64_t due_at = 0;
        rc = cards_due (gather, item->tenant, &id, 1, &due_at, err);
        result->due_at = due_at;
    }
    item->result = &result->base;
    return rc;
}

void
on_bulk_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].rc == RC_OK)
            items[i].rc = item_work (gather, &items[i], &items[i].err);
}

enum rc
on_bulk_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const bulk_due *due = (const void *)message->data;
    struct uuid id;
    keys_add (keys, &bulk_table, message->tenant, message->subject);
    if (uuid_from (due->target->card_id, &id))
        keys_add (keys, &card_table, message->tenant, id);
    if (uuid_from (due->courier_id, &id))
        keys_add (keys, &courier_table, message->tenant, id);
    return RC_OK;
}

static enum rc
card_act (struct unit *unit, const struct message *message, const bulk_due *due, struct card **ret_card,
          struct err *err)
{
    struct uuid id = { 0 }, courier = { 0 };
    uuid_from (due->target->card_id, &id);
    uuid_from (due->courier_id, &courier);
    return strcmp (due->act, "receive") == 0
               ? card_receive (unit, message->tenant, id, due->target->version, due->due_at, ret_card, err)
               : card_hand (unit, message->tenant, id, due->target->version, courier, ret_card, err);
}

enum rc
on_bulk (struct unit *unit, const struct message *message, struct err *err)
{
    const bulk_due *due = (const void *)message->data;
    const struct bulk *known = unit_peek (unit, &bulk_table, message->tenant, message->subject);
    size_t i = (size_t)message->version - 1;
    struct card *card = NULL;
    if (!known || message->version < 1 || i >= known->count)
        return err_set (err, RC_CORRUPT, "a target without its bulk");
    if (strcmp (known->targets[i].outcome, "waiting") != 0)
        return RC_OK;
    if (due->principal.len)
        unit_act_as (unit, padan__principal__unpack (arena_protobuf (unit_arena (unit)), due->principal.len,
                                                     due->principal.data));
    enum rc rc = card_act (unit, message, due, &card, err);
    struct bulk *bulk = unit_edit (unit, &bulk_table, message->tenant, message->subject);
    struct bulk_target *target = &bulk->targets[i];
    target->outcome = rc == RC_OK ? "done" : "refused";
    if (rc == RC_OK)
        target->version = card->version;
    else
        target->code = arena_string (unit_arena (unit), err->code);
    MUST (target->code);
    bulk->waiting--;
    return RC_OK;
}
