#include "common/db/migrate.h"

#include <stdio.h>
#include <string.h>

#include "common/db/db_conn.h"
#include "common/db/migrate_file.h"
#include "db_sql.h"

enum {
    ARENA_LIMIT = 256 * 1024 * 1024, /* all files of a service and the one being run */
    BOOTSTRAP_TRIES = 5,             /* each failure means that another instance got further */
    UNKNOWN_TRIES = 5,               /* commits whose answer was lost, in one run */
};

struct migrator {
    struct db *db;
    const char *schema, *login, *reader;
    struct arena *arena;
    struct migration *files;
    size_t n;
};

/* A row of <schema>.migration. */
struct done {
    int32_t part;
    const char *name;
    struct bytes sha256;
};

static const struct db_column done_columns[] = {
    DB_COLUMN (DB_INT4, done, part),
    DB_COLUMN (DB_TEXT, done, name),
    DB_COLUMN (DB_BYTES, done, sha256),
};

/* Creates the schema and the table of what has run. Two instances may both find nothing: the later one is refused and
 * looks again. */
static enum rc
bootstrap (const struct migrator *migrator, struct err *err)
{
    static const char text[] =
        "do $do$ begin\n"
        "  if to_regnamespace ('%s') is null then\n" /* IF NOT EXISTS alone asks for CREATE on the database */
        "    create schema if not exists %s;\n"
        "  end if;\n"
        "  if to_regclass ('%s.migration') is null then\n"
        "    create table if not exists %s.migration (part integer, name text, sha256 bytea not null,\n"
        "      done timestamptz not null default now (), primary key (part, name));\n"
        "  end if;\n"
        "end $do$";
    const char *schema = migrator->schema;
    char *script = arena_printf (migrator->arena, text, schema, schema, schema, schema);
    if (!script)
        return err_set (err, RC_INTERNAL, "no memory");
    struct err own;
    err = err ? err : &own;
    enum rc rc = RC_OK;
    for (int i = 0; i < BOOTSTRAP_TRIES; i++) {
        rc = db_script (migrator->db, script, err);
        bool raced = rc && (rc == RC_CONFLICT || strcmp (err->code, "db.42P06") == 0 ||
                            strcmp (err->code, "db.42P07") == 0 || strcmp (err->code, "db.42710") == 0);
        if (!raced)
            break;
    }
    return rc;
}

/* Opens a transaction alone with the table: of two instances migrating at once, one waits here and then reads what the
 * other has done. A migration may take long, but must not queue long for a table in use: everyone would queue behind.
 */
static enum rc
guard (const struct migrator *migrator, struct err *err)
{
    char *script = arena_printf (migrator->arena,
                                 "begin isolation level read committed;\n"
                                 "set local search_path to %s, public;\n"
                                 "set local statement_timeout = 0;\n"
                                 "set local idle_in_transaction_session_timeout = 0;\n"
                                 "set local lock_timeout = '5min';\n"
                                 "lock table %s.migration in exclusive mode;\n"
                                 "set local lock_timeout = '5s'",
                                 migrator->schema, migrator->schema);
    return script ? db_script (migrator->db, script, err) : err_set (err, RC_INTERNAL, "no memory");
}

static const struct migration *
file_of (const struct migrator *migrator, const struct done *done)
{
    for (size_t i = 0; i < migrator->n; i++)
        if (migrator->files[i].part == done->part && strcmp (migrator->files[i].name, done->name) == 0)
            return &migrator->files[i];
    return NULL;
}

/* Holds what has run against the files. *ret_next: the first file that has not run; NULL: all have. */
static enum rc
compare (const struct migrator *migrator, const struct done *done, size_t n, const struct migration **ret_next,
         struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        const struct migration *file = file_of (migrator, &done[i]);
        if (!file)
            return err_code (err, RC_CONFLICT, "migrate.missing", done[i].name,
                             "%s has run in schema %s and is missing", done[i].name, migrator->schema);
        if (done[i].sha256.size != file->sha256.size ||
            memcmp (done[i].sha256.data, file->sha256.data, file->sha256.size) != 0)
            return err_code (err, RC_CONFLICT, "migrate.changed", done[i].name, "%s was changed after it ran",
                             done[i].name);
    }
    *ret_next = NULL;
    for (size_t i = 0; i < migrator->n && !*ret_next; i++) {
        const struct migration *file = &migrator->files[i];
        *ret_next = file;
        for (size_t k = 0; k < n; k++)
            if (done[k].part == file->part && strcmp (done[k].name, file->name) == 0)
                *ret_next = NULL;
    }
    return RC_OK;
}

static enum rc
next_find (const struct migrator *migrator, const struct migration **ret_next, struct err *err)
{
    struct db_call load = { .sql = &sql_migration_load };
    void *done = NULL;
    size_t n = 0;
    enum rc rc = db_run (migrator->db, &load, 1, err);
    if (!rc)
        rc = db_rows (load.result, done_columns, sizeof done_columns / sizeof *done_columns, sizeof (struct done),
                      migrator->arena, &done, &n, err);
    db_calls_clear (&load, 1);
    return rc ? rc : compare (migrator, done, n, ret_next, err);
}

/* Runs one file in the guarded transaction and records it. */
static enum rc
file_run (const struct migrator *migrator, const struct migration *file, struct err *err)
{
    const char *text = NULL;
    enum rc rc =
        migration_render (file->text, migrator->schema, migrator->login, migrator->reader, migrator->arena, &text, err);
    if (!rc)
        rc = db_script (migrator->db, text, err);
    if (!rc && PQtransactionStatus (migrator->db->conn) != PQTRANS_INTRANS)
        rc = err_set (err, RC_INVALID, "a migration must not end its transaction");
    if (rc)
        return rc;
    struct db_params *params = db_params (migrator->arena);
    db_param_int4 (params, file->part);
    db_param_text (params, file->name);
    db_param_bytes (params, file->sha256);
    char *path = arena_printf (migrator->arena, "set local search_path to %s, public", migrator->schema);
    rc = path ? db_script (migrator->db, path, err)
              : err_set (err, RC_INTERNAL, "no memory"); /* it may have set its own */
    struct db_call calls[] = { { .sql = &sql_migration_add, .params = params }, { .sql = &db_commit } };
    if (!rc)
        rc = db_run (migrator->db, calls, 2, err);
    db_calls_clear (calls, 2);
    return rc;
}

/* The next file, if any, in a transaction of its own. */
static enum rc
step (const struct migrator *migrator, bool *ret_end, struct err *err)
{
    const struct migration *next = NULL;
    enum rc rc = guard (migrator, err);
    if (!rc)
        rc = next_find (migrator, &next, err);
    *ret_end = !rc && !next;
    if (!rc && next) {
        rc = file_run (migrator, next, err);
        if (rc && err) {
            struct err why = *err;
            err_code (err, rc, why.code, next->name, "%s: %.200s", next->name, why.text);
        }
    }
    db_rollback (migrator->db);
    return rc;
}

enum rc
db_migrate (struct db *db, const char *schema, const char *login, const char *reader, const char *const *dirs,
            struct err *err)
{
    MUST (*schema && strspn (schema, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen (schema));
    ARENA_AUTO struct arena *arena = arena_new (ARENA_LIMIT);
    if (!arena)
        return err_set (err, RC_INTERNAL, "no memory");
    struct migrator migrator = { .db = db, .schema = schema, .login = login, .reader = reader, .arena = arena };
    enum rc rc = migration_read (dirs, arena, &migrator.files, &migrator.n, err);
    if (!rc)
        rc = bootstrap (&migrator, err);
    int unknown = 0;
    for (bool end = false; !rc && !end;) {
        rc = step (&migrator, &end, err);
        if (rc == RC_UNKNOWN && ++unknown <= UNKNOWN_TRIES)
            rc = RC_OK; /* the table says whether it happened */
    }
    return rc;
}
