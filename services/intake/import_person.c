/* A row of an import: where its person is, and what becomes of them. */
#include "common/domain/csv_schema.h"
#include "common/domain/nik.h"
#include "services/intake/application_moves.h"
#include "services/intake/claim_store.h"
#include "services/intake/importing.h"

/* A row and what there is of its person. */
struct person {
    const Row *row;
    const struct import_row *known; /* NULL: new to this source and period */
    const struct member *member;    /* where the source, or an officer, has them; NULL: nowhere, or removed by one */
    struct uuid from, to;           /* that family, and the row's; from nil: none */
    int64_t nik;                    /* what it will be: the row's, else what an officer has given them */
};

static bool
person_stays (const struct person *person)
{
    return uuid_compare (person->from, person->to) == 0;
}

static bool
place_was_read (const Row *row, struct uuid application_id)
{
    bool read = uuid_compare (import_id_of (row->before_application_id), application_id) == 0;
    for (size_t i = 0; i < row->n_kin && !read; i++)
        read = uuid_compare (import_id_of (row->kin[i]->application_id), application_id) == 0;
    return read;
}

/* Whom an officer has added to the family before the source knew them. */
static const struct member *
member_numbered (const struct application *application, int64_t nik)
{
    for (size_t i = 0; application && nik && i < application->n_members; i++)
        if (application->members[i].nik == nik && !application->members[i].removed)
            return &application->members[i];
    return NULL;
}

/* RC_RETRY: not as it was when the rows were read, so that not every row it touches is locked. */
static enum rc
person_find (struct importing *self, const Row *row, const struct import_row *known, struct person *ret,
             struct err *err)
{
    *ret = (struct person){ .row = row, .known = known, .to = import_id_of (row->application_id) };
    ret->nik = nik_parse (row->member->nik).number;
    const struct application *to = family_peek (self, ret->to);
    if (to && family_is_emptied (to))
        return err_set (err, RC_RETRY, "a family moved while the rows were read");
    if (!known) {
        ret->member = member_numbered (to, ret->nik);
        ret->from = ret->member ? ret->to : (struct uuid){ 0 };
        return RC_OK;
    }
    ret->from = known->application_id;
    if (!person_stays (ret) && !place_was_read (row, ret->from))
        return err_set (err, RC_RETRY, "a person moved while the rows were read");
    const struct application *there = family_peek (self, ret->from);
    const struct member *member = there ? family_member (there, known->member_id) : NULL;
    if (!member || member->removed || (!person_stays (ret) && !application_is_open (there)))
        return RC_OK;
    if (member->nik && member->nik != ret->nik && member->nik != nik_parse (row->before_nik).number)
        return err_set (err, RC_RETRY, "a person got another number while the rows were read");
    ret->member = member;
    if (!ret->nik)
        ret->nik = member->nik;
    return RC_OK;
}

static const char *
person_claimed (struct importing *self, const struct person *person)
{
    struct uuid before = { 0 };
    struct err err = { 0 };
    if (person->member && person->member->nik == person->nik)
        before = person->from;
    if (claim_check (self->unit, self->import->tenant, person->nik, person->to, before, "", &err) == RC_OK)
        return NULL;
    return strcmp (err.code, "intake.claimed") == 0 ? "intake.claimed" : "intake.claimed_elsewhere";
}

/* The row by which they are the head, when the file that has been read does not have it; NULL otherwise. */
static const struct import_row *
head_gone (struct importing *self, const struct person *person, const struct member *head)
{
    for (size_t i = 0; self->last && i < person->row->n_kin; i++) {
        const struct import_row *kin =
            unit_peek (self->unit, &import_row_table, self->import->tenant, import_id_of (person->row->kin[i]->row_id));
        if (kin && uuid_compare (kin->application_id, person->to) == 0 &&
            uuid_compare (kin->member_id, head->member_id) == 0)
            return uuid_compare (kin->import_id, self->import->id) != 0 ? kin : NULL;
    }
    return NULL;
}

static const char *
family_refuses (struct importing *self, const struct person *person, const struct application *to)
{
    const struct member *member = person_stays (person) ? person->member : NULL;
    const struct member *head = family_rival (to, person->row, member);
    if (head && !head_gone (self, person, head))
        return "intake.two_heads";
    return family_is_full (to, member) ? "intake.members" : NULL;
}

/* Rows that are yet to be read may let it pass: another one is head no longer, or has left. */
static bool
refusal_may_pass (const char *code)
{
    return strcmp (code, "intake.two_heads") == 0 || strcmp (code, "intake.members") == 0;
}

static struct refusal
family_closed_to (const struct application *application, int column)
{
    return (struct refusal){ application ? family_closed (application) : NULL, column,
                             application ? application->held_by : "" };
}

/* Why the person cannot be what the row says. */
static struct refusal
person_refused (struct importing *self, const struct person *person)
{
    const struct application *to = family_peek (self, person->to);
    bool stays = person_stays (person);
    int column = person->known && !stays ? USULAN_KK : USULAN_NIK;
    struct refusal refusal = family_closed_to (to, column);
    if (refusal.code)
        return refusal;
    if (stays && !person->member)
        return (struct refusal){ "import.removed", column, "" };
    refusal = (struct refusal){ family_refuses (self, person, to), column, "" };
    if (!refusal.code && !stays && person->member)
        refusal = family_closed_to (family_peek (self, person->from), column);
    return refusal.code ? refusal : (struct refusal){ person_claimed (self, person), USULAN_NIK, "" };
}

/* Gives up the number that will not be theirs any more, and the family they leave. */
static void
person_leave (struct importing *self, const struct person *person)
{
    if (!person->member)
        return;
    if (!person_stays (person) || person->member->nik != person->nik)
        claim_release (self->unit, self->import->tenant, person->member->nik, person->from);
    if (person_stays (person))
        return;
    struct application *application = unit_edit (self->unit, &application_table, self->import->tenant, person->from);
    family_member_remove (self, application, family_member (application, person->member->member_id));
}

static void
row_keep (struct importing *self, const struct person *person, struct uuid member_id)
{
    struct unit *unit = self->unit;
    int64_t tenant = self->import->tenant;
    struct import_row *kept = person->known
                                  ? unit_edit (unit, &import_row_table, tenant, person->known->id)
                                  : unit_create (unit, &import_row_table, tenant, import_id_of (person->row->row_id));
    kept->content = import_id_of (person->row->content_id);
    kept->application_id = person->to;
    kept->member_id = member_id;
    kept->import_id = self->import->id;
}

/* A row of theirs that comes again says something new. */
static void
head_replace (struct importing *self, const struct person *person, struct application *application)
{
    const struct member *head = family_rival (application, person->row, person_stays (person) ? person->member : NULL);
    if (!head)
        return;
    const struct import_row *gone = head_gone (self, person, head);
    MUST (gone); /* or they would have been refused */
    struct import_row *row = unit_edit (self->unit, &import_row_table, self->import->tenant, gone->id);
    row->content = (struct uuid){ 0 };
    family_head_replace (self, application, family_member (application, head->member_id));
}

static struct member *
member_join (struct importing *self, struct application *application)
{
    struct member *member = application_member_add (self->unit, application);
    member->member_id = unit_id (self->unit);
    return member;
}

/* Nothing stands in the way, unless a claim outlived what had it. */
static enum rc
person_place (struct importing *self, const struct person *person, struct err *err)
{
    bool stays = person->member && person_stays (person);
    person_leave (self, person);
    struct application *application = family_edit (self, person->row);
    head_replace (self, person, application);
    struct member *member =
        stays ? family_member (application, person->member->member_id) : member_join (self, application);
    if (claim_take (self->unit, application->tenant, person->nik, application->id, application->ticket, "", err) !=
        RC_OK)
        return err_set (err, RC_CORRUPT, "a person who is free is claimed");
    family_member_write (self, application, member, person->row, person->nik);
    row_keep (self, person, member->member_id);
    return RC_OK;
}

static enum rc
person_take (struct importing *self, const Row *row, const struct import_row *known, struct err *err)
{
    struct person person;
    enum rc rc = person_find (self, row, known, &person, err);
    if (rc != RC_OK)
        return rc;
    struct refusal refusal = person_refused (self, &person);
    if (refusal.code && !self->last && refusal_may_pass (refusal.code)) {
        import_row_put_off (self, row);
        return RC_OK;
    }
    if (refusal.code) {
        import_row_refuse (self, row, &refusal);
        return RC_OK;
    }
    bool known_before = known || person.member;
    self->import->created += !known_before;
    self->import->changed += known_before;
    return person_place (self, &person, err);
}

/* Says what the last push said, or contradicts what this one has said already: the first row of a person counts. What
 * was seen is marked, also where nothing changed. */
static bool
row_repeats (struct importing *self, const Row *row, const struct import_row *known)
{
    struct import *import = self->import;
    struct uuid content = import_id_of (row->content_id);
    bool same = uuid_compare (known->content, content) == 0, seen = uuid_compare (known->import_id, import->id) == 0;
    if (!same && !seen)
        return false;
    if (!same || !seen) {
        struct import_row *kept = unit_edit (self->unit, &import_row_table, import->tenant, known->id);
        kept->import_id = import->id;
        if (!same)
            kept->other = content;
    }
    if (same)
        import->unchanged++;
    else
        import_row_refuse (self, row, &(struct refusal){ "import.double", USULAN_NIK, "" });
    return true;
}

enum rc
import_row_take (struct importing *self, const Row *row, struct err *err)
{
    const struct import_row *known, *earlier = NULL;
    enum rc rc = import_row_known (self, row, &known, err);
    if (rc == RC_OK && !known)
        rc = import_row_renamed (self, row, &earlier, err);
    if (rc != RC_OK)
        return rc;
    if (earlier && self->last) {
        import_row_rename (self, row, earlier);
        known = earlier;
    }
    if (known && row_repeats (self, row, known))
        return RC_OK;
    bool one_of_two = known && !uuid_is_nil (known->other); /* again, or the one that is left */
    if (!self->last && (one_of_two || earlier)) {
        import_row_put_off (self, row);
        return RC_OK;
    }
    return person_take (self, row, known, err);
}
