/* The ledger on PostgreSQL: one connection, one thread. */
#pragma once

#include "common/engine/ledger.h"

struct ledger_pg;
/* service: whose tables, in lock order. Borrows db and service. */
struct ledger_pg *ledger_pg_new (struct db *db, const struct service *service);
void ledger_pg_destroy (struct ledger_pg **ledger);
struct ledger ledger_pg_ops (struct ledger_pg *ledger);

/* '{1,2}' for scope.sql. */
const char *tenant_list (struct arena *arena, const int64_t *tenants, size_t n);
