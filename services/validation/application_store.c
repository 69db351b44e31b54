#include "services/validation/application_store.h"

#include <stdio.h>
#include <string.h>

#include "common/base/text.h"
#include "common/domain/date_read.h"
#include "common/domain/nik.h"
#include "services/validation/claim_store.h"
#include "validation_sql.h"

const struct db_column application_columns[APPLICATION_COLUMNS] = {
    DB_COLUMN (DB_INT8, application, tenant),          DB_COLUMN (DB_UUID, application, id),
    DB_COLUMN (DB_INT8, application, version),         DB_COLUMN (DB_TEXT, application, state),
    DB_COLUMN (DB_TEXT, application, source),          DB_COLUMN (DB_TEXT, application, track),
    DB_COLUMN (DB_INT8_NULL, application, kk),         DB_COLUMN (DB_INT4, application, kk_reason),
    DB_COLUMN (DB_BYTES, application, profile),        DB_COLUMN (DB_TEXT, application, street),
    DB_COLUMN (DB_TIME, application, entered_at),      DB_COLUMN (DB_INT8, application, judged_version),
    DB_COLUMN (DB_TIME, application, judged_at),       DB_COLUMN (DB_INT4, application, waits),
    DB_COLUMN (DB_INT8, application, poverty_version), DB_COLUMN (DB_INT8, application, membership_version),
    DB_COLUMN (DB_TEXT, application, village),
};

const struct db_column member_columns[MEMBER_COLUMNS] = {
    DB_COLUMN (DB_INT8, member, tenant),     DB_COLUMN (DB_UUID, member, application_id),
    DB_COLUMN (DB_INT4, member, ordinal),    DB_COLUMN (DB_UUID, member, member_id),
    DB_COLUMN (DB_BOOL, member, gone),       DB_COLUMN (DB_INT8_NULL, member, nik),
    DB_COLUMN (DB_INT4, member, nik_reason), DB_COLUMN (DB_INT8_NULL, member, mother_nik),
    DB_COLUMN (DB_TEXT, member, name),       DB_COLUMN (DB_TEXT, member, birth_place),
    DB_COLUMN (DB_DATE, member, birth_date), DB_COLUMN (DB_INT4, member, sex),
    DB_COLUMN (DB_INT4, member, marital),    DB_COLUMN (DB_TEXT, member, conditions),
    DB_COLUMN (DB_UUID, member, claim),      DB_COLUMN (DB_INT4, member, verdict),
    DB_COLUMN (DB_BYTES, member, reasons),
};

static const struct child_table children[] = { {
    .name = "member",
    .row_size = sizeof (struct member),
    .columns = member_columns,
    .n_columns = MEMBER_COLUMNS,
    .load = &sql_member_load,
    .save = &sql_member_save,
    .rows_offset = offsetof (struct application, members),
    .count_offset = offsetof (struct application, n_members),
} };

const struct table application_table = {
    .name = "application",
    .row_size = sizeof (struct application),
    .columns = application_columns,
    .n_columns = APPLICATION_COLUMNS,
    .load = &sql_application_load,
    .insert = &sql_application_insert,
    .update = &sql_application_update,
    .children = children,
    .n_children = 1,
};

static char *
copy (struct unit *unit, const char *text)
{
    char *own = arena_string (unit_arena (unit), text ? text : "");
    MUST (own);
    return own;
}

static struct bytes
copy_bytes (struct unit *unit, ProtobufCBinaryData data)
{
    void *own = arena_copy (unit_arena (unit), data.data ? data.data : (const uint8_t *)"", data.len);
    MUST (own);
    return (struct bytes){ own, data.len };
}

static const char *
conditions_join (struct unit *unit, const Padan__Common__V1__Member *member)
{
    size_t size = 1;
    for (size_t i = 0; i < member->n_conditions && i < MEMBER_CONDITIONS; i++)
        size += strlen (member->conditions[i]) + 1;
    char *text = arena_alloc (unit_arena (unit), size), *out = text;
    MUST (text);
    for (size_t i = 0; i < member->n_conditions && i < MEMBER_CONDITIONS; i++)
        out += sprintf (out, "%s%s", i ? " " : "", member->conditions[i]);
    return text;
}

static struct member *
member_place (struct unit *unit, struct application *row, struct uuid member_id)
{
    for (size_t i = 0; i < row->n_members; i++)
        if (uuid_compare (row->members[i].member_id, member_id) == 0)
            return &row->members[i];
    struct member *added = unit_child_add (unit, &application_table, row, &children[0]);
    added->member_id = member_id;
    return added;
}

static void
member_fill (struct unit *unit, struct member *row, const Padan__Common__V1__Member *member)
{
    struct nik nik = nik_parse (member->nik), mother = nik_parse (member->mother_nik);
    struct member was = *row;
    row->gone = false;
    row->nik = nik.number;
    row->nik_reason = nik.reason;
    row->mother_nik = mother.number;
    row->name = copy (unit, member->name);
    row->birth_place = copy (unit, member->birth_place);
    if (!date_parse (member->birth_date, strlen (member->birth_date), &row->birth_date))
        row->birth_date = DATE_NONE;
    row->sex = (int32_t)member->sex;
    row->marital = (int32_t)member->marital;
    row->conditions = conditions_join (unit, member);
    row->claim = claim_of (row);
    bool same = was.name && was.nik == row->nik && was.nik_reason == row->nik_reason &&
                was.mother_nik == row->mother_nik && was.birth_date == row->birth_date && was.sex == row->sex &&
                strcmp (was.name, row->name) == 0;
    if (!same) {
        row->verdict = PADAN__COMMON__V1__VERDICT__VERDICT_NONE;
        row->reasons = (struct bytes){ NULL, 0 };
    }
}

void
application_fill (struct unit *unit, struct application *row, const Padan__Common__V1__Dossier *dossier)
{
    struct nik kk = kk_parse (dossier->kk);
    row->track = copy (unit, dossier->track);
    row->kk = kk.number;
    row->kk_reason = kk.reason;
    row->profile = copy_bytes (unit, dossier->profile_sha256);
    row->street = copy (unit, dossier->address ? dossier->address->street : "");
    row->village = copy (unit, dossier->address ? dossier->address->village : "");
    row->entered_at = dossier->entered_at;
    for (size_t i = 0; i < row->n_members; i++)
        row->members[i].gone = true;
    for (size_t i = 0; i < dossier->n_members; i++) {
        struct uuid id;
        if (uuid_from (dossier->members[i]->member_id, &id))
            member_fill (unit, member_place (unit, row, id), dossier->members[i]);
    }
}
