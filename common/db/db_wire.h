/* PostgreSQL's binary formats: one cell of a struct to and from the wire. Inside common/db only. */
#pragma once

#include <endian.h>
#include <stdint.h>
#include <string.h>
#include "common/db/db.h"

enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043,
    OID_DATE = 1082,
    OID_TIMESTAMPTZ = 1184,
    OID_UUID = 2950,
};

enum {
    WIRE_NULL = -1,
    WIRE_MAX = 512 * 1024 * 1024, /* one parameter or COPY row; PostgreSQL itself ends at 1 GB */
    WIRE_EPOCH_DAYS = 10957,      /* 1970-01-01 to 2000-01-01 */
};
#define WIRE_EPOCH_MICROSECONDS INT64_C (946684800000000)

static inline void
wire_put16 (void *out, uint16_t value)
{
    value = htobe16 (value);
    memcpy (out, &value, sizeof value);
}

static inline void
wire_put32 (void *out, uint32_t value)
{
    value = htobe32 (value);
    memcpy (out, &value, sizeof value);
}

static inline void
wire_put64 (void *out, uint64_t value)
{
    value = htobe64 (value);
    memcpy (out, &value, sizeof value);
}

static inline int32_t
wire_get32 (const void *in)
{
    uint32_t value;
    memcpy (&value, in, sizeof value);
    return (int32_t)be32toh (value);
}

static inline int64_t
wire_get64 (const void *in)
{
    uint64_t value;
    memcpy (&value, in, sizeof value);
    return (int64_t)be64toh (value);
}

/* Infinity and what lies outside stay at the ends of the range. */
static inline int64_t
wire_time_put (int64_t time)
{
    int64_t value;
    if (time == INT64_MAX || __builtin_sub_overflow (time, WIRE_EPOCH_MICROSECONDS, &value))
        return time > 0 ? INT64_MAX : INT64_MIN;
    return value;
}

static inline int64_t
wire_time_get (int64_t value)
{
    int64_t time;
    if (value == INT64_MIN || __builtin_add_overflow (value, WIRE_EPOCH_MICROSECONDS, &time))
        return value > 0 ? INT64_MAX : INT64_MIN;
    return time;
}

static inline int32_t
wire_date_put (int32_t date)
{
    int32_t value;
    if (date == INT32_MAX || __builtin_sub_overflow (date, WIRE_EPOCH_DAYS, &value))
        return date > 0 ? INT32_MAX : INT32_MIN;
    return value;
}

static inline int32_t
wire_date_get (int32_t value)
{
    int32_t date;
    if (value == INT32_MIN)
        return INT32_MIN + 1; /* -infinity; INT32_MIN itself says NULL */
    return __builtin_add_overflow (value, WIRE_EPOCH_DAYS, &date) ? INT32_MAX : date;
}

/* Element type of an array and type of a column. */
uint32_t wire_oid (enum db_type type);
/* Largest size of a value of a fixed-size type; 0 for text and bytes. */
size_t wire_fixed (enum db_type type);
/* Writes the member at `cell` as a length word and its bytes; out has wire_size () bytes. Returns what it wrote. */
size_t wire_put (enum db_type type, const void *cell, uint8_t *out, bool *ret_null);
/* What wire_put may write, the length word included. */
size_t wire_size (enum db_type type, const void *cell);
