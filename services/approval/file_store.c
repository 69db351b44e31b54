#include "services/approval/file_store.h"

#include "approval_sql.h"

static const struct db_column file_act_columns[] = {
    DB_COLUMN (DB_INT8, file_act, tenant),    DB_COLUMN (DB_UUID, file_act, file_id),
    DB_COLUMN (DB_INT4, file_act, ordinal),   DB_COLUMN (DB_TEXT, file_act, act),
    DB_COLUMN (DB_UUID, file_act, person_id), DB_COLUMN (DB_TEXT, file_act, name),
    DB_COLUMN (DB_TIME, file_act, at),
};

static const struct db_column file_columns[] = {
    DB_COLUMN (DB_INT8, file, tenant),
    DB_COLUMN (DB_UUID, file, id),
    DB_COLUMN (DB_INT8, file, version),
    DB_COLUMN (DB_TEXT, file, state),
    DB_COLUMN (DB_TEXT, file, ticket),
    DB_COLUMN (DB_TEXT, file, track),
    DB_COLUMN (DB_TEXT, file, village),
    DB_COLUMN (DB_INT4, file, people),
    DB_COLUMN (DB_BYTES, file, profile_sha256),
    DB_COLUMN (DB_UUID, file, dossier_id),
    DB_COLUMN (DB_UUID, file, letter_id),
    DB_COLUMN (DB_TEXT, file, act),
    DB_COLUMN (DB_INT4, file, role),
    DB_COLUMN (DB_TIME, file, since),
    DB_COLUMN (DB_TIME, file, due_at),
    DB_COLUMN (DB_UUID, file, entered_by),
    DB_COLUMN (DB_UUID, file, sent_by),
    DB_COLUMN (DB_TEXT, file, reason),
};

static const struct db_column dossier_columns[] = {
    DB_COLUMN (DB_INT8, dossier, tenant),         DB_COLUMN (DB_UUID, dossier, id),
    DB_COLUMN (DB_UUID, dossier, application_id), DB_COLUMN (DB_INT8, dossier, version),
    DB_COLUMN (DB_BYTES, dossier, sent),
};

static const struct child_table file_children[] = {
    {
        .name = "file_act",
        .row_size = sizeof (struct file_act),
        .columns = file_act_columns,
        .n_columns = sizeof file_act_columns / sizeof *file_act_columns,
        .load = &sql_file_act_load,
        .save = &sql_file_act_save,
        .rows_offset = offsetof (struct file, acts),
        .count_offset = offsetof (struct file, n_acts),
    },
};

const struct table file_table = {
    .name = "file",
    .row_size = sizeof (struct file),
    .columns = file_columns,
    .n_columns = sizeof file_columns / sizeof *file_columns,
    .load = &sql_file_load,
    .insert = &sql_file_insert,
    .update = &sql_file_update,
    .children = file_children,
    .n_children = sizeof file_children / sizeof *file_children,
};

const struct table dossier_table = {
    .name = "dossier",
    .row_size = sizeof (struct dossier),
    .columns = dossier_columns,
    .n_columns = sizeof dossier_columns / sizeof *dossier_columns,
    .load = &sql_dossier_load,
    .insert = &sql_dossier_insert,
};

struct uuid
dossier_id_of (struct uuid application_id, int64_t version)
{
    struct {
        struct uuid application_id;
        int64_t version;
    } name = { application_id, version };
    return uuid_of (&name, sizeof name);
}

void
file_act_add (struct unit *unit, struct file *file, const char *act, const struct message *message)
{
    struct file_act *row = unit_child_add (unit, &file_table, file, &file_children[0]);
    row->act = act;
    row->person_id = message_person (message);
    row->name = message->principal ? message->principal->name : "";
    row->at = unit_now (unit);
}

struct uuid
message_person (const struct message *message)
{
    struct uuid id = { 0 };
    if (message->principal)
        uuid_from (message->principal->person_id, &id);
    return id;
}
