/* What the codes of events are called in a story. Codes an office's profile makes up are words already, but for "_". */
#include <string.h>

#include "services/journal/journal.h"

static const struct word {
    const char *code, *text;
} words[] = {
    /* verdicts */
    { "clear", "lolos" },
    { "warning", "lolos dengan catatan" },
    { "site_check", "perlu survei lapangan" },
    { "waiting", "menunggu jawaban" },
    { "return", "perlu diperbaiki" },
    { "block", "tertahan" },
    /* papers */
    { "sktm", "SKTM" },
    { "kk", "KK" },
    { "ktp", "KTP" },
    /* imports and what they bring */
    { "done", "lengkap" },
    { "failed", "gagal" },
    { "poverty", "kemiskinan (DTSEN)" },
    { "membership", "kepesertaan BPJS" },
    { NULL, NULL },
};

char *
code_text (const char *code, struct arena *arena)
{
    const struct word *word = words;
    while (word->code && strcmp (word->code, code) != 0)
        word++;
    char *text = arena_string (arena, word->code ? word->text : code);
    MUST (text);
    for (char *c = text; !word->code && *c; c++)
        if (*c == '_')
            *c = ' ';
    return text;
}
