#include "services/journal/head_store.h"

#include <string.h>

#include "journal_sql.h"

static const struct db_column total_columns[] = {
    DB_COLUMN (DB_INT8, total, tenant), DB_COLUMN (DB_UUID, total, head), DB_COLUMN (DB_INT4, total, ordinal),
    DB_COLUMN (DB_TEXT, total, what),   DB_COLUMN (DB_TEXT, total, code), DB_COLUMN (DB_INT8, total, count),
};
static const struct db_column checkpoint_columns[] = {
    DB_COLUMN (DB_INT8, checkpoint, tenant),     DB_COLUMN (DB_UUID, checkpoint, head),
    DB_COLUMN (DB_INT4, checkpoint, ordinal),    DB_COLUMN (DB_INT8, checkpoint, number),
    DB_COLUMN (DB_BYTES, checkpoint, chain),     DB_COLUMN (DB_TIME, checkpoint, at),
    DB_COLUMN (DB_BYTES, checkpoint, signature),
};
static const struct db_column head_columns[] = {
    DB_COLUMN (DB_INT8, head, tenant),
    DB_COLUMN (DB_UUID, head, id),
    DB_COLUMN (DB_INT8, head, number),
    DB_COLUMN (DB_BYTES, head, chain),
    { "signed", DB_INT8, offsetof (struct head, signed_number) },
};
enum { HEAD_CHILD_TOTALS, HEAD_CHILD_CHECKPOINTS };
static const struct child_table head_children[] = {
    [HEAD_CHILD_TOTALS] = { .name = "total",
                            .row_size = sizeof (struct total),
                            .columns = total_columns,
                            .n_columns = sizeof total_columns / sizeof *total_columns,
                            .load = &sql_total_load,
                            .save = &sql_total_save,
                            .rows_offset = offsetof (struct head, totals),
                            .count_offset = offsetof (struct head, n_totals) },
    [HEAD_CHILD_CHECKPOINTS] = { .name = "checkpoint",
                                 .row_size = sizeof (struct checkpoint),
                                 .columns = checkpoint_columns,
                                 .n_columns = sizeof checkpoint_columns / sizeof *checkpoint_columns,
                                 .load = &sql_checkpoint_load,
                                 .save = &sql_checkpoint_save,
                                 .rows_offset = offsetof (struct head, checkpoints_added),
                                 .count_offset = offsetof (struct head, n_checkpoints_added) },
};
const struct table head_table = {
    .name = "head",
    .row_size = sizeof (struct head),
    .columns = head_columns,
    .n_columns = sizeof head_columns / sizeof *head_columns,
    .load = &sql_head_load,
    .insert = &sql_head_insert,
    .update = &sql_head_update,
    .children = head_children,
    .n_children = sizeof head_children / sizeof *head_children,
};

struct uuid
head_id (int64_t tenant)
{
    return uuid_of (&tenant, sizeof tenant);
}

struct head *
head_edit (struct unit *unit, int64_t tenant)
{
    struct uuid id = head_id (tenant);
    if (unit_peek (unit, &head_table, tenant, id))
        return unit_edit (unit, &head_table, tenant, id);
    struct head *head = unit_create (unit, &head_table, tenant, id);
    uint8_t *chain = arena_alloc (unit_arena (unit), CHAIN_SIZE);
    MUST (chain);
    chain_start (tenant, chain);
    head->chain = (struct bytes){ chain, CHAIN_SIZE };
    return head;
}

void
head_count (struct unit *unit, struct head *head, const char *what, const char *code, int64_t change)
{
    if (!*what || !*code || !change)
        return;
    struct total *total = NULL;
    for (size_t i = 0; i < head->n_totals && !total; i++)
        if (strcmp (head->totals[i].what, what) == 0 && strcmp (head->totals[i].code, code) == 0)
            total = &head->totals[i];
    if (!total) {
        total = unit_child_add (unit, &head_table, head, &head_children[HEAD_CHILD_TOTALS]);
        total->what = what;
        total->code = code;
    }
    total->count += change;
}

struct checkpoint *
head_checkpoint_add (struct unit *unit, struct head *head)
{
    return unit_child_add (unit, &head_table, head, &head_children[HEAD_CHILD_CHECKPOINTS]);
}
