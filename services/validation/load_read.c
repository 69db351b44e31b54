#include "services/validation/load_read.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "common/base/text.h"
#include "common/domain/csv_schema.h"
#include "common/domain/csv_value.h"

enum {
    PIECE = 64 << 10,
    WORD_KEPT = 120, /* bytes of a cell with BPJS's words, the longest of which have half of that */
};

typedef Padan__Validation__V1__LoadResult result_t;

struct reading {
    const struct csv_schema *schema;
    struct arena *arena;
    result_t *result;
    bool full;
};

/* How the rows of each file become rows of a snapshot. False: the row is refused (problem added). */
typedef bool row_fn (struct reading *reading, const struct csv_row *row, size_t at);

static char *
text (struct reading *reading, const char *value)
{
    char *copy = arena_string (reading->arena, value);
    MUST (copy);
    return copy;
}

static Padan__Common__V1__ImportProblem *
problem_add (struct reading *reading, const struct csv_row *row, const char *column, const char *code,
             const char *detail)
{
    result_t *result = reading->result;
    MUST (result->n_problems <= LOAD_CHUNK_PROBLEMS);
    Padan__Common__V1__ImportProblem *problem = arena_alloc (reading->arena, sizeof *problem);
    MUST (problem);
    padan__common__v1__import_problem__init (problem);
    problem->line = row->line;
    problem->column = text (reading, column);
    problem->code = text (reading, code);
    problem->detail = text (reading, detail);
    return result->problems[result->n_problems++] = problem;
}

/* A value the row cannot do without; false and a problem when it is bad or empty. */
static bool
need (struct reading *reading, const struct csv_row *row, size_t column, struct csv_value *ret)
{
    const char *code = csv_row_value (reading->schema, row, column, ret);
    if (!code && ret->present)
        return true;
    code = code ? code : "csv.empty";
    problem_add (reading, row, reading->schema->columns[column].name, code, csv_value_text (code));
    return false;
}

/* A value the row can do without: a bad one is told, and taken as absent. */
static void
may (struct reading *reading, const struct csv_row *row, size_t column, struct csv_value *ret)
{
    const char *code =
        csv_value_read (row->cells[column], reading->schema->columns[column].kind, reading->schema->dates, ret);
    if (!code)
        return;
    problem_add (reading, row, reading->schema->columns[column].name, code, csv_value_text (code))->warning = true;
    *ret = (struct csv_value){ .text = "" };
}

static bool
family_row (struct reading *reading, const struct csv_row *row, size_t at)
{
    struct csv_value kk, decile;
    if (!need (reading, row, DTSEN_FAMILY_KK, &kk))
        return false;
    may (reading, row, DTSEN_FAMILY_DECILE, &decile);
    reading->result->kk[at] = kk.number;
    reading->result->decile[at] = decile.present ? (int32_t)decile.number : 0; /* blank: not ranked yet */
    return true;
}

static bool
person_row (struct reading *reading, const struct csv_row *row, size_t at)
{
    struct csv_value nik, kk, decile;
    if (!need (reading, row, DTSEN_NIK, &nik))
        return false;
    may (reading, row, DTSEN_KK, &kk);
    may (reading, row, DTSEN_DECILE, &decile);
    reading->result->nik[at] = nik.number;
    reading->result->kk[at] = kk.present ? kk.number : 0;
    reading->result->decile[at] = decile.present ? (int32_t)decile.number : -1;
    return true;
}

static char *
word_text (struct reading *reading, const char *cell)
{
    char *copy = arena_printf (reading->arena, "%.*s", (int)utf8_cut (cell, strlen (cell), WORD_KEPT), cell);
    MUST (copy);
    return copy;
}

/* What tells the memberships of one person apart. A spreadsheet takes the zeros that a number begins with; where more
 * is lost, the line does. */
static char *
card_key (struct reading *reading, const struct csv_row *row)
{
    static const char zeros[] = "0000000000000";
    const char *cell = row->cells[MEMBER_CARD] + strspn (row->cells[MEMBER_CARD], "'");
    size_t size = strlen (cell);
    bool number = size && size < sizeof zeros && !cell[strspn (cell, "0123456789")];
    char *key = number ? arena_printf (reading->arena, "%s%s", zeros + size, cell)
                       : arena_printf (reading->arena, "baris %lld", (long long)row->line);
    MUST (key);
    return key;
}

static bool
member_row (struct reading *reading, const struct csv_row *row, size_t at)
{
    struct csv_value nik, value;
    result_t *result = reading->result;
    if (!need (reading, row, MEMBER_NIK, &nik) || !need (reading, row, MEMBER_SEGMENT, &value) ||
        !need (reading, row, MEMBER_STATUS, &value))
        return false;
    may (reading, row, MEMBER_CARD, &value);
    result->nik[at] = nik.number;
    result->card[at] = card_key (reading, row);
    result->segment[at] = word_text (reading, row->cells[MEMBER_SEGMENT]);
    result->status[at] = word_text (reading, row->cells[MEMBER_STATUS]);
    result->payer[at] = word_text (reading, row->cells[MEMBER_PAYER]);
    return true;
}

static const struct {
    const char *step;
    const struct csv_schema *schema;
    row_fn *row;
} files[] = {
    { "family", &csv_dtsen_family, family_row },
    { "person", &csv_dtsen, person_row },
    { "member", &csv_member, member_row },
};

static row_fn *
row_function (const struct csv_schema *schema)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (files[i].schema == schema)
            return files[i].row;
    return NULL;
}

static enum rc
on_row (void *context, const struct csv_row *row, struct err *err)
{
    struct reading *reading = context;
    result_t *result = reading->result;
    if (!row->total) {
        result->rows++;
        bool good = false;
        if (row->reason != CSV_OK)
            problem_add (reading, row, row->column, csv_reason_code (row->reason), csv_reason_text (row->reason));
        else
            good = row_function (reading->schema) (reading, row, result->n_nik);
        if (good)
            result->n_nik++;
        else
            result->refused++;
    }
    result->next_offset = row->end;
    result->next_line = row->end_line;
    result->next_row = row->number + 1;
    if (result->rows < LOAD_CHUNK && result->n_problems + LOAD_ROW_PROBLEMS <= LOAD_CHUNK_PROBLEMS)
        return RC_OK;
    reading->full = true;
    return err_set (err, RC_LOST, "the chunk is full");
}

static result_t *
result_make (const struct import *row, struct arena *arena)
{
    result_t *result = arena_alloc (arena, sizeof *result);
    MUST (result);
    padan__validation__v1__load_result__init (result);
    result->file = arena_string (arena, row->step);
    result->registry = arena_string (arena, row->registry);
    result->nik = arena_array (arena, LOAD_CHUNK, sizeof *result->nik);
    result->kk = arena_array (arena, LOAD_CHUNK, sizeof *result->kk);
    result->decile = arena_array (arena, LOAD_CHUNK, sizeof *result->decile);
    result->card = arena_array (arena, LOAD_CHUNK, sizeof *result->card);
    result->segment = arena_array (arena, LOAD_CHUNK, sizeof *result->segment);
    result->payer = arena_array (arena, LOAD_CHUNK, sizeof *result->payer);
    result->status = arena_array (arena, LOAD_CHUNK, sizeof *result->status);
    result->problems =
        arena_array (arena, LOAD_CHUNK_PROBLEMS + 1, sizeof *result->problems); /* and why the file failed */
    MUST (result->nik && result->kk && result->decile && result->card && result->segment && result->payer &&
          result->status && result->problems);
    return result;
}

/* From the offset until the chunk is full or the file ends. */
static enum rc
file_push (struct reading *reading, struct csv_reader *reader, int file, int64_t offset, struct err *err)
{
    uint8_t *piece = arena_alloc (reading->arena, PIECE);
    MUST (piece);
    for (;;) {
        ssize_t got = pread (file, piece, PIECE, offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set (err, RC_RETRY, "a file of the store: %s", strerror (errno));
        enum rc rc = got ? csv_push (reader, piece, (size_t)got, err) : csv_finish (reader, err);
        if (rc != RC_OK || got == 0)
            return reading->full ? RC_OK : rc;
        offset += got;
    }
}

static void
failure_set (struct reading *reading, const char *code, const char *reason)
{
    struct csv_row nowhere = { .line = 1 };
    reading->result->failure = text (reading, code);
    problem_add (reading, &nowhere, "", code, reason);
}

enum rc
load_read (struct store *store, const struct import *row, struct arena *arena, result_t **ret_result, struct err *err)
{
    struct reading reading = { .arena = arena, .result = result_make (row, arena) };
    result_t *result = reading.result;
    bool family = strcmp (row->step, "family") == 0;
    const struct bytes digest = family ? row->family_sha256 : row->file_sha256;
    struct csv_layout layout;
    char layout_text[CSV_LAYOUT], reason[CSV_FILE_TEXT];
    int file;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (strcmp (files[i].step, row->step) == 0)
            reading.schema = files[i].schema;
    MUST (reading.schema);
    *ret_result = result;
    enum rc rc = store_read (store, digest.data, family ? row->family_size : row->file_size, &file, NULL, err);
    if (rc == RC_NOT_FOUND || rc == RC_CORRUPT) {
        failure_set (&reading, err->code,
                     rc == RC_NOT_FOUND ? "Berkas tidak ada di penyimpanan." : "Berkas di penyimpanan rusak.");
        return RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    struct csv_reader *reader = csv_reader_new (reading.schema, LOAD_ROWS_MAX, on_row, NULL, &reading);
    MUST (reader);
    if (row->next_offset) {
        if (csv_layout_parse (row->layout, reading.schema, &layout))
            csv_resume (reader, &layout, row->next_offset, row->next_line, row->next_row);
        else
            rc = err_set (err, RC_CORRUPT, "an import's layout does not parse");
    }
    if (rc == RC_OK)
        rc = file_push (&reading, reader, file, row->next_offset, err);
    if (rc == RC_INVALID || rc == RC_UNPROCESSABLE) {
        failure_set (&reading, err->code, csv_file_text (err, reason));
        rc = RC_OK;
    }
    if (rc == RC_OK && csv_reader_layout (reader))
        result->layout = text (&reading, csv_layout_format (csv_reader_layout (reader), reading.schema, layout_text));
    result->file_end = !reading.full;
    if (rc == RC_OK && result->file_end && !result->failure[0] && row->usable + (int64_t)result->n_nik == 0)
        failure_set (&reading, "csv.no_rows", csv_value_text ("csv.no_rows"));
    result->n_kk = result->n_decile = result->n_nik;
    if (reading.schema == &csv_member)
        result->n_card = result->n_segment = result->n_payer = result->n_status = result->n_nik;
    csv_reader_destroy (&reader);
    close (file);
    return rc;
}
