#include "services/distribution/bulk_store.h"

#include "distribution_sql.h"

static const struct db_column bulk_columns[] = {
    DB_COLUMN (DB_INT8, bulk, tenant),
    DB_COLUMN (DB_UUID, bulk, id),
    DB_COLUMN (DB_TEXT, bulk, act),
    DB_COLUMN (DB_UUID, bulk, courier_id),
    DB_COLUMN (DB_UUID, bulk, asked_by),
    DB_COLUMN (DB_TIME, bulk, asked_at),
    { "targets", DB_INT4, offsetof (struct bulk, n_targets) },
    DB_COLUMN (DB_INT4, bulk, waiting),
};
static const struct db_column target_columns[] = {
    DB_COLUMN (DB_INT8, bulk_target, tenant),   DB_COLUMN (DB_UUID, bulk_target, bulk_id),
    DB_COLUMN (DB_INT4, bulk_target, ordinal),  DB_COLUMN (DB_UUID, bulk_target, card_id),
    DB_COLUMN (DB_INT8, bulk_target, expected), DB_COLUMN (DB_TEXT, bulk_target, outcome),
    DB_COLUMN (DB_TEXT, bulk_target, code),     DB_COLUMN (DB_INT8, bulk_target, version),
};
static const struct child_table bulk_children[] = { {
    .name = "bulk_target",
    .row_size = sizeof (struct bulk_target),
    .columns = target_columns,
    .n_columns = sizeof target_columns / sizeof *target_columns,
    .load = &sql_bulk_target_load,
    .save = &sql_bulk_target_save,
    .rows_offset = offsetof (struct bulk, targets),
    .count_offset = offsetof (struct bulk, count),
} };
const struct table bulk_table = {
    .name = "bulk",
    .row_size = sizeof (struct bulk),
    .columns = bulk_columns,
    .n_columns = sizeof bulk_columns / sizeof *bulk_columns,
    .load = &sql_bulk_load,
    .insert = &sql_bulk_insert,
    .update = &sql_bulk_update,
    .children = bulk_children,
    .n_children = 1,
};

struct bulk_target *
bulk_target_add (struct unit *unit, struct bulk *bulk)
{
    struct bulk_target *target = unit_child_add (unit, &bulk_table, bulk, &bulk_children[0]);
    target->outcome = "waiting";
    target->code = "";
    bulk->n_targets++;
    bulk->waiting++;
    return target;
}
