/* The result of due work "import": one chunk of rows becomes applications, in one transaction with the import's own
 * progress, so that it goes on after the last committed row whatever dies. → ApplicationEntered, ApplicationCorrected
 * (one a family), due work for the next chunk or ImportFinished. A row is known by (source, period, person): same
 * cells, nothing is touched; other cells, its member is corrected while intake holds the application; of two different
 * rows for one person in one file the first one counts, in any order of the next push. Rows: import, import rows,
 * problems, applications, claims. */
#include "common/base/text.h"
#include "common/domain/nik.h"
#include "services/intake/application_moves.h"
#include "services/intake/claim_store.h"
#include "services/intake/completeness.h"
#include "services/intake/content.h"
#include "services/intake/import_store.h"
#include "services/intake/intake.h"
#include "services/intake/proposal.h"
#include "services/intake/ticket.h"

enum { DECIDED = 1000 }; /* ordinal of a row's problem found here: those found while reading are below */

typedef Padan__Intake__V1__ImportRow Row;

struct touched {
    struct application *application;
    bool made;
    ProtobufCBinaryData changed[MEMBER_ROWS_MAX];
    size_t n_changed;
    struct touched *next;
};

struct importing {
    struct unit *unit;
    struct import *import;
    const struct profile *profile;
    int32_t today;
    struct touched *touched;
};

static struct uuid
id_of (ProtobufCBinaryData data)
{
    struct uuid id = { 0 };
    uuid_from (data, &id);
    return id;
}

enum rc
gather_import_profile (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        const Padan__Intake__V1__ImportChunk *chunk = (const void *)messages[i]->data;
        const struct profile *profile;
        if (chunk->profile_sha256.len != PROFILE_HASH)
            return err_set (err, RC_CORRUPT, "an import without a profile's hash");
        enum rc rc = profiles_get (gather, messages[i]->tenant, chunk->profile_sha256.data, &profile, err);
        if (rc != RC_OK)
            return rc;
        messages[i]->facts = (void *)profile;
    }
    return RC_OK;
}

enum rc
on_import_chunk_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__ImportChunk *chunk = (const void *)message->data;
    int64_t tenant = message->tenant;
    keys_add (keys, &import_table, tenant, message->subject);
    for (size_t i = 0; i < chunk->n_rows; i++) {
        const Row *row = chunk->rows[i];
        keys_add (keys, &import_row_table, tenant, id_of (row->row_id));
        keys_add (keys, &application_table, tenant, id_of (row->application_id));
        if (row->before_application_id.len)
            keys_add (keys, &application_table, tenant, id_of (row->before_application_id));
        keys_add (keys, &import_problem_table, tenant, import_problem_id (message->subject, row->line, DECIDED));
        claim_keys (keys, tenant, nik_parse (row->member->nik).number);
    }
    int64_t line = 0, ordinal = 0;
    for (size_t i = 0; i < chunk->n_problems; i++) {
        ordinal = chunk->problems[i]->line == line ? ordinal + 1 : 0;
        line = chunk->problems[i]->line;
        keys_add (keys, &import_problem_table, tenant, import_problem_id (message->subject, line, ordinal));
    }
    return RC_OK;
}

static void
problem_keep (struct importing *self, int64_t line, int64_t ordinal, const char *column, const char *code,
              const char *detail)
{
    struct import_problem *problem = unit_create (self->unit, &import_problem_table, self->import->tenant,
                                                  import_problem_id (self->import->id, line, ordinal));
    problem->import_id = self->import->id;
    problem->line = line;
    problem->column_name = column;
    problem->code = code;
    problem->detail = detail;
}

static void
row_refuse (struct importing *self, const Row *row, int column, const char *code)
{
    problem_keep (self, row->line, DECIDED, csv_usulan.columns[column].name, code, proposal_text (code));
    self->import->refused++;
}

/* ------------------------------------------------------------ families */

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
member_changed (struct importing *self, struct touched *touched, const struct member *member)
{
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
application_make (struct importing *self, const Row *row)
{
    struct unit *unit = self->unit;
    char ticket[TICKET_TEXT];
    struct application *application =
        unit_create (unit, &application_table, self->import->tenant, id_of (row->application_id));
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

/* Why its members may not be changed now; NULL they may. */
static const char *
application_closed (const struct application *application)
{
    if (application_move (application_state_of (application), MOVE_CORRECT) >= 0)
        return NULL;
    return application_is_open (application) ? "import.held_elsewhere" : "import.ended";
}

static struct member *
member_any (const struct application *application, struct uuid member_id)
{
    for (size_t i = 0; i < application->n_members; i++)
        if (uuid_compare (application->members[i].member_id, member_id) == 0)
            return &application->members[i];
    return NULL;
}

/* Why the person cannot be in this family; NULL they can. */
static const char *
family_refuses (const struct application *application, const Row *row, const struct member *self)
{
    size_t members = 0;
    for (size_t i = 0; application && i < application->n_members; i++) {
        const struct member *other = &application->members[i];
        if (other->removed || other == self)
            continue;
        members++;
        if (row->member->relation == PADAN__COMMON__V1__RELATION__RELATION_HEAD &&
            other->relation == PADAN__COMMON__V1__RELATION__RELATION_HEAD)
            return "intake.two_heads";
    }
    return members >= MEMBERS_MAX || (!self && application && application->n_members >= MEMBER_ROWS_MAX)
               ? "intake.members"
               : NULL;
}

static void
member_read (const Row *row, struct member *ret)
{
    const Padan__Common__V1__Member *given = row->member;
    int condition;
    *ret = (struct member){
        .nik = nik_parse (given->nik).number,
        .mother_nik = nik_parse (given->mother_nik).number,
        .name = given->name,
        .relation = (int32_t)given->relation,
        .birth_place = given->birth_place,
        .sex = (int32_t)given->sex,
        .marital = (int32_t)given->marital,
        .phone = given->phone,
    };
    date_parse (given->birth_date, strlen (given->birth_date), &ret->birth_date);
    ret->conditions = ret->nik ? 0 : 1 << CONDITION_NEWBORN;
    for (size_t i = 0; i < given->n_conditions; i++)
        if (words_find (&words_conditions, given->conditions[i], &condition))
            ret->conditions |= (int64_t)1 << condition;
}

static void
member_write (struct importing *self, struct application *application, struct member *member, const Row *row)
{
    struct member read;
    member_read (row, &read);
    member_apply (&read, member);
    member->excluded = false;
    member->verdict = PADAN__COMMON__V1__VERDICT__VERDICT_NONE;
    member->facts = 0;
    member->reasons = (struct bytes){ NULL, 0 };
    struct touched *touched = touch (self, application);
    if (row->member->relation == PADAN__COMMON__V1__RELATION__RELATION_HEAD)
        address_apply (row, application); /* rows of one family may differ: the head's counts, in any order */
    member_changed (self, touched, member);
}

/* ------------------------------------------------------------ rows */

static struct import_row *
row_keep (struct importing *self, const Row *row, const struct import_row *known, struct uuid member_id)
{
    struct uuid id = id_of (row->row_id);
    struct import_row *kept = known ? unit_edit (self->unit, &import_row_table, self->import->tenant, id)
                                    : unit_create (self->unit, &import_row_table, self->import->tenant, id);
    kept->content = id_of (row->content_id);
    kept->application_id = id_of (row->application_id);
    kept->member_id = member_id;
    kept->import_id = self->import->id;
    return kept;
}

/* Why the person cannot enter the family the row names; NULL they can. */
static const char *
target_refuses (struct importing *self, const Row *row)
{
    const struct application *there =
        unit_peek (self->unit, &application_table, self->import->tenant, id_of (row->application_id));
    const char *code = there ? application_closed (there) : NULL;
    return code ? code : family_refuses (there, row, NULL);
}

static const char *
row_claim (struct importing *self, const Row *row)
{
    struct uuid id = id_of (row->application_id);
    char text[TICKET_TEXT];
    struct err err = { 0 };
    const char *ticket = arena_string (unit_arena (self->unit), ticket_make (self->profile->office.code, id, text));
    MUST (ticket);
    if (claim_take (self->unit, self->import->tenant, nik_parse (row->member->nik).number, id, ticket, "", &err) ==
        RC_OK)
        return NULL;
    return strcmp (err.code, "intake.claimed") == 0 ? "intake.claimed" : "intake.claimed_elsewhere";
}

/* A person new to this source and period, or one who moves here from another family. */
static bool
row_enter (struct importing *self, const Row *row, const struct import_row *known)
{
    struct unit *unit = self->unit;
    struct uuid id = id_of (row->application_id);
    const char *code = target_refuses (self, row);
    if (!code)
        code = row_claim (self, row);
    if (code) {
        row_refuse (self, row, USULAN_NIK, code);
        return false;
    }
    struct application *application = unit_peek (unit, &application_table, self->import->tenant, id)
                                          ? unit_edit (unit, &application_table, self->import->tenant, id)
                                          : application_make (self, row);
    struct member *member = application_member_add (unit, application);
    member->member_id = unit_id (unit);
    member_write (self, application, member, row);
    row_keep (self, row, known, member->member_id);
    return true;
}

/* Leaves the family the file no longer puts them in, so that their claim can move. */
static bool
row_leave (struct importing *self, const Row *row, const struct import_row *known)
{
    struct unit *unit = self->unit;
    const struct application *there = unit_peek (unit, &application_table, self->import->tenant, known->application_id);
    const char *closed = there ? application_closed (there) : NULL, *code = target_refuses (self, row);
    if (!code && closed && strcmp (closed, "import.ended") != 0)
        code = closed;
    if (code) {
        row_refuse (self, row, USULAN_KK, code);
        return false;
    }
    if (!there || closed)
        return true;
    struct application *application = unit_edit (unit, &application_table, self->import->tenant, known->application_id);
    struct member *member = member_any (application, known->member_id);
    if (!member || member->removed)
        return true;
    claim_release (unit, application->tenant, member->nik, application->id);
    member->removed = true;
    member_changed (self, touch (self, application), member);
    return true;
}

static bool
row_change (struct importing *self, const Row *row, const struct import_row *known)
{
    struct unit *unit = self->unit;
    const struct application *there = unit_peek (unit, &application_table, self->import->tenant, known->application_id);
    const struct member *named = there ? member_any (there, known->member_id) : NULL;
    const char *code = there ? application_closed (there) : "import.ended";
    if (!code && (!named || named->removed))
        code = "import.removed";
    if (!code)
        code = family_refuses (there, row, named);
    if (!code)
        code = row_claim (self, row); /* theirs already, unless they were left behind when the others were sent */
    if (code) {
        row_refuse (self, row, USULAN_NIK, code);
        return false;
    }
    struct application *application = unit_edit (unit, &application_table, self->import->tenant, known->application_id);
    member_write (self, application, member_any (application, known->member_id), row);
    row_keep (self, row, known, known->member_id);
    return true;
}

static enum rc
row_take (struct importing *self, const Row *row, struct err *err)
{
    struct import *import = self->import;
    struct uuid content = id_of (row->content_id);
    const struct import_row *known = unit_peek (self->unit, &import_row_table, import->tenant, id_of (row->row_id));
    if (!known) {
        import->created += row_enter (self, row, NULL);
    } else if (uuid_compare (known->content, content) == 0) {
        import->unchanged++;
    } else if (uuid_compare (known->other, content) == 0) {
        row_refuse (self, row, USULAN_NIK, "import.double");
    } else if (uuid_compare (known->import_id, import->id) == 0) {
        struct import_row *kept = unit_edit (self->unit, &import_row_table, import->tenant, known->id);
        kept->other = content;
        row_refuse (self, row, USULAN_NIK, "import.double");
    } else if (uuid_compare (known->application_id, id_of (row->application_id)) == 0) {
        import->changed += row_change (self, row, known);
    } else {
        if (uuid_compare (known->application_id, id_of (row->before_application_id)) != 0)
            return err_set (err, RC_RETRY, "a person moved while the rows were read");
        if (row_leave (self, row, known))
            import->changed += row_enter (self, row, known);
    }
    return RC_OK;
}

/* ------------------------------------------------------------ the chunk */

static void
families_tell (struct importing *self)
{
    for (struct touched *touched = self->touched; touched; touched = touched->next) {
        struct application *application = touched->application;
        application->missing = completeness_missing (application, self->profile, self->today, unit_arena (self->unit));
        if (touched->made)
            application_entered (self->unit, application, self->profile);
        else
            application_corrected (self->unit, application, self->profile, touched->changed, touched->n_changed);
    }
}

static void
import_go_on (struct importing *self, const Padan__Intake__V1__ImportChunk *chunk)
{
    struct import *import = self->import;
    import->version++;
    import->layout = chunk->layout;
    import->position = chunk->position;
    import->line = chunk->line;
    import->rows += chunk->read;
    import->refused += chunk->refused;
    import->state = !chunk->finished ? "running" : chunk->failed ? "failed" : "done";
    if (!chunk->finished) {
        import_step (self->unit, import);
        return;
    }
    import->finished_at = unit_now (self->unit);
    Padan__Intake__V1__ImportFinished event = PADAN__INTAKE__V1__IMPORT_FINISHED__INIT;
    event.progress = import_progress (import, unit_arena (self->unit));
    unit_emit (self->unit, import->tenant, import->id, 1, &event);
}

enum rc
on_import_chunk (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__ImportChunk *chunk = (const void *)message->data;
    const struct import *known = unit_peek (unit, &import_table, message->tenant, message->subject);
    struct importing self = { .unit = unit, .profile = message->facts };
    if (!known || !self.profile)
        return err_set (err, RC_CORRUPT, "a chunk of no import");
    if (known->version != message->version || import_is_over (known))
        return RC_OK; /* committed before by somebody else */
    self.import = unit_edit (unit, &import_table, message->tenant, message->subject);
    self.today = calendar_day (&self.profile->calendar, unit_now (unit));
    int64_t line = 0, ordinal = 0;
    for (size_t i = 0; i < chunk->n_problems; i++) {
        const Padan__Common__V1__ImportProblem *problem = chunk->problems[i];
        ordinal = problem->line == line ? ordinal + 1 : 0;
        line = problem->line;
        problem_keep (&self, line, ordinal, problem->column, problem->code, problem->detail);
    }
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < chunk->n_rows; i++)
        rc = row_take (&self, chunk->rows[i], err);
    if (rc != RC_OK)
        return rc;
    families_tell (&self);
    import_go_on (&self, chunk);
    return RC_OK;
}
