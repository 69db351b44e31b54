/* padan audit verify: computes every tenant's chain of history again, as the auditor, from the tables alone, and names
 * the first row that does not follow from those before it; then holds what lies beside the chain against the logs, and
 * all of it against what was signed. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli_sql.h"
#include "common/base/text.h"
#include "services/cli/audit.h"
#include "services/cli/cli.h"
#include "services/cli/verify.h"
#include "services/journal/event.h"

#define NAME "audit verify"

enum { ARENA_BYTES = 64 << 20, PAGE = 2000, TENANTS_MAX = 4096 };

/* One tenant's history as far as it was read. */
struct audit {
    int64_t tenant, number;
    int64_t head_number; /* read before the events: services may be at work */
    struct bytes head_chain;
    uint8_t chain[CHAIN_SIZE];
    bool broken;
};

static void
broken_say (struct audit *audit, const struct event_row *row, const char *what)
{
    char id[UUID_TEXT];
    printf ("BROKEN tenant %lld, event %lld%s%s: %s\n", (long long)audit->tenant,
            (long long)(row ? row->number : audit->number), row ? " " : "", row ? uuid_format (row->event_id, id) : "",
            what);
    audit->broken = true;
}

static void
row_check (struct audit *audit, const struct event_row *row, struct arena *arena)
{
    uint8_t chain[CHAIN_SIZE];
    if (row->number != audit->number + 1) {
        audit->number++;
        broken_say (audit, NULL, "it is missing");
        return;
    }
    chain_next (row, audit->chain, arena, chain);
    if (row->personal_hash.size != CHAIN_SIZE || row->chain.size != CHAIN_SIZE ||
        memcmp (row->chain.data, chain, sizeof chain) != 0) {
        broken_say (audit, row, "it is not what was written, or does not follow the one before");
        return;
    }
    memcpy (audit->chain, chain, sizeof chain);
    audit->number = row->number;
    if (audit->number == audit->head_number && memcmp (audit->head_chain.data, chain, sizeof chain) != 0)
        broken_say (audit, NULL, "the head has another chain");
}

/* *ret_n: rows read; 0 at the end. */
static enum rc
page_check (struct db *db, struct audit *audit, size_t *ret_n, struct err *err)
{
    ARENA_AUTO struct arena *arena = arena_new (ARENA_BYTES);
    MUST (arena);
    struct db_call call = { .sql = &sql_audit_events, .params = db_params (arena) };
    void *rows;
    db_param_int8 (call.params, audit->tenant);
    db_param_int8 (call.params, audit->number);
    db_param_int8 (call.params, PAGE);
    enum rc rc = db_run (db, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    rc = db_rows (call.result, event_columns, EVENT_COLUMNS, sizeof (struct event_row), arena, &rows, ret_n, err);
    for (size_t i = 0; rc == RC_OK && i < *ret_n && !audit->broken; i++)
        row_check (audit, (const struct event_row *)rows + i, arena);
    db_calls_clear (&call, 1);
    return rc;
}

static enum rc
tenant_check (struct db *db, int64_t tenant, int64_t number, struct bytes head, bool *ret_broken, struct err *err)
{
    struct audit audit = { .tenant = tenant, .head_number = number, .head_chain = head };
    size_t n = 1;
    if (head.size != CHAIN_SIZE)
        broken_say (&audit, NULL, "there is no head");
    chain_start (tenant, audit.chain);
    while (n && !audit.broken) {
        enum rc rc = page_check (db, &audit, &n, err);
        if (rc != RC_OK)
            return rc;
    }
    if (!audit.broken && audit.number < number) {
        audit.number++;
        broken_say (&audit, NULL, "it is missing at the end");
    }
    char text[2 * CHAIN_SIZE + 1];
    if (!audit.broken)
        printf ("tenant %lld: %lld events, chain %s\n", (long long)tenant, (long long)audit.number,
                hex_encode (audit.chain, CHAIN_SIZE, text));
    *ret_broken = *ret_broken || audit.broken;
    return RC_OK;
}

static enum rc
audit_chains (const struct audit_scope *scope, bool *ret_broken, struct err *err)
{
    DB_AUTO struct db *db = NULL;
    ARENA_AUTO struct arena *arena = arena_new (ARENA_BYTES);
    bool exists;
    MUST (arena);
    enum rc rc = verify_connect (scope->conninfo, "journal", &db, &exists, err);
    if (rc == RC_OK && !exists)
        rc = err_set (err, RC_NOT_FOUND, "no journal in this database");
    if (rc != RC_OK)
        return rc;
    struct db_call call = { .sql = &sql_audit_heads, .params = db_params (arena) };
    db_param_int8 (call.params, scope->tenant);
    rc = db_run (db, &call, 1, err);
    if (rc == RC_OK && scope->tenant && !db_count (call.result))
        rc = err_set (err, RC_NOT_FOUND, "tenant %lld has no history", (long long)scope->tenant);
    for (size_t i = 0; rc == RC_OK && i < db_count (call.result); i++)
        rc = tenant_check (db, db_int8 (call.result, i, 0), db_int8 (call.result, i, 1), db_bytes (call.result, i, 2),
                           ret_broken, err);
    db_calls_clear (&call, 1);
    return rc;
}

int
cli_audit_verify (int argc, char **argv)
{
    static const struct option options[] = {
        { "database", required_argument, NULL, 'd' },
        { "tenant", required_argument, NULL, 't' },
        { "keys", required_argument, NULL, 'k' },
        { "checkpoints", required_argument, NULL, 'c' },
        { 0 },
    };
    struct audit_scope scope = { 0 };
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) != -1;) {
        if (option == 'd')
            scope.conninfo = optarg;
        else if (option == 'k')
            scope.keys = optarg;
        else if (option == 'c')
            scope.checkpoints = optarg;
        else if (option != 't' || !cli_number (optarg, &scope.tenant))
            return cli_usage (NAME, "unknown option, or no number");
    }
    if (!scope.conninfo || optind != argc)
        return cli_usage (NAME, "say which database, as the auditor");
    if (scope.checkpoints && !scope.keys)
        return cli_usage (NAME, "say where the key is that checkpoints are signed with");
    bool broken = false;
    struct err err = { 0 };
    enum rc rc = audit_chains (&scope, &broken, &err);
    if (rc == RC_OK)
        rc = audit_logs (&scope, &broken, &err);
    if (rc == RC_OK && scope.keys)
        rc = audit_checkpoints (&scope, &broken, &err);
    if (rc != RC_OK)
        return cli_fail (&err);
    return broken ? CLI_FAILED : CLI_DONE;
}
