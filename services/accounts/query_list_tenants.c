/* ListTenants: those the asker may see: one's own. Nothing of it is secret. */
#include "services/accounts/messages.h"

#include "accounts_sql.h"

enum rc
query_list_tenants (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                    struct err *err)
{
    (void)message;
    struct arena *arena = query_arena (query);
    struct db_call call = { .sql = &sql_tenants };
    enum rc rc = query_run (query, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    size_t n = db_count (call.result);
    Padan__Accounts__V1__Tenants *tenants = arena_alloc (arena, sizeof *tenants);
    MUST (tenants);
    padan__accounts__v1__tenants__init (tenants);
    tenants->tenants = arena_array (arena, n + 1, sizeof *tenants->tenants);
    MUST (tenants->tenants);
    for (size_t i = 0; i < n; i++) {
        Padan__Accounts__V1__TenantView *view = arena_alloc (arena, sizeof *view);
        MUST (view);
        padan__accounts__v1__tenant_view__init (view);
        view->tenant = db_int8 (call.result, i, 0);
        view->code = arena_string (arena, db_text (call.result, i, 1));
        view->name = arena_string (arena, db_text (call.result, i, 2));
        view->zone = arena_string (arena, db_text (call.result, i, 3));
        MUST (view->code && view->name && view->zone);
        tenants->tenants[tenants->n_tenants++] = view;
    }
    db_calls_clear (&call, 1);
    *ret_reply = &tenants->base;
    return RC_OK;
}
