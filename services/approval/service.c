#include "common/base/clock.h"
#include "common/base/config.h"
#include "services/approval/approval.h"
#include "services/approval/file_moves.h"
#include "services/approval/letter_moves.h"

enum {
    SEAL_BATCH = 4,  /* letters rendered by one claim: a full one takes about a second */
    SEAL_LEASE = 30, /* seconds */
    SEAL_ATTEMPTS = 8,
    BULK_BATCH = 16, /* targets of one transaction: each may be a letter with LETTER_FILES_MAX files */
    BULK_LEASE = 10, /* seconds; a transaction takes far less, and after a crash somebody waits for it */
    BULK_ATTEMPTS = 12,
};

struct approval_settings approval_settings;
struct store *approval_store;

static const struct config_row settings[] = {
    CONFIG_ROW (struct approval_settings, store, CONFIG_TEXT, "", "directory of the content store"),
    { 0 },
};

/* Lock order: files, then letters, then their numbers, which everybody shares. */
static const struct table *const tables[] = { &file_table, &dossier_table,       &letter_table, &letter_content_table,
                                              &bulk_table, &letter_number_table, NULL };
static const char *const followers[] = { "intake", "batching", "journal", NULL };

#define COMMAND(TYPE, REPLY, DECIDE, ...)                                                                              \
    {                                                                                                                  \
        .type = &padan__approval__v1__##TYPE##__descriptor, .reply = &padan__approval__v1__##REPLY##__descriptor,      \
        .decide = (DECIDE), .roles = APPROVAL_OFFICERS, __VA_ARGS__                                                    \
    }
static const struct command commands[] = {
    COMMAND (receive_file, file_reply, on_receive_file, .keys = keys_file, .gather = gather_file),
    COMMAND (return_file, file_reply, on_return_file, .keys = keys_file, .gather = gather_file),
    COMMAND (reject_file, file_reply, on_reject_file, .keys = keys_file, .gather = gather_file),
    COMMAND (draft_letter, letter_reply, on_draft_letter, .keys = on_draft_letter_keys, .gather = gather_draft),
    COMMAND (clear_letter, letter_reply, on_clear_letter, .keys = keys_letter, .gather = gather_letter_sent),
    COMMAND (sign_letter, letter_reply, on_sign_letter, .keys = keys_sign, .gather = gather_sign),
    COMMAND (deliver_letter, letter_reply, on_deliver_letter, .keys = keys_letter, .gather = gather_letter_sent),
    COMMAND (return_letter, letter_reply, on_return_letter, .keys = keys_letter, .gather = gather_letter),
    COMMAND (void_letter, letter_reply, on_void_letter, .keys = keys_letter, .gather = gather_letter),
    COMMAND (act_on_many, bulk_reply, on_act_on_many, .keys = on_act_on_many_keys, .lane = LANE_BULK),
    { 0 },
};

static const struct entry intake_entries[] = {
    { .type = &padan__intake__v1__application_sent__descriptor,
      .decide = on_application_sent,
      .keys = on_application_sent_keys,
      .gather = gather_sent },
    { 0 },
};
static const struct follow follows[] = {
    { .log = "intake", .entries = intake_entries },
    { 0 },
};

static const struct due_kind due_kinds[] = {
    { .name = "seal",
      .payload = &padan__approval__v1__seal_due__descriptor,
      .result = &padan__approval__v1__seal_done__descriptor,
      .work = on_seal_work,
      .decide = on_letter_sealed,
      .keys = on_letter_sealed_keys,
      .batch = SEAL_BATCH,
      .lease_seconds = SEAL_LEASE,
      .attempts = SEAL_ATTEMPTS },
    { .name = "bulk",
      .payload = &padan__approval__v1__bulk_due__descriptor,
      .decide = on_bulk_target,
      .keys = on_bulk_target_keys,
      .gather = on_bulk_target_gather,
      .batch = BULK_BATCH,
      .lease_seconds = BULK_LEASE,
      .attempts = BULK_ATTEMPTS },
    { 0 },
};

#define QUERY(TYPE, REPLY, ANSWER, ...)                                                                                \
    {                                                                                                                  \
        .type = &padan__approval__v1__##TYPE##__descriptor, .reply = &padan__approval__v1__##REPLY##__descriptor,      \
        .answer = (ANSWER), __VA_ARGS__                                                                                \
    }
static const struct query_handler queries[] = {
    QUERY (list_inbox, inbox, query_list_inbox, .roles = APPROVAL_OFFICERS),
    QUERY (get_file, file_view, query_get_file, .roles = APPROVAL_READERS),
    QUERY (get_letter, letter_view, query_get_letter, .roles = APPROVAL_READERS),
    QUERY (get_letter_preview, letter_preview, query_get_letter_preview, .roles = APPROVAL_OFFICERS),
    QUERY (list_letters, letters, query_list_letters, .roles = APPROVAL_READERS),
    QUERY (list_bulk_results, bulk_results, query_list_bulk_results, .roles = APPROVAL_OFFICERS),
    { 0 },
};

static enum rc
start (struct gather *gather, struct err *err)
{
    return store_open (approval_settings.store, clock_now (), &approval_store, err);
}

const struct service approval_service = {
    .name = "approval",
    .tables = tables,
    .followers = followers,
    .commands = commands,
    .follows = follows,
    .due_kinds = due_kinds,
    .queries = queries,
    .moves = (const struct moves *const[]){ &file_moves, &letter_moves, NULL },
    .migrations = "services/approval/migrations",
    .config = settings,
    .settings = &approval_settings,
    .start = start,
};
