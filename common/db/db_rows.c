#include <libpq-fe.h>

#include "common/db/db_wire.h"

enum { COLUMNS_MAX = 128 }; /* columns of one struct: twice our widest table */

struct reader {
    const PGresult *rows;
    int n;
    const struct db_column *columns;
    size_t n_columns;
    int fields[COLUMNS_MAX]; /* where each column is in the result */
    char *heap;              /* what is left of the one block for all text and bytes */
};

static int
field_find (const PGresult *rows, const char *name, int guess)
{
    int n = PQnfields (rows);
    if (guess < n && strcmp (PQfname (rows, guess), name) == 0) /* columns are mostly selected in table order */
        return guess;
    for (int i = 0; i < n; i++)
        if (strcmp (PQfname (rows, i), name) == 0)
            return i;
    return -1;
}

static enum rc
fields_find (struct reader *reader, struct err *err)
{
    for (size_t i = 0; i < reader->n_columns; i++) {
        const struct db_column *column = &reader->columns[i];
        int field = field_find (reader->rows, column->name, (int)i);
        if (field < 0)
            return err_set (err, RC_CORRUPT, "the result has no column %s", column->name);
        uint32_t oid = PQftype (reader->rows, field);
        bool text = column->type == DB_TEXT && (oid == OID_VARCHAR || oid == OID_BPCHAR || oid == OID_NAME);
        if (oid != wire_oid (column->type) && !text)
            return err_set (err, RC_CORRUPT, "column %s is of type %u, not %u", column->name, (unsigned)oid,
                            (unsigned)wire_oid (column->type));
        reader->fields[i] = field;
    }
    return RC_OK;
}

/* Bytes all text and bytes of the result need, a NUL after each. */
static size_t
heap_size (const struct reader *reader)
{
    size_t size = 0;
    for (size_t i = 0; i < reader->n_columns; i++)
        if (!wire_fixed (reader->columns[i].type))
            for (int row = 0; row < reader->n; row++)
                size += (size_t)PQgetlength (reader->rows, row, reader->fields[i]) + 1;
    return size;
}

static void *
heap_copy (struct reader *reader, const char *data, size_t size)
{
    char *copy = reader->heap;
    MUST (copy); /* heap_size counted this cell */
    memcpy (copy, data, size);
    copy[size] = 0;
    reader->heap += size + 1;
    return copy;
}

/* NULL, where the type has a value that says so; every other NULL is false. */
static bool
cell_null (enum db_type type, void *member)
{
    if (type == DB_DATE)
        *(int32_t *)member = INT32_MIN;
    return type != DB_BOOL && type != DB_INT4 && type != DB_INT8; /* the arena's zeros are the others' NULL */
}

static void
cell_read (struct reader *reader, enum db_type type, const char *data, size_t size, void *member)
{
    switch (type) {
    case DB_BOOL:
        *(bool *)member = *data != 0;
        break;
    case DB_INT4:
        *(int32_t *)member = wire_get32 (data);
        break;
    case DB_INT8:
    case DB_INT8_NULL:
        *(int64_t *)member = wire_get64 (data);
        break;
    case DB_TEXT:
        *(const char **)member = heap_copy (reader, data, size);
        break;
    case DB_UUID:
        memcpy (member, data, sizeof (struct uuid));
        break;
    case DB_TIME:
        *(int64_t *)member = wire_time_get (wire_get64 (data));
        break;
    case DB_DATE:
        *(int32_t *)member = wire_date_get (wire_get32 (data));
        break;
    case DB_BYTES:
        *(struct bytes *)member = (struct bytes){ heap_copy (reader, data, size), size };
        break;
    }
}

static enum rc
column_read (struct reader *reader, size_t column, char *rows, size_t row_size, struct err *err)
{
    enum db_type type = reader->columns[column].type;
    size_t fixed = wire_fixed (type);
    int field = reader->fields[column];
    char *member = rows + reader->columns[column].offset;
    for (int row = 0; row < reader->n; row++, member += row_size) {
        size_t size = (size_t)PQgetlength (reader->rows, row, field);
        if (size == 0 && PQgetisnull (reader->rows, row, field)) {
            if (!cell_null (type, member))
                return err_set (err, RC_CORRUPT, "column %s is NULL", reader->columns[column].name);
            continue;
        }
        if (fixed && size != fixed)
            return err_set (err, RC_CORRUPT, "column %s has %zu bytes", reader->columns[column].name, size);
        cell_read (reader, type, PQgetvalue (reader->rows, row, field), size, member);
    }
    return RC_OK;
}

enum rc
db_rows (const struct db_result *result, const struct db_column *columns, size_t n_columns, size_t row_size,
         struct arena *arena, void **ret_rows, size_t *ret_n, struct err *err)
{
    MUST (result && n_columns <= COLUMNS_MAX);
    struct reader reader = { .rows = (const PGresult *)result, .columns = columns, .n_columns = n_columns };
    reader.n = PQntuples (reader.rows);
    enum rc rc = fields_find (&reader, err);
    if (rc)
        return rc;
    size_t heap = heap_size (&reader);
    char *rows = arena_array (arena, (size_t)reader.n, row_size);
    reader.heap = heap ? arena_alloc (arena, heap) : NULL;
    if (!rows || (heap && !reader.heap))
        return err_set (err, RC_INTERNAL, "%d rows do not fit in the arena", reader.n);
    for (size_t i = 0; i < n_columns; i++) {
        rc = column_read (&reader, i, rows, row_size, err);
        if (rc)
            return rc;
    }
    *ret_rows = rows;
    *ret_n = (size_t)reader.n;
    return RC_OK;
}
