/* The chain proves that no row was changed alone. Whoever may write the tables as their owner can compute it again from
 * some row on; what was signed before that then says otherwise, in the table, or in a copy kept where he cannot reach.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_sql.h"
#include "common/base/json.h"
#include "services/cli/audit.h"
#include "services/cli/cli.h"
#include "services/cli/verify.h"
#include "services/journal/checkpoint.h"
#include "services/journal/event.h"

enum { ARENA_BYTES = 4 << 20, PAGE = 1000 };

typedef Padan__Journal__V1__Checkpoint Checkpoint;

/* One place where checkpoints are kept. */
struct source {
    const struct audit_scope *scope;
    const struct sign_public *keys;
    const char *name;
    struct db *db;
    int64_t held, unreadable;
    bool broken;
};

/* *ret_what: NULL when history is as it was signed. */
static enum rc
difference (struct source *source, const Checkpoint *checkpoint, struct arena *arena, const char **ret_what,
            struct err *err)
{
    if (!checkpoint_holds (source->keys, checkpoint, arena)) {
        *ret_what = "the journal did not sign it";
        return RC_OK;
    }
    struct db_call call = { .sql = &sql_audit_chain, .params = db_params (arena) };
    db_param_int8 (call.params, checkpoint->tenant);
    db_param_int8 (call.params, checkpoint->number);
    enum rc rc = db_run (source->db, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    struct bytes chain = db_count (call.result) ? db_bytes (call.result, 0, 0) : (struct bytes){ 0 };
    const ProtobufCBinaryData *signed_chain = &checkpoint->chain_sha256;
    *ret_what = !chain.size ? "the history ends before it"
                : chain.size != signed_chain->len || memcmp (chain.data, signed_chain->data, chain.size) != 0
                    ? "the history up to it was replaced"
                    : NULL;
    db_calls_clear (&call, 1);
    return RC_OK;
}

static enum rc
checkpoint_check (struct source *source, const Checkpoint *checkpoint, struct arena *arena, struct err *err)
{
    char at[INSTANT_TEXT];
    const char *what;
    if (source->scope->tenant && checkpoint->tenant != source->scope->tenant)
        return RC_OK;
    enum rc rc = difference (source, checkpoint, arena, &what, err);
    if (rc != RC_OK)
        return rc;
    source->held += what == NULL;
    if (!what)
        return RC_OK;
    printf ("BROKEN tenant %lld, checkpoint of event %lld, %s, in %s: %s\n", (long long)checkpoint->tenant,
            (long long)checkpoint->number, instant_valid (checkpoint->at) ? instant_format (checkpoint->at, at) : "-",
            source->name, what);
    source->broken = true;
    return RC_OK;
}

/* -------------------------------------------------------- the table */

static Checkpoint
row_read (const struct db_result *rows, size_t row)
{
    Checkpoint checkpoint = PADAN__JOURNAL__V1__CHECKPOINT__INIT;
    struct bytes chain = db_bytes (rows, row, 2), signature = db_bytes (rows, row, 4);
    checkpoint.tenant = db_int8 (rows, row, 0);
    checkpoint.number = db_int8 (rows, row, 1);
    checkpoint.chain_sha256 = (ProtobufCBinaryData){ chain.size, (uint8_t *)chain.data };
    checkpoint.at = db_time (rows, row, 3);
    checkpoint.signature = (ProtobufCBinaryData){ signature.size, (uint8_t *)signature.data };
    return checkpoint;
}

static enum rc
table_check (struct source *source, struct arena *arena, struct err *err)
{
    int64_t tenant = 0, number = 0;
    enum rc rc = RC_OK;
    for (size_t n = 1; rc == RC_OK && n && !source->broken;) {
        arena_reset (arena);
        struct db_call call = { .sql = &sql_audit_checkpoints, .params = db_params (arena) };
        db_param_int8 (call.params, source->scope->tenant);
        db_param_int8 (call.params, tenant);
        db_param_int8 (call.params, number);
        db_param_int8 (call.params, PAGE);
        rc = db_run (source->db, &call, 1, err);
        if (rc != RC_OK)
            return rc;
        n = db_count (call.result);
        for (size_t i = 0; rc == RC_OK && i < n && !source->broken; i++) {
            Checkpoint checkpoint = row_read (call.result, i);
            tenant = checkpoint.tenant;
            number = checkpoint.number;
            rc = checkpoint_check (source, &checkpoint, arena, err);
        }
        db_calls_clear (&call, 1);
    }
    return rc;
}

/* -------------------------------------------------------- the file */

/* A line that is none, such as the torn one of a full disk, is counted: it proves nothing either way. */
static enum rc
line_check (struct source *source, const char *line, size_t size, struct arena *arena, struct err *err)
{
    ProtobufCMessage *message;
    struct json_problems problems = { 0 };
    struct err why = { 0 };
    arena_reset (arena);
    if (json_to_message (line, size, &padan__journal__v1__checkpoint__descriptor, arena, &message, &problems, &why) ==
        RC_OK)
        return checkpoint_check (source, (const void *)message, arena, err);
    source->unreadable++;
    return RC_OK;
}

static enum rc
file_check (struct source *source, struct arena *arena, struct err *err)
{
    FILE *file = fopen (source->name, "re");
    char *line = NULL;
    size_t room = 0;
    enum rc rc = RC_OK;
    if (!file)
        return err_set (err, RC_INVALID, "%s: %s", source->name, strerror (errno));
    for (ssize_t size; rc == RC_OK && !source->broken && (size = getline (&line, &room, file)) >= 0;)
        rc = line_check (source, line, (size_t)size, arena, err);
    if (rc == RC_OK && ferror (file))
        rc = err_set (err, RC_INVALID, "%s: %s", source->name, strerror (errno));
    free (line);
    fclose (file);
    return rc;
}

/* -------------------------------------------------------- both */

static enum rc
source_check (struct source *source, bool is_file, struct arena *arena, bool *ret_broken, struct err *err)
{
    enum rc rc = is_file ? file_check (source, arena, err) : table_check (source, arena, err);
    if (rc == RC_OK && !source->broken)
        printf ("%s: %lld checkpoints hold\n", source->name, (long long)source->held);
    if (rc == RC_OK && source->unreadable)
        printf ("%s: %lld lines are no checkpoints\n", source->name, (long long)source->unreadable);
    *ret_broken = *ret_broken || source->broken;
    return rc;
}

enum rc
audit_checkpoints (const struct audit_scope *scope, bool *ret_broken, struct err *err)
{
    DB_AUTO struct db *db = NULL;
    ARENA_AUTO struct arena *arena = arena_new (ARENA_BYTES);
    struct sign_public keys;
    bool exists;
    MUST (arena);
    enum rc rc = keys_sign_load_public (scope->keys, CHECKPOINT_SIGNER, &keys, err);
    if (rc == RC_OK && !keys.count)
        rc = err_set (err, RC_NOT_FOUND, "%s has no public/%s.sign", scope->keys, CHECKPOINT_SIGNER);
    if (rc == RC_OK)
        rc = verify_connect (scope->conninfo, "journal", &db, &exists, err);
    if (rc != RC_OK)
        return rc;
    struct source table = { .scope = scope, .keys = &keys, .name = "journal.checkpoint", .db = db };
    struct source file = { .scope = scope, .keys = &keys, .name = scope->checkpoints, .db = db };
    rc = source_check (&table, false, arena, ret_broken, err);
    if (rc == RC_OK && scope->checkpoints)
        rc = source_check (&file, true, arena, ret_broken, err);
    return rc;
}
