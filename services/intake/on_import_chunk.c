/* The result of due work "import": one chunk of rows becomes applications, in one transaction with the import's own
 * progress, so that it goes on after the last committed row whatever dies. → ApplicationEntered, ApplicationCorrected
 * (one a family), due work for the next chunk or ImportFinished. A row is known by (source, period, person): same
 * cells, nothing is touched; other cells, its member is corrected while intake holds the application; of two different
 * rows for one person in one file the first one counts, in any order of the next push. What only the whole file can
 * decide is put off until it has been read. Rows: import, import rows, rows put off, problems, applications, claims. */
#include "common/base/text.h"
#include "common/domain/csv_schema.h"
#include "common/domain/nik.h"
#include "services/intake/claim_store.h"
#include "services/intake/importing.h"
#include "services/intake/intake.h"
#include "services/intake/proposal.h"

enum { DECIDED = 1000 }; /* ordinal of a row's problem found here: those found while reading are below */

struct uuid
import_id_of (ProtobufCBinaryData data)
{
    struct uuid id = { 0 };
    uuid_from (data, &id);
    return id;
}

enum rc
gather_import_profile (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        const Padan__Intake__V1__ImportChunk *chunk = (const void *)messages[i]->data;
        const struct profile *profile;
        if (chunk->profile_sha256.len != PROFILE_HASH)
            return err_set (err, RC_CORRUPT, "an import without a profile's hash");
        enum rc rc = profiles_get (gather, messages[i]->tenant, chunk->profile_sha256.data, &profile, err);
        if (rc != RC_OK)
            return rc;
        messages[i]->facts = (void *)profile;
    }
    return RC_OK;
}

enum rc
on_import_chunk_keys (struct keys *keys, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__ImportChunk *chunk = (const void *)message->data;
    int64_t tenant = message->tenant;
    keys_add (keys, &import_table, tenant, message->subject);
    for (size_t i = 0; i < chunk->n_rows; i++) {
        const Row *row = chunk->rows[i];
        keys_add (keys, &import_row_table, tenant, import_id_of (row->row_id));
        keys_add (keys, &application_table, tenant, import_id_of (row->application_id));
        if (row->before_application_id.len)
            keys_add (keys, &application_table, tenant, import_id_of (row->before_application_id));
        if (row->kept_id.len)
            keys_add (keys, &import_row_table, tenant, import_id_of (row->kept_id));
        for (size_t j = 0; j < row->n_kin; j++) {
            keys_add (keys, &import_row_table, tenant, import_id_of (row->kin[j]->row_id));
            keys_add (keys, &application_table, tenant, import_id_of (row->kin[j]->application_id));
        }
        keys_add (keys, &import_problem_table, tenant, import_problem_id (message->subject, row->line, DECIDED));
        struct uuid later = import_later_id (message->subject, row->line);
        if (chunk->last)
            keys_add (keys, &import_later_table, tenant, later);
        else
            keys_add_new (keys, &import_later_table, tenant, later);
        claim_keys (keys, tenant, nik_parse (row->member->nik).number);
        claim_keys (keys, tenant, nik_parse (row->before_nik).number);
    }
    int64_t line = 0, ordinal = 0;
    for (size_t i = 0; i < chunk->n_problems; i++) {
        ordinal = chunk->problems[i]->line == line ? ordinal + 1 : 0;
        line = chunk->problems[i]->line;
        keys_add (keys, &import_problem_table, tenant, import_problem_id (message->subject, line, ordinal));
    }
    return RC_OK;
}

static struct import_problem *
problem_keep (struct importing *self, int64_t line, int64_t ordinal, const char *column, const char *code,
              const char *detail)
{
    struct import_problem *problem = unit_create (self->unit, &import_problem_table, self->import->tenant,
                                                  import_problem_id (self->import->id, line, ordinal));
    problem->import_id = self->import->id;
    problem->line = line;
    problem->column_name = column;
    problem->code = code;
    problem->detail = detail;
    return problem;
}

void
import_row_refuse (struct importing *self, const Row *row, const struct refusal *refusal)
{
    const char *text = proposal_text (refusal->code), *holder = proposal_holder_text (refusal->held_by);
    if (*holder)
        text = arena_printf (unit_arena (self->unit), "%s Sekarang permohonannya di %s.", text, holder);
    MUST (text);
    problem_keep (self, row->line, DECIDED, csv_usulan.columns[refusal->column].name, refusal->code, text);
    self->import->refused++;
}

void
import_row_put_off (struct importing *self, const Row *row)
{
    size_t size = padan__intake__v1__import_row__get_packed_size (row);
    uint8_t *packed = arena_alloc (unit_arena (self->unit), size);
    MUST (packed);
    padan__intake__v1__import_row__pack (row, packed);
    struct import_later *later = unit_create (self->unit, &import_later_table, self->import->tenant,
                                              import_later_id (self->import->id, row->line));
    later->import_id = self->import->id;
    later->line = row->line;
    later->packed = (struct bytes){ packed, size };
    self->import->put_off++;
}

static void
later_decided (struct importing *self, const Row *row)
{
    struct import_later *later = unit_edit (self->unit, &import_later_table, self->import->tenant,
                                            import_later_id (self->import->id, row->line));
    later->packed = (struct bytes){ NULL, 0 };
    self->import->put_off--;
}

/* A file that cannot be read on decides nothing about what it put off: that is refused with the rest of it. */
static void
import_break_off (struct import *import)
{
    import->refused += import->put_off;
    import->put_off = 0;
}

static void
import_go_on (struct importing *self, const Padan__Intake__V1__ImportChunk *chunk)
{
    struct import *import = self->import;
    import->version++;
    import->layout = chunk->layout;
    import->position = chunk->position;
    import->line = chunk->line;
    import->rows += chunk->read;
    import->refused += chunk->refused;
    if (chunk->failed)
        import_break_off (import);
    bool over = chunk->finished && !import->put_off;
    import->state = !over ? "running" : chunk->failed ? "failed" : "done";
    if (!over) {
        import_step (self->unit, import);
        return;
    }
    import->finished_at = unit_now (self->unit);
    Padan__Intake__V1__ImportFinished event = PADAN__INTAKE__V1__IMPORT_FINISHED__INIT;
    event.progress = import_progress (import, unit_arena (self->unit));
    unit_emit (self->unit, import->tenant, import->id, 1, &event);
}

enum rc
on_import_chunk (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Intake__V1__ImportChunk *chunk = (const void *)message->data;
    const struct import *known = unit_peek (unit, &import_table, message->tenant, message->subject);
    struct importing self = { .unit = unit, .profile = message->facts, .last = chunk->last };
    if (!known || !self.profile)
        return err_set (err, RC_CORRUPT, "a chunk of no import");
    if (known->version != message->version || import_is_over (known))
        return RC_OK; /* committed before by somebody else */
    self.import = unit_edit (unit, &import_table, message->tenant, message->subject);
    self.today = calendar_day (&self.profile->calendar, unit_now (unit));
    int64_t line = 0, ordinal = 0;
    for (size_t i = 0; i < chunk->n_problems; i++) {
        const Padan__Common__V1__ImportProblem *problem = chunk->problems[i];
        ordinal = problem->line == line ? ordinal + 1 : 0;
        line = problem->line;
        problem_keep (&self, line, ordinal, problem->column, problem->code, problem->detail)->warning =
            problem->warning;
    }
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < chunk->n_rows; i++) {
        rc = import_row_take (&self, chunk->rows[i], err);
        if (rc == RC_OK && self.last)
            later_decided (&self, chunk->rows[i]);
    }
    if (rc != RC_OK)
        return rc;
    families_tell (&self);
    import_go_on (&self, chunk);
    return RC_OK;
}
