/* Reading the CSV files offices really have (domain 3.3, 3.4), in constant memory: bytes in, rows out by callback.
 *
 * A file: optional UTF-8 BOM, up to 15 rows of titles, a header of one row (or two merged ones, or one followed by a
 * row of column numbers), then data. Delimiter and header are found by the schema's column names. UTF-16 is refused;
 * a cell that is no UTF-8 is read as Windows-1252. A broken row is reported and the next line is read: a quote that
 * never closes costs its own line only, not the rest of the file.
 *
 * Every row bears its line and byte offset; the offset of a row (or `end` of the row before) is where reading can be
 * taken up again with csv_resume and the layout. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/domain/date_read.h"

enum {
    CSV_COLUMNS = 128,    /* of a schema and of a file: the widest known (DTSEN families) has 60 */
    CSV_CELL = 4096,      /* bytes of one cell: an address is under 200 */
    CSV_ROW = 64 * 1024,  /* bytes of one row in the file */
    CSV_ROW_LINES = 16,   /* lines of one row: more is a quote that was never closed */
    CSV_HEADER_ROWS = 16, /* the BPJS forms have their header in rows 14 to 16 */
    CSV_LAYOUT = 1024,    /* text of a layout */
};

/* How a column's cells are read; see csv_value.h. */
enum csv_kind {
    CSV_TEXT,
    CSV_NAME, /* text that must not be empty of letters */
    CSV_NIK,
    CSV_KK,
    CSV_DATE,
    CSV_SEX,
    CSV_RT, /* RT and RW */
    CSV_RELATION_SIAK,
    CSV_RELATION_DTSEN,
    CSV_RELATION_PISA,
    CSV_MARITAL,
    CSV_BOOL,
    CSV_INTEGER,
    CSV_DECILE,
    CSV_CARD, /* BPJS card number, 13 digits as text */
};

enum csv_need {
    CSV_OPTIONAL,
    CSV_MARK,   /* as optional, but a file must have one of the schema's marks: only this kind of file has them */
    CSV_HEADED, /* the file must have the column; a cell may be empty */
    CSV_FILLED, /* every cell must be filled as well */
};

struct csv_column {
    const char *name;       /* canonical, in clean_key form: "nik" */
    const char *aliases[8]; /* other headers for it in clean_key form, NULL-terminated unless full */
    enum csv_need need;
    enum csv_kind kind;
};

struct csv_schema {
    const char *name; /* "usulan" */
    enum date_order dates;
    const struct csv_column *columns;
    size_t count;
};

/* What the header said: enough to take up reading anywhere in the same file. */
struct csv_layout {
    char delimiter;
    uint16_t width;              /* columns of the file */
    int16_t source[CSV_COLUMNS]; /* for each column of the schema the file's column, -1 absent */
};
/* As text to be stored; the schema must be the same when it is read back. */
const char *csv_layout_format (const struct csv_layout *layout, const struct csv_schema *schema,
                               char buffer[static CSV_LAYOUT]);
bool csv_layout_parse (const char *text, const struct csv_schema *schema, struct csv_layout *ret);

enum csv_reason {
    CSV_OK,
    CSV_BAD_WIDTH, /* not as many cells as the header has (empty ones at the end do not count) */
    CSV_BAD_QUOTE, /* a quote that is never closed */
    CSV_BAD_CELL,  /* a cell beyond CSV_CELL */
    CSV_BAD_ROW,   /* a line beyond CSV_ROW */
};
const char *csv_reason_code (enum csv_reason reason); /* "csv.width" */
const char *csv_reason_text (enum csv_reason reason); /* Bahasa Indonesia */

struct csv_row {
    int64_t number;      /* data rows from 1, broken and total rows included */
    int64_t line;        /* physical line its first byte is on, from 1 */
    int64_t offset, end; /* its bytes in the file: [offset, end) with the line end */
    int64_t end_line;    /* line that `end` is on */
    enum csv_reason reason;
    const char *column;       /* the schema's column concerned, "" none */
    bool total;               /* a trailing JUMLAH/TOTAL row: to be passed over */
    const char *const *cells; /* one for each column of the schema, cleaned UTF-8, "" if absent; not set when reason */
};

/* Called for each row in order. Anything but RC_OK stops the reading and is returned by csv_push. The row and its cells
 * live until it returns. */
typedef enum rc csv_row_function (void *context, const struct csv_row *row, struct err *err);
/* Called once for each column of the file that the schema does not know, with its header as written. */
typedef void csv_unknown_function (void *context, const char *header);

struct csv_reader;
/* The schema is borrowed for the reader's life. max_rows: data rows accepted. NULL without memory. */
struct csv_reader *csv_reader_new (const struct csv_schema *schema, int64_t max_rows, csv_row_function *on_row,
                                   csv_unknown_function *on_unknown, void *context);
void csv_reader_destroy (struct csv_reader **reader);

/* Before the first push: the bytes that follow are those from `offset` on, which is line `line`, and the row there has
 * number `row`. */
void csv_resume (struct csv_reader *reader, const struct csv_layout *layout, int64_t offset, int64_t line, int64_t row);

/* Any pieces of the file, in order. RC_INVALID with code csv.utf16, csv.binary, csv.header and csv.other_kind (text and
 * argument name the missing columns or marks), csv.columns; RC_UNPROCESSABLE csv.rows beyond max_rows; or what on_row
 * returned. */
enum rc csv_push (struct csv_reader *reader, const void *data, size_t size, struct err *err);
enum rc csv_finish (struct csv_reader *reader, struct err *err); /* the file ends here */

const struct csv_layout *csv_reader_layout (const struct csv_reader *reader); /* NULL until the header is found */
