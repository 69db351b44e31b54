#include "common/domain/profile_words.h"

#include <string.h>

#include "common/domain/dukcapil.h"

#define WORD(constant, word, text) word,
#define TEXT(constant, word, text) text,
#define WORDS(name, kind, list)                                                                                        \
    static const char *const name##_word[] = { list (WORD) };                                                          \
    static const char *const name##_text[] = { list (TEXT) };                                                          \
    const struct words words_##name = { kind, name##_word, name##_text, sizeof name##_word / sizeof *name##_word };

WORDS (roles, "role", PROFILE_ROLES)
WORDS (acts, "act", PROFILE_ACTS)
WORDS (stages, "stage", PROFILE_STAGES)
WORDS (channels, "channel", PROFILE_CHANNELS)
WORDS (purposes, "purpose", PROFILE_PURPOSES)
WORDS (conditions, "condition", PROFILE_CONDITIONS)
WORDS (checks, "check", PROFILE_CHECKS)
WORDS (consequences, "consequence", PROFILE_CONSEQUENCES)
WORDS (letters, "letter kind", PROFILE_LETTERS)
WORDS (scopes, "scope", PROFILE_SCOPES)
WORDS (schedules, "schedule", PROFILE_SCHEDULES)
WORDS (units, "unit", PROFILE_UNITS)
WORDS (levels, "level", PROFILE_LEVELS)
WORDS (quotas, "quota kind", PROFILE_QUOTAS)
WORDS (cards, "means", PROFILE_CARDS)

bool
words_find (const struct words *words, const char *word, int *ret_value)
{
    for (int i = 0; i < words->count; i++)
        if (!strcmp (words->words[i], word)) {
            *ret_value = i;
            return true;
        }
    return false;
}

const char *
words_word (const struct words *words, int value)
{
    return value >= 0 && value < words->count ? words->words[value] : "?";
}

const char *
words_text (const struct words *words, int value)
{
    return value >= 0 && value < words->count ? words->texts[value] : "?";
}

#define LIST(list)                                                                                                     \
    do {                                                                                                               \
        *ret_count = sizeof (list) / sizeof *(list);                                                                   \
        return list;                                                                                                   \
    } while (0)

const char *const *
check_outcomes (enum check check, size_t *ret_count)
{
    static const char *const number[] = { "valid", "odd", "missing", "invalid" };
    static const char *const dukcapil[] = {
        "padan",    "padan_dengan_catatan", "perlu_konfirmasi", "tidak_padan", "meninggal", "ganda",
        "nonaktif", "tidak_ditemukan"
    };
    static const char *const registry[] = { "by_nik", "by_kk", "not_found" };
    static const char *const membership[] = {
        "none",
        "mandiri_active",
        "mandiri_inactive",
        "national_active",
        "national_inactive",
        "province_active",
        "province_inactive",
        "local_active",
        "local_inactive",
        "worker_active",
        "worker_inactive",
        "dead",
        "other",
    };
    static const char *const doubles[] = { "none", "same_office", "elsewhere" };
    switch (check) {
    case CHECK_NIK:
    case CHECK_KK:
        LIST (number);
    case CHECK_DUKCAPIL:
        LIST (dukcapil);
    case CHECK_REGISTRY:
        LIST (registry);
    case CHECK_MEMBERSHIP:
        LIST (membership);
    case CHECK_DOUBLE:
        LIST (doubles);
    case CHECK_END:
        break;
    }
    *ret_count = 0;
    return NULL;
}

int
check_outcome (enum check check, const char *outcome)
{
    size_t count;
    const char *const *outcomes = check_outcomes (check, &count);
    for (size_t i = 0; i < count; i++)
        if (!strcmp (outcomes[i], outcome))
            return (int)i;
    return -1;
}

enum { LONGEST = 40 }; /* no word of a vocabulary is longer */

unsigned
words_distance (const char *a, const char *b, unsigned limit)
{
    size_t a_size = strlen (a), b_size = strlen (b);
    if (a_size > LONGEST || b_size > LONGEST)
        return limit + 1;
    unsigned rows[3][LONGEST + 1];
    for (size_t j = 0; j <= b_size; j++)
        rows[0][j] = (unsigned)j;
    for (size_t i = 1; i <= a_size; i++) {
        unsigned *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b_size; j++) {
            unsigned best = above[j - 1] + (a[i - 1] != b[j - 1]);
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            row[j] = best;
        }
    }
    unsigned distance = rows[a_size % 3][b_size];
    return distance > limit ? limit + 1 : distance;
}

const char *
words_nearest (const char *text, const char *const *words, size_t count)
{
    unsigned limit = strlen (text) < 5 ? 1 : strlen (text) < 9 ? 2 : 3;
    const char *nearest = NULL;
    for (size_t i = 0; i < count; i++) {
        unsigned distance = words_distance (text, words[i], limit);
        if (distance <= limit && distance < strlen (text)) {
            nearest = words[i];
            if (distance == 0)
                break;
            limit = distance - 1;
        }
    }
    return nearest;
}
