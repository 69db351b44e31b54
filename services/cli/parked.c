/* padan parked: what failed and waits for a person: see why, have it tried again, or take it out of the way. Works on
 * the service's rows as the service's own login; the service itself takes up what changed. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_sql.h"
#include "common/db/db.h"
#include "services/cli/cli.h"

#define NAME "parked"

enum { ARENA_BYTES = 4 << 20 };

struct request {
    const char *conninfo, *service, *verb, *log, *reason;
    int64_t position;
    struct uuid work; /* nil: an entry is meant */
};

static enum rc
connect_scoped (const struct request *request, struct arena *arena, struct db **ret_db, struct err *err)
{
    *ret_db = db_new (request->conninfo, "padan parked");
    MUST (*ret_db);
    struct db_call call = { .sql = &sql_parked_scope, .params = db_params (arena) };
    db_param_text (call.params, request->service);
    enum rc rc = db_run (*ret_db, &call, 1, err);
    db_calls_clear (&call, rc == RC_OK);
    return rc;
}

static void
entries_show (const struct db_result *rows)
{
    printf ("%-14s %10s %8s %-36s %5s %-20s %s\n", "log", "position", "tenant", "subject", "tries", "next try", "why");
    for (size_t i = 0; i < db_count (rows); i++)
        printf ("%-14s %10lld %8lld %-36s %5d %-20s %s%s\n", db_text (rows, i, 0), (long long)db_int8 (rows, i, 1),
                (long long)db_int8 (rows, i, 2), db_text (rows, i, 3), db_int4 (rows, i, 4),
                db_bool (rows, i, 7) ? db_text (rows, i, 5) : "-", db_bool (rows, i, 7) ? "" : "(behind) ",
                db_text (rows, i, 6));
}

static void
work_show (const struct db_result *rows)
{
    if (!db_count (rows))
        return;
    printf ("\n%-36s %-14s %8s %-36s %5s %s\n", "work", "kind", "tenant", "subject", "tries", "why");
    for (size_t i = 0; i < db_count (rows); i++)
        printf ("%-36s %-14s %8lld %-36s %5d %s\n", db_text (rows, i, 0), db_text (rows, i, 1),
                (long long)db_int8 (rows, i, 2), db_text (rows, i, 3), db_int4 (rows, i, 4), db_text (rows, i, 5));
}

static enum rc
parked_show (struct db *db, struct err *err)
{
    struct db_call calls[] = { { .sql = &sql_parked_list }, { .sql = &sql_parked_work } };
    enum rc rc = db_run (db, calls, 2, err);
    if (rc != RC_OK)
        return rc;
    entries_show (calls[0].result);
    work_show (calls[1].result);
    db_calls_clear (calls, 2);
    return RC_OK;
}

static enum rc
work_retry (struct db *db, const struct request *request, struct arena *arena, struct err *err)
{
    struct db_call call = { .sql = &sql_parked_work_retry, .params = db_params (arena) };
    db_param_uuid (call.params, request->work);
    enum rc rc = db_run (db, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    size_t n = db_affected (call.result);
    db_calls_clear (&call, 1);
    return n ? RC_OK : err_set (err, RC_NOT_FOUND, "no such work waits for a person");
}

static enum rc
parked_change (struct db *db, const struct request *request, struct arena *arena, struct err *err)
{
    bool drop = strcmp (request->verb, "drop") == 0;
    struct db_call call = { .sql = drop ? &sql_parked_drop : &sql_parked_retry, .params = db_params (arena) };
    db_param_text (call.params, request->log);
    db_param_int8 (call.params, request->position);
    if (drop) {
        const char *who = getenv ("SUDO_USER") ? getenv ("SUDO_USER") : getenv ("USER");
        db_param_text (call.params, who ? who : arena_printf (arena, "uid %u", (unsigned)getuid ()));
        db_param_text (call.params, request->reason);
    }
    enum rc rc = db_run (db, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    size_t n = db_affected (call.result);
    db_calls_clear (&call, 1);
    return n ? RC_OK
             : err_set (err, RC_NOT_FOUND, "no such parked entry, or an earlier one of its subject comes first");
}

static int
parked_run (const struct request *request)
{
    ARENA_AUTO struct arena *arena = arena_new (ARENA_BYTES);
    DB_AUTO struct db *db = NULL;
    struct err err = { 0 };
    MUST (arena);
    enum rc rc = connect_scoped (request, arena, &db, &err);
    if (rc == RC_OK)
        rc = strcmp (request->verb, "list") == 0 ? parked_show (db, &err)
             : !uuid_is_nil (request->work)      ? work_retry (db, request, arena, &err)
                                                 : parked_change (db, request, arena, &err);
    return rc == RC_OK ? CLI_DONE : cli_fail (&err);
}

int
cli_parked (int argc, char **argv)
{
    static const struct option options[] = {
        { "database", required_argument, NULL, 'd' },
        { "service", required_argument, NULL, 's' },
        { "log", required_argument, NULL, 'l' },
        { "position", required_argument, NULL, 'p' },
        { "reason", required_argument, NULL, 'r' },
        { "work", required_argument, NULL, 'w' },
        { 0 },
    };
    struct request request = { .verb = "list" };
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) != -1;) {
        switch (option) {
        case 'd':
            request.conninfo = optarg;
            break;
        case 's':
            request.service = optarg;
            break;
        case 'l':
            request.log = optarg;
            break;
        case 'r':
            request.reason = optarg;
            break;
        case 'p':
            if (!cli_number (optarg, &request.position))
                return cli_usage (NAME, "a position is a number above zero");
            break;
        case 'w':
            if (!uuid_parse (optarg, &request.work))
                return cli_usage (NAME, "work is named by the id that the list shows");
            break;
        default:
            return cli_usage (NAME, "unknown option");
        }
    }
    if (optind < argc)
        request.verb = argv[optind];
    bool list = strcmp (request.verb, "list") == 0, drop = strcmp (request.verb, "drop") == 0;
    if (!request.conninfo || !request.service || optind + 1 < argc)
        return cli_usage (NAME, "say which service and its database");
    if (!list && !drop && strcmp (request.verb, "retry") != 0)
        return cli_usage (NAME, "list, retry or drop");
    if (!uuid_is_nil (request.work) && strcmp (request.verb, "retry") != 0)
        return cli_usage (NAME, "work can only be tried again: what it was asked for is still owed");
    if (!list && uuid_is_nil (request.work) && (!request.log || !request.position))
        return cli_usage (NAME, "say which entry: --log and --position, or which work: --work");
    if (drop && !request.reason)
        return cli_usage (NAME, "say why: its effect will be missing for good");
    return parked_run (&request);
}
