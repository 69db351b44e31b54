#include "services/batching/claim_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "batching_sql.h"

static const struct db_column claim_columns[] = {
    DB_COLUMN (DB_INT8, claim, tenant),
    DB_COLUMN (DB_UUID, claim, id),
    DB_COLUMN (DB_UUID, claim, holder),
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

static const struct db_column counter_columns[] = {
    DB_COLUMN (DB_INT8, counter, tenant),
    DB_COLUMN (DB_UUID, counter, id),
    DB_COLUMN (DB_TEXT, counter, name),
    DB_COLUMN (DB_INT4, counter, value),
};
const struct table counter_table = {
    .name = "counter",
    .row_size = sizeof (struct counter),
    .columns = counter_columns,
    .n_columns = sizeof counter_columns / sizeof *counter_columns,
    .load = &sql_counter_load,
    .insert = &sql_counter_insert,
    .update = &sql_counter_update,
};

struct uuid
claim_of_nik (int64_t nik)
{
    char name[32];
    return uuid_of (name, (size_t)snprintf (name, sizeof name, "nik/%016" PRId64, nik));
}

struct uuid
claim_of_card (const char *card_number)
{
    char name[64];
    snprintf (name, sizeof name, "card/%s", card_number);
    return uuid_of (name, strlen (name));
}

struct uuid
claim_holder (struct unit *unit, int64_t tenant, struct uuid id)
{
    const struct claim *claim = unit_peek (unit, &claim_table, tenant, id);
    return claim ? claim->holder : (struct uuid){ 0 };
}

void
claim_take (struct unit *unit, int64_t tenant, struct uuid id, struct uuid holder)
{
    struct claim *claim = unit_peek (unit, &claim_table, tenant, id) ? unit_edit (unit, &claim_table, tenant, id)
                                                                     : unit_create (unit, &claim_table, tenant, id);
    claim->holder = holder;
}

void
claim_release (struct unit *unit, int64_t tenant, struct uuid id, struct uuid holder)
{
    if (uuid_compare (claim_holder (unit, tenant, id), holder) == 0)
        claim_take (unit, tenant, id, (struct uuid){ 0 });
}

struct uuid
counter_id (const char *name)
{
    return uuid_of (name, strlen (name));
}

int32_t
counter_value (struct unit *unit, int64_t tenant, const char *name)
{
    const struct counter *counter = unit_peek (unit, &counter_table, tenant, counter_id (name));
    return counter ? counter->value : 0;
}

int32_t
counter_add (struct unit *unit, int64_t tenant, const char *name, int32_t count)
{
    struct uuid id = counter_id (name);
    struct counter *counter;
    if (unit_peek (unit, &counter_table, tenant, id)) {
        counter = unit_edit (unit, &counter_table, tenant, id);
    } else {
        counter = unit_create (unit, &counter_table, tenant, id);
        counter->name = arena_string (unit_arena (unit), name);
        MUST (counter->name);
    }
    return counter->value += count;
}
