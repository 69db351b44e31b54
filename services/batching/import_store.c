#include "services/batching/import_store.h"

#include <string.h>

#include "batching_sql.h"
#include "common/domain/csv_value.h"

static const struct db_column import_columns[] = {
    DB_COLUMN (DB_INT8, import_row, tenant),      DB_COLUMN (DB_UUID, import_row, id),
    DB_COLUMN (DB_INT8, import_row, version),     DB_COLUMN (DB_UUID, import_row, batch_id),
    DB_COLUMN (DB_TEXT, import_row, source),      DB_COLUMN (DB_BYTES, import_row, file_sha256),
    DB_COLUMN (DB_INT8, import_row, size),        DB_COLUMN (DB_TEXT, import_row, state),
    DB_COLUMN (DB_TEXT, import_row, failure),     DB_COLUMN (DB_TEXT, import_row, layout),
    DB_COLUMN (DB_INT8, import_row, position),    DB_COLUMN (DB_INT8, import_row, line),
    DB_COLUMN (DB_INT8, import_row, next_row),    DB_COLUMN (DB_INT8, import_row, chunks),
    DB_COLUMN (DB_INT8, import_row, rows),        DB_COLUMN (DB_INT8, import_row, changed),
    DB_COLUMN (DB_INT8, import_row, unchanged),   DB_COLUMN (DB_INT8, import_row, refused),
    DB_COLUMN (DB_UUID, import_row, started_by),  DB_COLUMN (DB_TIME, import_row, started_at),
    DB_COLUMN (DB_TIME, import_row, finished_at),
};
const struct table import_table = {
    .name = "import",
    .row_size = sizeof (struct import_row),
    .columns = import_columns,
    .n_columns = sizeof import_columns / sizeof *import_columns,
    .load = &sql_import_load,
    .insert = &sql_import_insert,
    .update = &sql_import_update,
};

static const struct db_column reply_columns[] = {
    DB_COLUMN (DB_INT8, reply_line, tenant),         DB_COLUMN (DB_UUID, reply_line, id),
    DB_COLUMN (DB_UUID, reply_line, import_id),      DB_COLUMN (DB_INT8, reply_line, line),
    DB_COLUMN (DB_UUID, reply_line, application_id), DB_COLUMN (DB_UUID, reply_line, member_id),
    DB_COLUMN (DB_TEXT, reply_line, outcome),
};
const struct table reply_row_table = {
    .name = "reply_row",
    .row_size = sizeof (struct reply_line),
    .columns = reply_columns,
    .n_columns = sizeof reply_columns / sizeof *reply_columns,
    .load = &sql_reply_row_load,
    .insert = &sql_reply_row_insert,
};

static const struct db_column problem_columns[] = {
    DB_COLUMN (DB_INT8, problem_line, tenant),      DB_COLUMN (DB_UUID, problem_line, id),
    DB_COLUMN (DB_UUID, problem_line, import_id),   DB_COLUMN (DB_INT8, problem_line, line),
    DB_COLUMN (DB_TEXT, problem_line, column_name), DB_COLUMN (DB_TEXT, problem_line, code),
};
const struct table import_problem_table = {
    .name = "import_problem",
    .row_size = sizeof (struct problem_line),
    .columns = problem_columns,
    .n_columns = sizeof problem_columns / sizeof *problem_columns,
    .load = &sql_import_problem_load,
    .insert = &sql_import_problem_insert,
};

struct uuid
reply_line_id (struct uuid import_id, struct uuid member_id)
{
    struct uuid name[2] = { import_id, member_id };
    return uuid_of (name, sizeof name);
}

struct uuid
problem_line_id (struct uuid import_id, int64_t line)
{
    uint8_t name[sizeof import_id + sizeof line];
    memcpy (name, &import_id, sizeof import_id);
    memcpy (name + sizeof import_id, &line, sizeof line);
    return uuid_of (name, sizeof name);
}

enum rc
import_read (struct gather *gather, int64_t tenant, struct uuid id, struct import_row *ret_import, struct err *err)
{
    struct db_call call = { .sql = &sql_import_find, .params = db_params (gather_arena (gather)) };
    void *rows;
    size_t n;
    db_param_int8 (call.params, tenant);
    db_param_uuid (call.params, id);
    enum rc rc = gather_read (gather, tenant, &call, 1, err);
    if (rc == RC_OK)
        rc = db_rows (call.result, import_columns, import_table.n_columns, sizeof *ret_import, gather_arena (gather),
                      &rows, &n, err);
    db_calls_clear (&call, 1);
    if (rc != RC_OK)
        return rc;
    if (!n)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such import");
    *ret_import = *(struct import_row *)rows;
    return RC_OK;
}

Padan__Common__V1__ImportProgress
import_progress (const struct import_row *import)
{
    Padan__Common__V1__ImportProgress progress = PADAN__COMMON__V1__IMPORT_PROGRESS__INIT;
    progress.import_id = uuid_field (&import->id);
    progress.kind = (char *)"replies";
    progress.state = (char *)import->state;
    progress.source = (char *)import->source;
    progress.rows = import->rows;
    progress.changed = import->changed;
    progress.unchanged = import->unchanged;
    progress.refused = import->refused;
    progress.bytes = import->position;
    progress.size = import->size;
    return progress;
}

static const struct {
    const char *code, *text;
} texts[] = {
    { "batching.reply_unknown", "Orang ini tidak ada dalam batch yang dibalas." },
    { "batching.reply_status", "Status harus TERIMA atau TOLAK." },
    { "batching.reply_card", "Yang diterima harus bernomor kartu 13 angka." },
    { "batching.reply_reason", "Yang ditolak harus disertai alasan." },
    { "batching.reply_double", "Orang ini sudah dibalas pada baris lain dalam berkas yang sama." },
    { "batching.reply_contradiction",
      "Balasan ini bertentangan dengan balasan sebelumnya; pastikan ke BPJS Kesehatan." },
    { "batching.card_taken", "Nomor kartu ini milik orang lain; pastikan ke BPJS Kesehatan." },
    { "batching.file_missing", "Berkas balasan tidak ditemukan di penyimpanan." },
    { "csv.header", "Judul kolom balasan tidak ditemukan: no, nik, nama, status, no_kartu, alasan, tmt." },
};

const char *
problem_text (const char *code)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp (texts[i].code, code) == 0)
            return texts[i].text;
    for (enum csv_reason reason = CSV_BAD_WIDTH; reason <= CSV_BAD_ROW; reason++)
        if (strcmp (csv_reason_code (reason), code) == 0)
            return csv_reason_text (reason);
    return csv_value_text (code);
}
