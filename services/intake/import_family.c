/* Families of an import: made of their first row, changed by the others, told once a chunk. */
#include "common/base/text.h"
#include "common/domain/nik.h"
#include "common/domain/ticket.h"
#include "services/intake/application_moves.h"
#include "services/intake/completeness.h"
#include "services/intake/content.h"
#include "services/intake/importing.h"

static struct touched *
touch (struct importing *self, struct application *application)
{
    for (struct touched *known = self->touched; known; known = known->next)
        if (known->application == application)
            return known;
    struct touched *touched = arena_alloc (unit_arena (self->unit), sizeof *touched);
    MUST (touched);
    touched->application = application;
    touched->next = self->touched;
    self->touched = touched;
    return touched;
}

static void
member_changed (struct importing *self, struct application *application, const struct member *member)
{
    struct touched *touched = touch (self, application);
    struct uuid *id = arena_copy (unit_arena (self->unit), &member->member_id, sizeof member->member_id);
    MUST (id);
    for (size_t i = 0; i < touched->n_changed; i++)
        if (memcmp (touched->changed[i].data, id, sizeof *id) == 0)
            return;
    touched->changed[touched->n_changed++] = uuid_field (id);
}

static void
address_apply (const Row *row, struct application *application)
{
    application->street = row->address->street;
    application->rt = row->address->rt;
    application->rw = row->address->rw;
    application->village = row->address->village;
    application->village_name = row->address->village_name;
}

static struct application *
family_make (struct importing *self, const Row *row)
{
    struct unit *unit = self->unit;
    char ticket[TICKET_TEXT];
    struct application *application =
        unit_create (unit, &application_table, self->import->tenant, import_id_of (row->application_id));
    application->version = application->content_version = 1;
    application->state = application_state_word (APPLICATION_ENTERED);
    application->ticket =
        arena_string (unit_arena (unit), ticket_make (self->profile->office.code, application->id, ticket));
    MUST (application->ticket);
    application->track = row->track;
    application->kk = kk_parse (row->kk).number;
    application->postal_code = "";
    address_apply (row, application);
    application->profile_sha256 = (struct bytes){ self->profile->hash, PROFILE_HASH };
    application->entered_by = self->import->started_by;
    application->entered_at = application->since = unit_now (unit);
    application->source = "import";
    application->payer = application->returned_reason = application->ended_reason = application->missing = "";
    application->held_by = "intake";
    touch (self, application)->made = true;
    return application;
}

const struct application *
family_peek (struct importing *self, struct uuid application_id)
{
    return unit_peek (self->unit, &application_table, self->import->tenant, application_id);
}

struct application *
family_edit (struct importing *self, const Row *row)
{
    struct uuid id = import_id_of (row->application_id);
    return family_peek (self, id) ? unit_edit (self->unit, &application_table, self->import->tenant, id)
                                  : family_make (self, row);
}

static bool
family_is_empty (const struct application *application)
{
    for (size_t i = 0; i < application->n_members; i++)
        if (!application->members[i].removed)
            return false;
    return true;
}

bool
family_is_emptied (const struct application *application)
{
    return application_state_of (application) == APPLICATION_WITHDRAWN && family_is_empty (application);
}

const char *
family_closed (const struct application *application)
{
    if (application_move (application_state_of (application), MOVE_CORRECT) >= 0)
        return NULL;
    return application_is_open (application) ? "import.held_elsewhere" : "import.ended";
}

const struct member *
family_rival (const struct application *application, const Row *row, const struct member *member)
{
    if (row->member->relation != PADAN__COMMON__V1__RELATION__RELATION_HEAD)
        return NULL;
    for (size_t i = 0; application && i < application->n_members; i++) {
        const struct member *other = &application->members[i];
        if (!other->removed && other != member && other->relation == PADAN__COMMON__V1__RELATION__RELATION_HEAD)
            return other;
    }
    return NULL;
}

bool
family_is_full (const struct application *application, const struct member *member)
{
    size_t others = 0;
    for (size_t i = 0; application && i < application->n_members; i++)
        others += !application->members[i].removed && &application->members[i] != member;
    return others >= MEMBERS_MAX || (!member && application && application->n_members >= MEMBER_ROWS_MAX);
}

struct member *
family_member (const struct application *application, struct uuid member_id)
{
    for (size_t i = 0; i < application->n_members; i++)
        if (uuid_compare (application->members[i].member_id, member_id) == 0)
            return &application->members[i];
    return NULL;
}

static void
member_read (const Row *row, struct member *ret)
{
    const Padan__Common__V1__Member *given = row->member;
    int condition;
    *ret = (struct member){
        .mother_nik = nik_parse (given->mother_nik).number,
        .name = given->name,
        .relation = (int32_t)given->relation,
        .birth_place = given->birth_place,
        .sex = (int32_t)given->sex,
        .marital = (int32_t)given->marital,
        .phone = given->phone,
    };
    date_parse (given->birth_date, strlen (given->birth_date), &ret->birth_date);
    for (size_t i = 0; i < given->n_conditions; i++)
        if (words_find (&words_conditions, given->conditions[i], &condition))
            ret->conditions |= (int64_t)1 << condition;
}

static void
verdict_void (struct member *member)
{
    member->verdict = PADAN__COMMON__V1__VERDICT__VERDICT_NONE;
    member->facts = 0;
    member->reasons = (struct bytes){ NULL, 0 };
}

void
family_member_write (struct importing *self, struct application *application, struct member *member, const Row *row,
                     int64_t nik)
{
    struct member read;
    member_read (row, &read);
    read.nik = nik;
    if (nik)
        read.mother_nik = 0; /* as the counter has it: she stands for who has none */
    else
        read.conditions |= 1 << CONDITION_NEWBORN;
    member_apply (&read, member);
    member->excluded = false;
    verdict_void (member);
    if (row->member->relation == PADAN__COMMON__V1__RELATION__RELATION_HEAD)
        address_apply (row, application); /* rows of one family may differ: the head's counts, in any order */
    member_changed (self, application, member);
}

void
family_head_replace (struct importing *self, struct application *application, struct member *member)
{
    member->relation = PADAN__COMMON__V1__RELATION__RELATION_OTHER;
    verdict_void (member);
    member_changed (self, application, member);
}

void
family_member_remove (struct importing *self, struct application *application, struct member *member)
{
    member->removed = true;
    member_changed (self, application, member);
}

void
families_tell (struct importing *self)
{
    for (struct touched *touched = self->touched; touched; touched = touched->next) {
        struct application *application = touched->application;
        completeness_update (application, self->profile, self->today, unit_arena (self->unit));
        if (touched->made)
            application_entered (self->unit, application, self->profile);
        else
            application_corrected (self->unit, application, self->profile, touched->changed, touched->n_changed);
        if (family_is_empty (application))
            application_withdraw (self->unit, application, "Seluruh keluarga pindah KK atau jalur");
    }
}
