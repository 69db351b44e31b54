/* EnterApplication → ApplicationEntered, reply ApplicationReply. Makes the application under the id its sender chose,
 * at version 1, bound to the tenant's current profile; claims its people. Rows: application, claims. */
#include <stdio.h>

#include "common/domain/nik.h"
#include "common/domain/ticket.h"
#include "services/intake/application_moves.h"
#include "services/intake/claim_store.h"
#include "services/intake/completeness.h"
#include "services/intake/content.h"
#include "services/intake/intake.h"

enum rc
on_enter_application_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__EnterApplication *command = (const void *)message->data;
    keys_add_new (keys, &application_table, message->tenant, message->subject);
    for (size_t i = 0; i < command->n_members && i < MEMBERS_MAX; i++)
        claim_keys_new (keys, message->tenant, nik_parse (command->members[i]->nik).number);
    return RC_OK;
}

static void
application_fill (struct unit *unit, const struct message *message, const struct content_read *read,
                  const struct profile *profile, struct application *application)
{
    char ticket[TICKET_TEXT];
    application->version = application->content_version = 1;
    application->state = application_state_word (APPLICATION_ENTERED);
    application->ticket = arena_string (unit_arena (unit), ticket_make (profile->office.code, application->id, ticket));
    MUST (application->ticket);
    content_apply (read, application);
    application->profile_sha256 = (struct bytes){ profile->hash, PROFILE_HASH };
    if (message->principal)
        uuid_from (message->principal->person_id, &application->entered_by);
    application->entered_at = application->since = unit_now (unit);
    application->source = "counter";
    application->payer = application->returned_reason = application->ended_reason = "";
    application->held_by = "intake";
}

static enum rc
members_claim (struct unit *unit, struct application *application, const struct content_read *read, struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < read->n_members; i++) {
        struct member *member = application_member_add (unit, application);
        char field[40];
        member_apply (&read->members[i], member);
        if (uuid_is_nil (member->member_id))
            member->member_id = unit_id (unit);
        snprintf (field, sizeof field, "/members/%zu/nik", i);
        rc = claim_take (unit, application->tenant, member->nik, application->id, application->ticket, field, err);
    }
    return rc;
}

void
application_entered (struct unit *unit, struct application *application, const struct profile *profile)
{
    Padan__Intake__V1__ApplicationEntered event = PADAN__INTAKE__V1__APPLICATION_ENTERED__INIT;
    application_wait (application, profile);
    event.dossier = application_dossier (application, true, unit_arena (unit));
    event.source = (char *)application->source;
    event.next_act = (char *)application->act;
    event.next_role = (char *)application->role;
    event.due_at = application->due_at;
    unit_emit (unit, application->tenant, application->id, application->version, &event);
}

enum rc
on_enter_application (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__EnterApplication *command = (const void *)message->data;
    struct content content = { command->track, command->kk, command->address, command->members, command->n_members };
    struct content_read read = { 0 };
    const struct intake_facts *facts;
    enum rc rc = facts_take (message, NULL, &facts, err);
    if (rc != RC_OK)
        return rc;
    if (uuid_is_nil (message->subject))
        return err_code (err, RC_INVALID, "common.required", "", "an application needs an id");
    if (unit_peek (unit, &application_table, message->tenant, message->subject))
        return err_code (err, RC_CONFLICT, "common.exists", "", "the application exists");
    int32_t today = calendar_day (&facts->profile->calendar, unit_now (unit));
    rc = content_check (&content, facts->profile, today, unit_arena (unit), &read, err);
    if (rc != RC_OK)
        return rc;
    if (message->principal && !message_allowed (message, INTAKE_OFFICERS, read.village))
        return err_code (err, RC_FORBIDDEN, "intake.place", "/address/village", "no role in %s", read.village);
    struct application *application = unit_create (unit, &application_table, message->tenant, message->subject);
    application_fill (unit, message, &read, facts->profile, application);
    rc = members_claim (unit, application, &read, err);
    if (rc != RC_OK)
        return rc;
    completeness_update (application, facts->profile, today, unit_arena (unit));
    application_entered (unit, application, facts->profile);
    application_reply (unit, application);
    return RC_OK;
}
