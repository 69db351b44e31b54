/* AddTenant: a jurisdiction begins. In: from `padan` alone, the subject being whatever it likes; the tenant's id
 * follows from its number. Out: TenantAdded. The same again changes nothing; another code or
 * name under a taken number is refused. Touches: tenant. */
#include "services/accounts/messages.h"

#include <string.h>

#include "services/accounts/tenant_store.h"

enum { CODE_MAX = 13, NAME_MAX_BYTES = 200 };

enum rc
keys_add_tenant (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Accounts__V1__AddTenant *add = (const void *)message->data;
    if (add->tenant != message->tenant || add->tenant <= 0)
        return err_code (err, RC_UNPROCESSABLE, "accounts.tenant_number", "/tenant", "not the envelope's tenant");
    keys_add (keys, &tenant_table, message->tenant, tenant_id (message->tenant));
    return RC_OK;
}

static bool
code_valid (const char *code)
{
    size_t length = strlen (code);
    return length >= 2 && length <= CODE_MAX && strspn (code, "0123456789.") == length;
}

static enum rc
tenant_check (const Padan__Accounts__V1__AddTenant *add, struct err *err)
{
    if (!code_valid (add->code))
        return err_code (err, RC_UNPROCESSABLE, "accounts.tenant_code", "/code", "no Kemendagri code");
    if (!add->name[0] || strlen (add->name) > NAME_MAX_BYTES)
        return err_code (err, RC_UNPROCESSABLE, "accounts.name", "/name", "no name, or too long");
    static const char *const zones[] = { "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura" };
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (strcmp (zones[i], add->zone) == 0)
            return RC_OK;
    return err_code (err, RC_UNPROCESSABLE, "accounts.tenant_zone", "/zone", "none of Indonesia's zones");
}

enum rc
on_add_tenant (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Accounts__V1__AddTenant *add = (const void *)message->data;
    if (!sent_by_padan (message))
        return err_code (err, RC_FORBIDDEN, "common.forbidden", "", "only padan adds tenants");
    enum rc rc = tenant_check (add, err);
    if (rc != RC_OK)
        return rc;
    struct uuid id = tenant_id (message->tenant);
    const struct tenant *known = unit_peek (unit, &tenant_table, message->tenant, id);
    if (known && strcmp (known->code, add->code) == 0 && strcmp (known->name, add->name) == 0 &&
        strcmp (known->zone, add->zone) == 0)
        return RC_OK;
    if (known)
        return err_code (err, RC_CONFLICT, "accounts.tenant_exists", "/tenant", "this number is taken");
    struct tenant *tenant = unit_create (unit, &tenant_table, message->tenant, id);
    tenant->version = 1;
    tenant->code = add->code;
    tenant->name = add->name;
    tenant->zone = add->zone;
    tenant->added_at = unit_now (unit);
    Padan__Accounts__V1__TenantAdded added = PADAN__ACCOUNTS__V1__TENANT_ADDED__INIT;
    added.tenant = add->tenant;
    added.code = add->code;
    added.name = add->name;
    added.zone = add->zone;
    unit_emit (unit, message->tenant, id, tenant->version, &added);
    return RC_OK;
}
