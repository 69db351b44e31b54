/* Due work "import": reads the next rows of a file from where the last committed chunk ended and hands them to
 * on_import_chunk; at its end, the rows that were put off. Keeps nothing: whoever claims the step after a crash reads
 * the same bytes again. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/base/store.h"
#include "common/domain/csv_value.h"
#include "common/domain/nik.h"
#include "intake_sql.h"
#include "services/intake/intake.h"
#include "services/intake/proposal.h"

enum {
    CHUNK_ROWS = 500,        /* of one transaction: about 50 ms, so that officers never wait long for a lock */
    CHUNK_PROBLEMS = 2000,   /* likewise; four a row */
    PIECE = 64 * 1024,       /* bytes read at once */
    ROWS_MAX = 10 * 1000000, /* a province's worth in one file */
};

struct chunk {
    struct gather *gather;
    const struct import *import;
    struct proposal_scope scope;
    Padan__Intake__V1__ImportChunk *out;
    bool known[CHUNK_ROWS]; /* by row: an earlier push had it */
    bool full;
};

static void *
memory (struct gather *gather, size_t count, size_t size)
{
    void *bytes = arena_array (gather_arena (gather), count, size);
    MUST (bytes); /* a chunk is a few MB at most, the arena holds 256 */
    return bytes;
}

static Padan__Common__V1__ImportProblem *
problem_add (struct chunk *chunk, int64_t line, const char *column, const char *code, const char *detail)
{
    Padan__Common__V1__ImportProblem *problem = memory (chunk->gather, 1, sizeof *problem);
    padan__common__v1__import_problem__init (problem);
    problem->line = line;
    problem->column = (char *)column;
    problem->code = (char *)code;
    problem->detail = (char *)detail;
    return chunk->out->problems[chunk->out->n_problems++] = problem;
}

/* A row, or the end of the chunk: then it is the first one of the next. */
static enum rc
on_row (void *context, const struct csv_row *row, struct err *err)
{
    struct chunk *chunk = context;
    Padan__Intake__V1__ImportChunk *out = chunk->out;
    if (out->read == CHUNK_ROWS || out->n_problems + PROPOSAL_PROBLEMS > CHUNK_PROBLEMS) {
        out->position = row->offset;
        out->line = row->line;
        chunk->full = true;
        return err_set (err, RC_END, "enough rows");
    }
    if (row->total)
        return RC_OK;
    out->read++;
    if (row->reason != CSV_OK) {
        const char *code = csv_reason_code (row->reason);
        problem_add (chunk, row->line, row->column, code, proposal_text (code));
        out->refused++;
        return RC_OK;
    }
    struct proposal_problem problems[PROPOSAL_PROBLEMS];
    Padan__Intake__V1__ImportRow *read = memory (chunk->gather, 1, sizeof *read);
    size_t n;
    if (proposal_read (&chunk->scope, row, gather_arena (chunk->gather), read, problems, &n))
        out->rows[out->n_rows++] = read;
    else
        out->refused++;
    for (size_t i = 0; i < n; i++)
        problem_add (chunk, row->line, problems[i].column, problems[i].code, proposal_text (problems[i].code))
            ->warning = problems[i].warning;
    return RC_OK;
}

static enum rc
file_push (struct chunk *chunk, struct csv_reader *reader, int file, struct err *err)
{
    const struct import *import = chunk->import;
    char *piece = memory (chunk->gather, 1, PIECE);
    int64_t offset = import->position;
    enum rc rc = RC_OK;
    while (rc == RC_OK) {
        ssize_t got = pread (file, piece, PIECE, offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set (err, RC_RETRY, "an import's file cannot be read: %s", strerror (errno));
        if (!got)
            break;
        offset += got;
        rc = csv_push (reader, piece, (size_t)got, err);
    }
    if (rc == RC_OK)
        rc = csv_finish (reader, err);
    if (chunk->full)
        return RC_OK;
    chunk->out->finished = true;
    chunk->out->position = offset;
    return rc;
}

static enum rc
chunk_read (struct chunk *chunk, int file, struct err *err)
{
    const struct import *import = chunk->import;
    struct csv_layout layout;
    char text[CSV_LAYOUT];
    struct csv_reader *reader = csv_reader_new (&csv_usulan, ROWS_MAX, on_row, NULL, chunk);
    if (!reader)
        return err_set (err, RC_RETRY, "no memory to read an import");
    if (*import->layout) {
        if (!csv_layout_parse (import->layout, &csv_usulan, &layout)) {
            csv_reader_destroy (&reader);
            return err_set (err, RC_CORRUPT, "an import's layout does not read back");
        }
        csv_resume (reader, &layout, import->position, import->line, import->rows + 1);
    }
    enum rc rc = file_push (chunk, reader, file, err);
    const struct csv_layout *found = csv_reader_layout (reader);
    chunk->out->layout =
        arena_string (gather_arena (chunk->gather), found ? csv_layout_format (found, &csv_usulan, text) : "");
    MUST (chunk->out->layout);
    csv_reader_destroy (&reader);
    if (rc == RC_INVALID || rc == RC_UNPROCESSABLE) { /* the file, not the machine */
        chunk->out->failed = chunk->out->finished = true;
        char reason[CSV_FILE_TEXT];
        char *detail = arena_string (gather_arena (chunk->gather), csv_file_text (err, reason));
        char *code = arena_string (gather_arena (chunk->gather), err->code);
        MUST (detail && code);
        problem_add (chunk, 1, "", code, detail);
        return RC_OK;
    }
    return rc;
}

/* The file has been read: what it put off, in its order. */
static enum rc
later_read (struct chunk *chunk, struct err *err)
{
    const struct import *import = chunk->import;
    Padan__Intake__V1__ImportChunk *out = chunk->out;
    struct arena *arena = gather_arena (chunk->gather);
    struct db_call call = { .sql = &sql_import_later_list, .params = db_params (arena) };
    db_param_int8 (call.params, import->tenant);
    db_param_uuid (call.params, import->id);
    db_param_int8 (call.params, CHUNK_ROWS);
    enum rc rc = gather_read (chunk->gather, import->tenant, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; rc == RC_OK && i < db_count (call.result); i++) {
        struct bytes packed = db_bytes (call.result, i, 0);
        Padan__Intake__V1__ImportRow *row =
            padan__intake__v1__import_row__unpack (arena_protobuf (arena), packed.size, packed.data);
        if (!row)
            rc = err_set (err, RC_CORRUPT, "a row that was put off does not read back");
        else
            out->rows[out->n_rows++] = row;
    }
    db_calls_clear (&call, 1);
    if (rc == RC_OK && !out->n_rows)
        rc = err_set (err, RC_CORRUPT, "an import has lost what it put off");
    out->layout = (char *)import->layout;
    out->position = import->position;
    out->line = import->line;
    out->last = out->finished = true;
    return rc;
}

/* Those whom a file puts back into a KK that everybody had left cannot enter the application that ended then. */
static enum rc
successors_read (struct chunk *chunk, struct err *err)
{
    Padan__Intake__V1__ImportChunk *out = chunk->out;
    struct uuid *ids = memory (chunk->gather, out->n_rows + 1, sizeof *ids);
    for (size_t found = 1; found;) {
        for (size_t i = 0; i < out->n_rows; i++)
            uuid_from (out->rows[i]->application_id, &ids[i]);
        struct db_call call = { .sql = &sql_application_emptied, .params = db_params (gather_arena (chunk->gather)) };
        db_param_int8 (call.params, chunk->import->tenant);
        db_param_uuid_array (call.params, ids, out->n_rows);
        enum rc rc = gather_read (chunk->gather, chunk->import->tenant, &call, 1, err);
        if (rc != RC_OK)
            return rc;
        found = db_count (call.result);
        for (size_t row = 0; row < found; row++) {
            struct uuid ended = db_uuid (call.result, row, 0), *next = memory (chunk->gather, 1, sizeof *next);
            *next = import_successor (ended);
            for (size_t i = 0; i < out->n_rows; i++)
                if (uuid_compare (ids[i], ended) == 0)
                    out->rows[i]->application_id = uuid_field (next);
        }
        db_calls_clear (&call, 1);
    }
    return RC_OK;
}

static void
place_take (struct chunk *chunk, const struct db_result *found, size_t i, Padan__Intake__V1__ImportRow *row)
{
    struct uuid *place = memory (chunk->gather, 1, sizeof *place), *kept = memory (chunk->gather, 1, sizeof *kept);
    *place = db_uuid (found, i, 1);
    *kept = db_uuid (found, i, 3);
    if (memcmp (kept, row->row_id.data, sizeof *kept) != 0)
        row->kept_id = uuid_field (kept);
    if (memcmp (place, row->application_id.data, sizeof *place) != 0)
        row->before_application_id = uuid_field (place);
    if (db_null (found, i, 2))
        return;
    row->before_nik = memory (chunk->gather, NIK_TEXT, 1);
    nik_format (db_int8 (found, i, 2), row->before_nik);
}

/* People known from an earlier push: where they are, and the number they have there, must be locked too. */
static enum rc
places_read (struct chunk *chunk, struct err *err)
{
    Padan__Intake__V1__ImportChunk *out = chunk->out;
    struct arena *arena = gather_arena (chunk->gather);
    struct uuid *ids = memory (chunk->gather, out->n_rows + 1, sizeof *ids);
    for (size_t i = 0; i < out->n_rows; i++)
        uuid_from (out->rows[i]->row_id, &ids[i]);
    struct db_call call = { .sql = &sql_import_row_places, .params = db_params (arena) };
    db_param_int8 (call.params, chunk->import->tenant);
    db_param_uuid_array (call.params, ids, out->n_rows);
    enum rc rc = out->n_rows ? gather_read (chunk->gather, chunk->import->tenant, &call, 1, err) : RC_OK;
    if (rc != RC_OK || !out->n_rows)
        return rc;
    for (size_t found = 0; found < db_count (call.result); found++) {
        struct uuid id = db_uuid (call.result, found, 0);
        for (size_t i = 0; i < out->n_rows; i++) {
            if (uuid_compare (ids[i], id) != 0)
                continue;
            place_take (chunk, call.result, found, out->rows[i]);
            chunk->known[i] = true;
        }
    }
    db_calls_clear (&call, 1);
    return RC_OK;
}

/* The n rows from `first` on are of one row's kin. */
static void
kin_take (struct chunk *chunk, const struct db_result *found, size_t first, size_t n, Padan__Intake__V1__ImportRow *row)
{
    Padan__Intake__V1__ImportKin *kin = memory (chunk->gather, n, sizeof *kin);
    struct uuid *ids = memory (chunk->gather, 2 * n, sizeof *ids);
    row->kin = memory (chunk->gather, n, sizeof *row->kin);
    row->n_kin = n;
    for (size_t i = 0; i < n; i++) {
        padan__intake__v1__import_kin__init (&kin[i]);
        ids[2 * i] = db_uuid (found, first + i, 1);
        ids[2 * i + 1] = db_uuid (found, first + i, 2);
        kin[i].application_id = uuid_field (&ids[2 * i]);
        kin[i].row_id = uuid_field (&ids[2 * i + 1]);
        row->kin[i] = &kin[i];
    }
}

/* Whom a row may be about that is new, and what one may contradict that was put off. */
static enum rc
kin_read (struct chunk *chunk, struct err *err)
{
    Padan__Intake__V1__ImportChunk *out = chunk->out;
    int32_t *asks = memory (chunk->gather, out->n_rows + 1, sizeof *asks);
    struct uuid *ids = memory (chunk->gather, out->n_rows + 1, sizeof *ids);
    int64_t *mothers = memory (chunk->gather, out->n_rows + 1, sizeof *mothers);
    size_t n = 0;
    for (size_t i = 0; i < out->n_rows; i++) {
        if (chunk->known[i] && !out->last)
            continue;
        asks[n] = (int32_t)i;
        uuid_from (out->rows[i]->application_id, &ids[n]);
        mothers[n++] = nik_parse (out->rows[i]->mother_nik).number;
    }
    struct db_call call = { .sql = &sql_import_row_kin, .params = db_params (gather_arena (chunk->gather)) };
    db_param_int8 (call.params, chunk->import->tenant);
    db_param_int4_array (call.params, asks, n);
    db_param_uuid_array (call.params, ids, n);
    db_param_int8_array (call.params, mothers, n);
    db_param_text (call.params, chunk->import->source);
    db_param_text (call.params, chunk->import->period);
    enum rc rc = n ? gather_read (chunk->gather, chunk->import->tenant, &call, 1, err) : RC_OK;
    if (rc != RC_OK || !n)
        return rc;
    for (size_t first = 0, end; first < db_count (call.result); first = end) {
        int32_t ask = db_int4 (call.result, first, 0);
        for (end = first; end < db_count (call.result) && db_int4 (call.result, end, 0) == ask;)
            end++;
        kin_take (chunk, call.result, first, end - first, out->rows[ask]);
    }
    db_calls_clear (&call, 1);
    return RC_OK;
}

/* *ret NULL: somebody else has gone on, or it is over. */
static enum rc
import_read (struct gather *gather, const struct due_item *item, const struct import **ret, struct err *err)
{
    struct db_call call = { .sql = &sql_import_view, .params = db_params (gather_arena (gather)) };
    void *rows;
    size_t n;
    db_param_int8 (call.params, item->tenant);
    db_param_uuid (call.params, item->subject);
    enum rc rc = gather_read (gather, item->tenant, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    rc = db_rows (call.result, import_columns, import_column_count, sizeof (struct import), gather_arena (gather),
                  &rows, &n, err);
    db_calls_clear (&call, 1);
    if (rc != RC_OK)
        return rc;
    const struct import *import = n ? rows : NULL;
    *ret = import && import->version == item->input_version && !import_is_over (import) ? import : NULL;
    return RC_OK;
}

static enum rc
file_read (struct chunk *chunk, struct err *err)
{
    const struct import *import = chunk->import;
    int file;
    uint64_t size;
    enum rc rc = store_read (intake_store, import->file_sha256.data, import->size, &file, &size, err);
    if (rc != RC_OK)
        return rc;
    rc = chunk_read (chunk, file, err);
    close (file);
    return rc;
}

static enum rc
step (struct gather *gather, struct due_item *item, struct err *err)
{
    const struct import *import;
    const struct profile *profile;
    enum rc rc = import_read (gather, item, &import, err);
    if (rc != RC_OK || !import)
        return rc;
    rc = profiles_get (gather, import->tenant, import->profile_sha256.data, &profile, err);
    if (rc != RC_OK)
        return rc;
    struct chunk chunk = { .gather = gather, .import = import, .out = memory (gather, 1, sizeof *chunk.out) };
    chunk.scope = (struct proposal_scope){ import->tenant, import->source, import->period, profile,
                                           calendar_day (&profile->calendar, import->started_at) };
    padan__intake__v1__import_chunk__init (chunk.out);
    chunk.out->rows = memory (gather, CHUNK_ROWS, sizeof *chunk.out->rows);
    chunk.out->problems = memory (gather, CHUNK_PROBLEMS + 1, sizeof *chunk.out->problems);
    chunk.out->profile_sha256 =
        (ProtobufCBinaryData){ import->profile_sha256.size, (uint8_t *)import->profile_sha256.data };
    bool whole = import->put_off && import->position == import->size;
    rc = whole ? later_read (&chunk, err) : file_read (&chunk, err);
    if (rc == RC_OK)
        rc = successors_read (&chunk, err);
    if (rc == RC_OK)
        rc = places_read (&chunk, err);
    if (rc == RC_OK)
        rc = kin_read (&chunk, err);
    if (rc == RC_OK)
        item->result = &chunk.out->base;
    return rc;
}

void
on_import_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        items[i].rc = step (gather, &items[i], &items[i].err);
}
