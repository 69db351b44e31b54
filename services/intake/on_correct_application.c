/* CorrectApplication → ApplicationCorrected, reply ApplicationReply. The whole content again: members are known by
 * their id, else by their NIK; those not named any more are removed and free; verdicts of those that changed are void.
 * Nothing changed: no event, same version. Rows: application, claims of people before and after. */
#include <stdio.h>

#include "common/domain/nik.h"
#include "services/intake/application_moves.h"
#include "services/intake/claim_store.h"
#include "services/intake/completeness.h"
#include "services/intake/content.h"
#include "services/intake/intake.h"

enum rc
on_correct_application_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__CorrectApplication *command = (const void *)message->data;
    for (size_t i = 0; i < command->n_members && i < MEMBERS_MAX; i++)
        claim_keys (keys, message->tenant, nik_parse (command->members[i]->nik).number);
    return keys_application (keys, message, err);
}

struct correction {
    struct unit *unit;
    struct application *application;
    const struct content_read *read;
    bool kept[MEMBER_ROWS_MAX]; /* by index: still named */
    ProtobufCBinaryData changed[MEMBER_ROWS_MAX];
    size_t n_changed;
};

static bool
is_named (const struct content_read *read, struct uuid member_id)
{
    for (size_t i = 0; i < read->n_members; i++)
        if (uuid_compare (read->members[i].member_id, member_id) == 0)
            return true;
    return false;
}

/* Ids go first: whoever is named by one is nobody else, whatever number they had until now. */
static struct member *
member_known (const struct correction *correction, const struct member *read)
{
    const struct application *application = correction->application;
    if (!uuid_is_nil (read->member_id))
        return application_member_find (application, read->member_id);
    for (size_t i = 0; i < application->n_members; i++) {
        struct member *member = &application->members[i];
        if (read->nik && !member->removed && member->nik == read->nik &&
            !is_named (correction->read, member->member_id))
            return member;
    }
    return NULL;
}

static enum rc
member_correct (struct correction *correction, const struct member *read, struct err *err)
{
    struct application *application = correction->application;
    struct member *member = member_known (correction, read);
    if (!member && !uuid_is_nil (read->member_id))
        for (size_t i = 0; i < application->n_members; i++) /* removed earlier: it comes back under its id */
            if (uuid_compare (application->members[i].member_id, read->member_id) == 0)
                member = &application->members[i];
    bool same = member && !member->removed && !member->excluded && member_same (read, member);
    if (!member) {
        if (application->n_members == MEMBER_ROWS_MAX)
            return err_code (err, RC_UNPROCESSABLE, "intake.members", "/members", "too many members over time");
        member = application_member_add (correction->unit, application);
        member->member_id = uuid_is_nil (read->member_id) ? unit_id (correction->unit) : read->member_id;
    }
    correction->kept[member->ordinal] = true;
    if (same)
        return RC_OK;
    member_apply (read, member);
    member->removed = member->excluded = false;
    member->verdict = PADAN__COMMON__V1__VERDICT__VERDICT_NONE;
    member->facts = 0;
    member->reasons = (struct bytes){ NULL, 0 };
    struct uuid *id = arena_copy (unit_arena (correction->unit), &member->member_id, sizeof member->member_id);
    MUST (id);
    correction->changed[correction->n_changed++] = uuid_field (id);
    return RC_OK;
}

static void
members_remove (struct correction *correction)
{
    struct application *application = correction->application;
    for (size_t i = 0; i < application->n_members; i++) {
        struct member *member = &application->members[i];
        if (member->removed || correction->kept[i])
            continue;
        member->removed = true;
        struct uuid *id = arena_copy (unit_arena (correction->unit), &member->member_id, sizeof member->member_id);
        MUST (id);
        correction->changed[correction->n_changed++] = uuid_field (id);
    }
}

/* Those not named any more are free; everybody named is claimed, however numbers moved between members. */
static enum rc
claims_move (struct correction *correction, const struct intake_facts *facts, struct err *err)
{
    struct application *application = correction->application;
    const struct content_read *read = correction->read;
    enum rc rc = RC_OK;
    for (size_t i = 0; i < facts->n_niks; i++) {
        bool named = false;
        for (size_t j = 0; j < read->n_members && !named; j++)
            named = read->members[j].nik == facts->niks[i];
        if (!named)
            claim_release (correction->unit, application->tenant, facts->niks[i], application->id);
    }
    for (size_t i = 0; rc == RC_OK && i < read->n_members; i++) {
        char field[40];
        snprintf (field, sizeof field, "/members/%zu/nik", i);
        rc = claim_take (correction->unit, application->tenant, read->members[i].nik, application->id,
                         application->ticket, field, err);
    }
    return rc;
}

void
application_corrected (struct unit *unit, struct application *application, const struct profile *profile,
                       ProtobufCBinaryData *changed, size_t n_changed)
{
    Padan__Intake__V1__ApplicationCorrected event = PADAN__INTAKE__V1__APPLICATION_CORRECTED__INIT;
    application->content_version = ++application->version;
    application_wait (application, profile);
    event.dossier = application_dossier (application, true, unit_arena (unit));
    event.changed_member_id = changed;
    event.n_changed_member_id = n_changed;
    event.next_act = (char *)application->act;
    event.next_role = (char *)application->role;
    event.due_at = application->due_at;
    unit_emit (unit, application->tenant, application->id, application->version, &event);
}

enum rc
on_correct_application (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__CorrectApplication *command = (const void *)message->data;
    struct content content = { command->track, command->kk, command->address, command->members, command->n_members };
    struct content_read read = { 0 };
    const struct intake_facts *facts;
    struct correction correction = { .unit = unit };
    enum rc rc = application_take (unit, message, MOVE_CORRECT, &correction.application, err);
    struct application *application = correction.application;
    if (rc == RC_OK)
        rc = facts_take (message, application, &facts, err);
    if (rc != RC_OK)
        return rc;
    int32_t today = calendar_day (&facts->profile->calendar, unit_now (unit));
    rc = content_check (&content, facts->profile, today, unit_arena (unit), &read, err);
    if (rc != RC_OK)
        return rc;
    if (!message_allowed (message, INTAKE_OFFICERS, read.village))
        return err_code (err, RC_FORBIDDEN, "intake.place", "/address/village", "no role in %s", read.village);
    correction.read = &read;
    bool changed = !content_same (&read, application);
    content_apply (&read, application);
    for (size_t i = 0; rc == RC_OK && i < read.n_members; i++)
        rc = member_correct (&correction, &read.members[i], err);
    if (rc == RC_OK)
        rc = claims_move (&correction, facts, err);
    if (rc != RC_OK)
        return rc;
    members_remove (&correction);
    completeness_update (application, facts->profile, today, unit_arena (unit));
    if (changed || correction.n_changed)
        application_corrected (unit, application, facts->profile, correction.changed, correction.n_changed);
    application_reply (unit, application);
    return RC_OK;
}
