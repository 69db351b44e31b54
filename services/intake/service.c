/* intake as a table. */
#include "approval.pb-c.h"
#include "batching.pb-c.h"
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/config.h"
#include "services/intake/application_moves.h"
#include "services/intake/claim_store.h"
#include "services/intake/import_store.h"
#include "services/intake/intake.h"
#include "services/intake/profile_store.h"
#include "validation.pb-c.h"

struct intake_settings intake_settings;
struct store *intake_store;

/* In lock order. */
static const struct table *const tables[] = {
    &application_table, &claim_table,      &claim_anywhere_table, &profile_table,        &current_profile_table,
    &import_table,      &import_row_table, &import_later_table,   &import_problem_table, NULL,
};

#define INTAKE(TYPE) &padan__intake__v1__##TYPE##__descriptor
static const struct command commands[] = {
    { .type = INTAKE (enter_application),
      .reply = INTAKE (application_reply),
      .decide = on_enter_application,
      .roles = INTAKE_OFFICERS,
      .keys = on_enter_application_keys,
      .gather = gather_current_profile },
    { .type = INTAKE (correct_application),
      .reply = INTAKE (application_reply),
      .decide = on_correct_application,
      .roles = INTAKE_OFFICERS,
      .keys = on_correct_application_keys,
      .gather = gather_application },
    { .type = INTAKE (attach_paper),
      .reply = INTAKE (application_reply),
      .decide = on_attach_paper,
      .roles = INTAKE_OFFICERS,
      .gather = gather_paper },
    { .type = INTAKE (send_application),
      .reply = INTAKE (application_reply),
      .decide = on_send_application,
      .roles = INTAKE_OFFICERS,
      .keys = keys_application,
      .gather = gather_application },
    { .type = INTAKE (withdraw_application),
      .reply = INTAKE (application_reply),
      .decide = on_withdraw_application,
      .roles = INTAKE_OFFICERS,
      .keys = keys_application,
      .gather = gather_application },
    { .type = INTAKE (start_import),
      .reply = INTAKE (import_reply),
      .decide = on_start_import,
      .roles = INTAKE_IMPORTERS,
      .keys = on_start_import_keys,
      .gather = gather_import,
      .lane = LANE_BULK },
    { .type = INTAKE (publish_profile),
      .reply = INTAKE (profile_reply),
      .decide = on_publish_profile,
      .roles = INTAKE_PUBLISHERS,
      .services = SERVICES ("padan"),
      .keys = on_publish_profile_keys,
      .gather = on_publish_profile_gather },
    { 0 },
};

static const struct entry validation_entries[] = {
    { &padan__validation__v1__judged__descriptor, on_judged, NULL, gather_application },
    { 0 },
};
static const struct entry approval_entries[] = {
    { &padan__approval__v1__application_returned__descriptor, on_application_returned, NULL, gather_application },
    { &padan__approval__v1__application_rejected__descriptor, on_application_rejected, keys_application,
      gather_application },
    { &padan__approval__v1__application_approved__descriptor, on_application_approved, NULL, NULL },
    { 0 },
};
static const struct entry batching_entries[] = {
    { &padan__batching__v1__application_finished__descriptor, on_application_finished, keys_application,
      gather_application },
    { 0 },
};
static const struct follow follows[] = {
    { .log = "validation", .entries = validation_entries },
    { .log = "approval", .entries = approval_entries },
    { .log = "batching", .entries = batching_entries },
    { 0 },
};

enum {
    IMPORT_LEASE = 5,     /* seconds; a chunk takes a tenth of one, and a crash is waited for so long */
    IMPORT_ATTEMPTS = 30, /* hours of a database or store gone, then a person looks */
};
static const struct due_kind due_kinds[] = {
    { .name = "import",
      .payload = INTAKE (import_step),
      .result = INTAKE (import_chunk),
      .work = on_import_work,
      .decide = on_import_chunk,
      .keys = on_import_chunk_keys,
      .gather = gather_import_profile,
      .batch = 1, /* a chunk is a transaction's worth */
      .lease_seconds = IMPORT_LEASE,
      .attempts = IMPORT_ATTEMPTS },
    { 0 },
};

static const struct query_handler queries[] = {
    { .type = INTAKE (get_application),
      .reply = INTAKE (application_view),
      .answer = query_get_application,
      .roles = INTAKE_READERS },
    { .type = INTAKE (list_applications),
      .reply = INTAKE (applications),
      .answer = query_list_applications,
      .roles = INTAKE_READERS },
    { .type = INTAKE (get_import),
      .reply = &padan__common__v1__import_progress__descriptor,
      .answer = query_get_import,
      .roles = INTAKE_IMPORTERS | 1 << PADAN__ROLE__ROLE_AUDITOR },
    { .type = INTAKE (list_import_problems),
      .reply = INTAKE (import_problems),
      .answer = query_list_import_problems,
      .roles = INTAKE_IMPORTERS | 1 << PADAN__ROLE__ROLE_AUDITOR },
    { .type = INTAKE (get_profile),
      .reply = INTAKE (profile),
      .answer = query_get_profile,
      .roles = INTAKE_READERS,
      .services = SERVICES ("validation", "approval", "batching", "distribution") },
    { 0 },
};

static const struct config_row config[] = {
    CONFIG_ROW (struct intake_settings, store, CONFIG_TEXT, "", "directory of the content store"),
    CONFIG_ROW (struct intake_settings, claim_key, CONFIG_SECRET, "",
                "file with the secret of claims across tenants; without it there are none"),
    { 0 },
};

static enum rc
start (struct gather *gather, struct err *err)
{
    profiles_fetch_by (profiles_from_table);
    claim_key_set (intake_settings.claim_key);
    if (!intake_settings.claim_key)
        log_event (LOG_WARNING, "claims.no_key", LOG_STR ("means", "a person may be in two tenants' applications"));
    if (!*intake_settings.store)
        return err_set (err, RC_INVALID, "store: the directory of the content store must be given");
    return store_open (intake_settings.store, clock_now (), &intake_store, err);
}

const struct service intake_service = {
    .name = "intake",
    .followers = (const char *const[]){ "validation", "approval", "journal", NULL },
    .tables = tables,
    .commands = commands,
    .follows = follows,
    .due_kinds = due_kinds,
    .queries = queries,
    .moves = (const struct moves *const[]){ &application_moves, NULL },
    .migrations = "services/intake/migrations",
    .config = config,
    .settings = &intake_settings,
    .start = start,
};
