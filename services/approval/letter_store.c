#include "services/approval/letter_store.h"

#include <stdio.h>

#include "approval_sql.h"
#include "services/approval/file_store.h"

static const struct db_column letter_file_columns[] = {
    DB_COLUMN (DB_INT8, letter_file, tenant),     DB_COLUMN (DB_UUID, letter_file, letter_id),
    DB_COLUMN (DB_INT4, letter_file, ordinal),    DB_COLUMN (DB_UUID, letter_file, application_id),
    DB_COLUMN (DB_UUID, letter_file, dossier_id),
};

static const struct db_column letter_act_columns[] = {
    DB_COLUMN (DB_INT8, letter_act, tenant),    DB_COLUMN (DB_UUID, letter_act, letter_id),
    DB_COLUMN (DB_INT4, letter_act, ordinal),   DB_COLUMN (DB_TEXT, letter_act, act),
    DB_COLUMN (DB_TEXT, letter_act, kind),      DB_COLUMN (DB_INT4, letter_act, role),
    DB_COLUMN (DB_UUID, letter_act, person_id), DB_COLUMN (DB_TEXT, letter_act, name),
    DB_COLUMN (DB_TIME, letter_act, at),        DB_COLUMN (DB_BYTES, letter_act, content_sha256),
    DB_COLUMN (DB_TIME, letter_act, voided_at),
};

static const struct db_column letter_columns[] = {
    DB_COLUMN (DB_INT8, office_letter, tenant),
    DB_COLUMN (DB_UUID, office_letter, id),
    DB_COLUMN (DB_INT8, office_letter, version),
    DB_COLUMN (DB_TEXT, office_letter, state),
    DB_COLUMN (DB_TEXT, office_letter, letter),
    DB_COLUMN (DB_TEXT, office_letter, track),
    DB_COLUMN (DB_BYTES, office_letter, profile_sha256),
    DB_COLUMN (DB_INT4, office_letter, people),
    DB_COLUMN (DB_TEXT, office_letter, act),
    DB_COLUMN (DB_INT4, office_letter, role),
    DB_COLUMN (DB_TIME, office_letter, since),
    DB_COLUMN (DB_TIME, office_letter, due_at),
    DB_COLUMN (DB_BYTES, office_letter, content_sha256),
    DB_COLUMN (DB_TIME, office_letter, drafted_at),
    DB_COLUMN (DB_TEXT, office_letter, number),
    DB_COLUMN (DB_UUID, office_letter, number_id),
    DB_COLUMN (DB_INT8, office_letter, sequence),
    DB_COLUMN (DB_TIME, office_letter, signed_at),
    DB_COLUMN (DB_TEXT, office_letter, signer_title),
    DB_COLUMN (DB_TEXT, office_letter, signer_name),
    DB_COLUMN (DB_TEXT, office_letter, signer_rank),
    DB_COLUMN (DB_TEXT, office_letter, signer_nip),
    DB_COLUMN (DB_BYTES, office_letter, pdf_sha256),
    DB_COLUMN (DB_INT8, office_letter, pdf_size),
    DB_COLUMN (DB_TEXT, office_letter, delivered_to),
    DB_COLUMN (DB_TEXT, office_letter, receiver),
    DB_COLUMN (DB_TIME, office_letter, delivered_at),
    DB_COLUMN (DB_TEXT, office_letter, reason),
};

static const struct db_column letter_content_columns[] = {
    DB_COLUMN (DB_INT8, letter_content, tenant),
    DB_COLUMN (DB_UUID, letter_content, id),
    DB_COLUMN (DB_BYTES, letter_content, content),
};

static const struct db_column letter_number_columns[] = {
    DB_COLUMN (DB_INT8, letter_number, tenant),     DB_COLUMN (DB_UUID, letter_number, id),
    DB_COLUMN (DB_TEXT, letter_number, class_code), DB_COLUMN (DB_TEXT, letter_number, unit),
    DB_COLUMN (DB_INT4, letter_number, year),       DB_COLUMN (DB_INT8, letter_number, last),
};

static const struct child_table letter_children[] = {
    {
        .name = "letter_file",
        .row_size = sizeof (struct letter_file),
        .columns = letter_file_columns,
        .n_columns = sizeof letter_file_columns / sizeof *letter_file_columns,
        .load = &sql_letter_file_load,
        .save = &sql_letter_file_save,
        .rows_offset = offsetof (struct office_letter, files),
        .count_offset = offsetof (struct office_letter, n_files),
    },
    {
        .name = "letter_act",
        .row_size = sizeof (struct letter_act),
        .columns = letter_act_columns,
        .n_columns = sizeof letter_act_columns / sizeof *letter_act_columns,
        .load = &sql_letter_act_load,
        .save = &sql_letter_act_save,
        .rows_offset = offsetof (struct office_letter, acts),
        .count_offset = offsetof (struct office_letter, n_acts),
    },
};

const struct table letter_table = {
    .name = "letter",
    .row_size = sizeof (struct office_letter),
    .columns = letter_columns,
    .n_columns = sizeof letter_columns / sizeof *letter_columns,
    .load = &sql_letter_load,
    .insert = &sql_letter_insert,
    .update = &sql_letter_update,
    .children = letter_children,
    .n_children = sizeof letter_children / sizeof *letter_children,
};

const struct table letter_content_table = {
    .name = "letter_content",
    .row_size = sizeof (struct letter_content),
    .columns = letter_content_columns,
    .n_columns = sizeof letter_content_columns / sizeof *letter_content_columns,
    .load = &sql_letter_content_load,
    .insert = &sql_letter_content_insert,
};

const struct table letter_number_table = {
    .name = "letter_number",
    .row_size = sizeof (struct letter_number),
    .columns = letter_number_columns,
    .n_columns = sizeof letter_number_columns / sizeof *letter_number_columns,
    .load = &sql_letter_number_load,
    .insert = &sql_letter_number_insert,
    .update = &sql_letter_number_update,
};

void
letter_file_add (struct unit *unit, struct office_letter *letter, struct uuid application_id, struct uuid dossier_id)
{
    struct letter_file *row = unit_child_add (unit, &letter_table, letter, &letter_children[0]);
    row->application_id = application_id;
    row->dossier_id = dossier_id;
}

void
letter_act_add (struct unit *unit, struct office_letter *letter, const char *act, const char *kind, int32_t role,
                const struct message *message)
{
    struct letter_act *row = unit_child_add (unit, &letter_table, letter, &letter_children[1]);
    row->act = act;
    row->kind = kind;
    row->role = role;
    row->person_id = message_person (message);
    row->name = message->principal ? message->principal->name : "";
    row->at = unit_now (unit);
    row->content_sha256 = letter->content_sha256;
}

void
letter_acts_void (struct office_letter *letter, const struct profile *profile, int from, int64_t now)
{
    for (size_t i = 0; i < letter->n_acts; i++) {
        struct letter_act *act = &letter->acts[i];
        if (!act->voided_at && strcmp (act->kind, "draft") != 0 && profile_act_find (profile, act->act) >= from)
            act->voided_at = now;
    }
}

struct uuid
letter_number_id (const char *class_code, const char *unit, int year)
{
    char name[256];
    int size = snprintf (name, sizeof name, "%s\n%s\n%d", class_code, unit, year);
    return uuid_of (name, size < (int)sizeof name ? (size_t)size : sizeof name - 1);
}
