/* AttachPaper → PaperAttached, reply ApplicationReply. A paper by its content, which must be in the store and of the
 * type it says; a later one of the same kind (person, photo) replaces it. Rows: application. */
#include "services/intake/application_moves.h"
#include "services/intake/completeness.h"
#include "services/intake/intake.h"

static struct paper *
paper_known (const struct application *application, const struct paper *paper)
{
    for (size_t i = 0; i < application->n_papers; i++) {
        struct paper *known = &application->papers[i];
        if (!known->replaced && strcmp (known->kind, paper->kind) == 0 && strcmp (known->photo, paper->photo) == 0 &&
            uuid_compare (known->member_id, paper->member_id) == 0)
            return known;
    }
    return NULL;
}

static void
paper_add (struct unit *unit, const struct message *message, struct application *application, const struct paper *read)
{
    struct paper *old = paper_known (application, read);
    if (old)
        old->replaced = true;
    struct paper *paper = application_paper_add (unit, application);
    int32_t ordinal = paper->ordinal;
    *paper = *read;
    paper->tenant = application->tenant;
    paper->application_id = application->id;
    paper->ordinal = ordinal;
    paper->attached_at = unit_now (unit);
    if (message->principal)
        uuid_from (message->principal->person_id, &paper->attached_by);
}

enum rc
on_attach_paper (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__AttachPaper *command = (const void *)message->data;
    struct application *application;
    const struct intake_facts *facts;
    struct paper read = { 0 };
    enum rc rc = application_take (unit, message, MOVE_ATTACH, &application, err);
    if (rc == RC_OK)
        rc = facts_take (message, NULL, &facts, err);
    if (rc != RC_OK)
        return rc;
    if (!command->paper)
        return err_code (err, RC_UNPROCESSABLE, "intake.paper_kind", "/paper/kind", "no paper");
    int32_t today = calendar_day (&facts->profile->calendar, unit_now (unit));
    rc = paper_check (command->paper, application, facts->profile, today, unit_arena (unit), &read, err);
    if (rc != RC_OK)
        return rc;
    if (!facts->file_stored)
        return err_code (err, RC_UNPROCESSABLE, "intake.paper_file", "/paper/file_sha256", "no such file in the store");
    if (!facts->file_fits)
        return err_code (err, RC_UNPROCESSABLE, "intake.paper_content", "/paper/media_type", "begins as no such file");
    if (application->n_papers == PAPERS_MAX)
        return err_code (err, RC_CONFLICT, "intake.papers", "", "too many papers over time");
    paper_add (unit, message, application, &read);
    application->version++;
    completeness_update (application, facts->profile, today, unit_arena (unit));
    application_wait (application, facts->profile);
    Padan__Intake__V1__PaperAttached event = PADAN__INTAKE__V1__PAPER_ATTACHED__INIT;
    event.paper = paper_message (&application->papers[application->n_papers - 1], unit_arena (unit));
    event.missing = missing_list (application->missing, unit_arena (unit), &event.n_missing);
    event.next_act = (char *)application->act;
    event.next_role = (char *)application->role;
    event.due_at = application->due_at;
    unit_emit (unit, application->tenant, application->id, application->version, &event);
    application_reply (unit, application);
    return RC_OK;
}
