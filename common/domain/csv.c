#include "common/domain/csv.h"

#include <csv.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/base/text.h"
#include "common/domain/clean.h"
#include "common/domain/csv_reader.h"

struct csv_reader {
    const struct csv_schema *schema;
    int64_t max_rows;
    csv_row_function *on_row;
    csv_unknown_function *on_unknown;
    void *context;
    struct csv_layout layout;
    bool started; /* the layout is known and libcsv set up */
    bool parser_ready;
    struct csv_parser parser;
    char raw[CSV_RAW]; /* [begin, size): not yet in a finished row; [begin, fed): given to libcsv */
    size_t raw_size, begin, fed;
    int row_lines;       /* lines in [begin, fed) */
    int64_t offset;      /* of raw[begin] in the file */
    int64_t line;        /* of raw[begin], from 1 */
    int64_t long_offset; /* start of a line beyond CSV_ROW that is being thrown away, -1 none */
    int64_t row;         /* number of the next row */
    const char *cells[CSV_COLUMNS];
    struct csv_cells row_cells[3]; /* the first is the row; the header search uses all */
};

static const struct {
    const char *code, *text;
} reasons[] = {
    [CSV_OK] = { "csv.ok", "Benar." },
    [CSV_BAD_WIDTH] = { "csv.width", "Jumlah kolom baris ini tidak sama dengan judul kolom." },
    [CSV_BAD_QUOTE] = { "csv.quote", "Tanda kutip tidak ditutup." },
    [CSV_BAD_CELL] = { "csv.cell_long", "Isi kolom terlalu panjang." },
    [CSV_BAD_ROW] = { "csv.row_long", "Baris terlalu panjang." },
};

const char *
csv_reason_code (enum csv_reason reason)
{
    return reasons[(unsigned)reason <= CSV_BAD_ROW ? reason : CSV_BAD_ROW].code;
}

const char *
csv_reason_text (enum csv_reason reason)
{
    return reasons[(unsigned)reason <= CSV_BAD_ROW ? reason : CSV_BAD_ROW].text;
}

void
csv_cells_clear (struct csv_cells *cells)
{
    cells->used = cells->count = 0;
    cells->cell_long = cells->ended = false;
}

void
csv_cell_take (void *bytes, size_t size, void *data)
{
    struct csv_cells *cells = data;
    size_t index = cells->count++;
    if (index >= CSV_WIDTH)
        return;
    if (size > CSV_CELL) {
        if (!cells->cell_long)
            cells->cell_long_index = index;
        cells->cell_long = true;
        size = 0;
    }
    char *to = cells->text + cells->used;
    cells->at[index] = (uint32_t)cells->used;
    if (cells->used + 3 * size + 1 > sizeof cells->text)
        size = 0; /* cannot be: a row is at most CSV_ROW + one line */
    const char *from = bytes ? bytes : "";
    bool plain = true;
    for (size_t i = 0; i < size && plain; i++)
        plain = (unsigned char)from[i] >= ' ' && (unsigned char)from[i] < 0x7f;
    if (plain || utf8_valid (from, size)) {
        memcpy (to, from, size);
        to[size] = 0;
    } else {
        size = clean_latin1 (from, size, to);
        for (size_t i = 0; i < size; i++)
            if (!to[i])
                to[i] = ' ';
    }
    cells->used +=
        (plain && size && to[0] != ' ' && to[size - 1] != ' ' && !strstr (to, "  ") ? size : clean_text (to)) + 1;
}

void
csv_row_take (int end, void *data)
{
    (void)end;
    ((struct csv_cells *)data)->ended = true;
}

size_t
csv_line_end (const char *data, size_t size, bool final)
{
    const char *feed = memchr (data, '\n', size);
    size_t within = feed ? (size_t)(feed - data) : size;
    const char *carriage = memchr (data, '\r', within);
    if (carriage && (carriage + 1 < data + within || (!feed && final))) /* a CR that is no part of CRLF */
        return (size_t)(carriage - data) + 1;
    if (feed)
        return within + 1;
    return final ? size : 0;
}

struct csv_reader *
csv_reader_new (const struct csv_schema *schema, int64_t max_rows, csv_row_function *on_row,
                csv_unknown_function *on_unknown, void *context)
{
    MUST (schema->count <= CSV_COLUMNS);
    struct csv_reader *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    self->long_offset = -1;
    self->line = self->row = 1;
    self->schema = schema;
    self->max_rows = max_rows;
    self->on_row = on_row;
    self->on_unknown = on_unknown;
    self->context = context;
    return self;
}

void
csv_reader_destroy (struct csv_reader **reader)
{
    if (!*reader)
        return;
    if ((*reader)->parser_ready)
        csv_free (&(*reader)->parser);
    free (*reader);
    *reader = NULL;
}

/* Forgets the row libcsv is in. */
static enum rc
parser_reset (struct csv_reader *self, struct err *err)
{
    if (self->parser_ready)
        csv_free (&self->parser);
    self->parser_ready = csv_init (&self->parser, 0) == 0;
    if (!self->parser_ready)
        return err_set (err, RC_INTERNAL, "no memory for the CSV parser");
    csv_set_delim (&self->parser, (unsigned char)self->layout.delimiter);
    csv_cells_clear (self->row_cells);
    return RC_OK;
}

void
csv_resume (struct csv_reader *self, const struct csv_layout *layout, int64_t offset, int64_t line, int64_t row)
{
    self->layout = *layout;
    self->started = true;
    self->offset = offset;
    self->line = line;
    self->row = row;
}

const struct csv_layout *
csv_reader_layout (const struct csv_reader *self)
{
    return self->started ? &self->layout : NULL;
}

/* JUMLAH, TOTAL … first, and no number long enough to be anybody's. */
static bool
is_total (const struct csv_cells *cells)
{
    static const char *const words[] = { "total", "grand total", "sub total", "subtotal", "jumlah" };
    const char *first = "";
    bool total = false;
    for (size_t i = 0; i < cells->count && i < CSV_WIDTH; i++) {
        const char *cell = cells->text + cells->at[i];
        if (!*first)
            first = cell;
        if (strspn (cell, "0123456789'") >= 12)
            return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words && !total; i++) {
        size_t size = strlen (words[i]);
        total = !strncasecmp (first, words[i], size) && !isalpha ((unsigned char)first[size]);
    }
    return total;
}

static const char *
column_at (const struct csv_reader *self, size_t source)
{
    for (size_t i = 0; i < self->schema->count; i++)
        if (self->layout.source[i] == (int)source)
            return self->schema->columns[i].name;
    return "";
}

static enum csv_reason
row_check (const struct csv_reader *self, const struct csv_cells *cells)
{
    size_t count = cells->count;
    if (cells->cell_long)
        return CSV_BAD_CELL;
    while (count > self->layout.width && count <= CSV_WIDTH && !cells->text[cells->at[count - 1]])
        count--;
    return count == self->layout.width ? CSV_OK : CSV_BAD_WIDTH;
}

/* Hands over the row [offset, end) that ends `lines` lines further; cells NULL when it has a reason and none. */
static enum rc
row_deliver (struct csv_reader *self, enum csv_reason reason, struct csv_cells *cells, int64_t end, int lines,
             struct err *err)
{
    if (self->row > self->max_rows)
        return err_code (err, RC_UNPROCESSABLE, "csv.rows", "", "more than %lld rows", (long long)self->max_rows);
    struct csv_row row = {
        .number = self->row++,
        .line = self->line,
        .offset = self->long_offset >= 0 ? self->long_offset : self->offset,
        .end = end,
        .end_line = self->line + lines,
        .reason = reason,
        .column = "",
    };
    if (cells) {
        row.total = is_total (cells);
        row.reason = row.total ? CSV_OK : row_check (self, cells);
        if (row.reason == CSV_BAD_CELL)
            row.column = column_at (self, cells->cell_long_index);
    }
    if (cells && row.reason == CSV_OK) {
        for (size_t i = 0; i < self->schema->count; i++) {
            int source = self->layout.source[i];
            bool there = source >= 0 && (size_t)source < cells->count;
            self->cells[i] = there ? cells->text + cells->at[source] : "";
        }
        row.cells = self->cells;
    }
    return self->on_row (self->context, &row, err);
}

static bool
row_is_blank (const struct csv_cells *cells)
{
    for (size_t i = 0; i < cells->count && i < CSV_WIDTH; i++)
        if (cells->text[cells->at[i]])
            return false;
    return cells->count <= CSV_WIDTH && !cells->cell_long;
}

/* The open row is done with up to `size` bytes and `lines` lines; the next begins there. */
static void
row_pass (struct csv_reader *self, size_t size, int lines)
{
    self->begin += size;
    self->fed = self->begin;
    self->offset += (int64_t)size;
    self->line += lines;
    self->row_lines = 0;
}

/* The open row cannot be one: reports its first line and reads on behind that line, with libcsv's quote forgotten. */
static enum rc
row_abandon (struct csv_reader *self, bool final, struct err *err)
{
    size_t first = csv_line_end (self->raw + self->begin, self->raw_size - self->begin, final);
    enum rc rc = row_deliver (self, CSV_BAD_QUOTE, NULL, self->offset + (int64_t)first, 1, err);
    row_pass (self, first, 1);
    return rc == RC_OK ? parser_reset (self, err) : rc;
}

/* A line beyond CSV_ROW is thrown away as it comes and reported once at its end. */
static enum rc
line_long (struct csv_reader *self, size_t line, struct err *err)
{
    if (self->long_offset < 0)
        self->long_offset = self->offset;
    size_t size = line ? line : self->raw_size - self->begin;
    enum rc rc = RC_OK;
    if (line) {
        rc = row_deliver (self, CSV_BAD_ROW, NULL, self->offset + (int64_t)size, 1, err);
        self->long_offset = -1;
    }
    row_pass (self, size, line > 0);
    return rc;
}

/* Gives one line to libcsv; *ret_done when a row ended with it (or it was blank). */
static enum rc
line_feed (struct csv_reader *self, size_t line, bool final, bool *ret_done, struct err *err)
{
    struct csv_cells *cells = self->row_cells;
    if (csv_parse (&self->parser, self->raw + self->fed, line, csv_cell_take, csv_row_take, cells) != line)
        return err_set (err, RC_INTERNAL, "no memory for a row");
    char end = self->raw[self->fed + line - 1];
    if (final && self->fed + line == self->raw_size && end != '\n' &&
        end != '\r') /* the file ends without a line end */
        csv_parse (&self->parser, "\n", 1, csv_cell_take, csv_row_take, cells);
    self->fed += line;
    self->row_lines++;
    *ret_done = cells->ended || self->parser.pstate == 0; /* 0: libcsv is between rows */
    return RC_OK;
}

static enum rc
row_finish (struct csv_reader *self, struct err *err)
{
    enum rc rc = RC_OK;
    if (self->row_cells->ended && !row_is_blank (self->row_cells))
        rc = row_deliver (self, CSV_OK, self->row_cells, self->offset + (int64_t)(self->fed - self->begin),
                          self->row_lines, err);
    csv_cells_clear (self->row_cells);
    row_pass (self, self->fed - self->begin, self->row_lines);
    return rc;
}

static enum rc
raw_read (struct csv_reader *self, bool final, struct err *err)
{
    enum rc rc = RC_OK;
    while (rc == RC_OK && (self->fed < self->raw_size || (final && self->begin < self->fed))) {
        if (self->fed == self->raw_size) { /* the file ends in an open quote */
            rc = row_abandon (self, final, err);
            continue;
        }
        size_t line = csv_line_end (self->raw + self->fed, self->raw_size - self->fed, final);
        size_t row = self->fed - self->begin + (line ? line : self->raw_size - self->fed);
        bool done = false;
        if (self->long_offset >= 0 || (row > CSV_ROW && !self->row_lines)) {
            rc = line_long (self, line, err);
        } else if (row > CSV_ROW) { // NOLINT(bugprone-branch-clone): too many bytes here, too many lines below
            rc = row_abandon (self, final, err);
        } else if (!line) {
            break;
        } else if ((rc = line_feed (self, line, final, &done, err)) == RC_OK && done) {
            rc = row_finish (self, err);
        } else if (rc == RC_OK && self->row_lines >= CSV_ROW_LINES) {
            rc = row_abandon (self, final, err);
        }
    }
    if (rc == RC_OK && final && self->long_offset >= 0) { /* the file ends where the last piece did */
        rc = row_deliver (self, CSV_BAD_ROW, NULL, self->offset, 1, err);
        self->long_offset = -1;
    }
    return rc;
}

/* What the first bytes give away; the BOM is passed over. */
static enum rc
start_check (struct csv_reader *self, struct err *err)
{
    const unsigned char *raw = (const unsigned char *)self->raw;
    size_t size = self->raw_size, nuls = 0, looked = size < 512 ? size : 512;
    for (size_t i = 0; i < looked; i++)
        nuls += raw[i] == 0;
    if ((size >= 2 && ((raw[0] == 0xff && raw[1] == 0xfe) || (raw[0] == 0xfe && raw[1] == 0xff))) ||
        (looked >= 8 && nuls > looked / 4))
        return err_code (err, RC_INVALID, "csv.utf16", "", "the file is UTF-16: save it as CSV UTF-8");
    if (size >= 4 && (!memcmp (raw, "PK\3\4", 4) || !memcmp (raw, "\xd0\xcf\x11\xe0", 4) || !memcmp (raw, "%PDF", 4)))
        return err_code (err, RC_INVALID, "csv.binary", "", "the file is a workbook or a document, not CSV");
    if (size >= 3 && !memcmp (raw, "\xef\xbb\xbf", 3))
        row_pass (self, 3, 0);
    return RC_OK;
}

static enum rc
reader_start (struct csv_reader *self, bool final, struct err *err)
{
    if (!self->started) {
        size_t size;
        int64_t lines;
        enum rc rc = start_check (self, err);
        if (rc == RC_OK)
            rc = csv_header_find (self->schema, self->raw + self->begin, self->raw_size - self->begin, final,
                                  self->row_cells, &self->layout, &size, &lines, self->on_unknown, self->context, err);
        if (rc != RC_OK)
            return rc;
        row_pass (self, size, (int)lines);
        self->started = true;
    }
    return parser_reset (self, err);
}

/* Takes what is in raw; keeps the unfinished row at its front. */
static enum rc
raw_take (struct csv_reader *self, bool final, struct err *err)
{
    if (!self->started && self->raw_size < CSV_HEAD && !final)
        return RC_OK;
    enum rc rc = self->parser_ready ? RC_OK : reader_start (self, final, err);
    if (rc == RC_OK)
        rc = raw_read (self, final, err);
    self->raw_size -= self->begin;
    self->fed -= self->begin;
    memmove (self->raw, self->raw + self->begin, self->raw_size);
    self->begin = 0;
    return rc;
}

enum rc
csv_push (struct csv_reader *self, const void *data, size_t size, struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t at = 0, piece; at < size && rc == RC_OK; at += piece) {
        piece = size - at < CSV_PIECE ? size - at : CSV_PIECE;
        MUST (self->raw_size + piece <= sizeof self->raw);
        memcpy (self->raw + self->raw_size, (const char *)data + at, piece);
        self->raw_size += piece;
        rc = raw_take (self, false, err);
    }
    return rc;
}

enum rc
csv_finish (struct csv_reader *self, struct err *err)
{
    return raw_take (self, true, err);
}
