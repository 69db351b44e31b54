#include "services/intake/application_store.h"

#include "intake_sql.h"

static const struct db_column member_columns[] = {
    DB_COLUMN (DB_INT8, member, tenant),      DB_COLUMN (DB_UUID, member, application_id),
    DB_COLUMN (DB_INT4, member, ordinal),     DB_COLUMN (DB_UUID, member, member_id),
    DB_COLUMN (DB_INT8_NULL, member, nik),    DB_COLUMN (DB_INT8_NULL, member, mother_nik),
    DB_COLUMN (DB_TEXT, member, name),        DB_COLUMN (DB_INT4, member, relation),
    DB_COLUMN (DB_TEXT, member, birth_place), DB_COLUMN (DB_DATE, member, birth_date),
    DB_COLUMN (DB_INT4, member, sex),         DB_COLUMN (DB_INT4, member, marital),
    DB_COLUMN (DB_TEXT, member, phone),       DB_COLUMN (DB_INT8, member, conditions),
    DB_COLUMN (DB_INT8, member, facts),       DB_COLUMN (DB_BOOL, member, removed),
    DB_COLUMN (DB_BOOL, member, excluded),    DB_COLUMN (DB_INT4, member, verdict),
    DB_COLUMN (DB_BYTES, member, reasons),    DB_COLUMN (DB_INT8, member, evidence),
};

static const struct db_column paper_columns[] = {
    DB_COLUMN (DB_INT8, paper, tenant),         DB_COLUMN (DB_UUID, paper, application_id),
    DB_COLUMN (DB_INT4, paper, ordinal),        DB_COLUMN (DB_TEXT, paper, kind),
    DB_COLUMN (DB_BYTES, paper, file_sha256),   DB_COLUMN (DB_TEXT, paper, media_type),
    DB_COLUMN (DB_INT8, paper, size),           DB_COLUMN (DB_UUID, paper, member_id),
    DB_COLUMN (DB_TEXT, paper, number),         DB_COLUMN (DB_DATE, paper, paper_date),
    DB_COLUMN (DB_TEXT, paper, signed_by),      DB_COLUMN (DB_BOOL, paper, materai),
    DB_COLUMN (DB_TEXT, paper, materai_serial), DB_COLUMN (DB_BOOL, paper, replaced),
    DB_COLUMN (DB_TIME, paper, attached_at),    DB_COLUMN (DB_UUID, paper, attached_by),
    DB_COLUMN (DB_BOOL, paper, original),       DB_COLUMN (DB_BOOL, paper, paid_up),
    DB_COLUMN (DB_TEXT, paper, photo),
};

static const struct db_column application_columns[] = {
    DB_COLUMN (DB_INT8, application, tenant),
    DB_COLUMN (DB_UUID, application, id),
    DB_COLUMN (DB_INT8, application, version),
    DB_COLUMN (DB_TEXT, application, state),
    DB_COLUMN (DB_TEXT, application, ticket),
    DB_COLUMN (DB_TEXT, application, track),
    DB_COLUMN (DB_INT8, application, kk),
    DB_COLUMN (DB_TEXT, application, street),
    DB_COLUMN (DB_TEXT, application, rt),
    DB_COLUMN (DB_TEXT, application, rw),
    DB_COLUMN (DB_TEXT, application, village),
    DB_COLUMN (DB_TEXT, application, village_name),
    DB_COLUMN (DB_TEXT, application, postal_code),
    DB_COLUMN (DB_BYTES, application, profile_sha256),
    DB_COLUMN (DB_UUID, application, entered_by),
    DB_COLUMN (DB_TIME, application, entered_at),
    DB_COLUMN (DB_TEXT, application, source),
    DB_COLUMN (DB_TEXT, application, payer),
    DB_COLUMN (DB_TEXT, application, held_by),
    DB_COLUMN (DB_TEXT, application, returned_reason),
    DB_COLUMN (DB_TEXT, application, ended_reason),
    DB_COLUMN (DB_INT8, application, content_version),
    DB_COLUMN (DB_INT8, application, judged_version),
    DB_COLUMN (DB_TEXT, application, missing),
    DB_COLUMN (DB_TIME, application, since),
    DB_COLUMN (DB_TEXT, application, act),
    DB_COLUMN (DB_TEXT, application, role),
    DB_COLUMN (DB_TIME, application, due_at),
};

static const struct child_table application_children[] = {
    [APPLICATION_MEMBERS] = {
        .name = "member",
        .row_size = sizeof (struct member),
        .columns = member_columns,
        .n_columns = sizeof member_columns / sizeof *member_columns,
        .load = &sql_member_load,
        .save = &sql_member_save,
        .insert = &sql_member_insert,
        .rows_offset = offsetof (struct application, members),
        .count_offset = offsetof (struct application, n_members),
    },
    [APPLICATION_PAPERS] = {
        .name = "paper",
        .row_size = sizeof (struct paper),
        .columns = paper_columns,
        .n_columns = sizeof paper_columns / sizeof *paper_columns,
        .load = &sql_paper_load,
        .save = &sql_paper_save,
        .rows_offset = offsetof (struct application, papers),
        .count_offset = offsetof (struct application, n_papers),
    },
};

const struct table application_table = {
    .name = "application",
    .row_size = sizeof (struct application),
    .columns = application_columns,
    .n_columns = sizeof application_columns / sizeof *application_columns,
    .load = &sql_application_load,
    .insert = &sql_application_insert,
    .update = &sql_application_update,
    .children = application_children,
    .n_children = sizeof application_children / sizeof *application_children,
};

struct member *
application_member_add (struct unit *unit, struct application *application)
{
    return unit_child_add (unit, &application_table, application, &application_children[APPLICATION_MEMBERS]);
}

struct paper *
application_paper_add (struct unit *unit, struct application *application)
{
    return unit_child_add (unit, &application_table, application, &application_children[APPLICATION_PAPERS]);
}

struct member *
application_member_find (const struct application *application, struct uuid member_id)
{
    for (size_t i = 0; i < application->n_members; i++)
        if (!application->members[i].removed && uuid_compare (application->members[i].member_id, member_id) == 0)
            return &application->members[i];
    return NULL;
}

bool
member_goes_on (const struct member *member)
{
    return !member->removed && !member->excluded && member->verdict != PADAN__COMMON__V1__VERDICT__VERDICT_BLOCK &&
           member->verdict != PADAN__COMMON__V1__VERDICT__VERDICT_RETURN;
}
