/* Due work "checkpoint": an hour after a tenant's history began to grow past the last one, where it stands now is
 * signed, appended to a file outside the database and said in our log; then the row is kept. What was said before the
 * row is there is true all the same: a crash between them leaves two for one. Rows: head. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <sodium.h>

#include "common/base/clock.h"
#include "common/base/json.h"
#include "common/base/log.h"
#include "journal_sql.h"
#include "services/journal/checkpoint.h"
#include "services/journal/journal.h"

/* What is younger than the last checkpoint can be replaced unseen; more of them make a longer file than anybody keeps.
 */
#define CHECKPOINT_AFTER (3600 * (int64_t)CLOCK_SECOND)

enum { LINE_BYTES = 512, SIGNATURE_TEXT = 89 }; /* base64 of 64 bytes and NUL */

struct journal_settings journal_settings;
static struct sign_secret secret;

enum rc
checkpoint_start (struct gather *gather, struct err *err)
{
    return keys_sign_load (gather_keys (gather), CHECKPOINT_SIGNER, &secret, err);
}

void
checkpoint_schedule (struct unit *unit, const struct head *head)
{
    Padan__Journal__V1__CheckpointDue payload = PADAN__JOURNAL__V1__CHECKPOINT_DUE__INIT;
    struct due due = { .kind = "checkpoint",
                       .tenant = head->tenant,
                       .subject = head->id,
                       .input_version = head->signed_number,
                       .due_at = unit_now (unit) + CHECKPOINT_AFTER,
                       .payload = &payload };
    unit_due (unit, &due);
}

/* Where the tenant's history stands now, signed. */
static enum rc
checkpoint_make (struct gather *gather, int64_t tenant, Padan__Journal__V1__Checkpoint **ret, struct err *err)
{
    struct arena *arena = gather_arena (gather);
    struct db_call call = { .sql = &sql_head_view, .params = db_params (arena) };
    db_param_int8 (call.params, tenant);
    enum rc rc = gather_read (gather, tenant, &call, 1, err);
    if (rc != RC_OK)
        return rc;
    Padan__Journal__V1__Checkpoint *checkpoint = arena_alloc (arena, sizeof *checkpoint);
    MUST (checkpoint);
    padan__journal__v1__checkpoint__init (checkpoint);
    if (db_count (call.result)) {
        struct bytes chain = db_bytes (call.result, 0, 1);
        checkpoint->tenant = tenant;
        checkpoint->number = db_int8 (call.result, 0, 0);
        checkpoint->chain_sha256 = (ProtobufCBinaryData){ chain.size, arena_copy (arena, chain.data, chain.size) };
        MUST (checkpoint->chain_sha256.data);
    }
    db_calls_clear (&call, 1);
    if (checkpoint->chain_sha256.len != CHAIN_SIZE)
        return err_set (err, RC_CORRUPT, "a tenant's history without a head");
    checkpoint->at = gather_now (gather);
    checkpoint_sign (&secret, checkpoint, arena);
    *ret = checkpoint;
    return RC_OK;
}

/* One line, whole and on disk, or an error. */
static enum rc
file_append (const char *path, const Padan__Journal__V1__Checkpoint *checkpoint, struct err *err)
{
    TEXT_AUTO struct text_buffer line = TEXT_BUFFER (LINE_BYTES);
    enum rc rc = json_from_message (&checkpoint->base, &line, err);
    if (rc != RC_OK)
        return rc;
    if (!text_add_char (&line, '\n'))
        return err_set (err, RC_INTERNAL, "no memory");
    int fd = open (path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0)
        return err_set (err, RC_RETRY, "%s: %s", path, strerror (errno));
    bool good = write (fd, line.data, line.size) == (ssize_t)line.size && fdatasync (fd) == 0;
    if (!good)
        rc = err_set (err, RC_RETRY, "%s: %s", path, strerror (errno));
    close (fd);
    return rc;
}

static void
checkpoint_log (const Padan__Journal__V1__Checkpoint *checkpoint)
{
    char signature[SIGNATURE_TEXT];
    sodium_bin2base64 (signature, sizeof signature, checkpoint->signature.data, checkpoint->signature.len,
                       sodium_base64_VARIANT_ORIGINAL);
    log_event (LOG_NOTICE, "journal.checkpoint", LOG_INT ("tenant", checkpoint->tenant),
               LOG_INT ("number", checkpoint->number), LOG_SHA256 ("chain_sha256", checkpoint->chain_sha256.data),
               LOG_TIME ("at", checkpoint->at), LOG_STR ("signature", signature));
}

void
on_checkpoint_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct due_item *item = &items[i];
        Padan__Journal__V1__Checkpoint *checkpoint = NULL;
        if (item->rc != RC_OK)
            continue;
        item->rc = checkpoint_make (gather, item->tenant, &checkpoint, &item->err);
        if (item->rc == RC_OK && journal_settings.checkpoints[0])
            item->rc = file_append (journal_settings.checkpoints, checkpoint, &item->err);
        if (item->rc != RC_OK)
            continue;
        checkpoint_log (checkpoint);
        item->result = &checkpoint->base;
    }
}

enum rc
on_checkpoint_keys (struct keys *keys, const struct message *message, struct err *err)
{
    (void)err;
    keys_add (keys, &head_table, message->tenant, message->subject);
    return RC_OK;
}

enum rc
on_checkpoint (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Journal__V1__Checkpoint *made = (const void *)message->data;
    const struct head *known = unit_peek (unit, &head_table, message->tenant, message->subject);
    (void)err;
    if (!known || made->number <= known->signed_number)
        return RC_OK;
    struct head *head = head_edit (unit, message->tenant);
    struct checkpoint *row = head_checkpoint_add (unit, head);
    row->number = head->signed_number = made->number;
    row->chain = (struct bytes){ made->chain_sha256.data, made->chain_sha256.len };
    row->at = made->at;
    row->signature = (struct bytes){ made->signature.data, made->signature.len };
    if (head->number > head->signed_number)
        checkpoint_schedule (unit, head);
    return RC_OK;
}
