#include "tests/toy/mirror/mirror.h"
#include "mirror_sql.h"

static const struct db_column copy_columns[] = {
    DB_COLUMN (DB_INT8, copy, tenant),  DB_COLUMN (DB_UUID, copy, id),          DB_COLUMN (DB_INT8, copy, balance),
    DB_COLUMN (DB_INT8, copy, version), DB_COLUMN (DB_INT8, copy, events),      DB_COLUMN (DB_INT8, copy, trail),
    DB_COLUMN (DB_INT8, copy, mended),  DB_COLUMN (DB_INT8, copy, log_version),
};
const struct table copy_table = {
    .name = "copy",
    .row_size = sizeof (struct copy),
    .columns = copy_columns,
    .n_columns = sizeof copy_columns / sizeof *copy_columns,
    .load = &sql_copy_load,
    .insert = &sql_copy_insert,
    .update = &sql_copy_update,
};

int64_t
copy_trail (int64_t trail, int64_t version)
{
    return (int64_t)((uint64_t)trail * 1099511628211u ^ (uint64_t)version);
}

struct copy *
copy_edit (struct unit *unit, int64_t tenant, struct uuid id)
{
    return unit_peek (unit, &copy_table, tenant, id) ? unit_edit (unit, &copy_table, tenant, id)
                                                     : unit_create (unit, &copy_table, tenant, id);
}

void
copy_apply (struct unit *unit, const struct message *message, int64_t change)
{
    struct copy *copy = copy_edit (unit, message->tenant, message->subject);
    copy->balance += change;
    copy->version = message->version;
    copy->events++;
    copy->trail = copy_trail (copy->trail, message->version);
    Toy__CheckRequest request = TOY__CHECK_REQUEST__INIT;
    request.balance = copy->balance;
    unit_due (unit, &(struct due){
                        .kind = "check",
                        .tenant = copy->tenant,
                        .subject = copy->id,
                        .input_version = copy->version,
                        .payload = &request,
                    });
}

enum rc
copy_passes (struct unit *unit, const struct message *message, bool faulty, struct err *err)
{
    const struct copy *copy = unit_peek (unit, &copy_table, message->tenant, message->subject);
    if (faulty && (!copy || copy->mended < message->version))
        return err_code (err, RC_CONFLICT, "mirror.faulty", "", "the event is faulty and not mended");
    return RC_OK;
}

void
copy_emit (struct unit *unit, struct copy *copy, const void *event)
{
    copy->log_version++;
    unit_emit (unit, copy->tenant, copy->id, copy->log_version, event);
}
