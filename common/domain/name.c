#include "common/domain/name.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

enum { WORD = 64 };

struct words_of_name {
    char items[NAME_WORDS][WORD];
    size_t count;
    size_t bin; /* index of BIN or BINTI, 0 none */
};

static bool
is_in (const char *word, const char *list) /* list: words between single spaces, one at each end too */
{
    char needle[WORD + 2];
    size_t size = strlen (word);
    if (size == 0 || size >= WORD)
        return false;
    needle[0] = ' ';
    memcpy (needle + 1, word, size);
    memcpy (needle + 1 + size, " ", 2);
    return strstr (list, needle) != NULL;
}

/* Before the name, and after it; written without their dots. */
static const char prefixes[] = " H HJ DR DRS DRA DRG PROF IR KH HAJI HAJJAH USTADZ UST TGK ";
static const char suffixes[] = " SPD SPDI SKEP SKM AMD AMDKEP AMDKEB SSOS ST SE SH SSI MSI BA MM MH MPD MKES SIP SAG "
                               "SKOM SP SPSI SST STH SPI MA MPH NERS SPT MT SHI SEI SPDK SPDSD MKOM MAG BSC ";
static const char muhammads[] = " MUH MHD MOH MOCH MOHD MOHAMAD MOHAMMAD MUHAMAD MUCHAMMAD MUCHAMAD MOCHAMAD "
                                "MOCHAMMAD MUHAMMED MUHD MUCH MOHAMED MOHAMMED ";
/* So common that they say little about who it is. */
static const char commons[] = " MUHAMMAD AHMAD ABDUL SITI NUR SRI DEWI PUTRI PUTRA WAYAN MADE NYOMAN KETUT ";

/* A Latin-1 letter in UTF-8 (C3 xx) as ASCII; 0 if it has none. */
static char
letter_plain (unsigned char second)
{
    static const char plain[] = "AAAAAAACEEEEIIIIDNOOOOO OUUUUY SAAAAAAACEEEEIIIIDNOOOOO OUUUUY Y";
    return (char)(second >= 0x80 && second <= 0xbf ? plain[second - 0x80] : 0);
}

struct token {
    char word[WORD];    /* without dots */
    bool dotted, comma; /* a dot in or behind it; after a comma */
};

static void
word_add (struct words_of_name *name, const struct token *token, bool more)
{
    const char *word = token->word;
    if (!*word || name->count == NAME_WORDS || is_in (word, " ALM ALMH ALMARHUM ALMARHUMAH "))
        return;
    if (name->count == 0 && more && is_in (word, prefixes))
        return;
    if (is_in (word, muhammads) || (name->count == 0 && more && token->dotted && !strcmp (word, "M")))
        word = "MUHAMMAD";
    else if (is_in (word, " ABD ABDL "))
        word = "ABDUL";
    else if (is_in (word, " ACHMAD AKHMAD AHMED ACHMED "))
        word = "AHMAD";
    else if (name->count == 0 && more && !strcmp (word, "ST"))
        word = "SITI";
    else if (name->count && is_in (word, " BIN BINTI BT "))
        name->bin = name->bin ? name->bin : name->count;
    snprintf (name->items[name->count++], WORD, "%s", word);
}

/* One blank-separated piece: "S.PD" is one title, "H.MOH.ALI" is three words. */
static void
piece_add (struct words_of_name *name, const char *piece, size_t size, bool comma, bool more, size_t *titles)
{
    struct token whole = { .comma = comma };
    size_t length = 0;
    for (size_t i = 0; i < size && length + 1 < WORD; i++)
        if (piece[i] != '.')
            whole.word[length++] = piece[i];
        else
            whole.dotted = true;
    bool title = name->count > 0 && is_in (whole.word, suffixes);
    if (title && (whole.dotted || comma)) {
        *titles = name->count; /* dropped; what follows a title after a comma is one too */
        return;
    }
    if (is_in (whole.word, prefixes) || !whole.dotted || size <= 3) {
        word_add (name, &whole, more);
        return;
    }
    for (size_t from = 0, to; from < size; from = to + 1) {
        for (to = from; to < size && piece[to] != '.'; to++)
            ;
        struct token part = { .dotted = to < size, .comma = comma };
        size_t bytes = to - from < WORD - 1 ? to - from : WORD - 1;
        memcpy (part.word, piece + from, bytes);
        word_add (name, &part, more || to + 1 < size);
    }
}

static void
name_split (const char *text, struct words_of_name *name)
{
    char line[NAME_SIZE];
    size_t length = 0, titles = 0;
    for (const unsigned char *c = (const unsigned char *)text; *c && length + 1 < sizeof line; c++) {
        if (isalpha (*c) && *c < 0x80)
            line[length++] = (char)toupper (*c);
        else if (*c == 0xc3 && letter_plain (c[1]))
            line[length++] = letter_plain (*++c);
        else if (*c == '.' || *c == ',')
            line[length++] = (char)*c;
        else if (isspace (*c) || strchr ("/()\"_", *c) || (*c == 0xc2 && c[1] == 0xa0))
            line[length++] = ' ';
    }
    line[length] = 0;
    *name = (struct words_of_name){ 0 };
    bool comma = false;
    for (char *at = line; *at;) {
        at += strspn (at, " ");
        if (*at == ',') {
            comma = true;
            at++;
            continue;
        }
        size_t size = strcspn (at, " ,");
        if (size)
            piece_add (name, at, size, comma, at[size + strspn (at + size, " .,")] != 0, &titles);
        at += size;
    }
    while (name->count > 2 && is_in (name->items[name->count - 1], suffixes))
        name->count--; /* titles without dots or comma: BUDI SANTOSO SE */
}

size_t
name_normalise (const char *text, char *ret, size_t size)
{
    struct words_of_name name;
    name_split (text, &name);
    size_t length = 0, count = name.bin ? name.bin : name.count;
    for (size_t i = 0; i < count; i++) {
        size_t bytes = strlen (name.items[i]);
        if (length + bytes + 2 > size)
            break;
        if (length)
            ret[length++] = ' ';
        memcpy (ret + length, name.items[i], bytes);
        length += bytes;
    }
    if (size)
        ret[length] = 0;
    return length;
}

/* A key under which spellings of one sound fall together. old: also read DJ TJ NJ SJ OE the way they were spoken before
 * 1972; NANJAR and DJAROT live today, so the reading without it always counts too. */
static void
sound (const char *word, bool old, char *ret)
{
    static const struct {
        const char *from, *to;
        bool old;
    } rules[] = {
        { "OE", "U", true },  { "DJ", "J", true },  { "TJ", "C", true },  { "NJ", "NI", true },
        { "SJ", "SI", true }, { "CH", "H", false }, { "KH", "H", false }, { "AE", "AI", false },
        { "Y", "I", false },  { "Z", "S", false },  { "P", "F", false },  { "V", "F", false },
    };
    size_t length = 0;
    while (*word) {
        const char *from = NULL, *to = NULL;
        for (size_t i = 0; !from && i < sizeof rules / sizeof *rules; i++)
            if ((old || !rules[i].old) && !strncmp (word, rules[i].from, strlen (rules[i].from))) {
                from = rules[i].from;
                to = rules[i].to;
            }
        char one[2] = { *word, 0 };
        for (to = to ? to : one; *to; to++)
            if (length == 0 || ret[length - 1] != *to) /* doubled letters are one */
                ret[length++] = *to;
        word += from ? strlen (from) : 1;
    }
    ret[length] = 0;
}

static bool
sounds_alike (const char *a, const char *b)
{
    char keys[4][2 * NAME_SIZE];
    sound (a, false, keys[0]);
    sound (a, true, keys[1]);
    sound (b, false, keys[2]);
    sound (b, true, keys[3]);
    return !strcmp (keys[0], keys[2]) || !strcmp (keys[0], keys[3]) || !strcmp (keys[1], keys[2]);
}

static int
edits (const char *a, size_t a_size, const char *b, size_t b_size)
{
    int row[WORD + 1];
    for (size_t j = 0; j <= b_size; j++)
        row[j] = (int)j;
    for (size_t i = 1; i <= a_size; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= b_size; j++) {
            int best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[b_size];
}

enum { SAME = 100, SOUND = 92, INITIAL = 80 };

static int
word_compare (const char *a, const char *b)
{
    size_t a_size = strlen (a), b_size = strlen (b), longer = a_size > b_size ? a_size : b_size;
    if (!strcmp (a, b))
        return SAME;
    if ((a_size == 1 || b_size == 1) && *a == *b)
        return INITIAL;
    if (sounds_alike (a, b))
        return SOUND;
    int allowed = longer < 5 ? 0 : longer < 8 ? 1 : 2; /* BUDI and RUDI are two people */
    int distance = edits (a, a_size, b, b_size);
    return distance <= allowed ? SAME - SAME * distance / (int)longer : 0;
}

static int
weight (const char *word)
{
    int size = (int)strlen (word);
    return size > 3 && is_in (word, commons) ? 3 : size;
}

static void
joined (const struct words_of_name *name, char *ret)
{
    size_t length = 0;
    for (size_t i = 0; i < name->count; i++) {
        size_t size = strlen (name->items[i]);
        if (length + size + 1 > NAME_SIZE)
            break;
        memcpy (ret + length, name->items[i], size);
        length += size;
    }
    ret[length] = 0;
}

/* Two words of `name` that are one word of `other` are made one: NUR HASAN, NURHASAN. */
static void
words_merge (struct words_of_name *name, const struct words_of_name *other)
{
    for (size_t i = 0; i + 1 < name->count; i++) {
        char both[2 * WORD];
        snprintf (both, sizeof both, "%s%s", name->items[i], name->items[i + 1]);
        bool found = false;
        for (size_t j = 0; strlen (both) < WORD && !found && j < other->count; j++)
            found = sounds_alike (both, other->items[j]);
        if (!found)
            continue;
        memcpy (name->items[i], both, strlen (both) + 1);
        memmove (name->items[i + 1], name->items[i + 2], (name->count - i - 2) * WORD);
        name->count--;
    }
}

/* Pairs words best first; each counts by its letters, those without a partner count against. */
static int
words_score (const struct words_of_name *a, const struct words_of_name *b)
{
    bool a_used[NAME_WORDS] = { 0 }, b_used[NAME_WORDS] = { 0 };
    int total = 0, sum = 0, cap = 99;
    for (size_t i = 0; i < a->count; i++)
        total += weight (a->items[i]);
    for (size_t j = 0; j < b->count; j++)
        total += weight (b->items[j]);
    for (;;) {
        int best = 0, gain = 0;
        size_t at = 0, with = 0;
        for (size_t i = 0; i < a->count; i++)
            for (size_t j = 0; !a_used[i] && j < b->count; j++) {
                int score = b_used[j] ? 0 : word_compare (a->items[i], b->items[j]);
                int letters = weight (a->items[i]) + weight (b->items[j]);
                if (score > best || (score == best && score && letters > gain)) {
                    best = score;
                    gain = letters;
                    at = i;
                    with = j;
                }
            }
        if (!best)
            break;
        a_used[at] = b_used[with] = true;
        sum += best * gain;
        if (best == INITIAL)
            cap = cap < 89 ? cap : 89;
        if (at != with && cap > 95)
            cap = 95;
    }
    int score = total ? (sum + total / 2) / total : 0;
    return score < cap ? score : cap;
}

int
name_compare (const char *first, const char *second)
{
    struct words_of_name a, b;
    name_split (first, &a);
    name_split (second, &b);
    if (!a.count || !b.count)
        return 0;
    if (!a.bin || !b.bin) { /* the father's name counts only where both give it */
        a.count = a.bin ? a.bin : a.count;
        b.count = b.bin ? b.bin : b.count;
    }
    bool equal = a.count == b.count;
    for (size_t i = 0; equal && i < a.count; i++)
        equal = !strcmp (a.items[i], b.items[i]);
    if (equal)
        return 100;
    char a_joined[NAME_SIZE], b_joined[NAME_SIZE];
    joined (&a, a_joined);
    joined (&b, b_joined);
    if (!strcmp (a_joined, b_joined))
        return 97;
    struct words_of_name a_merged = a, b_merged = b;
    words_merge (&a_merged, &b);
    words_merge (&b_merged, &a);
    int one = words_score (&a_merged, &b), two = words_score (&a, &b_merged), plain = words_score (&a, &b);
    int best = one > two ? one : two;
    best = plain > best ? plain : best;
    if (best < 93 && sounds_alike (a_joined, b_joined))
        best = 93;
    return best;
}
