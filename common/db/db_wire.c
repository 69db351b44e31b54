#include "common/db/db_wire.h"

enum { LENGTH = 4 }; /* the word before each value */

static const struct {
    uint32_t oid;
    size_t size;
} types[] = {
    [DB_BOOL] = { OID_BOOL, 1 }, [DB_INT4] = { OID_INT4, 4 },   [DB_INT8] = { OID_INT8, 8 },
    [DB_TEXT] = { OID_TEXT, 0 }, [DB_UUID] = { OID_UUID, 16 },  [DB_TIME] = { OID_TIMESTAMPTZ, 8 },
    [DB_DATE] = { OID_DATE, 4 }, [DB_BYTES] = { OID_BYTEA, 0 }, [DB_INT8_NULL] = { OID_INT8, 8 },
};

uint32_t
wire_oid (enum db_type type)
{
    return types[type].oid;
}

size_t
wire_fixed (enum db_type type)
{
    return types[type].size;
}

static size_t
put_null (uint8_t *out, bool *ret_null)
{
    wire_put32 (out, (uint32_t)WIRE_NULL);
    *ret_null = true;
    return LENGTH;
}

static size_t
put_bytes (const void *data, size_t size, uint8_t *out)
{
    wire_put32 (out, (uint32_t)size);
    memcpy (out + LENGTH, data, size);
    return LENGTH + size;
}

static size_t
put_int4 (int32_t value, uint8_t *out)
{
    wire_put32 (out, 4);
    wire_put32 (out + LENGTH, (uint32_t)value);
    return LENGTH + 4;
}

static size_t
put_int8 (int64_t value, uint8_t *out)
{
    wire_put32 (out, 8);
    wire_put64 (out + LENGTH, (uint64_t)value);
    return LENGTH + 8;
}

size_t
wire_put (enum db_type type, const void *cell, uint8_t *out, bool *ret_null)
{
    switch (type) {
    case DB_BOOL: {
        uint8_t value = *(const bool *)cell;
        return put_bytes (&value, 1, out);
    }
    case DB_INT4:
        return put_int4 (*(const int32_t *)cell, out);
    case DB_INT8:
        return put_int8 (*(const int64_t *)cell, out);
    case DB_TEXT: {
        const char *value = *(const char *const *)cell;
        return value ? put_bytes (value, strlen (value), out) : put_null (out, ret_null);
    }
    case DB_UUID: {
        const struct uuid *value = cell;
        return uuid_is_nil (*value) ? put_null (out, ret_null) : put_bytes (value->bytes, sizeof value->bytes, out);
    }
    case DB_TIME: {
        int64_t value = *(const int64_t *)cell;
        return value ? put_int8 (wire_time_put (value), out) : put_null (out, ret_null);
    }
    case DB_DATE: {
        int32_t value = *(const int32_t *)cell;
        return value != INT32_MIN ? put_int4 (wire_date_put (value), out) : put_null (out, ret_null);
    }
    case DB_BYTES: {
        const struct bytes *value = cell;
        return value->data ? put_bytes (value->data, value->size, out) : put_null (out, ret_null);
    }
    case DB_INT8_NULL: {
        int64_t value = *(const int64_t *)cell;
        return value ? put_int8 (value, out) : put_null (out, ret_null);
    }
    }
    MUST (!"a type that does not exist");
}

size_t
wire_size (enum db_type type, const void *cell)
{
    if (type == DB_TEXT) {
        const char *value = *(const char *const *)cell;
        return LENGTH + (value ? strlen (value) : 0);
    }
    if (type == DB_BYTES) {
        const struct bytes *value = cell;
        return LENGTH + (value->data ? value->size : 0);
    }
    return LENGTH + types[type].size;
}
