#include "services/batching/reply_file.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "batching_sql.h"
#include "common/base/text.h"
#include "common/domain/csv_schema.h"
#include "common/domain/csv_value.h"

enum { READ_BYTES = 64 * 1024, REPLY_ROWS = 2000000 /* of one file: more than a province's poor */ };
enum { APPLICATION, MEMBER, ORDINAL, NIK, LINE, DOSSIER }; /* columns of reply_people.sql */

typedef Padan__Batching__V1__ReplyLine reply_message;
typedef Padan__Batching__V1__RepliesResult replies_result;

/* What is known of each line beside its message. */
struct spoken {
    int64_t nik;
    int32_t number;   /* its `no`, 0 none: whom a line without a NIK speaks of */
    const char *name; /* as BPJS writes it */
};

struct reading {
    struct arena *arena;
    replies_result *result;
    struct spoken *spoken; /* by index of result->lines */
    size_t limit;
};

static void *
memory (struct arena *arena, size_t count, size_t size)
{
    void *bytes = arena_array (arena, count + 1, size);
    MUST (bytes); /* a chunk is bounded, the arena is far larger */
    return bytes;
}

/* ---------------------------------------------------------------- cells */

static void
problem_set (reply_message *line, size_t column, const char *code)
{
    line->problem = (char *)code;
    line->column = (char *)csv_reply.columns[column].name;
}

static bool
status_read (const char *cell, bool *ret_accepted)
{
    static const char *const accepted[] = { "TERIMA", "DITERIMA" }, *const refused[] = { "TOLAK", "DITOLAK" };
    for (size_t i = 0; i < 2; i++) {
        *ret_accepted = strcasecmp (cell, accepted[i]) == 0;
        if (*ret_accepted || strcasecmp (cell, refused[i]) == 0)
            return true;
    }
    return false;
}

static void
outcome_read (struct arena *arena, const struct csv_row *row, reply_message *line)
{
    struct csv_value value;
    char date[DATE_TEXT];
    const char *code;
    bool accepted;
    if (!status_read (row->cells[REPLY_STATUS], &accepted)) {
        problem_set (line, REPLY_STATUS, "batching.reply_status");
        return;
    }
    line->accepted = accepted;
    if (!accepted) {
        line->reason = arena_string (arena, row->cells[REPLY_REASON]);
        if (!line->reason[0])
            problem_set (line, REPLY_REASON, "batching.reply_reason");
        return;
    }
    code = csv_row_value (&csv_reply, row, REPLY_CARD, &value);
    if (code || !value.present) {
        problem_set (line, REPLY_CARD, "batching.reply_card");
        return;
    }
    line->card_number = arena_string (arena, value.text);
    code = csv_row_value (&csv_reply, row, REPLY_ACTIVE_FROM, &value);
    if (code)
        problem_set (line, REPLY_ACTIVE_FROM, code);
    else if (value.present)
        line->active_date = arena_string (arena, date_format (value.date, date));
}

/* Whom it speaks of: a NIK, or, without one, a line of the batch file and a name. */
static void
person_read (struct arena *arena, const struct csv_row *row, reply_message *line, struct spoken *spoken)
{
    struct csv_value value;
    const char *code = csv_row_value (&csv_reply, row, REPLY_NIK, &value);
    spoken->name = arena_string (arena, row->cells[REPLY_NAME]);
    if (!code) {
        spoken->nik = value.number;
        line->nik = arena_string (arena, nik_format (value.number, memory (arena, NIK_TEXT, 1)));
        return;
    }
    bool numbered = !row->cells[REPLY_NIK][0] && !csv_row_value (&csv_reply, row, REPLY_LINE, &value) &&
                    value.present && value.number > 0 && value.number <= INT32_MAX;
    if (numbered)
        spoken->number = (int32_t)value.number;
    else
        problem_set (line, REPLY_NIK, code);
}

static enum rc
row_take (void *context, const struct csv_row *row, struct err *err)
{
    struct reading *reading = context;
    replies_result *result = reading->result;
    if (result->n_lines == reading->limit) { /* the next chunk goes on here */
        result->next_offset = row->offset;
        result->next_line = row->line;
        result->next_row = row->number;
        return RC_LOST;
    }
    if (row->total)
        return RC_OK;
    reply_message *line = memory (reading->arena, 1, sizeof *line);
    struct spoken *spoken = &reading->spoken[result->n_lines];
    padan__batching__v1__reply_line__init (line);
    result->lines[result->n_lines++] = line;
    line->line = row->line;
    if (row->reason != CSV_OK) {
        line->problem = (char *)csv_reason_code (row->reason);
        line->column = (char *)row->column;
        return RC_OK;
    }
    person_read (reading->arena, row, line, spoken);
    if (!line->problem[0])
        outcome_read (reading->arena, row, line);
    return RC_OK;
}

/* ---------------------------------------------------------------- the file */

static void
file_close (int *file)
{
    if (*file >= 0)
        close (*file);
}

static enum rc
file_push (struct csv_reader *reader, int file, int64_t offset, struct err *err)
{
    char buffer[READ_BYTES];
    for (;;) {
        ssize_t got = pread (file, buffer, sizeof buffer, offset);
        if (got < 0)
            return err_set (err, RC_RETRY, "a reply cannot be read");
        if (got == 0)
            return csv_finish (reader, err);
        enum rc rc = csv_push (reader, buffer, (size_t)got, err);
        if (rc != RC_OK)
            return rc;
        offset += got;
    }
}

static enum rc
lines_read (struct reading *reading, const struct import_row *import, int file, struct err *err)
{
    replies_result *result = reading->result;
    struct csv_layout layout;
    char text[CSV_LAYOUT];
    __attribute__ ((cleanup (csv_reader_destroy))) struct csv_reader *reader =
        csv_reader_new (&csv_reply, REPLY_ROWS, row_take, NULL, reading);
    if (!reader)
        return err_set (err, RC_INTERNAL, "no memory for a reader");
    if (import->layout[0]) {
        if (!csv_layout_parse (import->layout, &csv_reply, &layout))
            return err_set (err, RC_CORRUPT, "the layout of an import does not parse");
        csv_resume (reader, &layout, import->position, import->line, import->next_row);
    }
    enum rc rc = file_push (reader, file, import->position, err);
    result->file_end = rc == RC_OK;
    if (rc == RC_INVALID || rc == RC_UNPROCESSABLE) {
        result->failure = arena_string (reading->arena, err->code);
        return RC_OK;
    }
    if (csv_reader_layout (reader))
        result->layout =
            arena_string (reading->arena, csv_layout_format (csv_reader_layout (reader), &csv_reply, text));
    return rc == RC_LOST ? RC_OK : rc;
}

/* ---------------------------------------------------------------- the people */

static bool
newborn_is (const struct db_result *people, size_t i, const char *name, struct arena *arena)
{
    struct bytes packed = db_bytes (people, i, DOSSIER);
    size_t ordinal = (size_t)db_int4 (people, i, ORDINAL);
    Padan__Common__V1__Dossier *dossier =
        packed.data ? padan__common__v1__dossier__unpack (arena_protobuf (arena), packed.size, packed.data) : NULL;
    return dossier && ordinal < dossier->n_members && strcasecmp (dossier->members[ordinal]->name, name) == 0;
}

static void
line_join (struct reading *reading, const struct db_result *people, reply_message *line, const struct spoken *spoken)
{
    if (line->problem[0])
        return;
    for (size_t i = 0; i < db_count (people); i++) {
        bool nobody = db_null (people, i, NIK);
        if (spoken->nik ? nobody || db_int8 (people, i, NIK) != spoken->nik
                        : !nobody || db_int4 (people, i, LINE) != spoken->number ||
                              !newborn_is (people, i, spoken->name, reading->arena))
            continue;
        struct uuid ids[2] = { db_uuid (people, i, APPLICATION), db_uuid (people, i, MEMBER) };
        struct uuid *kept = arena_copy (reading->arena, ids, sizeof ids);
        MUST (kept);
        line->application_id = uuid_field (&kept[0]);
        line->member_id = uuid_field (&kept[1]);
        return;
    }
    problem_set (line, REPLY_NIK, "batching.reply_unknown");
}

static enum rc
people_join (struct gather *gather, struct reading *reading, const struct import_row *import, struct err *err)
{
    struct arena *arena = reading->arena;
    replies_result *result = reading->result;
    int64_t *niks = memory (arena, result->n_lines, sizeof *niks);
    int32_t *numbers = memory (arena, result->n_lines, sizeof *numbers);
    struct db_call call = { .sql = &sql_reply_people, .params = db_params (arena) };
    for (size_t i = 0; i < result->n_lines; i++) {
        niks[i] = reading->spoken[i].nik;
        numbers[i] = reading->spoken[i].number;
    }
    db_param_int8 (call.params, import->tenant);
    db_param_uuid (call.params, import->batch_id);
    db_param_int8_array (call.params, niks, result->n_lines);
    db_param_int4_array (call.params, numbers, result->n_lines);
    enum rc rc = gather_read (gather, import->tenant, &call, 1, err);
    for (size_t i = 0; i < result->n_lines && rc == RC_OK; i++)
        line_join (reading, call.result, result->lines[i], &reading->spoken[i]);
    db_calls_clear (&call, 1);
    return rc;
}

enum rc
reply_file_read (struct gather *gather, const struct import_row *import, size_t limit, replies_result *result,
                 struct err *err)
{
    struct reading reading = { .arena = gather_arena (gather), .result = result, .limit = limit };
    __attribute__ ((cleanup (file_close))) int file = -1;
    reading.spoken = memory (reading.arena, limit, sizeof *reading.spoken);
    result->lines = memory (reading.arena, limit, sizeof *result->lines);
    enum rc rc = store_read (batching_store, import->file_sha256.data, import->size, &file, NULL, err);
    if (rc == RC_NOT_FOUND || rc == RC_CORRUPT) {
        result->failure = (char *)"batching.file_missing";
        return RC_OK;
    }
    if (rc == RC_OK)
        rc = lines_read (&reading, import, file, err);
    if (rc == RC_OK)
        rc = people_join (gather, &reading, import, err);
    return rc;
}
