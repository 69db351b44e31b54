/* Due "load": one chunk of a registry's file into the snapshot that its import makes; when every file is in it, the
 * snapshot becomes current in one transaction: RegistrySwitched, ImportFinished, and those who were
 * judged by the one before are put up for a new check (due "stale"). Killed at any point, it goes on with the chunk
 * after the last committed one. Touches the import, and at the end its registry. */
#include <string.h>

#include "services/validation/load_read.h"
#include "services/validation/validation.h"
#include "validation_sql.h"

typedef Padan__Validation__V1__LoadResult result_t;

static const char SAME[] = "same", SWITCH[] = "switch"; /* steps that read no file */

void
load_later (struct unit *unit, const struct import *row)
{
    Padan__Validation__V1__LoadDue payload = PADAN__VALIDATION__V1__LOAD_DUE__INIT;
    payload.registry = (char *)row->registry;
    unit_due (unit, &(struct due){
                        .kind = "load",
                        .tenant = row->tenant,
                        .subject = row->id,
                        .input_version = row->chunk,
                        .payload = &payload,
                    });
}

/* ---------------------------------------------------------------- work */

static enum rc
import_read (struct gather *gather, const struct due_item *item, struct import **ret, struct err *err)
{
    struct arena *arena = gather_arena (gather);
    struct db_call call = { .sql = &sql_import_get, .params = db_params (arena) };
    db_param_int8 (call.params, item->tenant);
    db_param_uuid (call.params, item->subject);
    void *rows;
    size_t n;
    enum rc rc = gather_read (gather, item->tenant, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    rc = db_rows (call.result, import_columns, IMPORT_COLUMNS, sizeof (struct import), arena, &rows, &n, err);
    db_calls_clear (&call, 1);
    if (rc == RC_OK && n == 0)
        return err_set (err, RC_CORRUPT, "a load without its import");
    *ret = rows;
    return rc;
}

static result_t *
result_of (struct gather *gather, const struct import *row, const char *file)
{
    result_t *result = arena_alloc (gather_arena (gather), sizeof *result);
    MUST (result);
    padan__validation__v1__load_result__init (result);
    result->file = (char *)file;
    result->registry = (char *)row->registry;
    return result;
}

/* Before the first chunk: are these files current already? *ret_result stays NULL when not. */
static enum rc
same_find (struct gather *gather, const struct import *row, result_t **ret_result, struct err *err)
{
    struct arena *arena = gather_arena (gather);
    struct db_call call = { .sql = &sql_import_same, .params = db_params (arena) };
    db_param_int8 (call.params, row->tenant);
    db_param_uuid (call.params, row->id);
    enum rc rc = gather_read (gather, row->tenant, &call, 1, err);
    if (rc == RC_OK && db_count (call.result)) {
        struct uuid *id = arena_alloc (arena, sizeof *id);
        MUST (id);
        *id = db_uuid (call.result, 0, 0);
        *ret_result = result_of (gather, row, SAME);
        (*ret_result)->same_id = uuid_field (id);
        (*ret_result)->counted = db_int8 (call.result, 0, 1);
        (*ret_result)->rows = db_int8 (call.result, 0, 2);
        (*ret_result)->refused = db_int8 (call.result, 0, 3);
    }
    db_calls_clear (&call, 1);
    return rc;
}

static enum rc
step_work (struct gather *gather, const struct import *row, result_t **ret_result, struct err *err)
{
    if (strcmp (row->step, SWITCH) == 0) {
        *ret_result = result_of (gather, row, SWITCH);
        return RC_OK;
    }
    enum rc rc = row->chunk == LOAD_FIRST ? same_find (gather, row, ret_result, err) : RC_OK;
    if (rc != RC_OK || *ret_result)
        return rc;
    return load_read (store, row, gather_arena (gather), ret_result, err);
}

void
load_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct due_item *item = &items[i];
        struct import *row = NULL;
        result_t *result = NULL;
        if (item->rc == RC_OK)
            item->rc = import_read (gather, item, &row, &item->err);
        if (item->rc != RC_OK || !row || row->chunk != item->input_version || row->finished_at)
            continue; /* without a result: this chunk is in already */
        item->rc = step_work (gather, row, &result, &item->err);
        if (item->rc == RC_OK)
            item->result = &result->base;
    }
}

/* ---------------------------------------------------------------- decide */

enum rc
load_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const result_t *result = (const void *)message->data;
    if (strcmp (result->file, SWITCH) == 0 || strcmp (result->file, SAME) == 0)
        keys_add (keys, &registry_table, message->tenant, registry_id (result->registry));
    keys_add (keys, &import_table, message->tenant, message->subject);
    return RC_OK;
}

static void
rows_add (struct unit *unit, struct import *row, const result_t *result)
{
    struct snapshot_row *added = arena_array (unit_arena (unit), result->n_nik + 1, sizeof *added);
    MUST (added);
    bool member = strcmp (result->file, "member") == 0;
    for (size_t i = 0; i < result->n_nik; i++)
        added[i] = (struct snapshot_row){
            .tenant = row->tenant,
            .import_id = row->id,
            .ordinal = (int32_t)i,
            .file = row->step,
            .version = row->snapshot,
            .nik = result->nik[i],
            .kk = result->kk[i],
            .decile = result->decile[i],
            .card = member ? result->card[i] : "",
            .segment = member ? result->segment[i] : "",
            .payer = member ? result->payer[i] : "",
            .status = member ? result->status[i] : "",
        };
    row->added = added;
    row->n_added = result->n_nik;
}

static void
problems_add (struct unit *unit, struct import *row, const result_t *result)
{
    struct import_problem *found = arena_array (unit_arena (unit), result->n_problems + 1, sizeof *found);
    MUST (found);
    for (size_t i = 0; i < result->n_problems; i++)
        found[i] = (struct import_problem){
            .tenant = row->tenant,
            .import_id = row->id,
            .ordinal = row->problems++,
            .line = result->problems[i]->line,
            .field = result->problems[i]->column,
            .code = result->problems[i]->code,
            .detail = result->problems[i]->detail,
            .warning = result->problems[i]->warning,
        };
    row->found = found;
    row->n_found = result->n_problems;
}

static void
import_finish (struct unit *unit, struct import *row, const char *state)
{
    row->state = state;
    row->finished_at = unit_now (unit);
    Padan__Common__V1__ImportProgress progress;
    import_progress (row, &progress);
    Padan__Validation__V1__ImportFinished event = PADAN__VALIDATION__V1__IMPORT_FINISHED__INIT;
    event.progress = &progress;
    unit_emit (unit, row->tenant, row->id, 2, &event);
}

/* A newer load may have finished first: then this one is history before it was ever current. */
static void
registry_switch (struct unit *unit, struct import *row)
{
    struct registry *registry = unit_edit (unit, &registry_table, row->tenant, registry_id (row->registry));
    if (registry->current_version > row->snapshot) {
        import_finish (unit, row, "superseded");
        drop_later (unit, row, row->snapshot);
        return;
    }
    if (registry->current_version)
        drop_later (unit, row, registry->current_version);
    registry->current_version = row->snapshot;
    registry->period = row->period;
    registry->rows = row->kept;
    registry->switched_at = unit_now (unit);
    Padan__Validation__V1__RegistrySwitched event = PADAN__VALIDATION__V1__REGISTRY_SWITCHED__INIT;
    event.registry = (char *)row->registry;
    event.version = row->snapshot;
    event.period = (char *)row->period;
    event.rows = row->kept;
    unit_emit (unit, row->tenant, row->id, 1, &event);
    import_finish (unit, row, "done");
    stale_later (unit, row->tenant, row->registry, row->snapshot, (struct uuid){ 0 });
}

/* Nothing is read, switched or checked again: what the first load of these files said holds for this one. */
static enum rc
same_finish (struct unit *unit, const struct message *message, const result_t *result, struct err *err)
{
    const struct registry *registry =
        unit_peek (unit, &registry_table, message->tenant, registry_id (result->registry));
    if (!registry || registry->current_version != result->counted)
        return err_set (err, RC_RETRY, "the registry was switched meanwhile");
    struct import *row = unit_edit (unit, &import_table, message->tenant, message->subject);
    uuid_from (result->same_id, &row->same_as);
    row->rows = result->rows;
    row->refused = result->refused;
    row->bytes_done = row->file_size + row->family_size;
    import_finish (unit, row, "done");
    return RC_OK;
}

static void
file_next (struct import *row)
{
    bool family = strcmp (row->step, "family") == 0;
    row->bytes_done += family ? row->family_size : row->file_size;
    row->step = family ? "person" : SWITCH;
    row->usable = 0;
    row->layout = "";
    row->next_offset = row->next_line = row->next_row = 0;
}

enum rc
load_decide (struct unit *unit, const struct message *message, struct err *err)
{
    const result_t *result = (const void *)message->data;
    const struct import *known = unit_peek (unit, &import_table, message->tenant, message->subject);
    if (!known || known->chunk != message->version || known->finished_at)
        return RC_OK;
    if (strcmp (result->file, SAME) == 0)
        return same_finish (unit, message, result, err);
    struct import *row = unit_edit (unit, &import_table, message->tenant, message->subject);
    if (strcmp (result->file, SWITCH) == 0) {
        registry_switch (unit, row);
        return RC_OK;
    }
    row->state = "running";
    row->rows += result->rows;
    row->refused += result->refused;
    problems_add (unit, row, result);
    if (result->failure[0]) {
        row->failure = arena_string (unit_arena (unit), result->failure);
        row->kept = 0;
        import_finish (unit, row, "failed");
        drop_later (unit, row, row->snapshot);
        return RC_OK;
    }
    rows_add (unit, row, result);
    row->usable += (int64_t)result->n_nik;
    row->chunk++;
    row->layout = arena_string (unit_arena (unit), result->layout);
    row->next_offset = result->next_offset;
    row->next_line = result->next_line;
    row->next_row = result->next_row;
    if (result->file_end)
        file_next (row);
    load_later (unit, row);
    return RC_OK;
}
