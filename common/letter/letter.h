/* Letters in the two forms of Permendagri 1/2023, as PDF on A4. Both have kop, text, list of people, signature block
 * and tembusan. A letter with a title (surat rekomendasi) bears it over its number, with place and date at the
 * signature; an official letter (surat dinas) begins with Nomor/Sifat/Lampiran/Hal beside place and date, and Yth.
 * Every text is UTF-8 and borrowed; NULL and "" print nothing. What cannot be printed (control characters, invalid
 * bytes, direction overrides) is replaced, never passed on. Safe to call from several threads at once. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include "common/base/arena.h"
#include "common/base/err.h"

enum {
    LETTER_ROWS_MAX = 5000,      /* every row is held laid out until the page count is known: about 10 kB each */
    LETTER_LINES_MAX = 16,       /* kop, addressee, tembusan: an official letter has fewer than ten of each */
    LETTER_PARAS_MAX = 64,       /* paragraphs before the list, and after it */
    LETTER_PARAF_MAX = 6,        /* paraf hierarki: up to three officers; some offices add coordinators */
    LETTER_TEXT_MAX = 600,       /* bytes of a line or cell, so that a row always fits a page */
    LETTER_PARAGRAPH_MAX = 8000, /* bytes of a paragraph */
};

struct letter_texts {
    const char *const *items;
    size_t count;
};

struct letter_row {
    const char *name, *nik, *kk, *address, *note;
};

struct letter_signer {
    const char *jabatan, *name, *pangkat, *nip; /* nip: digits without the word NIP */
};

struct letter_paraf {
    const char *jabatan, *initials, *time; /* initials and time NULL: an empty box, not yet given */
};

struct letter {
    const char *government;      /* "PEMERINTAH KOTA PEMATANGSIANTAR" */
    struct letter_texts dinas;   /* the office's name, at most three lines by the rule */
    struct letter_texts address; /* address, telephone, e-mail */
    const char *place_date;      /* "Pematangsiantar, 20 November 2026" */
    int64_t date;                /* UTC microseconds: the PDF's creation date, so that equal letters are equal bytes */
    const char *number;          /* NULL while a draft: prints DRAF */
    const char *title; /* "SURAT REKOMENDASI"; NULL or "": an official letter, which alone has the next four */
    const char *sifat, *lampiran, *hal;
    struct letter_texts addressee; /* without "Yth.", which the first line gets */
    struct letter_texts opening;   /* paragraphs before the list */
    const struct letter_row *rows;
    size_t row_count;            /* 0: no list */
    struct letter_texts closing; /* paragraphs after the list */
    struct letter_signer signer;
    const struct letter_paraf *parafs;
    size_t paraf_count;
    struct letter_texts tembusan;
    const char *verification; /* code a reader can check; NULL none */
};

/* Takes the next bytes of an output; anything but RC_OK ends the work and is what the caller gets back. */
typedef enum rc (*letter_sink) (void *context, const void *data, size_t size, struct err *err);

/* The letter as PDF: the same bytes for the same letter on the same libraries and fonts ("Liberation Serif").
 * RC_UNPROCESSABLE (err.field names the part) when a limit is passed or something cannot fit a page; RC_INTERNAL when
 * the PDF library fails. The sink may already have got bytes when an error returns. */
enum rc letter_render (const struct letter *letter, letter_sink sink, void *context, struct err *err);

/* The same without output: whether it can be printed. Takes the time of laying it out. */
enum rc letter_fits (const struct letter *letter, struct err *err);

/* The canonical bytes of everything a paraf covers: kop, title, sifat, lampiran, hal, addressee, text, list, tembusan.
 * Not what signing adds or may change: number, place and date, parafs, signer, verification. Each text is its length (4
 * bytes, big-endian) and its bytes, each list its count first, so that no two different letters share them. */
enum rc letter_content (const struct letter *letter, letter_sink sink, void *context, struct err *err);

/* The same in one piece, in the arena; data NULL when it is full. */
struct bytes letter_content_pack (const struct letter *letter, struct arena *arena);
/* The way back: everything else in *ret_letter is zero, its texts and lists lie in the arena. RC_CORRUPT for bytes that
 * letter_content did not write, or past the limits above. */
enum rc letter_content_unpack (struct bytes content, struct arena *arena, struct letter *ret_letter, struct err *err);

/* SHA-256 of letter_content. */
void letter_hash (const struct letter *letter, uint8_t ret_hash[static 32]);
