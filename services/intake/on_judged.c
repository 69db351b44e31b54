/* Judged, of validation: the verdict per member is kept, for the words it was given for, while intake or approval holds
 * them, so that one who comes back is sent again by today's verdict; an older one is of no interest. Emits nothing:
 * verdicts are validation's. A payer a rule chose becomes the application's. Rows: application. */
#include "services/intake/application_moves.h"
#include "services/intake/completeness.h"
#include "services/intake/intake.h"
#include "validation.pb-c.h"

/* Whether the poverty registry knows the person decides which papers are asked for. */
static int64_t
facts_of (const Padan__Common__V1__MemberVerdict *verdict)
{
    int64_t facts = 0;
    for (size_t i = 0; i < verdict->n_reasons; i++) {
        const Padan__Common__V1__Reason *reason = verdict->reasons[i];
        if (strcmp (reason->check, "poverty") != 0 &&
            strcmp (reason->check, words_word (&words_checks, CHECK_REGISTRY)))
            continue;
        if (strncmp (reason->outcome, "by_", 3) == 0)
            facts |= 1 << CONDITION_REGISTERED;
        else if (strcmp (reason->outcome, "not_found") == 0)
            facts |= 1 << CONDITION_UNREGISTERED;
    }
    return facts;
}

static void
member_judge (struct unit *unit, struct application *application, const Padan__Common__V1__MemberVerdict *verdict)
{
    struct uuid id;
    struct member *member = uuid_from (verdict->member_id, &id) ? application_member_find (application, id) : NULL;
    if (!member)
        return;
    size_t size = padan__common__v1__member_verdict__get_packed_size (verdict);
    uint8_t *data = arena_alloc (unit_arena (unit), size + 1);
    MUST (data);
    padan__common__v1__member_verdict__pack (verdict, data);
    member->verdict = (int32_t)verdict->verdict;
    member->reasons = (struct bytes){ data, size };
    member->facts = facts_of (verdict);
    if (!*application->payer && *verdict->payer && member_goes_on (member)) {
        application->payer = arena_string (unit_arena (unit), verdict->payer);
        MUST (application->payer);
    }
}

enum rc
on_judged (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Validation__V1__Judged *event = (const void *)message->data;
    const struct application *known = unit_peek (unit, &application_table, message->tenant, message->subject);
    const struct intake_facts *facts;
    if (!known)
        return err_set (err, RC_NOT_FOUND, "a verdict on no application");
    if (application_move (application_state_of (known), MOVE_JUDGE) < 0 || message->version < known->content_version ||
        message->version < known->judged_version)
        return RC_OK;
    enum rc rc = facts_take (message, NULL, &facts, err);
    if (rc != RC_OK)
        return rc;
    struct application *application = unit_edit (unit, &application_table, message->tenant, message->subject);
    application->judged_version = message->version;
    application->payer = "";
    for (size_t i = 0; i < event->n_verdicts; i++)
        member_judge (unit, application, event->verdicts[i]);
    int track = profile_track_find (facts->profile, application->track);
    if (!*application->payer && track >= 0 && facts->profile->tracks[track].payer >= 0)
        application->payer = facts->profile->payers[facts->profile->tracks[track].payer].id;
    int32_t today = calendar_day (&facts->profile->calendar, unit_now (unit));
    completeness_update (application, facts->profile, today, unit_arena (unit));
    if (application_state_of (application) != APPLICATION_SENT) /* then approval says what it waits for */
        application_wait (application, facts->profile);
    return RC_OK;
}
