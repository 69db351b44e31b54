/* Any bytes through the CSV reader, in two ways: in pieces, and again from every row's end. Both must agree, or a
 * resumed import would read another file than the first time. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/domain/csv_schema.h"
#include "common/domain/csv_value.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

enum { ROWS = 512 };

struct place {
    int64_t number, line, offset, end, end_line;
    enum csv_reason reason;
};

struct seen {
    struct place places[ROWS];
    size_t count;
};

static enum rc
on_row (void *context, const struct csv_row *row, struct err *err)
{
    struct seen *seen = context;
    struct csv_value value;
    MUST (row->offset <= row->end && row->line <= row->end_line);
    for (size_t i = 0; i < csv_usulan.count && row->cells && !row->total; i++) {
        const char *code = csv_row_value (&csv_usulan, row, i, &value);
        MUST (!code || *csv_value_text (code));
    }
    if (seen->count == ROWS)
        return err_set (err, RC_END, "enough");
    seen->places[seen->count++] =
        (struct place){ row->number, row->line, row->offset, row->end, row->end_line, row->reason };
    return RC_OK;
}

static void
on_unknown (void *context, const char *header)
{
    (void)context;
    MUST (*header);
}

static bool
read_all (struct csv_reader *reader, const uint8_t *data, size_t size, size_t piece)
{
    struct err err;
    enum rc rc = RC_OK;
    for (size_t at = 0; at < size && rc == RC_OK; at += piece)
        rc = csv_push (reader, data + at, size - at < piece ? size - at : piece, &err);
    return rc == RC_OK && csv_finish (reader, &err) == RC_OK;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static struct seen whole, rest;
    struct csv_layout layout;
    whole.count = 0;
    struct csv_reader *reader = csv_reader_new (&csv_usulan, ROWS, on_row, on_unknown, &whole);
    bool complete = read_all (reader, data, size, 1 + (size ? data[size - 1] : 0) * 17);
    bool known = csv_reader_layout (reader) != NULL;
    if (known)
        layout = *csv_reader_layout (reader);
    csv_reader_destroy (&reader);
    for (size_t i = 0; known && complete && i < whole.count; i += 1 + whole.count / 4) {
        const struct place *place = &whole.places[i];
        rest.count = 0;
        reader = csv_reader_new (&csv_usulan, ROWS, on_row, NULL, &rest);
        csv_resume (reader, &layout, place->end, place->end_line, place->number + 1);
        MUST (read_all (reader, data + place->end, size - (size_t)place->end, 4096));
        csv_reader_destroy (&reader);
        MUST (rest.count == whole.count - i - 1);
        MUST (!memcmp (rest.places, place + 1, rest.count * sizeof *place));
    }
    return 0;
}
