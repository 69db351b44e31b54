/* registry (DTKS, DTSEN): is the person, or else the family, in the poverty registry? The decile is evidence; which
 * decile may be proposed changed three times in eighteen months, so that is the profile's. */
#include <stdio.h>

#include "services/validation/rules.h"

void
rule_poverty (const struct facts *facts, struct finding *ret)
{
    if (!facts->poverty_version) {
        ret->kind = NOT_LOADED;
        return;
    }
    bool found = facts->poverty_by_nik || facts->poverty_by_kk;
    ret->outcome = facts->poverty_by_nik ? "by_nik" : found ? "by_kk" : "not_found";
    char decile[24] = "";
    if (found && facts->poverty_decile > 0)
        snprintf (decile, sizeof decile, "; desil %d", facts->poverty_decile);
    else if (found && facts->poverty_decile == 0)
        snprintf (decile, sizeof decile, "; belum diperingkat");
    snprintf (ret->evidence, sizeof ret->evidence, "DTSEN %s v%lld%s%s", facts->poverty_period,
              (long long)facts->poverty_version, decile,
              facts->under_mother && facts->poverty_by_nik ? "; NIK ibu" : "");
}
