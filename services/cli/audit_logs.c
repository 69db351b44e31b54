/* The chain covers a message's salted hash, not the words and the name beside it: whoever may write the journal's
 * tables could change those, or the hash with the chain behind it. The owner's log still has the message. */
#include <stdio.h>
#include <string.h>

#include "cli_sql.h"
#include "common/bus/message.h"
#include "services/cli/audit.h"
#include "services/cli/cli.h"
#include "services/cli/verify.h"
#include "services/journal/journal.h"

enum {
    ARENA_BYTES = 256 << 20,
    PAGE = 1000
}; /* entries at once: a message has some kB, and what is read of it as many */

/* An entry of a log and its event, if the journal has it. */
struct said {
    int64_t position, tenant;
    struct bytes envelope;
    int64_t number; /* 0: it has none */
    struct uuid event_id, story;
    const char *type;
    int64_t version, at;
    struct bytes personal_hash, salt;
    const char *detail, *actor;
};
static const struct db_column said_columns[] = {
    DB_COLUMN (DB_INT8, said, position),  DB_COLUMN (DB_INT8, said, tenant),
    DB_COLUMN (DB_BYTES, said, envelope), DB_COLUMN (DB_INT8, said, number),
    DB_COLUMN (DB_UUID, said, event_id),  DB_COLUMN (DB_UUID, said, story),
    DB_COLUMN (DB_TEXT, said, type),      DB_COLUMN (DB_INT8, said, version),
    DB_COLUMN (DB_TIME, said, at),        DB_COLUMN (DB_BYTES, said, personal_hash),
    DB_COLUMN (DB_BYTES, said, salt),     DB_COLUMN (DB_TEXT, said, detail),
    DB_COLUMN (DB_TEXT, said, actor),
};

struct reading {
    const struct audit_scope *scope;
    const char *log;
    int64_t position, compared;
    bool broken;
};

static bool
is_same (const char *kept, const char *said)
{
    return !kept || (said && strcmp (kept, said) == 0); /* NULL: erased, or never said */
}

/* NULL: it is what was said. */
static const char *
difference (const struct said *said, const char *log, struct arena *arena)
{
    ProtobufCMessage *envelope;
    struct fact *fact;
    uint8_t salt[SALT_SIZE] = { 0 };
    struct err err = { 0 };
    if (said->salt.size == SALT_SIZE)
        memcpy (salt, said->salt.data, SALT_SIZE);
    if (message_unpack (&padan__envelope__descriptor, arena, said->envelope.data, said->envelope.size, &envelope,
                        &err) != RC_OK ||
        fact_read (arena, log, (const void *)envelope, salt, &fact, &err) != RC_OK)
        return "its entry of the log cannot be read";
    if (strcmp (said->type, fact->type_name) != 0 || said->version != fact->version || said->at != fact->at ||
        uuid_compare (said->story, fact->subject) != 0)
        return "the log says something else";
    if (said->salt.data && (said->salt.size != SALT_SIZE || said->personal_hash.size != CHAIN_SIZE ||
                            memcmp (said->personal_hash.data, fact->personal_hash.data, CHAIN_SIZE) != 0))
        return "its hash is not that of what the log says";
    if (!is_same (said->detail, fact->detail))
        return "its words are not those of the log";
    return is_same (said->actor, fact->actor) ? NULL : "by the log somebody else acted";
}

static void
row_check (struct reading *reading, const struct said *said, struct arena *arena)
{
    char id[UUID_TEXT];
    reading->position = said->position;
    if (!said->number || (reading->scope->tenant && said->tenant != reading->scope->tenant))
        return;
    const char *what = difference (said, reading->log, arena);
    reading->compared++;
    if (!what)
        return;
    printf ("BROKEN tenant %lld, event %lld %s: %s (%s, entry %lld)\n", (long long)said->tenant,
            (long long)said->number, uuid_format (said->event_id, id), what, reading->log, (long long)said->position);
    reading->broken = true;
}

/* *ret_n: entries read; 0 at the end. */
static enum rc
page_check (struct db *db, struct reading *reading, size_t *ret_n, struct err *err)
{
    ARENA_AUTO struct arena *arena = arena_new (ARENA_BYTES);
    MUST (arena);
    struct db_call call = { .sql = &sql_audit_said, .params = db_params (arena) };
    void *rows;
    db_param_int8 (call.params, reading->position);
    db_param_int8 (call.params, PAGE);
    enum rc rc = db_run (db, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    rc = db_rows (call.result, said_columns, sizeof said_columns / sizeof *said_columns, sizeof (struct said), arena,
                  &rows, ret_n, err);
    for (size_t i = 0; rc == RC_OK && i < *ret_n && !reading->broken; i++)
        row_check (reading, (const struct said *)rows + i, arena);
    db_calls_clear (&call, 1);
    return rc;
}

static enum rc
log_check (const struct audit_scope *scope, const char *log, bool *ret_broken, struct err *err)
{
    DB_AUTO struct db *db = NULL;
    struct reading reading = { .scope = scope, .log = log };
    size_t n = 1;
    bool exists;
    enum rc rc = verify_connect (scope->conninfo, log, &db, &exists, err);
    if (rc != RC_OK || !exists)
        return rc;
    while (rc == RC_OK && n && !reading.broken)
        rc = page_check (db, &reading, &n, err);
    if (rc == RC_OK && !reading.broken)
        printf ("log %s: %lld events are as it says\n", log, (long long)reading.compared);
    *ret_broken = *ret_broken || reading.broken;
    return rc;
}

enum rc
audit_logs (const struct audit_scope *scope, bool *ret_broken, struct err *err)
{
    enum rc rc = RC_OK;
    for (const struct follow *follow = journal_service.follows; rc == RC_OK && follow->log; follow++)
        rc = log_check (scope, follow->log, ret_broken, err);
    return rc;
}
