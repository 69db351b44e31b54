/* membership: segment, payer and status in the file of BPJS members. A Mandiri member is what a transfer is for; one
 * whose premium a government pays already would be paid for twice. Words are matched by their beginning: BPJS's lists
 * are open, and what is not known goes to a person. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/base/text.h"
#include "services/validation/rules.h"

enum { WORD_SHOWN = 56 }; /* bytes of a cell in the evidence: three of them, period and version fit it */

struct word {
    const char *start; /* of the text, letters and digits only count */
    int means;
};

static const struct word segments[] = {
    { "PBI APBD", MEMBER_LOCAL },
    { "PBI PBPU", MEMBER_LOCAL },
    { "PBPU PEMDA", MEMBER_LOCAL },
    { "PBPU BP PEMDA", MEMBER_LOCAL },
    { "PBPU DAN BP PEM", MEMBER_LOCAL },
    { "JAMKESDA", MEMBER_LOCAL },
    { "PENDUDUK YANG DIDAFTARKAN", MEMBER_LOCAL },
    { "PBI", MEMBER_NATIONAL },
    { "PENERIMA BANTUAN IURAN", MEMBER_NATIONAL },
    { "PEKERJA MANDIRI", MEMBER_MANDIRI },
    { "MANDIRI", MEMBER_MANDIRI },
    { "PBPU", MEMBER_MANDIRI },
    { "PEKERJA BUKAN PENERIMA UPAH", MEMBER_MANDIRI },
    { "BUKAN PEKERJA", MEMBER_MANDIRI },
    { "PEGAWAI", MEMBER_WORKER },
    { "PNS", MEMBER_WORKER },
    { "ASN", MEMBER_WORKER },
    { "PPPK", MEMBER_WORKER },
    { "TNI", MEMBER_WORKER },
    { "POLRI", MEMBER_WORKER },
    { "PPU", MEMBER_WORKER },
    { "PEKERJA PENERIMA UPAH", MEMBER_WORKER },
    { "PENSIUN", MEMBER_WORKER },
    { "BUMN", MEMBER_WORKER },
    { "BUMD", MEMBER_WORKER },
    { NULL, MEMBER_UNKNOWN },
};
static const struct word states[] = {
    { "AKTIF", MEMBER_ACTIVE },
    { "NON", MEMBER_INACTIVE },
    { "TIDAK AKTIF", MEMBER_INACTIVE },
    { "PENANGGUHAN", MEMBER_INACTIVE },
    { "TIDAK DITANGGUNG", MEMBER_INACTIVE },
    { "MENINGGAL", MEMBER_DEAD },
    { NULL, MEMBER_ODD },
};
/* VClaim's codes, in files that give the code instead of the text. */
static const struct word state_codes[] = {
    { "0", MEMBER_ACTIVE },   { "2", MEMBER_DEAD },      { "6", MEMBER_INACTIVE }, { "7", MEMBER_INACTIVE },
    { "9", MEMBER_INACTIVE }, { "15", MEMBER_INACTIVE }, { NULL, MEMBER_ODD },
};

static bool
starts (const char *text, const char *start)
{
    for (;; text++, start++) {
        while (*start && !isalnum ((unsigned char)*start))
            start++;
        while (*text && !isalnum ((unsigned char)*text))
            text++;
        if (!*start)
            return true;
        if (toupper ((unsigned char)*text) != *start)
            return false;
    }
}

static int
means (const struct word *words, const char *text)
{
    while (words->start && !starts (text, words->start))
        words++;
    return words->means;
}

enum member_class
membership_class (const struct membership *membership)
{
    enum member_class class = (enum member_class)means (segments, membership->segment);
    if (class == MEMBER_LOCAL && strcasestr (membership->payer, "prov"))
        return MEMBER_PROVINCE;
    return class;
}

enum member_state
membership_state (const struct membership *membership)
{
    for (const struct word *code = state_codes; code->start; code++)
        if (strcmp (membership->status, code->start) == 0)
            return (enum member_state)code->means;
    return (enum member_state)means (states, membership->status);
}

/* Of several memberships the one that matters: active before what is not, who pays already before who does not. */
static const struct membership *
membership_chosen (const struct facts *facts)
{
    const struct membership *best = NULL;
    int best_rank = 0;
    for (size_t i = 0; i < facts->n_memberships; i++) {
        const struct membership *one = &facts->memberships[i];
        int rank = (int)membership_state (one) * (MEMBER_UNKNOWN + 1) + (int)membership_class (one);
        if (!best || rank < best_rank) {
            best = one;
            best_rank = rank;
        }
    }
    return best;
}

void
rule_membership (const struct facts *facts, struct finding *ret)
{
    static const char *const outcomes[][2] = {
        [MEMBER_NATIONAL] = { "national_active", "national_inactive" },
        [MEMBER_PROVINCE] = { "province_active", "province_inactive" },
        [MEMBER_LOCAL] = { "local_active", "local_inactive" },
        [MEMBER_MANDIRI] = { "mandiri_active", "mandiri_inactive" },
        [MEMBER_WORKER] = { "worker_active", "worker_inactive" },
    };
    if (!facts->membership_version) {
        ret->kind = NOT_LOADED;
        return;
    }
    snprintf (ret->evidence, sizeof ret->evidence, "peserta BPJS %s v%lld", facts->membership_period,
              (long long)facts->membership_version);
    /* A newborn is not a member because the mother is one. */
    const struct membership *member = facts->under_mother ? NULL : membership_chosen (facts);
    ret->outcome = "none";
    if (!member)
        return;
    enum member_class class = membership_class (member);
    enum member_state state = membership_state (member);
    if (state == MEMBER_DEAD)
        ret->outcome = "dead";
    else if (class == MEMBER_UNKNOWN || state == MEMBER_ODD)
        ret->outcome = "other";
    else
        ret->outcome = outcomes[class][state == MEMBER_INACTIVE];
    const char *const words[] = { member->segment, member->payer, member->status };
    size_t used = strlen (ret->evidence);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        used += (size_t)snprintf (ret->evidence + used, sizeof ret->evidence - used, "; %.*s",
                                  (int)utf8_cut (words[i], strlen (words[i]), WORD_SHOWN), words[i]);
    if (facts->n_memberships > 1)
        snprintf (ret->evidence + used, sizeof ret->evidence - used, "; kartu lebih dari satu");
}
