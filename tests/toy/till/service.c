#include "tests/toy/till/till.h"

enum {
    OFFICERS = 1 << PADAN__ROLE__ROLE_OPERATOR,
    WORK_BATCH = 100,
    WORK_LEASE = 5,    /* seconds; an audit takes none */
    WORK_ATTEMPTS = 5, /* then a person looks */
};

static const struct table *const tables[] = { &account_table, NULL };

#define COMMAND(TYPE, FUNCTION, ...)                                                                                   \
    {                                                                                                                  \
        .type = &toy__##TYPE##__descriptor, .reply = &toy__account_state__descriptor, .decide = (FUNCTION),            \
        .roles = OFFICERS, .services = SERVICES ("tester"), __VA_ARGS__                                                \
    }
static const struct command commands[] = {
    COMMAND (open_account, on_open_account, .keys = open_account_keys, .lane = LANE_PERSON),
    COMMAND (deposit, on_deposit, .lane = LANE_PERSON),
    COMMAND (withdraw, on_withdraw, .lane = LANE_PERSON),
    COMMAND (transfer, on_transfer, .lane = LANE_BULK, .keys = on_transfer_keys),
    COMMAND (close_account, on_close_account, .lane = LANE_PERSON),
    { 0 },
};

static const struct due_kind due_kinds[] = {
    { .name = "audit",
      .payload = &toy__audit_request__descriptor,
      .result = &toy__audit_result__descriptor,
      .work = on_audit_work,
      .decide = on_audit,
      .batch = WORK_BATCH,
      .lease_seconds = WORK_LEASE,
      .attempts = WORK_ATTEMPTS },
    { .name = "statement",
      .payload = &toy__statement_due__descriptor,
      .decide = on_statement,
      .batch = WORK_BATCH,
      .lease_seconds = WORK_LEASE,
      .attempts = WORK_ATTEMPTS },
    { 0 },
};

const struct service till_service = {
    .name = "till",
    .tables = tables,
    .commands = commands,
    .due_kinds = due_kinds,
    .followers = (const char *const[]){ "mirror", "tally", NULL },
    .migrations = "tests/toy/till/migrations",
};
