/* What the reader's files share. Internal. */
#pragma once

#include "common/domain/csv.h"

enum {
    CSV_PIECE = 32 * 1024,                     /* a push is taken in such pieces */
    CSV_RAW = CSV_ROW * 2 + CSV_PIECE,         /* an unfinished row, the line that ends it, a piece */
    CSV_HEAD = 64 * 1024,                      /* of the file, among which the header must stand */
    CSV_CELLS = 3 * CSV_ROW + CSV_COLUMNS * 2, /* a row's cells as UTF-8: Windows-1252 may grow threefold */
    CSV_WIDTH = 2 * CSV_COLUMNS,               /* cells in a row of the file */
};

/* One row as libcsv gave it: cells cleaned, each NUL-terminated, in `text`. */
struct csv_cells {
    char text[CSV_CELLS];
    size_t used;
    uint32_t at[CSV_WIDTH]; /* where in text */
    size_t count;           /* cells seen; beyond CSV_WIDTH only counted */
    bool cell_long;
    size_t cell_long_index;
    bool ended;
};
void csv_cells_clear (struct csv_cells *cells);
/* libcsv's two callbacks; data is a struct csv_cells. */
void csv_cell_take (void *bytes, size_t size, void *data);
void csv_row_take (int end, void *data);

/* Length of the first physical line in data with its end (LF, CRLF or CR); 0 if none ends here. At the end of the file
 * (final) what is left is a line. */
size_t csv_line_end (const char *data, size_t size, bool final);

/* Finds delimiter and header in the first bytes. *ret_line and *ret_offset: where the data begins (line from 0).
 * scratch is used up. on_unknown as in csv.h. */
enum rc csv_header_find (const struct csv_schema *schema, const char *data, size_t size, bool final,
                         struct csv_cells *scratch, struct csv_layout *ret, size_t *ret_offset, int64_t *ret_line,
                         csv_unknown_function *on_unknown, void *context, struct err *err);
