/* approval's ApplicationApproved → ApplicationQueued. From here on batching holds the application: a waiting row with
 * its people, the day its batch closes, and the timer of that day. A person who has an open place in another
 * application already is refused at once (MemberRefused), so that nobody is ever in two batches.
 * Rows: waiting, person; claim of each NIK. */
#include <stdlib.h>
#include <string.h>

#include "approval.pb-c.h"
#include "services/batching/claim_store.h"
#include "services/batching/schedule.h"
#include "services/batching/waiting_store.h"

static const char double_reason[] = "NIK sudah diusulkan dalam permohonan lain";

/* 0: a newborn without one. */
static int64_t
nik_of (const Padan__Common__V1__Member *member)
{
    return member->nik[0] ? strtoll (member->nik, NULL, 10) : 0;
}

static enum rc
dossier_check (const Padan__Common__V1__Dossier *dossier, struct err *err)
{
    if (!dossier || dossier->profile_sha256.len != PROFILE_HASH || !dossier->n_members)
        return err_set (err, RC_CORRUPT, "approved without a dossier, its profile or its people");
    for (size_t i = 0; i < dossier->n_members; i++) {
        const Padan__Common__V1__Member *member = dossier->members[i];
        struct uuid id;
        if (!uuid_from (member->member_id, &id) ||
            (member->nik[0] && (strlen (member->nik) != 16 || strspn (member->nik, "0123456789") != 16)))
            return err_set (err, RC_CORRUPT, "a person of the dossier has no id, or a NIK that is none");
    }
    return RC_OK;
}

enum rc
on_application_approved_gather (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        const Padan__Approval__V1__ApplicationApproved *event = (const void *)messages[i]->data;
        const struct profile *profile = NULL;
        enum rc rc = dossier_check (event->dossier, err);
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
on_application_approved_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__ApplicationApproved *event = (const void *)message->data;
    enum rc rc = dossier_check (event->dossier, err);
    if (rc != RC_OK)
        return rc;
    keys_add (keys, &waiting_table, message->tenant, message->subject);
    for (size_t i = 0; i < event->dossier->n_members; i++)
        if (nik_of (event->dossier->members[i]))
            keys_add (keys, &claim_table, message->tenant, claim_of_nik (nik_of (event->dossier->members[i])));
    return RC_OK;
}

static int32_t
priority_of (const struct profile *profile, const Padan__Common__V1__Dossier *dossier)
{
    profile_conditions facts = 1 << CONDITION_POOR; /* whom this office proposes */
    int condition;
    for (size_t i = 0; i < dossier->n_members; i++)
        for (size_t k = 0; k < dossier->members[i]->n_conditions; k++)
            if (words_find (&words_conditions, dossier->members[i]->conditions[k], &condition))
                facts |= (profile_conditions)1 << condition;
    return (int32_t)profile_priority (profile, facts);
}

static struct bytes
packed (struct unit *unit, const Padan__Common__V1__Dossier *dossier)
{
    size_t size = padan__common__v1__dossier__get_packed_size (dossier);
    uint8_t *data = arena_alloc (unit_arena (unit), size + 1);
    MUST (data);
    padan__common__v1__dossier__pack (dossier, data);
    return (struct bytes){ data, size };
}

/* Adds everybody and claims their places; gives how many of them are doubles. */
static int
people_add (struct unit *unit, struct waiting *waiting, const Padan__Common__V1__Dossier *dossier, bool *ret_double)
{
    int doubles = 0;
    for (size_t i = 0; i < dossier->n_members; i++) {
        const Padan__Common__V1__Member *member = dossier->members[i];
        struct person *person = waiting_person_add (unit, waiting);
        uuid_from (member->member_id, &person->member_id);
        person->nik = nik_of (member);
        if (!person->nik)
            continue;
        struct uuid claim = claim_of_nik (person->nik);
        ret_double[i] = !uuid_is_nil (claim_holder (unit, waiting->tenant, claim));
        doubles += ret_double[i];
        if (!ret_double[i])
            claim_take (unit, waiting->tenant, claim, waiting->id);
    }
    return doubles;
}

static void
waiting_fill (struct unit *unit, struct waiting *waiting, const struct message *message, const struct profile *profile,
              int track)
{
    const Padan__Approval__V1__ApplicationApproved *event = (const void *)message->data;
    const Padan__Common__V1__Dossier *dossier = event->dossier;
    struct slot slot = schedule_next (profile, track, unit_now (unit));
    waiting->version = message->version;
    waiting->state = "waiting";
    waiting->track = dossier->track;
    waiting->ticket = dossier->ticket;
    waiting->transfer = profile->tracks[track].purpose == PURPOSE_TRANSFER;
    waiting->priority = priority_of (profile, dossier);
    waiting->since = unit_now (unit);
    waiting->due_at = slot.at;
    waiting->due_day = slot.day;
    waiting->letter_number = event->letter_number;
    waiting->profile_sha256 = (struct bytes){ dossier->profile_sha256.data, dossier->profile_sha256.len };
    waiting->dossier = packed (unit, dossier);
    schedule_close (unit, waiting->tenant, waiting->track, slot, waiting->id);
}

enum rc
on_application_approved (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__ApplicationApproved *event = (const void *)message->data;
    const struct profile *profile = message->facts;
    if (unit_peek (unit, &waiting_table, message->tenant, message->subject))
        return RC_OK; /* approved once: it was seen before */
    int track = profile_track_find (profile, event->dossier->track);
    if (track < 0)
        return err_set (err, RC_CORRUPT, "approved on a track its profile does not have");
    struct waiting *waiting = unit_create (unit, &waiting_table, message->tenant, message->subject);
    bool *is_double = arena_array (unit_arena (unit), event->dossier->n_members, sizeof *is_double);
    MUST (is_double);
    waiting_fill (unit, waiting, message, profile, track);
    size_t doubles = (size_t)people_add (unit, waiting, event->dossier, is_double);
    if (doubles < waiting->count)
        waiting_emit_queued (unit, waiting);
    for (size_t i = 0; i < waiting->count; i++)
        if (is_double[i])
            waiting_refuse (unit, waiting, &waiting->people[i],
                            &(struct outcome){ .reason = double_reason, .card_number = "" });
    return RC_OK;
}
