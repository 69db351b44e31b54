/* The tables of validation: what it follows, does, answers. */
#include "approval.pb-c.h"
#include "batching.pb-c.h"
#include "common/base/clock.h"
#include "common/base/config.h"
#include "common/http/page.h"
#include "intake.pb-c.h"
#include "services/validation/answer_store.h"
#include "services/validation/check.h"
#include "services/validation/claim_store.h"
#include "services/validation/registry_store.h"
#include "validation_sql.h"

struct validation_settings settings;
struct dukcapil_client *dukcapil;
struct store *store;

enum {
    READERS = VALIDATION_LOADERS | 1 << PADAN__ROLE__ROLE_KELURAHAN | 1 << PADAN__ROLE__ROLE_KABID |
              1 << PADAN__ROLE__ROLE_SEKDIS | 1 << PADAN__ROLE__ROLE_KADIS | 1 << PADAN__ROLE__ROLE_AUDITOR,
    RECHECKERS = 1 << PADAN__ROLE__ROLE_KELURAHAN | 1 << PADAN__ROLE__ROLE_OPERATOR | 1 << PADAN__ROLE__ROLE_ADMIN,
    RELEASE_BATCH = 50,
};

#define SETTING(member_, type_, fallback_, help_, ...)                                                                 \
    {                                                                                                                  \
        .name = "dukcapil_" #member_, .type = (type_), .fallback = (fallback_), .help = (help_),                       \
        .offset = offsetof (struct validation_settings, dukcapil.member_), __VA_ARGS__                                 \
    }

static const struct config_row config[] = {
    CONFIG_ROW (struct validation_settings, store, CONFIG_TEXT, "", "directory of the content store"),
    SETTING (url, CONFIG_TEXT, "", "https://10.1.2.3:8000; empty: not connected, people wait"),
    SETTING (office, CONFIG_TEXT, "", "INSTANSI as agreed: 33-74/IDINSOS_3374"),
    SETTING (method, CONFIG_TEXT, "CALL_VERIFY_BY_ELEMEN", "METHOD as agreed"),
    SETTING (keys, CONFIG_TEXT, "upper", "names of fields: upper, lower, mixed (user_id and password lower)"),
    SETTING (authority, CONFIG_TEXT, "", "file of certificates that vouch for the service; empty: the system's"),
    SETTING (user, CONFIG_TEXT, "", "USER_ID"),
    SETTING (password, CONFIG_SECRET, "", "file with PASSWORD"),
    SETTING (address, CONFIG_TEXT, "", "IP_USER"),
    SETTING (timeout, CONFIG_SPAN, "15s", "longest wait for an answer", .min = 100000,
             .max = DUKCAPIL_TIMEOUT_MAX * (int64_t)CLOCK_SECOND),
    SETTING (parallel, CONFIG_INT, "5", "questions on their way at once", .min = 1, .max = DUKCAPIL_PARALLEL_MAX),
    CONFIG_ROW (struct validation_settings, dukcapil_keep, CONFIG_SPAN, "24h", "how long a positive answer holds",
                .max = 90 * 86400 * (int64_t)CLOCK_SECOND),
    { 0 },
};

static enum rc
claim_key_read (struct gather *gather, struct err *err)
{
    struct db_call call = { .sql = &sql_claim_key };
    enum rc rc = gather_read (gather, 0, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    struct bytes key = db_count (call.result) ? db_bytes (call.result, 0, 0) : (struct bytes){ NULL, 0 };
    if (key.size == CLAIM_KEY)
        claim_key_set (key.data);
    else
        rc = err_set (err, RC_CORRUPT, "no key of claims");
    db_calls_clear (&call, 1);
    return rc;
}

static enum rc
start (struct gather *gather, struct err *err)
{
    if (!settings.store[0]) /* --migrate does without */
        return err_set (err, RC_INVALID, "store must be given");
    dukcapil_metrics_register ();
    enum rc rc = store_open (settings.store, clock_now (), &store, err);
    if (rc == RC_OK)
        rc = dukcapil_client_new (&settings.dukcapil, &dukcapil, err);
    return rc == RC_OK ? claim_key_read (gather, err) : rc;
}

static void
ready (struct http_page_reasons *reasons)
{
    char why[64];
    bool refused = dukcapil_client_refused (dukcapil, why, sizeof why);
    http_page_reason (reasons, "dukcapil", !refused, refused ? why : NULL);
}

static const struct table *const tables[] = {
    &application_table, &registry_table, &registry_held_table, &import_table, &claim_table, &answer_table, NULL,
};
static const char *const followers[] = { "intake", "approval", "batching", "journal", NULL };

#define TYPE(package, name) &padan__##package##__v1__##name##__descriptor

static const struct command commands[] = {
    { .type = TYPE (validation, load_registry),
      .reply = TYPE (validation, import_reply),
      .decide = on_load_registry,
      .roles = VALIDATION_LOADERS,
      .keys = load_registry_keys,
      .services = SERVICES ("padan"),
      .lane = LANE_BULK },
    { .type = TYPE (validation, recheck),
      .reply = TYPE (validation, recheck_reply),
      .decide = on_recheck,
      .roles = RECHECKERS },
    { 0 },
};

static const struct entry from_intake[] = {
    { .type = TYPE (intake, application_entered), .decide = on_application_entered },
    { .type = TYPE (intake, application_corrected), .decide = on_application_corrected },
    { .type = TYPE (intake, application_sent), .decide = on_application_sent },
    { .type = TYPE (intake, application_withdrawn), .decide = on_ended },
    { 0 },
};
static const struct entry from_approval[] = {
    { .type = TYPE (approval, application_rejected), .decide = on_ended },
    { 0 },
};
static const struct entry from_batching[] = {
    { .type = TYPE (batching, application_finished), .decide = on_ended },
    { 0 },
};
static const struct follow follows[] = {
    { .log = "intake", .entries = from_intake },
    { .log = "approval", .entries = from_approval },
    { .log = "batching", .entries = from_batching },
    { 0 },
};

static const struct due_kind due_kinds[] = {
    { .name = "check",
      .payload = TYPE (validation, check_due),
      .result = TYPE (validation, check_result),
      .work = check_work,
      .decide = check_decide,
      .keys = check_keys,
      .batch = CHECK_BATCH,
      .lease_seconds = CHECK_LEASE,
      .attempts = WORK_ATTEMPTS },
    { .name = "load",
      .payload = TYPE (validation, load_due),
      .result = TYPE (validation, load_result),
      .work = load_work,
      .decide = load_decide,
      .keys = load_keys,
      .batch = 1,
      .lease_seconds = LOAD_LEASE,
      .attempts = WORK_ATTEMPTS },
    { .name = "stale",
      .payload = TYPE (validation, stale_due),
      .result = TYPE (validation, stale_result),
      .work = stale_work,
      .decide = stale_decide,
      .keys = stale_keys,
      .batch = 1,
      .attempts = WORK_ATTEMPTS },
    { .name = "drop",
      .payload = TYPE (validation, drop_due),
      .result = TYPE (validation, drop_result),
      .work = drop_work,
      .decide = drop_decide,
      .keys = drop_keys,
      .batch = 1,
      .attempts = WORK_ATTEMPTS },
    { .name = "release",
      .payload = TYPE (validation, release_due),
      .result = TYPE (validation, release_result),
      .work = release_work,
      .decide = release_decide,
      .keys = release_keys,
      .batch = RELEASE_BATCH,
      .attempts = WORK_ATTEMPTS },
    { .name = "freed",
      .payload = TYPE (validation, freed_due),
      .result = TYPE (validation, freed_result),
      .work = freed_work,
      .decide = freed_decide,
      .keys = freed_keys,
      .batch = RELEASE_BATCH,
      .attempts = WORK_ATTEMPTS },
    { 0 },
};

static const struct query_handler queries[] = {
    { .type = TYPE (validation, get_verdicts),
      .reply = TYPE (validation, verdicts),
      .answer = query_get_verdicts,
      .roles = READERS },
    { .type = TYPE (validation, list_registries),
      .reply = TYPE (validation, registries),
      .answer = query_list_registries,
      .roles = READERS,
      .services = SERVICES ("padan") },
    { .type = TYPE (validation, get_import),
      .reply = TYPE (common, import_progress),
      .answer = query_get_import,
      .roles = VALIDATION_LOADERS | 1 << PADAN__ROLE__ROLE_AUDITOR,
      .services = SERVICES ("padan") },
    { .type = TYPE (validation, list_import_problems),
      .reply = TYPE (validation, import_problems),
      .answer = query_list_import_problems,
      .roles = VALIDATION_LOADERS | 1 << PADAN__ROLE__ROLE_AUDITOR },
    { 0 },
};

const struct service validation_service = {
    .name = "validation",
    .tables = tables,
    .followers = followers,
    .commands = commands,
    .follows = follows,
    .due_kinds = due_kinds,
    .queries = queries,
    .migrations = "services/validation/migrations",
    .config = config,
    .settings = &settings,
    .start = start,
    .ready = ready,
};
