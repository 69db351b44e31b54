#include "services/validation/registry_store.h"

#include <string.h>

#include "validation_sql.h"

static const struct db_column registry_columns[] = {
    DB_COLUMN (DB_INT8, registry, tenant),         DB_COLUMN (DB_UUID, registry, id),
    DB_COLUMN (DB_TEXT, registry, name),           DB_COLUMN (DB_INT8, registry, current_version),
    DB_COLUMN (DB_INT8, registry, newest_version), DB_COLUMN (DB_TEXT, registry, period),
    DB_COLUMN (DB_INT8, registry, rows),           DB_COLUMN (DB_TIME, registry, switched_at),
};
enum { REGISTRY_COLUMNS = sizeof registry_columns / sizeof *registry_columns };

const struct table registry_table = {
    .name = "registry",
    .row_size = sizeof (struct registry),
    .columns = registry_columns,
    .n_columns = REGISTRY_COLUMNS,
    .load = &sql_registry_load,
    .insert = &sql_registry_insert,
    .update = &sql_registry_update,
};
const struct table registry_held_table = {
    .name = "registry, held",
    .row_size = sizeof (struct registry),
    .columns = registry_columns,
    .n_columns = REGISTRY_COLUMNS,
    .load = &sql_registry_hold,
    .insert = &sql_registry_insert,
};

const struct db_column import_columns[IMPORT_COLUMNS] = {
    DB_COLUMN (DB_INT8, import, tenant),         DB_COLUMN (DB_UUID, import, id),
    DB_COLUMN (DB_TEXT, import, registry),       DB_COLUMN (DB_INT8, import, snapshot),
    DB_COLUMN (DB_TEXT, import, period),         DB_COLUMN (DB_TEXT, import, source),
    DB_COLUMN (DB_BYTES, import, file_sha256),   DB_COLUMN (DB_INT8, import, file_size),
    DB_COLUMN (DB_BYTES, import, family_sha256), DB_COLUMN (DB_INT8, import, family_size),
    DB_COLUMN (DB_TEXT, import, state),          DB_COLUMN (DB_TEXT, import, step),
    DB_COLUMN (DB_INT8, import, chunk),          DB_COLUMN (DB_TEXT, import, layout),
    DB_COLUMN (DB_INT8, import, next_offset),    DB_COLUMN (DB_INT8, import, next_line),
    DB_COLUMN (DB_INT8, import, next_row),       DB_COLUMN (DB_INT8, import, bytes_done),
    DB_COLUMN (DB_INT8, import, rows),           DB_COLUMN (DB_INT8, import, kept),
    DB_COLUMN (DB_INT8, import, refused),        DB_COLUMN (DB_INT4, import, problems),
    DB_COLUMN (DB_TEXT, import, failure),        DB_COLUMN (DB_TIME, import, started_at),
    DB_COLUMN (DB_TIME, import, finished_at),    DB_COLUMN (DB_UUID, import, same_as),
    DB_COLUMN (DB_INT8, import, usable),
};

static const struct db_column row_columns[] = {
    DB_COLUMN (DB_INT8, snapshot_row, tenant),  DB_COLUMN (DB_UUID, snapshot_row, import_id),
    DB_COLUMN (DB_INT4, snapshot_row, ordinal), DB_COLUMN (DB_TEXT, snapshot_row, file),
    DB_COLUMN (DB_INT8, snapshot_row, version), DB_COLUMN (DB_INT8_NULL, snapshot_row, nik),
    DB_COLUMN (DB_INT8_NULL, snapshot_row, kk), DB_COLUMN (DB_INT4, snapshot_row, decile),
    DB_COLUMN (DB_TEXT, snapshot_row, card),    DB_COLUMN (DB_TEXT, snapshot_row, segment),
    DB_COLUMN (DB_TEXT, snapshot_row, payer),   DB_COLUMN (DB_TEXT, snapshot_row, status),
};
static const struct db_column dropped_columns[] = {
    DB_COLUMN (DB_INT8, dropped_row, tenant),  DB_COLUMN (DB_UUID, dropped_row, import_id),
    DB_COLUMN (DB_INT4, dropped_row, ordinal), DB_COLUMN (DB_TEXT, dropped_row, file),
    DB_COLUMN (DB_INT8, dropped_row, version), DB_COLUMN (DB_INT8, dropped_row, number),
};
static const struct db_column problem_columns[] = {
    DB_COLUMN (DB_INT8, import_problem, tenant),  DB_COLUMN (DB_UUID, import_problem, import_id),
    DB_COLUMN (DB_INT4, import_problem, ordinal), DB_COLUMN (DB_INT8, import_problem, line),
    DB_COLUMN (DB_TEXT, import_problem, field),   DB_COLUMN (DB_TEXT, import_problem, code),
    DB_COLUMN (DB_TEXT, import_problem, detail),  DB_COLUMN (DB_BOOL, import_problem, warning),
};

static const struct child_table children[] = {
    {
        .name = "snapshot",
        .row_size = sizeof (struct snapshot_row),
        .columns = row_columns,
        .n_columns = sizeof row_columns / sizeof *row_columns,
        .load = &sql_snapshot_load,
        .save = &sql_snapshot_save,
        .rows_offset = offsetof (struct import, added),
        .count_offset = offsetof (struct import, n_added),
    },
    {
        .name = "import_problem",
        .row_size = sizeof (struct import_problem),
        .columns = problem_columns,
        .n_columns = sizeof problem_columns / sizeof *problem_columns,
        .load = &sql_import_problem_load,
        .save = &sql_import_problem_save,
        .rows_offset = offsetof (struct import, found),
        .count_offset = offsetof (struct import, n_found),
    },
    {
        .name = "dropped",
        .row_size = sizeof (struct dropped_row),
        .columns = dropped_columns,
        .n_columns = sizeof dropped_columns / sizeof *dropped_columns,
        .load = &sql_dropped_load,
        .save = &sql_dropped_save,
        .rows_offset = offsetof (struct import, dropped),
        .count_offset = offsetof (struct import, n_dropped),
    },
};

const struct table import_table = {
    .name = "import",
    .row_size = sizeof (struct import),
    .columns = import_columns,
    .n_columns = IMPORT_COLUMNS,
    .load = &sql_import_load,
    .insert = &sql_import_insert,
    .update = &sql_import_update,
    .children = children,
    .n_children = sizeof children / sizeof *children,
};

struct uuid
registry_id (const char *name)
{
    return uuid_of (name, strlen (name));
}

/* Rows with a number that an earlier row of their file has; of a load that failed nothing is kept. */
static int64_t
repeated_rows (const struct import *row)
{
    return strcmp (row->state, "failed") == 0 ? 0 : row->rows - row->kept - row->refused;
}

void
import_progress (const struct import *row, Padan__Common__V1__ImportProgress *ret)
{
    padan__common__v1__import_progress__init (ret);
    ret->import_id = uuid_field (&row->id);
    ret->kind = (char *)row->registry;
    ret->period = (char *)row->period;
    ret->source = (char *)row->source;
    ret->state = (char *)row->state;
    ret->rows = row->rows;
    ret->created = row->kept;
    ret->refused = row->refused;
    ret->unchanged = repeated_rows (row);
    ret->bytes = row->bytes_done + row->next_offset;
    ret->size = row->file_size + row->family_size;
}
