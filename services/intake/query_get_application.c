/* GetApplication: one application with its members, papers, verdicts and what is missing. Whole NIK and KK only for
 * those who work on it, and that they were shown is logged; others see masks. */
#include "common/base/log.h"
#include "common/domain/nik.h"
#include "intake_sql.h"
#include "services/intake/application_moves.h"
#include "services/intake/intake.h"

enum { VIEW_CALLS = 3 };

static enum rc
rows_take (struct db_call *calls, struct arena *arena, struct application **ret, struct err *err)
{
    void *rows;
    size_t n;
    const struct table *table = &application_table;
    enum rc rc = db_rows (calls[0].result, table->columns, table->n_columns, table->row_size, arena, &rows, &n, err);
    if (rc != RC_OK || !n) {
        *ret = NULL;
        return rc;
    }
    struct application *application = *ret = rows;
    for (size_t i = 0; rc == RC_OK && i < table->n_children; i++) {
        const struct child_table *child = &table->children[i];
        rc = db_rows (calls[1 + i].result, child->columns, child->n_columns, child->row_size, arena,
                      (void **)((char *)application + child->rows_offset),
                      (size_t *)((char *)application + child->count_offset), err);
    }
    return rc;
}

static enum rc
application_read (struct query *query, const struct message *message, struct application **ret, struct err *err)
{
    struct db_call calls[VIEW_CALLS] = {
        { .sql = &sql_application_view },
        { .sql = &sql_member_view },
        { .sql = &sql_paper_view },
    };
    for (size_t i = 0; i < VIEW_CALLS; i++) {
        calls[i].params = db_params (query_arena (query));
        db_param_int8 (calls[i].params, message->tenant);
        db_param_uuid (calls[i].params, message->subject);
    }
    enum rc rc = query_run (query, calls, VIEW_CALLS, err);
    if (rc != RC_OK)
        return rc;
    rc = rows_take (calls, query_arena (query), ret, err);
    db_calls_clear (calls, VIEW_CALLS);
    return rc;
}

static char *
masked (char *number, struct arena *arena)
{
    struct nik nik = nik_parse (number);
    char *text = arena_alloc (arena, NIK_TEXT);
    MUST (text);
    if (*number) /* what is stored was read once: a number that no longer reads is hidden whole */
        nik.number ? nik_mask (nik.number, text) : memset (text, '*', NIK_TEXT - 1);
    return text;
}

static void
dossier_mask (Padan__Common__V1__Dossier *dossier, struct arena *arena)
{
    dossier->kk = masked (dossier->kk, arena);
    for (size_t i = 0; i < dossier->n_members; i++) {
        dossier->members[i]->nik = masked (dossier->members[i]->nik, arena);
        dossier->members[i]->mother_nik = masked (dossier->members[i]->mother_nik, arena);
    }
}

enum rc
query_get_application (struct query *query, const struct message *message, const ProtobufCMessage **ret_reply,
                       struct err *err)
{
    struct arena *arena = query_arena (query);
    struct application *application;
    enum rc rc = application_read (query, message, &application, err);
    if (rc != RC_OK)
        return rc;
    if (!application || !message_allowed (message, INTAKE_READERS, application->village))
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such application");
    Padan__Intake__V1__ApplicationView *view = arena_alloc (arena, sizeof *view);
    MUST (view);
    padan__intake__v1__application_view__init (view);
    view->dossier = application_dossier (application, true, arena);
    view->state = (char *)application->state;
    view->version = application->version;
    view->missing = missing_list (application->missing, arena, &view->n_missing);
    view->verdicts = application_verdicts (application, arena, &view->n_verdicts);
    view->held_by = (char *)(strcmp (application->held_by, "intake") == 0 ? "" : application->held_by);
    view->returned_reason = (char *)application->returned_reason;
    view->act = (char *)application->act;
    view->role = (char *)application->role;
    view->since_at = application->since;
    view->due_at = application->due_at;
    if (!message_allowed (message, INTAKE_SEES_NIK, application->village)) {
        dossier_mask (view->dossier, arena);
    } else {
        struct uuid person = { 0 };
        uuid_from (message->principal->person_id, &person);
        log_event (LOG_INFO, "nik.shown", LOG_UUID ("person", person), LOG_UUID ("application", application->id),
                   LOG_INT ("tenant", application->tenant));
    }
    *ret_reply = &view->base;
    return RC_OK;
}
