#include "tests/toy/tally/tally.h"

#include "tally_sql.h"

static const struct db_column sum_columns[] = {
    DB_COLUMN (DB_INT8, sum, tenant),  DB_COLUMN (DB_UUID, sum, id),     DB_COLUMN (DB_INT8, sum, balance),
    DB_COLUMN (DB_INT8, sum, version), DB_COLUMN (DB_INT8, sum, events),
};
const struct table sum_table = {
    .name = "sum",
    .row_size = sizeof (struct sum),
    .columns = sum_columns,
    .n_columns = sizeof sum_columns / sizeof *sum_columns,
    .load = &sql_sum_load,
    .insert = &sql_sum_insert,
    .update = &sql_sum_update,
};

static enum rc
add (struct unit *unit, const struct message *message, int64_t change)
{
    struct sum *sum = unit_peek (unit, &sum_table, message->tenant, message->subject)
                          ? unit_edit (unit, &sum_table, message->tenant, message->subject)
                          : unit_create (unit, &sum_table, message->tenant, message->subject);
    sum->balance += change;
    sum->version = message->version;
    sum->events++;
    return RC_OK;
}

enum rc
on_tally_opened (struct unit *unit, const struct message *message, struct err *err)
{
    return add (unit, message, ((const Toy__AccountOpened *)message->data)->balance);
}

enum rc
on_tally_changed (struct unit *unit, const struct message *message, struct err *err)
{
    return add (unit, message, ((const Toy__BalanceChanged *)message->data)->change);
}

static const struct table *const tables[] = { &sum_table, NULL };
static const struct entry till_entries[] = {
    { .type = &toy__account_opened__descriptor, .decide = on_tally_opened },
    { .type = &toy__balance_changed__descriptor, .decide = on_tally_changed },
    { 0 },
};
static const struct follow follows[] = {
    { .log = "till", .entries = till_entries },
    { 0 },
};

const struct service tally_service = {
    .name = "tally",
    .tables = tables,
    .follows = follows,
    .migrations = "tests/toy/tally/migrations",
};
