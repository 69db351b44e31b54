#include "services/validation/claim_store.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "common/domain/name.h"
#include "validation.pb-c.h"
#include "validation_sql.h"

static uint8_t secret[CLAIM_KEY];

static const struct db_column columns[] = {
    DB_COLUMN (DB_INT8, claim, tenant),
    DB_COLUMN (DB_UUID, claim, id),
    DB_COLUMN (DB_INT8_NULL, claim, holder),
    DB_COLUMN (DB_UUID, claim, application_id),
};

const struct table claim_table = {
    .name = "claim",
    .row_size = sizeof (struct claim),
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .load = &sql_claim_load,
    .insert = &sql_claim_insert,
    .update = &sql_claim_update,
};

void
claim_key_set (const uint8_t key[static CLAIM_KEY])
{
    memcpy (secret, key, CLAIM_KEY);
}

struct uuid
claim_of (const struct member *member)
{
    char text[CLAIM_KEY * 2 + NAME_SIZE + 64], name[NAME_SIZE] = "", hex[CLAIM_KEY * 2 + 1];
    if (!member->nik && !member->mother_nik)
        return (struct uuid){ 0 };
    if (!member->nik)
        name_normalise (member->name, name, sizeof name);
    sodium_bin2hex (hex, sizeof hex, secret, sizeof secret);
    int size = snprintf (text, sizeof text, "%s/%lld/%s", hex,
                         (long long)(member->nik ? member->nik : member->mother_nik), name);
    return uuid_of (text, (size_t)size);
}

static bool
is_needed (const struct application *row, struct uuid id)
{
    if (strcmp (row->state, "ended") == 0)
        return false;
    for (size_t i = 0; i < row->n_members; i++)
        if (!row->members[i].gone && uuid_compare (row->members[i].claim, id) == 0)
            return true;
    return false;
}

void
claim_release (struct unit *unit, const struct application *row, struct uuid id)
{
    const struct claim *held = unit_peek (unit, &claim_table, CLAIM_TENANT, id);
    if (!held || held->holder != row->tenant || uuid_compare (held->application_id, row->id) != 0 ||
        is_needed (row, id))
        return;
    struct claim *claim = unit_edit (unit, &claim_table, CLAIM_TENANT, id);
    claim->holder = 0;
    claim->application_id = (struct uuid){ 0 };
    Padan__Validation__V1__FreedDue payload = PADAN__VALIDATION__V1__FREED_DUE__INIT;
    unit_due (unit, &(struct due){
                        .kind = "freed",
                        .tenant = row->tenant,
                        .subject = id,
                        .input_version = unit_now (unit),
                        .priority = 5,
                        .payload = &payload,
                    });
}

void
claim_release_later (struct unit *unit, const struct application *row)
{
    Padan__Validation__V1__ReleaseDue payload = PADAN__VALIDATION__V1__RELEASE_DUE__INIT;
    unit_due (unit, &(struct due){
                        .kind = "release",
                        .tenant = row->tenant,
                        .subject = row->id,
                        .input_version = row->version,
                        .priority = 5,
                        .payload = &payload,
                    });
}
