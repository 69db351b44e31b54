#include "common/letter/letter.h"

#include <sodium.h>
#include <string.h>

struct output {
    letter_sink sink;
    void *context;
    struct err *err;
    enum rc rc;
};

static void
put (struct output *output, const void *data, size_t size)
{
    if (output->rc == RC_OK && size)
        output->rc = output->sink (output->context, data, size, output->err);
}

static void
put_count (struct output *output, size_t count)
{
    MUST (count <= UINT32_MAX);
    uint8_t bytes[4] = { (uint8_t)(count >> 24), (uint8_t)(count >> 16), (uint8_t)(count >> 8), (uint8_t)count };
    put (output, bytes, sizeof bytes);
}

static void
put_text (struct output *output, const char *text)
{
    size_t size = text ? strlen (text) : 0;
    put_count (output, size);
    put (output, text, size);
}

static void
put_texts (struct output *output, struct letter_texts texts)
{
    put_count (output, texts.count);
    for (size_t i = 0; i < texts.count; i++)
        put_text (output, texts.items[i]);
}

enum rc
letter_content (const struct letter *letter, letter_sink sink, void *context, struct err *err)
{
    struct output output = { sink, context, err, RC_OK };
    put_text (&output, "padan-letter-2");
    put_text (&output, letter->government);
    put_texts (&output, letter->dinas);
    put_texts (&output, letter->address);
    put_text (&output, letter->title);
    put_text (&output, letter->sifat);
    put_text (&output, letter->lampiran);
    put_text (&output, letter->hal);
    put_texts (&output, letter->addressee);
    put_texts (&output, letter->opening);
    put_count (&output, letter->row_count);
    for (size_t i = 0; i < letter->row_count; i++) {
        const struct letter_row *row = &letter->rows[i];
        put_text (&output, row->name);
        put_text (&output, row->nik);
        put_text (&output, row->kk);
        put_text (&output, row->address);
        put_text (&output, row->note);
    }
    put_texts (&output, letter->closing);
    put_texts (&output, letter->tembusan);
    return output.rc;
}

static enum rc
hash_update (void *context, const void *data, size_t size, struct err *err)
{
    (void)err;
    crypto_hash_sha256_update (context, data, size);
    return RC_OK;
}

void
letter_hash (const struct letter *letter, uint8_t ret_hash[static 32])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init (&state);
    MUST (letter_content (letter, hash_update, &state, NULL) == RC_OK);
    crypto_hash_sha256_final (&state, ret_hash);
}
