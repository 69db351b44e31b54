/* The tables of batching, apart from main.c so that tests see them. */
#include "approval.pb-c.h"
#include "common/base/clock.h"
#include "common/base/config.h"
#include "services/batching/batch_store.h"
#include "services/batching/claim_store.h"
#include "services/batching/import_store.h"
#include "services/batching/waiting_store.h"

#define TYPE(NAME) &padan__batching__v1__##NAME##__descriptor

static const struct table *const tables[] = { &batch_table,   &import_table,    &waiting_table,        &claim_table,
                                              &counter_table, &reply_row_table, &import_problem_table, NULL };

static const struct command commands[] = {
    { TYPE (close_batch), TYPE (batch_reply), on_close_batch, BATCHING_CLOSERS, .gather = on_close_batch_gather },
    { TYPE (mark_sent), TYPE (batch_reply), on_mark_sent, BATCHING_SENDERS, .gather = on_mark_sent_gather },
    { TYPE (reconcile), TYPE (batch_reply), on_reconcile, BATCHING_RECONCILERS, .gather = on_reconcile_gather },
    { TYPE (start_replies), TYPE (import_reply), on_start_replies, BATCHING_IMPORTERS, .keys = on_start_replies_keys,
      .gather = on_start_replies_gather },
    { 0 },
};

static const struct entry approval_entries[] = {
    { &padan__approval__v1__application_approved__descriptor, on_application_approved, on_application_approved_keys,
      on_application_approved_gather },
    { 0 },
};
static const struct follow follows[] = { { .log = "approval", .entries = approval_entries }, { 0 } };

static const struct due_kind due_kinds[] = {
    { .name = "close",
      .payload = TYPE (close_due),
      .decide = on_close,
      .keys = on_close_keys,
      .lease_seconds = LEASE,
      .attempts = CLOSE_ATTEMPTS },
    { .name = "collect",
      .payload = TYPE (collect_due),
      .result = TYPE (collect_result),
      .work = on_collect_work,
      .decide = on_collect,
      .keys = on_collect_keys,
      .batch = 1,
      .lease_seconds = LEASE,
      .attempts = CLOSE_ATTEMPTS },
    { .name = "write",
      .payload = TYPE (write_due),
      .result = TYPE (write_result),
      .work = on_write_work,
      .decide = on_write,
      .keys = batch_keys,
      .batch = 1,
      .lease_seconds = WRITE_LEASE,
      .attempts = CLOSE_ATTEMPTS },
    { .name = "forward",
      .payload = TYPE (forward_due),
      .result = TYPE (forward_result),
      .work = on_forward_work,
      .decide = on_forward,
      .keys = on_forward_keys,
      .batch = 1,
      .lease_seconds = LEASE,
      .attempts = CLOSE_ATTEMPTS },
    { .name = "replies",
      .payload = TYPE (replies_due),
      .result = TYPE (replies_result),
      .work = on_replies_work,
      .decide = on_replies,
      .keys = on_replies_keys,
      .batch = 1,
      .lease_seconds = LEASE,
      .attempts = CLOSE_ATTEMPTS },
    { 0 },
};

static const struct query_handler queries[] = {
    { TYPE (list_batches), TYPE (batches), query_list_batches, BATCHING_READERS },
    { TYPE (get_batch), TYPE (batch_view), query_get_batch, BATCHING_READERS },
    { TYPE (list_waiting), TYPE (waiting), query_list_waiting, BATCHING_READERS },
    { TYPE (get_import), &padan__common__v1__import_progress__descriptor, query_get_import, BATCHING_READERS },
    { TYPE (list_import_problems), TYPE (import_problems), query_list_import_problems, BATCHING_READERS },
    { 0 },
};

struct batching_settings batching_settings = { .closing_chunk = 200, .replies_chunk = 200 };
struct store *batching_store;

static const struct config_row rows[] = {
    CONFIG_ROW (struct batching_settings, store, CONFIG_TEXT, "", "directory of the content store"),
    CONFIG_ROW (struct batching_settings, closing_chunk, CONFIG_INT, "200",
                "applications that go into a batch in one transaction", .min = 1, .max = CHUNK_MAX),
    CONFIG_ROW (struct batching_settings, replies_chunk, CONFIG_INT, "200",
                "lines of a reply decided in one transaction", .min = 1, .max = CHUNK_MAX),
    { 0 },
};

static enum rc
start (struct gather *gather, struct err *err)
{
    if (!*batching_settings.store)
        return err_set (err, RC_INVALID, "store: the directory of the content store must be given");
    return store_open (batching_settings.store, clock_now (), &batching_store, err);
}

const struct service batching_service = {
    .name = "batching",
    .tables = tables,
    .followers = (const char *const[]){ "intake", "validation", "distribution", "journal", NULL },
    .commands = commands,
    .follows = follows,
    .due_kinds = due_kinds,
    .queries = queries,
    .moves = (const struct moves *const[]){ &batch_moves, &person_moves, NULL },
    .migrations = "services/batching/migrations",
    .config = rows,
    .settings = &batching_settings,
    .start = start,
};
