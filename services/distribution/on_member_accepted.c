/* batching's MemberAccepted → CardExpected: BPJS will send a card. One who is transferred keeps the old card and is
 * only switched over; an office that only tells the news has no cards to bring.
 * Rows: card. */
#include <string.h>

#include "batching.pb-c.h"
#include "common/profiles/profiles.h"
#include "services/distribution/card_store.h"

typedef Padan__Batching__V1__MemberAccepted accepted;

static const Padan__Common__V1__Member *
member_of (const accepted *event)
{
    for (size_t i = 0; event->dossier && i < event->dossier->n_members; i++) {
        const Padan__Common__V1__Member *member = event->dossier->members[i];
        if (member->member_id.len == event->member_id.len &&
            memcmp (member->member_id.data, event->member_id.data, event->member_id.len) == 0)
            return member;
    }
    return NULL;
}

static enum rc
event_check (const accepted *event, struct uuid *ret_member, struct err *err)
{
    if (!uuid_from (event->member_id, ret_member) || !member_of (event) || !event->dossier->address ||
        event->dossier->profile_sha256.len != PROFILE_HASH)
        return err_set (err, RC_CORRUPT, "accepted without the person, their address or the profile");
    return RC_OK;
}

enum rc
on_member_accepted_gather (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        const accepted *event = (const void *)messages[i]->data;
        const struct profile *profile = NULL;
        struct uuid member;
        enum rc rc = event_check (event, &member, err);
        if (rc == RC_OK)
            rc = profiles_get (gather, messages[i]->tenant, event->dossier->profile_sha256.data, &profile, err);
        if (rc == RC_RETRY)
            return rc;
        if (rc != RC_OK)
            gather_refuse (gather, messages[i], err);
        messages[i]->facts = (void *)profile;
    }
    return RC_OK;
}

enum rc
on_member_accepted_keys (struct keys *keys, const struct message *message, struct err *err)
{
    struct uuid member;
    enum rc rc = event_check ((const void *)message->data, &member, err);
    if (rc == RC_OK)
        keys_add (keys, &card_table, message->tenant, card_id_of (member));
    return rc;
}

/* The profile's couriers as roles that sign in; the others work on paper, through the operator. */
static int32_t
couriers_of (const struct profile *profile)
{
    static const struct {
        enum role role;
        Padan__Role signed_in;
    } roles[] = { { ROLE_TKSK, PADAN__ROLE__ROLE_TKSK },
                  { ROLE_KELURAHAN, PADAN__ROLE__ROLE_KELURAHAN },
                  { ROLE_OPERATOR, PADAN__ROLE__ROLE_OPERATOR } };
    int32_t bits = 0;
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (profile->distribution.couriers >> roles[i].role & 1)
            bits |= 1 << roles[i].signed_in;
    return bits;
}

enum rc
on_member_accepted (struct unit *unit, const struct message *message, struct err *err)
{
    Padan__Distribution__V1__CardExpected expected = PADAN__DISTRIBUTION__V1__CARD_EXPECTED__INIT;
    const accepted *event = (const void *)message->data;
    const struct profile *profile = message->facts;
    struct uuid member;
    enum rc rc = event_check (event, &member, err);
    if (rc != RC_OK)
        return rc;
    int track = profile_track_find (profile, event->dossier->track);
    if (track < 0)
        return err_set (err, RC_CORRUPT, "accepted on a track its profile does not have");
    if (event->transfer || profile->distribution.means == CARD_NEWS ||
        unit_peek (unit, &card_table, message->tenant, card_id_of (member)))
        return RC_OK;
    struct card *card = unit_create (unit, &card_table, message->tenant, card_id_of (member));
    card->state = card_state_word (CARD_EXPECTED);
    card->application_id = message->subject;
    card->member_id = member;
    card->name = member_of (event)->name;
    card->card_number = event->card_number;
    card->village = event->dossier->address->village;
    card->fetched = profile->distribution.means == CARD_FETCH;
    card->couriers = couriers_of (profile);
    card->profile_sha256 = (struct bytes){ event->dossier->profile_sha256.data, event->dossier->profile_sha256.len };
    card->receiver = card->relation = card->reason = "";
    card->expected_at = card->since = unit_now (unit);
    card->due_at = profile_due (profile, track, STAGE_ACTIVE, STAGE_CARD, unit_now (unit));
    card->proof_asked = profile->distribution.proof;
    expected.application_id = uuid_field (&card->application_id);
    expected.member_id = uuid_field (&card->member_id);
    expected.due_at = card->due_at;
    card_emit (unit, card, &expected);
    return RC_OK;
}
