#include <libpq-fe.h>

#include "common/db/db_wire.h"

/* struct db_result is libpq's PGresult under a name of ours: no second object a call. */
static inline const PGresult *
rows_of (const struct db_result *result)
{
    return (const PGresult *)result;
}

size_t
db_count (const struct db_result *result)
{
    return (size_t)PQntuples (rows_of (result));
}

size_t
db_affected (const struct db_result *result)
{
    const char *text = PQcmdTuples ((PGresult *)result);
    size_t n = 0;
    for (; *text >= '0' && *text <= '9'; text++)
        n = n * 10 + (size_t)(*text - '0');
    return n;
}

bool
db_null (const struct db_result *result, size_t row, size_t column)
{
    MUST (result && row < db_count (result) && column < (size_t)PQnfields (rows_of (result)));
    return PQgetisnull (rows_of (result), (int)row, (int)column);
}

static bool
type_fits (enum db_type type, uint32_t oid)
{
    if (type == DB_TEXT)
        return oid == OID_TEXT || oid == OID_VARCHAR || oid == OID_BPCHAR || oid == OID_NAME;
    return oid == wire_oid (type);
}

/* The bytes of a cell of that type, NULL for NULL. Asking for another type than the statement gives is misuse. */
static const char *
cell_of (const struct db_result *result, size_t row, size_t column, enum db_type type)
{
    if (db_null (result, row, column))
        return NULL;
    MUST (type_fits (type, PQftype (rows_of (result), (int)column)));
    return PQgetvalue (rows_of (result), (int)row, (int)column);
}

bool
db_bool (const struct db_result *result, size_t row, size_t column)
{
    const char *cell = cell_of (result, row, column, DB_BOOL);
    return cell && *cell;
}

int32_t
db_int4 (const struct db_result *result, size_t row, size_t column)
{
    const char *cell = cell_of (result, row, column, DB_INT4);
    return cell ? wire_get32 (cell) : 0;
}

int64_t
db_int8 (const struct db_result *result, size_t row, size_t column)
{
    if (!db_null (result, row, column) && PQftype (rows_of (result), (int)column) == OID_INT4)
        return db_int4 (result, row, column);
    const char *cell = cell_of (result, row, column, DB_INT8);
    return cell ? wire_get64 (cell) : 0;
}

struct uuid
db_uuid (const struct db_result *result, size_t row, size_t column)
{
    struct uuid uuid = { 0 };
    const char *cell = cell_of (result, row, column, DB_UUID);
    if (cell)
        memcpy (uuid.bytes, cell, sizeof uuid.bytes);
    return uuid;
}

int64_t
db_time (const struct db_result *result, size_t row, size_t column)
{
    const char *cell = cell_of (result, row, column, DB_TIME);
    return cell ? wire_time_get (wire_get64 (cell)) : 0;
}

struct bytes
db_bytes (const struct db_result *result, size_t row, size_t column)
{
    const char *cell = cell_of (result, row, column, DB_BYTES);
    if (!cell)
        return (struct bytes){ 0 };
    return (struct bytes){ (const uint8_t *)cell, (size_t)PQgetlength (rows_of (result), (int)row, (int)column) };
}

const char *
db_text (const struct db_result *result, size_t row, size_t column)
{
    return cell_of (result, row, column, DB_TEXT);
}
