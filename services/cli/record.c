#include "services/cli/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "cli_sql.h"
#include "common/db/db.h"
#include "envelope.pb-c.h"
#include "services/cli/verify.h"

enum { LINE_BYTES = 1024, ARENA_BYTES = 1 << 20, SHOWN = 20 };

static const char *const services[] = {
    "accounts", "intake", "validation", "approval", "batching", "distribution",
};
enum { SERVICES = sizeof services / sizeof *services };

/* A command that was seen in the record: everything of its line before the outcome. */
struct seen {
    UT_hash_handle hh;
    char name[];
};

/* A connection a service, opened when its first line comes. */
struct record {
    const char *conninfo;
    struct db *connections[SERVICES];
    struct seen *seen;
};

struct line {
    char *service, *tenant, *person, *route, *key, *outcome;
};

/* text: the line before it is taken apart. */
static bool
line_repeats (struct record *record, const char *text)
{
    const char *end = strrchr (text, '\t');
    size_t size = end ? (size_t)(end - text) : strlen (text);
    struct seen *seen;
    HASH_FIND (hh, record->seen, text, size, seen);
    if (seen)
        return true;
    seen = malloc (sizeof *seen + size + 1);
    MUST (seen);
    memcpy (seen->name, text, size);
    seen->name[size] = '\0';
    HASH_ADD_KEYPTR (hh, record->seen, seen->name, size, seen);
    return false;
}

static bool
line_parse (char *text, struct line *ret_line)
{
    char **fields[] = { &ret_line->service, &ret_line->tenant, &ret_line->person,
                        &ret_line->route,   &ret_line->key,    &ret_line->outcome };
    text[strcspn (text, "\n")] = '\0';
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        *fields[i] = strsep (&text, "\t");
        if (!*fields[i])
            return false;
    }
    return text == NULL;
}

/* What is wrong with it; NULL: nothing. */
static const char *
reply_judge (const struct db_result *result, const char *outcome)
{
    bool accepted = strcmp (outcome, "ok") == 0;
    if (db_count (result) == 0)
        return accepted ? "accepted, and not remembered" : NULL;
    struct bytes bytes = db_bytes (result, 0, 0);
    Padan__Reply *reply = padan__reply__unpack (NULL, bytes.size, bytes.data);
    if (!reply)
        return "its stored reply cannot be read";
    bool ok = reply->outcome == PADAN__OUTCOME__OUTCOME_OK;
    padan__reply__free_unpacked (reply, NULL);
    if (accepted && !ok)
        return "the client was told it is accepted, the stored reply refuses it";
    if (strcmp (outcome, "refused") == 0 && ok)
        return "the client was told it is refused, the stored reply accepts it";
    return NULL;
}

static enum rc
connection_of (struct record *record, const char *service, struct db **ret_db, struct err *err)
{
    for (size_t i = 0; i < SERVICES; i++) {
        if (strcmp (services[i], service) != 0)
            continue;
        bool exists = true;
        enum rc rc = RC_OK;
        if (!record->connections[i])
            rc = verify_connect (record->conninfo, service, &record->connections[i], &exists, err);
        *ret_db = record->connections[i];
        return rc == RC_OK && !exists ? err_set (err, RC_INVALID, "this database has no schema %s", service) : rc;
    }
    return err_set (err, RC_INVALID, "the record names a service there is not: %s", service);
}

static enum rc
line_check (struct record *record, const struct line *line, const char **ret_wrong, struct err *err)
{
    ARENA_AUTO struct arena *arena = arena_new (ARENA_BYTES);
    struct uuid person;
    struct db *db = NULL;
    MUST (arena);
    if (!uuid_parse (line->person, &person))
        return err_set (err, RC_INVALID, "the record names no person: %s", line->person);
    enum rc rc = connection_of (record, line->service, &db, err);
    if (rc != RC_OK)
        return rc;
    struct db_call call = { .sql = &sql_verify_remembered, .params = db_params (arena) };
    db_param_int8 (call.params, strtoll (line->tenant, NULL, 10));
    db_param_uuid (call.params, person);
    db_param_text (call.params, line->route);
    db_param_text (call.params, line->key);
    rc = db_run (db, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    *ret_wrong = reply_judge (call.result, line->outcome);
    db_calls_clear (&call, 1);
    return RC_OK;
}

enum rc
record_check (const char *conninfo, const char *path, size_t *ret_checked, size_t *ret_broken, struct err *err)
{
    FILE *file = fopen (path, "r");
    if (!file)
        return err_set (err, RC_INVALID, "cannot read %s", path);
    struct record record = { .conninfo = conninfo };
    char text[LINE_BYTES];
    size_t number = 0, wrong = 0;
    enum rc rc = RC_OK;
    while (rc == RC_OK && fgets (text, sizeof text, file)) {
        struct line line;
        const char *says = NULL;
        number++;
        bool repeats = line_repeats (&record, text);
        rc = line_parse (text, &line) ? line_check (&record, &line, &says, err)
                                      : err_set (err, RC_INVALID, "%s:%zu: not six fields", path, number);
        if (rc == RC_OK && repeats)
            says = "it stands there twice";
        if (says && wrong++ < SHOWN)
            printf ("BROKEN record: line %zu, key %s: %s\n", number, line.key, says);
    }
    fclose (file);
    for (size_t i = 0; i < SERVICES; i++)
        db_destroy (&record.connections[i]);
    struct seen *seen, *next;
    HASH_ITER (hh, record.seen, seen, next)
    {
        HASH_DEL (record.seen, seen);
        free (seen);
    }
    ++*ret_checked;
    *ret_broken += wrong != 0;
    return rc;
}
