/* padan erase: one person's name, NIK and KK, and what officers wrote of their applications, go from the journal. The
 * numbers, the chain and its proof stay. Works as the journal's own login, in one transaction. An application that is
 * under way is in the way: its next event would bring the person back. */
#include <ctype.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "cli_sql.h"
#include "common/db/db.h"
#include "common/domain/nik.h"
#include "services/cli/cli.h"

#define NAME "erase"

enum { ARENA_BYTES = 4 << 20, NIK_FILE_BYTES = 64 };

struct request {
    const char *conninfo;
    int64_t tenant, nik;
};

static enum rc
nik_read (const char *path, int64_t *ret_nik, struct err *err)
{
    ARENA_AUTO struct arena *arena = arena_new (ARENA_BYTES);
    struct bytes content;
    MUST (arena);
    enum rc rc = cli_read (path, NIK_FILE_BYTES, arena, &content, err);
    if (rc != RC_OK)
        return rc;
    char *text = (char *)content.data;
    for (char *end = text + content.size; end > text && isspace ((unsigned char)end[-1]);)
        *--end = '\0';
    *ret_nik = nik_parse (text).number;
    sodium_memzero (text, content.size);
    return *ret_nik ? RC_OK : err_set (err, RC_INVALID, "that file holds no NIK of 16 digits");
}

static struct db_params *
person_params (const struct request *request, struct arena *arena)
{
    struct db_params *params = db_params (arena);
    db_param_int8 (params, request->tenant);
    return params;
}

/* The person's applications; locked until the transaction ends. */
static enum rc
stories_find (struct db *db, const struct request *request, struct arena *arena, struct uuid **ret_ids, size_t *ret_n,
              struct err *err)
{
    struct db_call calls[] = { { .sql = &db_begin },
                               { .sql = &sql_erase_scope, .params = person_params (request, arena) },
                               { .sql = &sql_erase_stories, .params = person_params (request, arena) } };
    db_param_int8 (calls[2].params, request->nik);
    enum rc rc = db_run (db, calls, 3, err);
    if (rc != RC_OK)
        return rc;
    size_t n = db_count (calls[2].result);
    struct uuid *ids = arena_array (arena, n + 1, sizeof *ids);
    MUST (ids);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        char id[UUID_TEXT];
        ids[i] = db_uuid (calls[2].result, i, 0);
        if (db_bool (calls[2].result, i, 1))
            rc = err_set (err, RC_CONFLICT, "application %s is under way: it must end first", uuid_format (ids[i], id));
    }
    db_calls_clear (calls, 3);
    *ret_ids = ids;
    *ret_n = n;
    return rc;
}

static enum rc
stories_erase (struct db *db, const struct request *request, struct arena *arena, const struct uuid *ids, size_t n,
               size_t *ret_events, struct err *err)
{
    static const struct sql *const statements[] = { &sql_erase_events, &sql_erase_words, &sql_erase_person };
    struct db_call calls[4] = { [3] = { .sql = &db_commit } };
    for (int i = 0; i < 3; i++) {
        calls[i].sql = statements[i];
        calls[i].params = person_params (request, arena);
        db_param_uuid_array (calls[i].params, ids, n);
        if (i > 0)
            db_param_int8 (calls[i].params, request->nik);
    }
    enum rc rc = db_run (db, calls, 4, err);
    if (rc != RC_OK)
        return rc;
    *ret_events = db_affected (calls[0].result);
    db_calls_clear (calls, 4);
    return RC_OK;
}

static enum rc
erase (const struct request *request, struct err *err)
{
    ARENA_AUTO struct arena *arena = arena_new (ARENA_BYTES);
    DB_AUTO struct db *db = db_new (request->conninfo, "padan erase");
    struct uuid *ids;
    size_t n, events = 0;
    MUST (arena && db);
    enum rc rc = stories_find (db, request, arena, &ids, &n, err);
    if (rc == RC_OK)
        rc = stories_erase (db, request, arena, ids, n, &events, err);
    if (rc != RC_OK) {
        db_rollback (db);
        return rc;
    }
    printf ("%zu applications of that person, the words of %zu events erased\n", n, events);
    return RC_OK;
}

int
cli_erase (int argc, char **argv)
{
    static const struct option options[] = {
        { "database", required_argument, NULL, 'd' },
        { "tenant", required_argument, NULL, 't' },
        { "nik-file", required_argument, NULL, 'n' },
        { 0 },
    };
    struct request request = { 0 };
    const char *path = NULL;
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) != -1;) {
        if (option == 'd')
            request.conninfo = optarg;
        else if (option == 'n')
            path = optarg;
        else if (option != 't' || !cli_number (optarg, &request.tenant))
            return cli_usage (NAME, "unknown option, or no number");
    }
    if (!request.conninfo || !request.tenant || !path || optind != argc)
        return cli_usage (NAME, "say which database, as the journal, which tenant, and the file with the NIK");
    struct err err = { 0 };
    enum rc rc = nik_read (path, &request.nik, &err);
    if (rc == RC_OK)
        rc = erase (&request, &err);
    return rc == RC_OK ? CLI_DONE : cli_fail (&err);
}
