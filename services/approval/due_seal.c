/* Due work "seal" of a signed letter: renders the final PDF with number, date and signature block into the content
 * store, outside any transaction; then LetterSealed. Done twice it gives the same bytes. Rows: letter. */
#include "services/approval/chain.h"
#include "services/approval/letter_text.h"

void
on_seal_work (struct gather *gather, struct due_item *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct due_item *item = &items[i];
        if (item->rc != RC_OK)
            continue;
        Padan__Approval__V1__SealDone *done = approval_memory (gather_arena (gather), 1, sizeof *done);
        uint8_t *hash = approval_memory (gather_arena (gather), STORE_DIGEST, 1);
        uint64_t size;
        padan__approval__v1__seal_done__init (done);
        item->rc = letter_pdf_store (gather, item->tenant, item->subject, hash, &size, &item->err);
        if (item->rc == RC_BUSY) /* the store is full: that passes, and nobody needs to look at the letter for it */
            item->rc = RC_RETRY;
        if (item->rc != RC_OK)
            continue;
        done->pdf_sha256 = (ProtobufCBinaryData){ STORE_DIGEST, hash };
        done->size = (int64_t)size;
        item->result = &done->base;
    }
}

enum rc
on_letter_sealed_keys (struct keys *keys, const struct message *message, struct err *err)
{
    keys_add (keys, &letter_table, message->tenant, message->subject);
    return RC_OK;
}

enum rc
on_letter_sealed (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Approval__V1__SealDone *done = (const Padan__Approval__V1__SealDone *)message->data;
    const struct office_letter *known = unit_peek (unit, &letter_table, message->tenant, message->subject);
    if (!known || letter_move (letter_state_of (known), LETTER_MOVE_SEAL) < 0)
        return RC_OK; /* sealed already */
    struct office_letter *letter = unit_edit (unit, &letter_table, message->tenant, message->subject);
    letter->pdf_sha256 = (struct bytes){ done->pdf_sha256.data, done->pdf_sha256.len };
    letter->pdf_size = done->size;
    letter->state = letter_state_word (LETTER_STATE_SEALED);
    letter->version++;
    Padan__Approval__V1__LetterSealed event = PADAN__APPROVAL__V1__LETTER_SEALED__INIT;
    event.pdf_sha256 = done->pdf_sha256;
    unit_emit (unit, letter->tenant, letter->id, letter->version, &event);
    return RC_OK;
}
