#include "services/batching/batch_read.h"

#include "batching_sql.h"

enum rc
batch_rows (const struct db_result *result, struct arena *arena, struct batch_row **ret_rows, size_t *ret_n,
            struct err *err)
{
    void *rows;
    enum rc rc = db_rows (result, batch_table.columns, batch_table.n_columns, sizeof (struct batch_row), arena, &rows,
                          ret_n, err);
    if (rc == RC_OK)
        *ret_rows = rows;
    return rc;
}

enum rc
batch_read (struct gather *gather, int64_t tenant, struct uuid id, struct batch_row *ret_batch, struct err *err)
{
    struct db_call call = { .sql = &sql_batch_find, .params = db_params (gather_arena (gather)) };
    struct batch_row *rows;
    size_t n;
    db_param_int8 (call.params, tenant);
    db_param_uuid (call.params, id);
    enum rc rc = gather_read (gather, tenant, &call, 1, err);
    if (rc == RC_OK)
        rc = batch_rows (call.result, gather_arena (gather), &rows, &n, err);
    db_calls_clear (&call, 1);
    if (rc != RC_OK)
        return rc;
    if (!n)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such batch");
    *ret_batch = rows[0];
    return RC_OK;
}

enum rc
batch_profile (struct gather *gather, const struct batch_row *batch, const struct profile **ret_profile, int *ret_track,
               struct err *err)
{
    const uint8_t *hash = batch->profile_sha256.size == PROFILE_HASH ? batch->profile_sha256.data : NULL;
    enum rc rc = profiles_get (gather, batch->tenant, hash, ret_profile, err);
    if (rc == RC_OK)
        *ret_track = profile_track_find (*ret_profile, batch->track);
    return rc;
}
