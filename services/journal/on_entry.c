/* An event of any service → its number, or a place among those that wait.
 *
 * In: one entry of a followed log. An event that made version n of its subject is placed once version n - 1 is, one
 * that speaks of version n (Judged) once n is; until then it is held beside the story, and placed when the missing one
 * comes, from whichever log. A repeat is dropped; another event for a version that is taken is refused, so that the
 * engine parks it with the reason and a person must look. Out: no event; the journal is the end of the line. Rows:
 * story of the subject, story of the application it names (read only), head of the tenant. */
#include <sodium.h>

#include "common/bus/message.h"
#include "services/journal/journal.h"

enum turn { TURN_NOW, TURN_HOLD, TURN_REPEAT, TURN_CONFLICT };

enum rc
on_entry_gather (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    (void)err;
    for (size_t i = 0; i < n; i++) {
        uint8_t salt[SALT_SIZE];
        struct fact *fact;
        struct err why = { 0 };
        randombytes_buf (salt, sizeof salt);
        if (fact_read (gather_arena (gather), messages[i]->log, (const void *)messages[i]->data, salt, &fact, &why) !=
            RC_OK)
            gather_refuse (gather, messages[i], &why);
        else
            messages[i]->facts = fact;
    }
    return RC_OK;
}

enum rc
on_entry_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const struct fact *fact = message->facts;
    if (!fact)
        return err_set (err, RC_RETRY, "not gathered");
    keys_add (keys, &story_table, message->tenant, fact->subject);
    if (!uuid_is_nil (fact->application_id))
        keys_add (keys, &story_table, message->tenant, fact->application_id);
    keys_add (keys, &head_table, message->tenant, head_id (message->tenant));
    return RC_OK;
}

static enum turn
turn_of (const struct story *story, const struct fact *fact)
{
    enum event_order order = fact->type ? fact->type->order : ORDER_VERSION;
    int64_t version = story ? story->version : 0;
    if (order == ORDER_LOG)
        return TURN_NOW;
    if (order == ORDER_AFTER) {
        if (story && uuid_compare (story->follower_id, fact->event_id) == 0)
            return TURN_REPEAT;
        return version >= fact->version ? TURN_NOW : TURN_HOLD;
    }
    if (fact->version == version + 1)
        return TURN_NOW;
    if (fact->version > version)
        return TURN_HOLD;
    return story && story_ids_know (story, fact->version, fact->event_id) ? TURN_REPEAT : TURN_CONFLICT;
}

static enum rc
conflict (const struct fact *fact, struct err *err)
{
    return err_code (err, RC_CONFLICT, "journal.version_conflict", "", "another event made version %lld of this %s",
                     (long long)fact->version, fact->type ? fact->type->kind : "subject");
}

static bool
makes_version (const struct fact *fact)
{
    return !fact->type || fact->type->order == ORDER_VERSION;
}

/* The envelope as it came: unpacking kept fields it did not know, so that packing gives them back. */
static struct bytes
envelope_pack (struct unit *unit, const Padan__Envelope *envelope)
{
    size_t size = padan__envelope__get_packed_size (envelope);
    uint8_t *data = arena_alloc (unit_arena (unit), size + 1);
    MUST (data);
    padan__envelope__pack (envelope, data);
    return (struct bytes){ data, size };
}

static enum rc
held_fact (struct unit *unit, const struct held *held, struct fact **ret_fact, struct err *err)
{
    ProtobufCMessage *envelope;
    uint8_t salt[SALT_SIZE];
    struct uuid fresh[2] = { unit_id (unit), unit_id (unit) }, mixed = uuid_of (fresh, sizeof fresh);
    memcpy (salt, mixed.bytes, sizeof salt);
    enum rc rc = message_unpack (&padan__envelope__descriptor, unit_arena (unit), held->envelope.data,
                                 held->envelope.size, &envelope, err);
    if (rc == RC_OK)
        rc = fact_read (unit_arena (unit), held->log, (const void *)envelope, salt, ret_fact, err);
    return rc;
}

static enum rc
fact_hold (struct unit *unit, const struct message *message, const struct fact *fact, struct err *err)
{
    struct story *story = story_edit (unit, message->tenant, fact->subject);
    for (size_t i = 0; i < story->n_held; i++) {
        const struct held *held = &story->held[i];
        struct fact *other;
        if (!held->version)
            continue;
        if (uuid_compare (held->event_id, fact->event_id) == 0)
            return RC_OK;
        if (held->version != fact->version)
            continue;
        enum rc rc = held_fact (unit, held, &other, err);
        if (rc != RC_OK)
            return rc;
        if (makes_version (other) && makes_version (fact))
            return conflict (fact, err);
    }
    struct held *held = story_held_add (unit, story);
    if (!held)
        return err_set (err, RC_BUSY, "%d events of this subject wait for an earlier one already", STORY_HELD);
    held->version = fact->version;
    held->event_id = fact->event_id;
    held->log = message->log;
    held->envelope = envelope_pack (unit, fact->envelope);
    held->held_at = unit_now (unit);
    return RC_OK;
}

/* Places what waited for the event just placed, and what waited for that. */
static enum rc
held_release (struct unit *unit, struct story *story, const struct story *application, struct err *err)
{
    for (size_t i = 0; i < story->n_held; i++) {
        struct held *held = &story->held[i];
        struct fact *fact;
        if (!held->version || held->version > story->version + 1)
            continue;
        enum rc rc = held_fact (unit, held, &fact, err);
        if (rc != RC_OK)
            return rc;
        enum turn turn = turn_of (story, fact);
        if (turn == TURN_CONFLICT)
            return conflict (fact, err);
        if (turn == TURN_HOLD)
            continue;
        held->version = 0;
        held->event_id = (struct uuid){ 0 };
        held->log = "";
        held->envelope = (struct bytes){ NULL, 0 };
        held->held_at = 0;
        if (turn == TURN_NOW)
            fact_place (unit, story, fact, application);
        i = (size_t)-1; /* from the first again: one that was passed over may follow now */
    }
    return RC_OK;
}

enum rc
on_entry (struct unit *unit, const struct message *message, struct err *err)
{
    const struct fact *fact = message->facts;
    switch (turn_of (unit_peek (unit, &story_table, message->tenant, fact->subject), fact)) {
    case TURN_REPEAT:
        return RC_OK;
    case TURN_CONFLICT:
        return conflict (fact, err);
    case TURN_HOLD:
        return fact_hold (unit, message, fact, err);
    case TURN_NOW:
        break;
    }
    struct story *story = story_edit (unit, message->tenant, fact->subject);
    const struct story *application = NULL;
    if (!uuid_is_nil (fact->application_id))
        application = unit_peek (unit, &story_table, message->tenant, fact->application_id);
    fact_place (unit, story, fact, application);
    return held_release (unit, story, application, err);
}
