/* Due work "write": the file and the manifest of a closed batch go into the content store → BatchWritten. The bytes
 * follow from the rows alone, so that a second try gives the same hashes.
 * Rows: batch. */
#include <string.h>

#include "batching_sql.h"
#include "services/batching/batch_file.h"
#include "services/batching/batch_read.h"

enum {
    FILE_MAX = 1 << 30,   /* a million lines */
    PAGE_ARENA = 64 << 20 /* the dossiers of one page, unpacked: a few KB each */
};
enum { LINE, ORDINAL, MEMBER, APPLICATION, DOSSIER }; /* columns of batch_lines.sql */

struct writing {
    struct gather *gather;
    const struct batch_row *batch;
    struct store_writer *writer;
    struct text_buffer text;
    struct text_buffer newborns;
    int32_t last;
};

static enum rc
text_flush (struct writing *writing, struct err *err)
{
    if (writing->text.failed || writing->newborns.failed)
        return err_set (err, RC_INTERNAL, "no memory for a line of a batch");
    enum rc rc = store_append (writing->writer, writing->text.data, writing->text.size, err);
    text_reset (&writing->text);
    return rc;
}

static enum rc
line_write (struct writing *writing, const struct db_result *rows, size_t i, struct arena *arena, struct err *err)
{
    struct bytes packed = db_bytes (rows, i, DOSSIER);
    size_t ordinal = (size_t)db_int4 (rows, i, ORDINAL);
    Padan__Common__V1__Dossier *dossier =
        padan__common__v1__dossier__unpack (arena_protobuf (arena), packed.size, packed.data);
    if (!dossier || ordinal >= dossier->n_members)
        return err_set (err, RC_CORRUPT, "a dossier does not hold its person");
    if (db_int4 (rows, i, LINE) != writing->last + 1)
        return err_set (err, RC_CORRUPT, "line %d of a batch is missing", writing->last + 1);
    const Padan__Common__V1__Member *member = dossier->members[ordinal];
    writing->last++;
    batch_file_row (&batch_form_34, writing->last, dossier, member, &writing->text);
    if (!*member->nik && *member->mother_nik)
        batch_newborn_add (writing->last, member->mother_nik, &writing->newborns);
    return text_flush (writing, err);
}

/* *ret_n: lines of this page, 0 at the end. */
static enum rc
page_write (struct writing *writing, size_t *ret_n, struct err *err)
{
    ARENA_AUTO struct arena *arena = arena_new (PAGE_ARENA);
    MUST (arena);
    struct db_call call = { .sql = &sql_batch_lines, .params = db_params (arena) };
    db_param_int8 (call.params, writing->batch->tenant);
    db_param_uuid (call.params, writing->batch->id);
    db_param_int4 (call.params, writing->last);
    db_param_int8 (call.params, WRITE_PAGE);
    enum rc rc = gather_read (writing->gather, writing->batch->tenant, &call, 1, err);
    *ret_n = rc == RC_OK ? db_count (call.result) : 0;
    for (size_t i = 0; i < *ret_n && rc == RC_OK; i++)
        rc = line_write (writing, call.result, i, arena, err);
    db_calls_clear (&call, 1);
    return rc;
}

static enum rc
file_write (struct writing *writing, struct err *err)
{
    size_t n;
    batch_file_titles (&batch_form_34, &writing->text);
    enum rc rc = text_flush (writing, err);
    do
        rc = rc == RC_OK ? page_write (writing, &n, err) : rc;
    while (rc == RC_OK && n);
    if (rc == RC_OK && writing->last != writing->batch->people)
        return err_set (err, RC_CORRUPT, "a batch of %d people has %d lines", writing->batch->people, writing->last);
    return rc;
}

static enum rc
manifest_write (struct writing *writing, const struct profile *profile, const uint8_t *digest, uint64_t size,
                uint8_t ret_digest[static STORE_DIGEST], struct err *err)
{
    struct batch_manifest manifest = { .batch = writing->batch,
                                       .tenant_code = profile->office.code,
                                       .form = batch_form_34.version,
                                       .sha256 = digest,
                                       .size = size,
                                       .rows = writing->last,
                                       .newborns = &writing->newborns };
    TEXT_AUTO struct text_buffer text = TEXT_BUFFER (BATCH_NEWBORNS_MAX);
    batch_manifest_write (&manifest, &text);
    if (text.failed)
        return err_set (err, RC_INTERNAL, "no memory for a manifest");
    return store_put (batching_store, text.data, text.size, ret_digest, err);
}

static enum rc
item_work (struct gather *gather, struct due_item *item, struct err *err)
{
    struct batch_row batch;
    const struct profile *profile;
    int track;
    STORE_WRITER_AUTO struct store_writer *writer = NULL;
    TEXT_AUTO struct text_buffer text = TEXT_BUFFER (BATCH_ROW_MAX), newborns = TEXT_BUFFER (BATCH_NEWBORNS_MAX);
    Padan__Batching__V1__WriteResult *result = arena_alloc (gather_arena (gather), sizeof *result);
    uint8_t *digests = arena_alloc (gather_arena (gather), (size_t)2 * STORE_DIGEST);
    uint64_t size = 0;
    MUST (result && digests);
    padan__batching__v1__write_result__init (result);
    enum rc rc = batch_read (gather, item->tenant, item->subject, &batch, err);
    if (rc == RC_OK)
        rc = batch_profile (gather, &batch, &profile, &track, err);
    if (rc == RC_OK)
        rc = store_begin (batching_store, FILE_MAX, &writer, err);
    if (rc != RC_OK)
        return rc;
    struct writing writing = {
        .gather = gather, .batch = &batch, .writer = writer, .text = text, .newborns = newborns
    };
    rc = file_write (&writing, err);
    if (rc == RC_OK)
        rc = store_commit (&writer, digests, &size, err);
    if (rc == RC_OK)
        rc = manifest_write (&writing, profile, digests, size, digests + STORE_DIGEST, err);
    text = writing.text; /* both to be freed */
    newborns = writing.newborns;
    result->file_sha256 = (ProtobufCBinaryData){ .len = STORE_DIGEST, .data = digests };
    result->manifest_sha256 = (ProtobufCBinaryData){ .len = STORE_DIGEST, .data = digests + STORE_DIGEST };
    result->size = (int64_t)size;
    result->rows = writing.last;
    item->result = &result->base;
    return rc == RC_BUSY ? RC_RETRY : rc;
}

void
on_write_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (items[i].rc == RC_OK)
            items[i].rc = item_work (gather, &items[i], &items[i].err);
}

enum rc
on_write (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Batching__V1__WriteResult *result = (const void *)message->data;
    Padan__Batching__V1__BatchWritten event = PADAN__BATCHING__V1__BATCH_WRITTEN__INIT;
    struct batch_row *batch;
    enum rc rc = batch_act (unit, message->tenant, message->subject, BATCH_ACT_WRITE, &batch, err);
    if (rc != RC_OK)
        return rc;
    batch_go (batch, BATCH_ACT_WRITE);
    batch->file_sha256 = (struct bytes){ result->file_sha256.data, result->file_sha256.len };
    batch->file_size = result->size;
    batch->manifest_sha256 = (struct bytes){ result->manifest_sha256.data, result->manifest_sha256.len };
    event.file_sha256 = result->file_sha256;
    event.manifest_sha256 = result->manifest_sha256;
    event.due_at = batch->due_at;
    batch_emit (unit, batch, &event);
    return RC_OK;
}
