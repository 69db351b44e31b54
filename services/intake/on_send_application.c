/* SendApplication → ApplicationSent, reply ApplicationReply. Approval holds it from here. It must be complete, and
 * every member judged as they are now. A member whose verdict blocks, or asks for a return, stays behind with the
 * reasons and is free for another application; the others go. Rows: application, claims of those who stay behind. */
#include "services/intake/application_moves.h"
#include "services/intake/completeness.h"
#include "services/intake/intake.h"

static bool
is_judged (const struct application *application)
{
    if (application->judged_version < application->content_version)
        return false;
    for (size_t i = 0; i < application->n_members; i++) {
        const struct member *member = &application->members[i];
        if (!member->removed && !member->excluded &&
            (member->verdict == PADAN__COMMON__V1__VERDICT__VERDICT_NONE ||
             member->verdict == PADAN__COMMON__V1__VERDICT__VERDICT_WAITING))
            return false;
    }
    return true;
}

static size_t
members_exclude (struct application *application)
{
    size_t going = 0;
    for (size_t i = 0; i < application->n_members; i++) {
        struct member *member = &application->members[i];
        if (member_goes_on (member))
            going++;
        else if (!member->removed)
            member->excluded = true;
    }
    return going;
}

enum rc
application_send (struct unit *unit, struct application *application, const struct profile *profile, struct err *err)
{
    int32_t today = calendar_day (&profile->calendar, unit_now (unit));
    completeness_update (application, profile, today, unit_arena (unit));
    if (!is_judged (application))
        return err_code (err, RC_CONFLICT, "intake.not_judged", "", "not every member is judged as they are now");
    if (!members_exclude (application))
        return err_code (err, RC_CONFLICT, "intake.nobody_left", "", "no member may go on");
    enum rc rc = completeness_check (application, profile, today, unit_arena (unit), err);
    if (rc != RC_OK)
        return rc;
    claims_release (unit, application, false);
    application->version++;
    application_go (application, MOVE_SEND, unit_now (unit));
    Padan__Intake__V1__ApplicationSent event = PADAN__INTAKE__V1__APPLICATION_SENT__INIT;
    event.dossier = application_dossier (application, false, unit_arena (unit));
    event.verdicts = application_verdicts (application, unit_arena (unit), &event.n_verdicts);
    int next = profile_office_act (profile, profile_track_find (profile, application->track));
    if (next >= 0) {
        event.next_act = (char *)profile->acts[next].id;
        event.next_role = (char *)words_word (&words_roles, (int)profile->acts[next].role);
        event.due_at = profile_act_due (profile, next, application->since);
    }
    unit_emit (unit, application->tenant, application->id, application->version, &event);
    return RC_OK;
}

enum rc
on_send_application (struct unit *unit, const struct message *message, struct err *err)
{
    struct application *application;
    const struct intake_facts *facts;
    enum rc rc = application_take (unit, message, MOVE_SEND, &application, err);
    if (rc == RC_OK)
        rc = facts_take (message, application, &facts, err);
    if (rc == RC_OK)
        rc = application_send (unit, application, facts->profile, err);
    if (rc == RC_OK)
        application_reply (unit, application);
    return rc;
}
