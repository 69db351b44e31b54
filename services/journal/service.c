/* journal as a table. */
#include "common/base/config.h"
#include "services/journal/journal.h"

/* In lock order: heads last, so that the one hot row of a tenant is held shortest. */
static const struct table *const tables[] = { &story_table, &head_table, NULL };

static const struct command commands[] = { { 0 } };

static const struct entry any = { NULL, on_entry, on_entry_keys, on_entry_gather };
static const struct follow follows[] = {
    { .log = "accounts", .any = &any },
    { .log = "intake", .any = &any },
    { .log = "validation", .any = &any },
    { .log = "approval", .any = &any },
    { .log = "batching", .any = &any },
    { .log = "distribution", .any = &any },
    { 0 },
};

enum { CHECKPOINT_BATCH = 32, CHECKPOINT_LEASE = 60 }; /* rows: each is a read and a write to disk */

static const struct due_kind due_kinds[] = {
    { .name = "checkpoint",
      .payload = &padan__journal__v1__checkpoint_due__descriptor,
      .result = &padan__journal__v1__checkpoint__descriptor,
      .work = on_checkpoint_work,
      .decide = on_checkpoint,
      .keys = on_checkpoint_keys,
      .batch = CHECKPOINT_BATCH,
      .lease_seconds = CHECKPOINT_LEASE },
    { 0 },
};

static const struct config_row settings[] = {
    CONFIG_ROW (struct journal_settings, checkpoints, CONFIG_TEXT, "", "file that signed checkpoints are appended to"),
    { 0 },
};

#define JOURNAL(NAME) &padan__journal__v1__##NAME##__descriptor
static const struct query_handler queries[] = {
    { .type = JOURNAL (list_events),
      .reply = JOURNAL (events),
      .answer = query_list_events,
      .roles = JOURNAL_LISTENERS },
    { .type = JOURNAL (get_story), .reply = JOURNAL (story), .answer = query_get_story, .roles = JOURNAL_READERS },
    { .type = JOURNAL (search), .reply = JOURNAL (found), .answer = query_search, .roles = JOURNAL_READERS },
    { .type = JOURNAL (get_totals), .reply = JOURNAL (totals), .answer = query_get_totals, .roles = JOURNAL_LISTENERS },
    { 0 },
};

const struct service journal_service = {
    .name = "journal",
    .tables = tables,
    .commands = commands,
    .follows = follows,
    .due_kinds = due_kinds,
    .queries = queries,
    .migrations = "services/journal/migrations",
    .config = settings,
    .settings = &journal_settings,
    .start = checkpoint_start,
};
