/* A letter's PDF, from what is stored. */
#include <sodium.h>

#include "services/approval/letter_read.h"
#include "services/approval/letter_text.h"

enum { PDF_MAX = 32 << 20 }; /* bytes: a full letter of 5,000 people has about 1 MB */

static enum rc
sink_store (void *context, const void *data, size_t size, struct err *err)
{
    return store_append (context, data, size, err);
}

static enum rc
render (const struct letter *letter, uint8_t ret_sha256[static 32], uint64_t *ret_size, struct err *err)
{
    STORE_WRITER_AUTO struct store_writer *writer = NULL;
    enum rc rc = store_begin (approval_store, PDF_MAX, &writer, err);
    if (rc == RC_OK)
        rc = letter_render (letter, sink_store, writer, err);
    return rc == RC_OK ? store_commit (&writer, ret_sha256, ret_size, err) : rc;
}

enum rc
letter_pdf_store (struct gather *gather, int64_t tenant, struct uuid letter_id, uint8_t ret_sha256[static 32],
                  uint64_t *ret_size, struct err *err)
{
    const struct profile *profile;
    const struct office_letter *row;
    struct bytes content = { 0 };
    struct letter letter;
    uint8_t hash[32];
    enum rc rc = letter_read (gather, tenant, letter_id, &row, err);
    if (rc == RC_OK && (row->content_sha256.size != sizeof hash || row->profile_sha256.size != PROFILE_HASH))
        rc = err_set (err, RC_CORRUPT, "a hash of the letter is cut short");
    if (rc == RC_OK)
        rc = profiles_get (gather, tenant, row->profile_sha256.data, &profile, err);
    if (rc == RC_OK)
        rc = facts_content (gather, tenant, letter_id, &content, err);
    if (rc != RC_OK)
        return rc;
    int index = profile_letter_find (profile, row->letter);
    if (index < 0)
        return err_set (err, RC_CORRUPT, "its profile has no letter %s", row->letter);
    crypto_hash_sha256 (hash, content.data, content.size);
    if (memcmp (hash, row->content_sha256.data, sizeof hash) != 0)
        return err_set (err, RC_CORRUPT, "the letter's content is not what its parafs cover");
    rc = letter_content_unpack (content, gather_arena (gather), &letter, err);
    if (rc != RC_OK)
        return rc;
    letter_text_finish (profile, index, row, gather_now (gather), gather_arena (gather), &letter);
    return render (&letter, ret_sha256, ret_size, err);
}
