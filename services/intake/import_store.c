#include "services/intake/import_store.h"

#include "intake_sql.h"

const struct db_column import_columns[] = {
    DB_COLUMN (DB_INT8, import, tenant),
    DB_COLUMN (DB_UUID, import, id),
    DB_COLUMN (DB_INT8, import, version),
    DB_COLUMN (DB_TEXT, import, kind),
    DB_COLUMN (DB_TEXT, import, period),
    DB_COLUMN (DB_TEXT, import, source),
    DB_COLUMN (DB_BYTES, import, file_sha256),
    DB_COLUMN (DB_INT8, import, size),
    DB_COLUMN (DB_BYTES, import, profile_sha256),
    DB_COLUMN (DB_TEXT, import, state),
    DB_COLUMN (DB_TEXT, import, layout),
    DB_COLUMN (DB_INT8, import, position),
    DB_COLUMN (DB_INT8, import, line),
    DB_COLUMN (DB_INT8, import, rows),
    DB_COLUMN (DB_INT8, import, created),
    DB_COLUMN (DB_INT8, import, changed),
    DB_COLUMN (DB_INT8, import, unchanged),
    DB_COLUMN (DB_INT8, import, refused),
    DB_COLUMN (DB_UUID, import, started_by),
    DB_COLUMN (DB_TIME, import, started_at),
    DB_COLUMN (DB_TIME, import, finished_at),
    DB_COLUMN (DB_INT8, import, put_off),
};
const size_t import_column_count = sizeof import_columns / sizeof *import_columns;
const struct table import_table = {
    .name = "import",
    .row_size = sizeof (struct import),
    .columns = import_columns,
    .n_columns = sizeof import_columns / sizeof *import_columns,
    .load = &sql_import_load,
    .insert = &sql_import_insert,
    .update = &sql_import_update,
};

static const struct db_column row_columns[] = {
    DB_COLUMN (DB_INT8, import_row, tenant),         DB_COLUMN (DB_UUID, import_row, id),
    DB_COLUMN (DB_UUID, import_row, content),        DB_COLUMN (DB_UUID, import_row, other),
    DB_COLUMN (DB_UUID, import_row, application_id), DB_COLUMN (DB_UUID, import_row, member_id),
    DB_COLUMN (DB_UUID, import_row, import_id),      DB_COLUMN (DB_UUID, import_row, same_as),
};
const struct table import_row_table = {
    .name = "import_row",
    .row_size = sizeof (struct import_row),
    .columns = row_columns,
    .n_columns = sizeof row_columns / sizeof *row_columns,
    .load = &sql_import_row_load,
    .insert = &sql_import_row_insert,
    .update = &sql_import_row_update,
};

static const struct db_column later_columns[] = {
    DB_COLUMN (DB_INT8, import_later, tenant),    DB_COLUMN (DB_UUID, import_later, id),
    DB_COLUMN (DB_UUID, import_later, import_id), DB_COLUMN (DB_INT8, import_later, line),
    DB_COLUMN (DB_BYTES, import_later, packed),
};
const struct table import_later_table = {
    .name = "import_later",
    .row_size = sizeof (struct import_later),
    .columns = later_columns,
    .n_columns = sizeof later_columns / sizeof *later_columns,
    .load = &sql_import_later_load,
    .insert = &sql_import_later_insert,
    .update = &sql_import_later_update,
};

static const struct db_column problem_columns[] = {
    DB_COLUMN (DB_INT8, import_problem, tenant),      DB_COLUMN (DB_UUID, import_problem, id),
    DB_COLUMN (DB_UUID, import_problem, import_id),   DB_COLUMN (DB_INT8, import_problem, line),
    DB_COLUMN (DB_TEXT, import_problem, column_name), DB_COLUMN (DB_TEXT, import_problem, code),
    DB_COLUMN (DB_TEXT, import_problem, detail),      DB_COLUMN (DB_BOOL, import_problem, warning),
};
const struct table import_problem_table = {
    .name = "import_problem",
    .row_size = sizeof (struct import_problem),
    .columns = problem_columns,
    .n_columns = sizeof problem_columns / sizeof *problem_columns,
    .load = &sql_import_problem_load,
    .insert = &sql_import_problem_insert,
};

struct uuid
import_problem_id (struct uuid import_id, int64_t line, int64_t ordinal)
{
    struct {
        struct uuid import_id;
        int64_t line, ordinal;
    } name = { import_id, line, ordinal };
    return uuid_of (&name, sizeof name);
}

struct uuid
import_later_id (struct uuid import_id, int64_t line)
{
    struct {
        struct uuid import_id;
        int64_t line;
    } name = { import_id, line };
    return uuid_of (&name, sizeof name);
}

struct uuid
import_successor (struct uuid application_id)
{
    return uuid_of (&application_id, sizeof application_id);
}

bool
import_is_over (const struct import *import)
{
    return strcmp (import->state, "done") == 0 || strcmp (import->state, "failed") == 0;
}

Padan__Common__V1__ImportProgress *
import_progress (const struct import *import, struct arena *arena)
{
    Padan__Common__V1__ImportProgress *progress = arena_alloc (arena, sizeof *progress);
    MUST (progress);
    padan__common__v1__import_progress__init (progress);
    progress->import_id = uuid_field (&import->id);
    progress->kind = (char *)import->kind;
    progress->period = (char *)import->period;
    progress->source = (char *)import->source;
    progress->state = (char *)import->state;
    progress->rows = import->rows;
    progress->created = import->created;
    progress->changed = import->changed;
    progress->unchanged = import->unchanged;
    progress->refused = import->refused;
    progress->bytes = import->position;
    progress->size = import->size;
    return progress;
}
