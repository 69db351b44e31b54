#include "services/intake/claim_store.h"

#include <string.h>

#include <sodium.h>

#include "intake_sql.h"

static const struct db_column claim_columns[] = {
    DB_COLUMN (DB_INT8, claim, tenant), DB_COLUMN (DB_UUID, claim, id),    DB_COLUMN (DB_UUID, claim, application_id),
    DB_COLUMN (DB_TEXT, claim, ticket), DB_COLUMN (DB_TIME, claim, since),
};
const struct table claim_table = {
    .name = "claim",
    .row_size = sizeof (struct claim),
    .columns = claim_columns,
    .n_columns = sizeof claim_columns / sizeof *claim_columns,
    .load = &sql_claim_load,
    .insert = &sql_claim_insert,
    .update = &sql_claim_update,
};

static const struct db_column anywhere_columns[] = {
    DB_COLUMN (DB_INT8, claim_anywhere, tenant),
    DB_COLUMN (DB_UUID, claim_anywhere, id),
    DB_COLUMN (DB_UUID, claim_anywhere, holder),
    DB_COLUMN (DB_TIME, claim_anywhere, since),
};
const struct table claim_anywhere_table = {
    .name = "claim_anywhere",
    .row_size = sizeof (struct claim_anywhere),
    .columns = anywhere_columns,
    .n_columns = sizeof anywhere_columns / sizeof *anywhere_columns,
    .load = &sql_claim_anywhere_load,
    .insert = &sql_claim_anywhere_insert,
    .update = &sql_claim_anywhere_update,
};

static struct {
    bool set;
    uint8_t key[crypto_generichash_KEYBYTES];
} secret;

void
claim_key_set (const char *text)
{
    secret.set = text && *text;
    if (secret.set)
        crypto_generichash (secret.key, sizeof secret.key, (const uint8_t *)text, strlen (text), NULL, 0);
}

struct uuid
claim_id (int64_t tenant, int64_t nik)
{
    int64_t name[] = { tenant, nik };
    return uuid_of (name, sizeof name);
}

/* As a UUID of version 8. Nobody without the key learns a NIK from it by trying all of them. */
static struct uuid
keyed (const char *what, const void *data, size_t size)
{
    crypto_generichash_state state;
    struct uuid id;
    crypto_generichash_init (&state, secret.key, sizeof secret.key, sizeof id.bytes);
    crypto_generichash_update (&state, (const uint8_t *)what, strlen (what) + 1);
    crypto_generichash_update (&state, data, size);
    crypto_generichash_final (&state, id.bytes, sizeof id.bytes);
    id.bytes[6] = (uint8_t)((id.bytes[6] & 0x0f) | 0x80);
    id.bytes[8] = (uint8_t)((id.bytes[8] & 0x3f) | 0x80);
    return id;
}

/* Ids are the sender's choice, so that two tenants may have an application of the same one. */
static struct uuid
anywhere_holder (int64_t tenant, struct uuid application_id)
{
    uint8_t name[sizeof tenant + sizeof application_id];
    memcpy (name, &tenant, sizeof tenant);
    memcpy (name + sizeof tenant, &application_id, sizeof application_id);
    return keyed ("application", name, sizeof name);
}

static struct uuid
anywhere_id (int64_t nik)
{
    return keyed ("nik", &nik, sizeof nik);
}

void
claim_keys (struct keys *keys, int64_t tenant, int64_t nik)
{
    if (!nik)
        return;
    keys_add (keys, &claim_table, tenant, claim_id (tenant, nik));
    if (secret.set)
        keys_add (keys, &claim_anywhere_table, 0, anywhere_id (nik));
}

void
claim_keys_new (struct keys *keys, int64_t tenant, int64_t nik)
{
    if (!nik)
        return;
    keys_add_new (keys, &claim_table, tenant, claim_id (tenant, nik));
    if (secret.set)
        keys_add_new (keys, &claim_anywhere_table, 0, anywhere_id (nik));
}

static bool
is_one_of (struct uuid id, struct uuid a, struct uuid b)
{
    return uuid_compare (id, a) == 0 || uuid_compare (id, b) == 0;
}

enum rc
claim_check (struct unit *unit, int64_t tenant, int64_t nik, struct uuid application_id, struct uuid before,
             const char *field, struct err *err)
{
    if (!nik)
        return RC_OK;
    const struct claim *known = unit_peek (unit, &claim_table, tenant, claim_id (tenant, nik));
    if (known && !uuid_is_nil (known->application_id) && !is_one_of (known->application_id, application_id, before)) {
        err_code (err, RC_CONFLICT, "intake.claimed", field, "the person is in application %s", known->ticket);
        return err_argument (err, known->ticket);
    }
    if (!secret.set)
        return RC_OK;
    const struct claim_anywhere *anywhere = unit_peek (unit, &claim_anywhere_table, 0, anywhere_id (nik));
    if (anywhere && !uuid_is_nil (anywhere->holder) &&
        !is_one_of (anywhere->holder, anywhere_holder (tenant, application_id), anywhere_holder (tenant, before)))
        return err_code (err, RC_CONFLICT, "intake.claimed_elsewhere", field, "the person is in another tenant's");
    return RC_OK;
}

static void
claim_write (struct unit *unit, int64_t tenant, int64_t nik, struct uuid application_id, const char *ticket)
{
    struct uuid id = claim_id (tenant, nik);
    const struct claim *known = unit_peek (unit, &claim_table, tenant, id);
    if (known && uuid_compare (known->application_id, application_id) == 0)
        return;
    struct claim *claim =
        known ? unit_edit (unit, &claim_table, tenant, id) : unit_create (unit, &claim_table, tenant, id);
    claim->application_id = application_id;
    claim->ticket = ticket;
    claim->since = unit_now (unit);
}

static void
claim_write_anywhere (struct unit *unit, int64_t tenant, int64_t nik, struct uuid application_id)
{
    struct uuid id = anywhere_id (nik), holder = anywhere_holder (tenant, application_id);
    const struct claim_anywhere *known = unit_peek (unit, &claim_anywhere_table, 0, id);
    if (known && uuid_compare (known->holder, holder) == 0)
        return;
    struct claim_anywhere *claim =
        known ? unit_edit (unit, &claim_anywhere_table, 0, id) : unit_create (unit, &claim_anywhere_table, 0, id);
    claim->holder = holder;
    claim->since = unit_now (unit);
}

enum rc
claim_take (struct unit *unit, int64_t tenant, int64_t nik, struct uuid application_id, const char *ticket,
            const char *field, struct err *err)
{
    enum rc rc = claim_check (unit, tenant, nik, application_id, application_id, field, err);
    if (rc != RC_OK || !nik)
        return rc;
    claim_write (unit, tenant, nik, application_id, ticket);
    if (secret.set)
        claim_write_anywhere (unit, tenant, nik, application_id);
    return RC_OK;
}

void
claim_release (struct unit *unit, int64_t tenant, int64_t nik, struct uuid application_id)
{
    if (!nik)
        return;
    const struct claim *known = unit_peek (unit, &claim_table, tenant, claim_id (tenant, nik));
    if (!known || uuid_compare (known->application_id, application_id) != 0)
        return;
    struct claim *claim = unit_edit (unit, &claim_table, tenant, known->id);
    claim->application_id = (struct uuid){ 0 };
    claim->ticket = "";
    claim->since = unit_now (unit);
    if (!secret.set)
        return;
    struct uuid holder = anywhere_holder (tenant, application_id);
    const struct claim_anywhere *anywhere = unit_peek (unit, &claim_anywhere_table, 0, anywhere_id (nik));
    if (!anywhere || uuid_compare (anywhere->holder, holder) != 0)
        return;
    struct claim_anywhere *freed = unit_edit (unit, &claim_anywhere_table, 0, anywhere->id);
    freed->holder = (struct uuid){ 0 };
    freed->since = unit_now (unit);
}
