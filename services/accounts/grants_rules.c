#include "services/accounts/grants_rules.h"

#include <stdio.h>

enum rc
grants_allowed (const struct message *message, Padan__Grant *const *items, size_t count, size_t least, struct err *err)
{
    char field[64];
    enum rc rc = grants_check (items, count, err);
    if (rc != RC_OK)
        return rc;
    if (count < least)
        return err_code (err, RC_UNPROCESSABLE, "accounts.grants_none", "/grants", "no grant");
    if (count > ACCOUNTS_GRANTS_MAX)
        return err_code (err, RC_UNPROCESSABLE, "accounts.grants_many", "/grants", "%zu grants", count);
    for (size_t i = 0; i < count; i++) {
        if (items[i]->tenant != message->tenant && !sent_by_padan (message)) {
            snprintf (field, sizeof field, "/grants/%zu/tenant", i);
            return err_code (err, RC_UNPROCESSABLE, "accounts.grant_foreign", field, "another tenant's");
        }
        if (items[i]->role == PADAN__ROLE__ROLE_KELURAHAN && !items[i]->place[0]) {
            snprintf (field, sizeof field, "/grants/%zu/place", i);
            return err_code (err, RC_UNPROCESSABLE, "accounts.grant_place", field, "which kelurahan");
        }
    }
    return RC_OK;
}

struct grants
grants_of (const char *text, struct arena *arena)
{
    struct grants grants = { 0 };
    struct err err;
    MUST (grants_parse (text, arena, &grants, &err) == RC_OK);
    return grants;
}
