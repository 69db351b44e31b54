#include "common/db/db_params.h"
#include "common/db/db_wire.h"

enum { CAPACITY = 16 }; /* most statements have fewer; doubles up to DB_PARAMS_MAX */

const int db_params_formats[DB_PARAMS_MAX] = { [0 ... DB_PARAMS_MAX - 1] = 1 };

/* Where the values of one array lie: side by side, or one member of many structs. */
struct source {
    enum db_type type;
    const char *base; /* side by side, `step` apart; NULL: rows[i] + step */
    const void *const *rows;
    size_t step, n;
};

static bool
params_grow (struct db_params *params, int capacity)
{
    const char **values = arena_array (params->arena, (size_t)capacity, sizeof *values);
    int *lengths = arena_array (params->arena, (size_t)capacity, sizeof *lengths);
    if (!values || !lengths)
        return false;
    if (params->n) {
        memcpy (values, params->values, (size_t)params->n * sizeof *values);
        memcpy (lengths, params->lengths, (size_t)params->n * sizeof *lengths);
    }
    params->values = values;
    params->lengths = lengths;
    params->capacity = capacity;
    return true;
}

struct db_params *
db_params (struct arena *arena)
{
    static struct db_params full = { .failed = true }; /* never written */
    struct db_params *params = arena_alloc (arena, sizeof *params);
    if (!params)
        return &full;
    params->arena = arena;
    if (!params_grow (params, CAPACITY))
        params->failed = true;
    return params;
}

static void
param_add (struct db_params *params, const void *value, size_t size)
{
    if (params->failed)
        return;
    MUST (params->n < DB_PARAMS_MAX);
    if (size > WIRE_MAX || (params->n == params->capacity && !params_grow (params, params->capacity * 2))) {
        params->failed = true;
        return;
    }
    params->values[params->n] = value;
    params->lengths[params->n] = (int)size;
    params->n++;
}

static void
param_fixed (struct db_params *params, const void *value, size_t size)
{
    if (params->failed)
        return;
    void *copy = arena_copy (params->arena, value, size);
    if (copy)
        param_add (params, copy, size);
    else
        params->failed = true;
}

void
db_param_bool (struct db_params *params, bool value)
{
    param_add (params, value ? "\1" : "\0", 1);
}

void
db_param_int4 (struct db_params *params, int32_t value)
{
    uint32_t wire = htobe32 ((uint32_t)value);
    param_fixed (params, &wire, sizeof wire);
}

void
db_param_int8 (struct db_params *params, int64_t value)
{
    uint64_t wire = htobe64 ((uint64_t)value);
    param_fixed (params, &wire, sizeof wire);
}

void
db_param_uuid (struct db_params *params, struct uuid value)
{
    if (uuid_is_nil (value))
        param_add (params, NULL, 0);
    else
        param_fixed (params, value.bytes, sizeof value.bytes);
}

void
db_param_text (struct db_params *params, const char *value)
{
    param_add (params, value, value ? strlen (value) : 0);
}

void
db_param_time (struct db_params *params, int64_t value)
{
    if (value)
        db_param_int8 (params, wire_time_put (value));
    else
        param_add (params, NULL, 0);
}

void
db_param_bytes (struct db_params *params, struct bytes value)
{
    param_add (params, value.data, value.data ? value.size : 0);
}

static inline const void *
source_cell (const struct source *source, size_t i)
{
    return source->base ? source->base + i * source->step : (const char *)source->rows[i] + source->step;
}

/* Bytes the elements take at most. */
static size_t
source_size (const struct source *source)
{
    size_t size = 0;
    if (wire_fixed (source->type))
        return source->n > WIRE_MAX ? SIZE_MAX : source->n * (4 + wire_fixed (source->type));
    for (size_t i = 0; i < source->n && size <= WIRE_MAX; i++)
        size += wire_size (source->type, source_cell (source, i));
    return size;
}

/* ndim, has NULLs, element type, then for each dimension size and lower bound, then the elements. */
static void
param_array (struct db_params *params, const struct source *source)
{
    enum { HEADER = 12, DIMENSION = 8 };
    if (params->failed)
        return;
    size_t size = source_size (source);
    uint8_t *out = size > WIRE_MAX ? NULL : arena_alloc (params->arena, HEADER + DIMENSION + size);
    if (!out) {
        params->failed = true;
        return;
    }
    wire_put32 (out + 8, wire_oid (source->type));
    if (source->n == 0) {
        param_add (params, out, HEADER);
        return;
    }
    bool null = false;
    uint8_t *end = out + HEADER + DIMENSION;
    for (size_t i = 0; i < source->n; i++)
        end += wire_put (source->type, source_cell (source, i), end, &null);
    wire_put32 (out, 1);
    wire_put32 (out + 4, null);
    wire_put32 (out + 12, (uint32_t)source->n);
    wire_put32 (out + 16, 1);
    param_add (params, out, (size_t)(end - out));
}

static void
param_values (struct db_params *params, enum db_type type, const void *values, size_t step, size_t n)
{
    param_array (params, &(struct source){ .type = type, .base = n ? values : "", .step = step, .n = n });
}

void
db_param_int4_array (struct db_params *params, const int32_t *values, size_t n)
{
    param_values (params, DB_INT4, values, sizeof *values, n);
}

void
db_param_int8_array (struct db_params *params, const int64_t *values, size_t n)
{
    param_values (params, DB_INT8, values, sizeof *values, n);
}

void
db_param_uuid_array (struct db_params *params, const struct uuid *values, size_t n)
{
    param_values (params, DB_UUID, values, sizeof *values, n);
}

void
db_param_text_array (struct db_params *params, const char *const *values, size_t n)
{
    param_values (params, DB_TEXT, values, sizeof *values, n);
}

void
db_param_bytes_array (struct db_params *params, const struct bytes *values, size_t n)
{
    param_values (params, DB_BYTES, values, sizeof *values, n);
}

void
db_param_time_array (struct db_params *params, const int64_t *values, size_t n)
{
    param_values (params, DB_TIME, values, sizeof *values, n);
}

void
db_param_rows (struct db_params *params, const struct db_column *columns, size_t n_columns, const void *const *rows,
               size_t n)
{
    for (size_t i = 0; i < n_columns; i++)
        param_array (params,
                     &(struct source){ .type = columns[i].type, .rows = rows, .step = columns[i].offset, .n = n });
}
