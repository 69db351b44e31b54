/* Whom a row of an import is about. Its name is made of the NIK, a newborn's of the mother's, their name and birth
 * date: when they get a NIK, or their name is spelt right, the source names them anew. Then they are whom an earlier
 * push had and this one has not, of the same birth date and mother, or in the same family when the row does not name
 * her. */
#include "common/base/text.h"
#include "common/domain/name.h"
#include "common/domain/nik.h"
#include "services/intake/importing.h"

static const struct import_row *
row_peek (struct importing *self, ProtobufCBinaryData id)
{
    return unit_peek (self->unit, &import_row_table, self->import->tenant, import_id_of (id));
}

enum rc
import_row_known (struct importing *self, const Row *row, const struct import_row **ret, struct err *err)
{
    const struct import_row *named = row_peek (self, row->row_id);
    *ret = named;
    if (!named || uuid_is_nil (named->same_as))
        return RC_OK;
    if (uuid_compare (named->same_as, import_id_of (row->kept_id)) != 0)
        return err_set (err, RC_RETRY, "a person got another name while the rows were read");
    *ret = row_peek (self, row->kept_id);
    return RC_OK;
}

/* The member an earlier row is about; NULL: kin->application_id does not have them any more. */
static enum rc
kin_member (struct importing *self, const Padan__Intake__V1__ImportKin *kin, const struct import_row *known,
            const struct member **ret, struct err *err)
{
    struct uuid place = import_id_of (kin->application_id);
    *ret = NULL;
    if (uuid_compare (known->application_id, place) != 0)
        return uuid_compare (known->import_id, self->import->id) == 0
                   ? RC_OK /* moved by a row of this chunk: they have their own */
                   : err_set (err, RC_RETRY, "a person moved while the rows were read");
    const struct application *there = family_peek (self, place);
    *ret = there ? family_member (there, known->member_id) : NULL;
    return RC_OK;
}

enum { UNLIKE = -1, SAME_SEX = 101 }; /* above any likeness of names */

/* Of twins the one of the same sex, then of the likest name. */
static int
newborn_likeness (const Row *row, const struct member *member)
{
    int64_t mother = nik_parse (row->mother_nik).number;
    int32_t birth = DATE_NONE;
    date_parse (row->member->birth_date, strlen (row->member->birth_date), &birth);
    if (member->nik || member->birth_date != birth || (mother && member->mother_nik != mother))
        return UNLIKE;
    return name_compare (member->name, row->member->name) + (member->sex == (int32_t)row->member->sex ? SAME_SEX : 0);
}

enum rc
import_row_renamed (struct importing *self, const Row *row, const struct import_row **ret, struct err *err)
{
    int64_t nik = nik_parse (row->member->nik).number;
    int likest = UNLIKE;
    *ret = NULL;
    for (size_t i = 0; i < row->n_kin; i++) {
        const struct import_row *known = row_peek (self, row->kin[i]->row_id);
        const struct member *member;
        if (!known)
            continue;
        enum rc rc = kin_member (self, row->kin[i], known, &member, err);
        if (rc != RC_OK)
            return rc;
        if (member && nik && member->nik == nik) {
            *ret = known;
            return RC_OK;
        }
        bool seen = uuid_compare (known->import_id, self->import->id) == 0;
        int likeness = member && !(self->last && seen) ? newborn_likeness (row, member) : UNLIKE;
        if (likeness > likest) {
            likest = likeness;
            *ret = known;
        }
    }
    return RC_OK;
}

void
import_row_rename (struct importing *self, const Row *row, const struct import_row *known)
{
    struct import_row *name =
        unit_create (self->unit, &import_row_table, self->import->tenant, import_id_of (row->row_id));
    name->same_as = known->id;
    name->application_id = known->application_id;
    name->member_id = known->member_id;
    name->import_id = self->import->id;
}
