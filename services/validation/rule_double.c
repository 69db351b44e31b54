/* double: is the same person in another open application? In this office it may be said so; of another office only
 * that there is one, never which. */
#include "services/validation/rules.h"

void
rule_double (const struct facts *facts, struct finding *ret)
{
    if (uuid_is_nil (facts->member->claim)) {
        ret->kind = NOTHING;
        return;
    }
    ret->outcome = facts->holding == HELD_HERE        ? "same_office"
                   : facts->holding == HELD_ELSEWHERE ? "elsewhere"
                                                      : "none";
}
