#include "services/approval/letter_read.h"

#include "approval_sql.h"

static struct db_params *
params_new (struct arena *arena, int64_t tenant, struct uuid id)
{
    struct db_params *params = db_params (arena);
    db_param_int8 (params, tenant);
    db_param_uuid (params, id);
    return params;
}

enum rc
letter_read (struct gather *gather, int64_t tenant, struct uuid letter_id, const struct office_letter **ret_letter,
             struct err *err)
{
    struct arena *arena = gather_arena (gather);
    const struct child_table *acts = &letter_table.children[1];
    struct db_call calls[] = {
        { .sql = &sql_letter_get, .params = params_new (arena, tenant, letter_id) },
        { .sql = &sql_letter_acts, .params = params_new (arena, tenant, letter_id) },
    };
    void *rows, *act_rows;
    size_t n, n_acts;
    enum rc rc = gather_read (gather, tenant, calls, 2, err);
    if (rc != RC_OK)
        return rc;
    rc = db_rows (calls[0].result, letter_table.columns, letter_table.n_columns, letter_table.row_size, arena, &rows,
                  &n, err);
    if (rc == RC_OK)
        rc = db_rows (calls[1].result, acts->columns, acts->n_columns, acts->row_size, arena, &act_rows, &n_acts, err);
    db_calls_clear (calls, 2);
    if (rc != RC_OK)
        return rc;
    if (!n)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such letter");
    struct office_letter *letter = rows;
    letter->acts = act_rows;
    letter->n_acts = n_acts;
    *ret_letter = letter;
    return RC_OK;
}
