#include "tests/toy/mirror/mirror.h"

enum {
    OFFICERS = 1 << PADAN__ROLE__ROLE_OPERATOR,
    WORK_BATCH = 100,
    WORK_LEASE = 5,    /* seconds; a check takes none */
    WORK_ATTEMPTS = 5, /* then a person looks */
};

static const struct table *const tables[] = { &copy_table, NULL };

static const struct command commands[] = {
    { .type = &toy__mend__descriptor, .decide = on_mend, .roles = OFFICERS, .services = SERVICES ("tester") },
    { 0 },
};

/* AccountAudited is passed over. */
static const struct entry till_entries[] = {
    { .type = &toy__account_opened__descriptor, .decide = on_account_opened },
    { .type = &toy__balance_changed__descriptor, .decide = on_balance_changed, .keys = on_balance_changed_keys },
    { .type = &toy__account_closed__descriptor, .decide = on_account_closed },
    { .type = &toy__statement_issued__descriptor, .decide = on_statement_issued },
    { 0 },
};
static const struct follow follows[] = {
    { .log = "till", .entries = till_entries },
    { 0 },
};

static const struct due_kind due_kinds[] = {
    { .name = "check",
      .payload = &toy__check_request__descriptor,
      .result = &toy__check_result__descriptor,
      .work = on_check_work,
      .decide = on_check,
      .batch = WORK_BATCH,
      .lease_seconds = WORK_LEASE,
      .attempts = WORK_ATTEMPTS },
    { 0 },
};

const struct service mirror_service = {
    .name = "mirror",
    .tables = tables,
    .commands = commands,
    .follows = follows,
    .due_kinds = due_kinds,
    .migrations = "tests/toy/mirror/migrations",
};
