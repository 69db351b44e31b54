/* padan verify: reads the tables, as the auditor, and nothing of the services' memory. */
#include "services/cli/verify.h"

#include <getopt.h>
#include <stdio.h>

#include "cli_sql.h"
#include "services/cli/cli.h"
#include "services/cli/record.h"

#define NAME "verify"

enum { ARENA_BYTES = 16 << 20 };

enum rc
verify_connect (const char *conninfo, const char *schema, struct db **ret_db, bool *ret_exists, struct err *err)
{
    ARENA_AUTO struct arena *arena = arena_new (ARENA_BYTES);
    DB_AUTO struct db *db = db_new_reader (conninfo, "padan verify");
    MUST (arena && db);
    struct db_call call = { .sql = &sql_verify_path, .params = db_params (arena) };
    db_param_text (call.params, schema);
    enum rc rc = db_run (db, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    bool exists = db_bool (call.result, 0, 1), sees_all = db_bool (call.result, 0, 2);
    db_calls_clear (&call, 1);
    if (!sees_all)
        return err_set (err, RC_FORBIDDEN,
                        "this login does not see every tenant's rows: a superuser of the database must "
                        "let it pass row-level security (alter role … bypassrls)");
    *ret_exists = exists;
    *ret_db = db;
    db = NULL;
    return RC_OK;
}

/* *ret_broken grows by what was found. */
static enum rc
invariant_check (struct db *db, const struct invariant *invariant, const char *schema, size_t *ret_broken,
                 struct err *err)
{
    struct db_call call = { .sql = invariant->sql };
    enum rc rc = db_run (db, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    size_t n = db_count (call.result);
    if (n)
        printf ("BROKEN %s%s%s: %s\n", schema ? schema : "", schema ? "." : "", invariant->name, invariant->says);
    for (size_t i = 0; i < n; i++)
        printf ("    %s\n", db_text (call.result, i, 0));
    *ret_broken += n != 0;
    db_calls_clear (&call, 1);
    return RC_OK;
}

static enum rc
schema_check (const char *conninfo, const struct invariant *invariant, const char *schema, size_t *ret_checked,
              size_t *ret_broken, struct err *err)
{
    DB_AUTO struct db *db = NULL;
    bool exists;
    enum rc rc = verify_connect (conninfo, schema ? schema : "pg_catalog", &db, &exists, err);
    if (rc != RC_OK || (schema && !exists))
        return rc;
    ++*ret_checked;
    return invariant_check (db, invariant, schema, ret_broken, err);
}

/* Whether every service that keeps a log has its schema here: what spans them can be held only then. */
static enum rc
installation_whole (const char *conninfo, bool *ret_whole, struct err *err)
{
    *ret_whole = true;
    for (const char *const *schema = invariants[0].schemas; *schema && *ret_whole; schema++) {
        DB_AUTO struct db *db = NULL;
        enum rc rc = verify_connect (conninfo, *schema, &db, ret_whole, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

static enum rc
verify (const char *conninfo, const char *record, struct err *err, size_t *ret_checked, size_t *ret_broken)
{
    bool whole;
    enum rc rc = installation_whole (conninfo, &whole, err);
    if (rc != RC_OK)
        return rc;
    if (!whole)
        printf ("not every service has a schema here: what spans services is not checked\n");
    for (const struct invariant *invariant = invariants; invariant->name; invariant++) {
        if (!invariant->schemas && !whole)
            continue;
        static const char *const once[] = { NULL, NULL };
        const char *const *schema = invariant->schemas ? invariant->schemas : once;
        do {
            rc = schema_check (conninfo, invariant, *schema, ret_checked, ret_broken, err);
            if (rc != RC_OK)
                return rc;
        } while (*schema && *++schema);
    }
    return record ? record_check (conninfo, record, ret_checked, ret_broken, err) : RC_OK;
}

int
cli_verify (int argc, char **argv)
{
    static const struct option options[] = {
        { "database", required_argument, NULL, 'd' },
        { "record", required_argument, NULL, 'r' },
        { 0 },
    };
    const char *conninfo = NULL, *record = NULL;
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) != -1;) {
        if (option == 'd')
            conninfo = optarg;
        else if (option == 'r')
            record = optarg;
        else
            return cli_usage (NAME, "unknown option");
    }
    if (!conninfo || optind != argc)
        return cli_usage (NAME, "say which database, as the auditor");
    size_t checked = 0, broken = 0;
    struct err err = { 0 };
    if (verify (conninfo, record, &err, &checked, &broken) != RC_OK)
        return cli_fail (&err);
    printf ("%zu checks, %zu broken\n", checked, broken);
    return broken || !checked ? CLI_FAILED : CLI_DONE;
}
