/* The header: which delimiter, which row, which column is what (domain 3.4). */
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/domain/clean.h"
#include "common/domain/csv_reader.h"

enum { KEY = 64 };

const char *
csv_layout_format (const struct csv_layout *layout, const struct csv_schema *schema, char buffer[static CSV_LAYOUT])
{
    int length = snprintf (buffer, CSV_LAYOUT, "%d:%u", layout->delimiter, layout->width);
    for (size_t i = 0; i < schema->count && length < CSV_LAYOUT - 8; i++)
        length += snprintf (buffer + length, CSV_LAYOUT - (size_t)length, ":%d", layout->source[i]);
    return buffer;
}

bool
csv_layout_parse (const char *text, const struct csv_schema *schema, struct csv_layout *ret)
{
    struct csv_layout layout = { 0 };
    char *end;
    long delimiter = strtol (text, &end, 10);
    if (end == text || *end != ':' || delimiter < 1 || delimiter > 126 || !strchr (",;|\t", (int)delimiter))
        return false;
    layout.delimiter = (char)delimiter;
    text = end + 1;
    long width = strtol (text, &end, 10);
    if (end == text || width < 1 || width > CSV_WIDTH)
        return false;
    layout.width = (uint16_t)width;
    for (size_t i = 0; i < schema->count; i++) {
        if (*end != ':')
            return false;
        text = end + 1;
        long source = strtol (text, &end, 10);
        if (end == text || source < -1 || source >= width)
            return false;
        layout.source[i] = (int16_t)source;
    }
    if (*end)
        return false;
    *ret = layout;
    return true;
}

static int
column_named (const struct csv_schema *schema, const char *header)
{
    char key[KEY];
    clean_key (header, key, sizeof key);
    for (size_t i = 0; *key && i < schema->count; i++) {
        const struct csv_column *column = &schema->columns[i];
        if (!strcmp (key, column->name))
            return (int)i;
        for (size_t j = 0; j < sizeof column->aliases / sizeof *column->aliases && column->aliases[j]; j++)
            if (!strcmp (key, column->aliases[j]))
                return (int)i;
    }
    return -1;
}

static const char *
cell_text (const struct csv_cells *cells, size_t index)
{
    return index < cells->count && index < CSV_WIDTH ? cells->text + cells->at[index] : "";
}

/* Known columns in a row; above (may be NULL) is the row over it, of a header that was two merged rows. */
static size_t
row_match (const struct csv_schema *schema, const struct csv_cells *row, const struct csv_cells *above,
           struct csv_layout *ret)
{
    size_t width = above && above->count > row->count ? above->count : row->count, matches = 0;
    ret->width = (uint16_t)(width > CSV_WIDTH ? CSV_WIDTH : width);
    for (size_t i = 0; i < schema->count; i++)
        ret->source[i] = -1;
    for (size_t i = 0; i < ret->width; i++) {
        int column = column_named (schema, cell_text (row, i));
        if (column < 0 && above)
            column = column_named (schema, cell_text (above, i));
        if (column >= 0 && ret->source[column] < 0) {
            ret->source[column] = (int16_t)i;
            matches++;
        }
    }
    return matches;
}

/* 1, 2, 3 … under the header, as the BPJS forms have. */
static bool
is_numbering (const struct csv_cells *cells)
{
    if (cells->count < 2)
        return false;
    for (size_t i = 0; i < cells->count && i < CSV_WIDTH; i++) {
        char number[24];
        snprintf (number, sizeof number, "%zu", i + 1);
        if (strcmp (cell_text (cells, i), number))
            return false;
    }
    return true;
}

struct found {
    struct csv_layout layout;
    size_t matches;
    size_t start, end; /* of the header row (the lower of two); end also behind a row of numbers */
    int64_t lines;
};

/* Reads the first rows with one delimiter and keeps the row that names most columns. */
static void
delimiter_try (const struct csv_schema *schema, const char *data, size_t size, bool final, char delimiter,
               struct csv_cells *cells, struct found *found)
{
    struct csv_cells *row = cells, *above = NULL, *spare = cells + 1;
    struct csv_parser parser;
    if (csv_init (&parser, 0))
        return;
    csv_set_delim (&parser, (unsigned char)delimiter);
    size_t at = 0, start = 0, rows = 0, after = 0;
    int64_t lines = 0;
    csv_cells_clear (row);
    for (size_t line; rows < CSV_HEADER_ROWS + 2 && (line = csv_line_end (data + at, size - at, final)); at += line) {
        csv_parse (&parser, data + at, line, csv_cell_take, csv_row_take, row);
        lines++;
        if (at + line == size && final && !row->ended)
            csv_fini (&parser, csv_cell_take, csv_row_take, row);
        if (!row->ended)
            continue;
        rows++;
        struct csv_layout layout = { .delimiter = delimiter }, merged = layout;
        size_t one = rows <= CSV_HEADER_ROWS ? row_match (schema, row, NULL, &layout) : 0;
        size_t two = rows <= CSV_HEADER_ROWS && above ? row_match (schema, row, above, &merged) : 0;
        bool more = one > found->matches || two > found->matches;
        if (more) {
            *found = (struct found){ .layout = two > one ? merged : layout,
                                     .matches = two > one ? two : one,
                                     .start = start,
                                     .end = at + line,
                                     .lines = lines };
            after = rows;
        } else if (after && rows == after + 1 && found->layout.delimiter == delimiter && is_numbering (row)) {
            found->end = at + line;
            found->lines = lines;
        }
        start = at + line;
        struct csv_cells *next = above ? above : spare;
        above = row;
        row = next;
        csv_cells_clear (row);
    }
    csv_free (&parser);
}

static void
unknown_report (const struct csv_schema *schema, const char *data, const struct found *found, struct csv_cells *cells,
                csv_unknown_function *on_unknown, void *context)
{
    struct csv_parser parser;
    if (csv_init (&parser, 0))
        return;
    csv_set_delim (&parser, (unsigned char)found->layout.delimiter);
    csv_cells_clear (cells);
    csv_parse (&parser, data + found->start, found->end - found->start, csv_cell_take, NULL, cells);
    csv_fini (&parser, csv_cell_take, NULL, cells);
    csv_free (&parser);
    for (int i = 0; i < found->layout.width; i++) {
        bool known = !*cell_text (cells, (size_t)i);
        for (size_t j = 0; j < schema->count && !known; j++)
            known = found->layout.source[j] == i;
        if (!known)
            on_unknown (context, cell_text (cells, (size_t)i));
    }
}

struct names {
    char text[sizeof ((struct err *)0)->argument]; /* whole names, as many as there is room for */
    size_t length;
};

static void
name_add (struct names *names, const char *name)
{
    if (names->length + strlen (name) + 3 < sizeof names->text)
        names->length += (size_t)sprintf (names->text + names->length, "%s%s", names->length ? ", " : "", name);
}

static enum rc
header_refuse (const struct csv_schema *schema, const struct found *found, struct err *err)
{
    struct names missing = { 0 }, marks = { 0 };
    bool marked = false;
    for (size_t i = 0; i < schema->count; i++) {
        const struct csv_column *column = &schema->columns[i];
        bool there = found->matches && found->layout.source[i] >= 0;
        if (column->need == CSV_MARK) {
            name_add (&marks, column->name);
            marked = marked || there;
        } else if (column->need != CSV_OPTIONAL && !there) {
            name_add (&missing, column->name);
        }
    }
    if (missing.length) {
        err_code (err, RC_INVALID, "csv.header", "", "no header in the first %d rows; missing: %s", CSV_HEADER_ROWS,
                  missing.text);
        return err_argument (err, missing.text);
    }
    if (marks.length && !marked) {
        err_code (err, RC_INVALID, "csv.other_kind", "", "not a file of %s: none of %s", schema->name, marks.text);
        return err_argument (err, marks.text);
    }
    return RC_OK;
}

enum rc
csv_header_find (const struct csv_schema *schema, const char *data, size_t size, bool final, struct csv_cells *scratch,
                 struct csv_layout *ret, size_t *ret_offset, int64_t *ret_line, csv_unknown_function *on_unknown,
                 void *context, struct err *err)
{
    static const char delimiters[] = { ',', ';', '|', '\t' };
    struct found found = { 0 };
    for (size_t i = 0; i < sizeof delimiters; i++)
        delimiter_try (schema, data, size, final, delimiters[i], scratch, &found);
    enum rc rc = header_refuse (schema, &found, err);
    if (rc != RC_OK)
        return rc;
    if (!found.matches)
        return err_code (err, RC_INVALID, "csv.header", "", "no header in the first %d rows", CSV_HEADER_ROWS);
    if (found.layout.width >= CSV_WIDTH)
        return err_code (err, RC_INVALID, "csv.columns", "", "more than %d columns", CSV_WIDTH - 1);
    if (on_unknown)
        unknown_report (schema, data, &found, scratch, on_unknown, context);
    *ret = found.layout;
    *ret_offset = found.end;
    *ret_line = found.lines;
    return RC_OK;
}
