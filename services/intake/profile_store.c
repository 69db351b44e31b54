#include "services/intake/profile_store.h"

#include "intake_sql.h"
#include "services/intake/intake.h"

static const struct db_column profile_columns[] = {
    DB_COLUMN (DB_INT8, published_profile, tenant),       DB_COLUMN (DB_UUID, published_profile, id),
    DB_COLUMN (DB_BYTES, published_profile, sha256),      DB_COLUMN (DB_INT4, published_profile, version),
    DB_COLUMN (DB_BYTES, published_profile, yaml),        DB_COLUMN (DB_UUID, published_profile, published_by),
    DB_COLUMN (DB_TIME, published_profile, published_at),
};
const struct table profile_table = {
    .name = "profile",
    .row_size = sizeof (struct published_profile),
    .columns = profile_columns,
    .n_columns = sizeof profile_columns / sizeof *profile_columns,
    .load = &sql_profile_load,
    .insert = &sql_profile_insert,
};

static const struct db_column current_columns[] = {
    DB_COLUMN (DB_INT8, current_profile, tenant),  DB_COLUMN (DB_UUID, current_profile, id),
    DB_COLUMN (DB_BYTES, current_profile, sha256), DB_COLUMN (DB_INT4, current_profile, version),
    DB_COLUMN (DB_TIME, current_profile, since),
};
const struct table current_profile_table = {
    .name = "profile_current",
    .row_size = sizeof (struct current_profile),
    .columns = current_columns,
    .n_columns = sizeof current_columns / sizeof *current_columns,
    .load = &sql_profile_current_load,
    .insert = &sql_profile_current_insert,
    .update = &sql_profile_current_update,
};

struct uuid
profile_id (const uint8_t hash[PROFILE_HASH])
{
    return uuid_of (hash, PROFILE_HASH);
}

struct uuid
current_profile_id (int64_t tenant)
{
    return uuid_of (&tenant, sizeof tenant);
}

enum rc
profiles_from_table (struct gather *gather, int64_t tenant, const uint8_t hash[PROFILE_HASH], struct bytes *ret_yaml,
                     struct err *err)
{
    struct db_call call = { .sql = hash ? &sql_profile_yaml : &sql_profile_current_yaml };
    call.params = db_params (gather_arena (gather));
    db_param_int8 (call.params, tenant);
    if (hash)
        db_param_uuid (call.params, profile_id (hash));
    enum rc rc = gather_read (gather, tenant, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    if (db_count (call.result)) {
        struct bytes yaml = db_bytes (call.result, 0, 1);
        *ret_yaml = (struct bytes){ arena_copy (gather_arena (gather), yaml.data, yaml.size), yaml.size };
        rc = ret_yaml->data ? RC_OK : err_set (err, RC_RETRY, "no memory for a profile");
    } else
        rc = err_code (err, RC_NOT_FOUND, "common.no_profile", "", "the tenant has no such profile");
    db_calls_clear (&call, 1);
    return rc;
}
