/* Jurisdictions. */
#pragma once

#include "services/accounts/accounts.h"

struct tenant {
    int64_t tenant;
    struct uuid id; /* tenant_id */
    int64_t version;
    const char *code, *name, *zone;
    int64_t added_at;
};
extern const struct table tenant_table;

/* Known from the number, so that whoever names a tenant can lock it. */
struct uuid tenant_id (int64_t tenant);
