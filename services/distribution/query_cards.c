/* ListCards: by state, place and courier, a page at a time; GetCard. A courier sees the cards handed to them. Card
 * numbers are masked. */
#include <stdio.h>
#include <string.h>

#include "common/engine/cursor.h"
#include "distribution_sql.h"
#include "services/distribution/card_store.h"

static const unsigned see_all = CARD_READERS & ~(unsigned)CARD_COURIERS;

static struct uuid
person_of (const struct message *message)
{
    struct uuid person = { 0 };
    uuid_from (message->principal->person_id, &person);
    return person;
}

static Padan__Distribution__V1__CardView *
view_make (const struct card *card, struct arena *arena)
{
    Padan__Distribution__V1__CardView *view = arena_alloc (arena, sizeof *view);
    size_t length = strlen (card->card_number), hidden = length > 4 ? length - 4 : 0;
    char *masked = arena_string (arena, card->card_number);
    MUST (view && masked);
    memset (masked, '*', hidden);
    padan__distribution__v1__card_view__init (view);
    view->card_id = uuid_field (&card->id);
    view->application_id = uuid_field (&card->application_id);
    view->member_id = uuid_field (&card->member_id);
    view->name = (char *)card->name;
    view->card_number = masked;
    view->village = (char *)card->village;
    view->state = (char *)card->state;
    view->version = card->version;
    if (!uuid_is_nil (card->courier_id))
        view->courier_id = uuid_field (&card->courier_id);
    view->receiver = (char *)card->receiver;
    view->reason = (char *)card->reason;
    view->since_at = card->since;
    view->due_at = card->due_at;
    view->proof_asked = card->proof_asked;
    view->proof_sha256 =
        (ProtobufCBinaryData){ .len = card->proof_sha256.size, .data = (uint8_t *)card->proof_sha256.data };
    return view;
}

static enum rc
cards_read (struct query *query, struct db_call *call, struct card **ret_cards, size_t *ret_n, struct err *err)
{
    void *rows;
    enum rc rc = query_run (query, call, 1, err);
    if (rc == RC_OK)
        rc = db_rows (call->result, card_table.columns, card_table.n_columns, sizeof (struct card), query_arena (query),
                      &rows, ret_n, err);
    db_calls_clear (call, 1);
    if (rc == RC_OK)
        *ret_cards = rows;
    return rc;
}

enum rc
query_get_card (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply, struct err *err)
{
    struct db_call call = { .sql = &sql_card_find, .params = db_params (query_arena (query)) };
    struct card *cards;
    size_t n;
    db_param_int8 (call.params, message->tenant);
    db_param_uuid (call.params, message->subject);
    enum rc rc = cards_read (query, &call, &cards, &n, err);
    if (rc != RC_OK)
        return rc;
    bool seen = n && (message_allowed (message, see_all, cards->village) ||
                      uuid_compare (person_of (message), cards->courier_id) == 0);
    if (!seen)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such card");
    *ret_reply = &view_make (cards, query_arena (query))->base;
    return RC_OK;
}

/* Whose cards the asker may see: nil for everybody's. */
static enum rc
courier_wanted (const struct message *message, struct uuid *ret_courier, struct err *err)
{
    const Padan__Distribution__V1__ListCards *question = (const void *)message->data;
    struct uuid courier = { 0 }, person = person_of (message);
    uuid_from (question->courier_id, &courier);
    if (!message_allowed (message, see_all, question->place)) {
        if (!uuid_is_nil (courier) && uuid_compare (courier, person) != 0)
            return err_code (err, RC_FORBIDDEN, "common.forbidden", "courier_id", "another courier's cards");
        courier = person;
    }
    *ret_courier = courier;
    return RC_OK;
}

enum rc
query_list_cards (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                  struct err *err)
{
    const Padan__Distribution__V1__ListCards *question = (const void *)message->data;
    struct arena *arena = query_arena (query);
    struct db_call call = { .sql = &sql_card_list, .params = db_params (arena) };
    Padan__Distribution__V1__Cards *reply = arena_alloc (arena, sizeof *reply);
    struct card *cards;
    struct uuid courier;
    struct cursor after;
    size_t n, limit = list_limit (question->limit);
    MUST (reply);
    padan__distribution__v1__cards__init (reply);
    enum rc rc = courier_wanted (message, &courier, err);
    if (rc == RC_OK)
        rc = cursor_read (question->cursor, &after, err);
    if (rc != RC_OK)
        return rc;
    db_param_int8 (call.params, message->tenant);
    db_param_text (call.params, question->state);
    db_param_text (call.params, question->place);
    db_param_uuid (call.params, courier);
    db_param_time (call.params, after.at);
    db_param_uuid (call.params, after.id);
    db_param_int8 (call.params, (int64_t)limit + 1);
    rc = cards_read (query, &call, &cards, &n, err);
    if (rc != RC_OK)
        return rc;
    reply->cards = arena_array (arena, limit, sizeof *reply->cards);
    MUST (reply->cards);
    for (size_t i = 0; i < n && i < limit; i++)
        reply->cards[reply->n_cards++] = view_make (&cards[i], arena);
    if (n > limit)
        reply->next_cursor = cursor_text ((struct cursor){ cards[limit - 1].expected_at, cards[limit - 1].id }, arena);
    *ret_reply = &reply->base;
    return RC_OK;
}
