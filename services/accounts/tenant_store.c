#include "services/accounts/tenant_store.h"

#include <stdio.h>

#include "accounts_sql.h"

static const struct db_column tenant_columns[] = {
    DB_COLUMN (DB_INT8, tenant, tenant),   DB_COLUMN (DB_UUID, tenant, id),   DB_COLUMN (DB_INT8, tenant, version),
    DB_COLUMN (DB_TEXT, tenant, code),     DB_COLUMN (DB_TEXT, tenant, name), DB_COLUMN (DB_TEXT, tenant, zone),
    DB_COLUMN (DB_TIME, tenant, added_at),
};
const struct table tenant_table = {
    .name = "tenant",
    .row_size = sizeof (struct tenant),
    .columns = tenant_columns,
    .n_columns = sizeof tenant_columns / sizeof *tenant_columns,
    .load = &sql_tenant_load,
    .insert = &sql_tenant_insert,
};

struct uuid
tenant_id (int64_t tenant)
{
    char name[32];
    int length = snprintf (name, sizeof name, "tenant:%lld", (long long)tenant);
    return uuid_of (name, (size_t)length);
}
