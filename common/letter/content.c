#include "common/letter/letter.h"

#include <sodium.h>
#include <stdbool.h>
#include <string.h>

#define FORMAT "padan-letter-2"

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
    put_text (&output, FORMAT);
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

/* ------------------------------------------------------------ in one piece, and back */

static enum rc
bytes_add (void *context, const void *data, size_t size, struct err *err)
{
    struct bytes *bytes = context;
    (void)err;
    if (bytes->data)
        memcpy ((uint8_t *)bytes->data + bytes->size, data, size);
    bytes->size += size;
    return RC_OK;
}

struct bytes
letter_content_pack (const struct letter *letter, struct arena *arena)
{
    struct bytes bytes = { 0 };
    MUST (letter_content (letter, bytes_add, &bytes, NULL) == RC_OK); /* first only its size */
    bytes = (struct bytes){ arena_alloc (arena, bytes.size), 0 };
    if (bytes.data)
        MUST (letter_content (letter, bytes_add, &bytes, NULL) == RC_OK);
    return bytes;
}

struct input {
    struct bytes rest;
    struct arena *arena;
    bool failed;
};

static size_t
take_count (struct input *input, size_t limit)
{
    const uint8_t *at = input->rest.data;
    if (input->failed || input->rest.size < 4) {
        input->failed = true;
        return 0;
    }
    size_t count = (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
    input->rest = (struct bytes){ at + 4, input->rest.size - 4 };
    input->failed = count > limit;
    return input->failed ? 0 : count;
}

static const char *
take_text (struct input *input)
{
    size_t size = take_count (input, input->rest.size);
    char *text = input->failed || size > input->rest.size ? NULL : arena_alloc (input->arena, size + 1);
    if (!text || memchr (input->rest.data, 0, size)) {
        input->failed = true;
        return "";
    }
    memcpy (text, input->rest.data, size);
    input->rest = (struct bytes){ input->rest.data + size, input->rest.size - size };
    return text;
}

static struct letter_texts
take_texts (struct input *input, size_t limit)
{
    size_t count = take_count (input, limit);
    const char **items = arena_array (input->arena, count + 1, sizeof *items);
    input->failed = input->failed || !items;
    for (size_t i = 0; i < count && !input->failed; i++)
        items[i] = take_text (input);
    return (struct letter_texts){ items, input->failed ? 0 : count };
}

static void
take_rows (struct input *input, struct letter *letter)
{
    size_t count = take_count (input, LETTER_ROWS_MAX);
    struct letter_row *rows = arena_array (input->arena, count + 1, sizeof *rows);
    input->failed = input->failed || !rows;
    for (size_t i = 0; i < count && !input->failed; i++) {
        rows[i].name = take_text (input);
        rows[i].nik = take_text (input);
        rows[i].kk = take_text (input);
        rows[i].address = take_text (input);
        rows[i].note = take_text (input);
    }
    letter->rows = rows;
    letter->row_count = count;
}

enum rc
letter_content_unpack (struct bytes content, struct arena *arena, struct letter *ret_letter, struct err *err)
{
    struct input input = { .rest = content, .arena = arena };
    struct letter letter = { 0 };
    if (strcmp (take_text (&input), FORMAT) != 0)
        return err_set (err, RC_CORRUPT, "a letter's content of another format");
    letter.government = take_text (&input);
    letter.dinas = take_texts (&input, LETTER_LINES_MAX);
    letter.address = take_texts (&input, LETTER_LINES_MAX);
    letter.title = take_text (&input);
    letter.sifat = take_text (&input);
    letter.lampiran = take_text (&input);
    letter.hal = take_text (&input);
    letter.addressee = take_texts (&input, LETTER_LINES_MAX);
    letter.opening = take_texts (&input, LETTER_PARAS_MAX);
    take_rows (&input, &letter);
    letter.closing = take_texts (&input, LETTER_PARAS_MAX);
    letter.tembusan = take_texts (&input, LETTER_LINES_MAX);
    if (input.failed || input.rest.size)
        return err_set (err, RC_CORRUPT, "a letter's content is cut short or longer than it says");
    *ret_letter = letter;
    return RC_OK;
}
