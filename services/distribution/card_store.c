#include "services/distribution/card_store.h"

#include <string.h>

#include "common/bus/grants.h"
#include "common/bus/principal.h"
#include "common/profiles/profiles.h"
#include "distribution_sql.h"

static const struct db_column card_columns[] = {
    DB_COLUMN (DB_INT8, card, tenant),         DB_COLUMN (DB_UUID, card, id),
    DB_COLUMN (DB_INT8, card, version),        DB_COLUMN (DB_TEXT, card, state),
    DB_COLUMN (DB_UUID, card, application_id), DB_COLUMN (DB_UUID, card, member_id),
    DB_COLUMN (DB_TEXT, card, name),           DB_COLUMN (DB_TEXT, card, card_number),
    DB_COLUMN (DB_TEXT, card, village),        DB_COLUMN (DB_BOOL, card, fetched),
    DB_COLUMN (DB_INT4, card, couriers),       DB_COLUMN (DB_BYTES, card, profile_sha256),
    DB_COLUMN (DB_UUID, card, courier_id),     DB_COLUMN (DB_TEXT, card, receiver),
    DB_COLUMN (DB_TEXT, card, relation),       DB_COLUMN (DB_BYTES, card, proof_sha256),
    DB_COLUMN (DB_TEXT, card, reason),         DB_COLUMN (DB_TIME, card, expected_at),
    DB_COLUMN (DB_TIME, card, since),          DB_COLUMN (DB_TIME, card, due_at),
    DB_COLUMN (DB_BOOL, card, proof_asked),
};
const struct table card_table = {
    .name = "card",
    .row_size = sizeof (struct card),
    .columns = card_columns,
    .n_columns = sizeof card_columns / sizeof *card_columns,
    .load = &sql_card_load,
    .insert = &sql_card_insert,
    .update = &sql_card_update,
};

static const struct db_column courier_columns[] = {
    DB_COLUMN (DB_INT8, courier, tenant),
    DB_COLUMN (DB_UUID, courier, id),
    DB_COLUMN (DB_INT8, courier, version),
    DB_COLUMN (DB_TEXT, courier, grants),
};
const struct table courier_table = {
    .name = "courier",
    .row_size = sizeof (struct courier),
    .columns = courier_columns,
    .n_columns = sizeof courier_columns / sizeof *courier_columns,
    .load = &sql_courier_load,
    .insert = &sql_courier_insert,
    .update = &sql_courier_update,
};

struct uuid
card_id_of (struct uuid member_id)
{
    return uuid_of (&member_id, sizeof member_id);
}

enum rc
card_look (struct unit *unit, int64_t tenant, struct uuid id, int64_t seen, enum card_act act,
           const struct card **ret_card, struct err *err)
{
    const struct card *card = unit_peek (unit, &card_table, tenant, id);
    if (!card)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such card");
    if (seen && seen != card->version)
        return err_code (err, RC_STALE, "common.stale", "", "the card is at another version");
    if (card_move (card_state_of (card->state), act) < 0)
        return err_code (err, RC_CONFLICT, "distribution.card_state", "", "%s of a card that is %s",
                         card_act_word (act), card->state);
    *ret_card = card;
    return RC_OK;
}

struct card *
card_go (struct unit *unit, const struct card *known, enum card_act act)
{
    int to = card_move (card_state_of (known->state), act);
    MUST (to >= 0); /* card_look has looked */
    struct card *card = unit_edit (unit, &card_table, known->tenant, known->id);
    card->state = card_state_word ((enum card_state)to);
    card->since = unit_now (unit);
    return card;
}

void
card_emit (struct unit *unit, struct card *card, const void *event)
{
    unit_emit (unit, card->tenant, card->id, ++card->version, event);
}

void
card_reply (struct unit *unit, const struct card *card)
{
    Padan__Distribution__V1__CardReply reply = PADAN__DISTRIBUTION__V1__CARD_REPLY__INIT;
    reply.card_id = uuid_field (&card->id);
    reply.version = card->version;
    reply.state = (char *)card->state;
    unit_reply (unit, &reply);
}

enum rc
text_given (const char *text, const char *pointer, struct err *err)
{
    if (!text[strspn (text, " ")])
        return err_code (err, RC_UNPROCESSABLE, "common.required", pointer, "empty");
    if (strlen (text) > TEXT_MAX)
        return err_code (err, RC_UNPROCESSABLE, "common.too_long", pointer, "more than %d bytes", TEXT_MAX);
    return RC_OK;
}

enum rc
card_receive (struct unit *unit, int64_t tenant, struct uuid id, int64_t seen, int64_t due_at, struct card **ret_card,
              struct err *err)
{
    Padan__Distribution__V1__CardReceived event = PADAN__DISTRIBUTION__V1__CARD_RECEIVED__INIT;
    const struct card *known;
    enum rc rc = card_look (unit, tenant, id, seen, CARD_ACT_RECEIVE, &known, err);
    if (rc != RC_OK)
        return rc;
    struct card *card = card_go (unit, known, CARD_ACT_RECEIVE);
    card->due_at = due_at;
    event.application_id = uuid_field (&card->application_id);
    event.due_at = card->due_at;
    card_emit (unit, card, &event);
    *ret_card = card;
    return RC_OK;
}

/* May this person carry cards to that village? */
static bool
courier_covers (struct unit *unit, const struct card *card, struct uuid courier_id)
{
    const struct courier *courier = unit_peek (unit, &courier_table, card->tenant, courier_id);
    struct grants grants;
    struct err err;
    if (!courier || grants_parse (courier->grants, unit_arena (unit), &grants, &err) != RC_OK)
        return false;
    Padan__Principal principal = PADAN__PRINCIPAL__INIT;
    principal.grants = grants.items;
    principal.n_grants = grants.count;
    for (Padan__Role role = PADAN__ROLE__ROLE_NONE + 1; card->couriers >> role; role++)
        if ((card->couriers >> role & 1) && principal_has_role (&principal, card->tenant, role, card->village))
            return true;
    return false;
}

enum rc
card_hand (struct unit *unit, int64_t tenant, struct uuid id, int64_t seen, struct uuid courier_id,
           struct card **ret_card, struct err *err)
{
    Padan__Distribution__V1__CardHanded event = PADAN__DISTRIBUTION__V1__CARD_HANDED__INIT;
    const struct card *known;
    enum rc rc = card_look (unit, tenant, id, seen, CARD_ACT_HAND, &known, err);
    if (rc != RC_OK)
        return rc;
    if (!courier_covers (unit, known, courier_id))
        return err_code (err, RC_UNPROCESSABLE, "distribution.no_courier", "/courier_id",
                         "nobody who may carry cards to that village");
    struct card *card = card_go (unit, known, CARD_ACT_HAND);
    card->courier_id = courier_id;
    event.application_id = uuid_field (&card->application_id);
    event.courier_id = uuid_field (&card->courier_id);
    event.due_at = card->due_at;
    card_emit (unit, card, &event);
    *ret_card = card;
    return RC_OK;
}

enum rc
carrier_check (const struct message *message, const struct card *card, struct err *err)
{
    struct uuid person = { 0 };
    if (message_allowed (message, CARD_OFFICE, card->village))
        return RC_OK;
    if (message->principal)
        uuid_from (message->principal->person_id, &person);
    if (!uuid_is_nil (person) && uuid_compare (person, card->courier_id) == 0 &&
        message_allowed (message, (unsigned)card->couriers, card->village))
        return RC_OK;
    return err_code (err, RC_FORBIDDEN, "distribution.not_courier", "", "the card was handed to somebody else");
}

/* ---------------------------------------------------------------- deadlines */

/* known: until when it was expected; it stays where the profile gives no days for bringing it. */
static enum rc
card_due (struct gather *gather, int64_t tenant, struct bytes hash, int64_t known, int64_t *ret_due, struct err *err)
{
    const struct profile *profile;
    enum rc rc = profiles_get (gather, tenant, hash.data, &profile, err);
    if (rc == RC_OK)
        *ret_due = profile->distribution.days
                       ? calendar_add_days (&profile->calendar, gather_now (gather), profile->distribution.days)
                       : known;
    return rc;
}

enum rc
cards_due (struct gather *gather, int64_t tenant, const struct uuid *ids, size_t n, int64_t *ret_due, struct err *err)
{
    struct db_call call = { .sql = &sql_card_profiles, .params = db_params (gather_arena (gather)) };
    db_param_int8 (call.params, tenant);
    db_param_uuid_array (call.params, ids, n);
    enum rc rc = gather_read (gather, tenant, &call, 1, err);
    for (size_t row = 0; rc == RC_OK && row < db_count (call.result); row++) {
        struct uuid id = db_uuid (call.result, row, 0);
        for (size_t i = 0; i < n && rc == RC_OK; i++)
            if (uuid_compare (ids[i], id) == 0)
                rc = card_due (gather, tenant, db_bytes (call.result, row, 1), db_time (call.result, row, 2),
                               &ret_due[i], err);
    }
    db_calls_clear (&call, 1);
    return rc;
}
