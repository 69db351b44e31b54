#include "services/validation/rules.h"

#include <string.h>

#include "common/base/text.h"
#include "common/domain/date_read.h"
#include "common/domain/nik.h"

enum { ADULT_YEARS = 17 }; /* a KTP is due at 17, or with marriage */

rule_fn *const rules[CHECK_END] = {
    [CHECK_NIK] = rule_nik,
    [CHECK_KK] = rule_kk,
    [CHECK_DUKCAPIL] = rule_dukcapil,
    [CHECK_REGISTRY] = rule_poverty,
    [CHECK_MEMBERSHIP] = rule_membership,
    [CHECK_DOUBLE] = rule_double,
};

static bool
is_adult (const struct facts *facts)
{
    const struct member *member = facts->member;
    if (member->marital > PADAN__COMMON__V1__MARITAL__MARITAL_SINGLE || member->birth_date == DATE_NONE)
        return true;
    int born[3], now[3];
    date_split (member->birth_date, &born[0], &born[1], &born[2]);
    date_split (facts->today, &now[0], &now[1], &now[2]);
    int years = now[0] - born[0] - (now[1] < born[1] || (now[1] == born[1] && now[2] < born[2]));
    return years >= ADULT_YEARS;
}

profile_conditions
facts_conditions (const struct facts *facts)
{
    profile_conditions set = 1u << (is_adult (facts) ? CONDITION_ADULT : CONDITION_CHILD);
    for (const char *at = facts->member->conditions; *at;) {
        char word[64] = "";
        size_t size = strcspn (at, " ");
        int value;
        if (size < sizeof word) {
            memcpy (word, at, size);
            if (words_find (&words_conditions, word, &value))
                set |= 1u << value;
        }
        at += size + (at[size] == ' ');
    }
    if (facts_is_newborn (facts))
        set |= 1u << CONDITION_NEWBORN;
    bool registered = facts->poverty_by_nik || facts->poverty_by_kk;
    if (facts->poverty_version)
        set |= 1u << (registered ? CONDITION_REGISTERED : CONDITION_UNREGISTERED);
    return set;
}

bool
facts_is_newborn (const struct facts *facts)
{
    return facts->member->nik_reason == NIK_EMPTY && facts->member->mother_nik;
}
