/* dukcapil: is the person padan by the office's policy? The answer was judged field by field; the evidence names the
 * policy's version and each field that was not simply the same, with its score. */
#include <stdio.h>
#include <string.h>

#include "services/validation/rules.h"

static void
evidence_write (const struct facts *facts, struct finding *ret)
{
    const struct dukcapil_answer *answer = facts->dukcapil;
    size_t used = (size_t)snprintf (ret->evidence, sizeof ret->evidence, "%s v%d%s%s%s", facts->policy->name,
                                    facts->policy->version, answer->code[0] ? "; kode " : "", answer->code,
                                    facts->under_mother ? "; NIK ibu" : "");
    for (size_t i = 0; i < answer->field_count && used < sizeof ret->evidence; i++) {
        const struct dukcapil_field *field = &answer->fields[i];
        if (field->match == DUKCAPIL_SAME || (field->match == DUKCAPIL_UNANSWERED && !field->decided))
            continue;
        const char *word = field->match == DUKCAPIL_UNANSWERED ? "tidak dijawab"
                           : field->match == DUKCAPIL_NEAR     ? "mirip"
                                                               : "beda";
        char score[16] = "";
        if (field->score >= 0)
            snprintf (score, sizeof score, " %d", field->score);
        used += (size_t)snprintf (ret->evidence + used, sizeof ret->evidence - used, "; %s %s%s", field->field, word,
                                  score);
    }
}

void
rule_dukcapil (const struct facts *facts, struct finding *ret)
{
    if (!facts->dukcapil_asked) {
        ret->kind = NOTHING;
        return;
    }
    if (!facts->dukcapil) {
        ret->kind = UNANSWERED;
        snprintf (ret->evidence, sizeof ret->evidence, "Dukcapil: %s", facts->dukcapil_why ? facts->dukcapil_why : "");
        return;
    }
    enum dukcapil_result result = facts->dukcapil->result;
    /* What is wrong with the mother's record is hers: it is noted and does not hold the child. But a mother whom nobody
     * knows says nothing of the child. */
    if (facts->under_mother && result != DUKCAPIL_PADAN)
        result = result == DUKCAPIL_NOT_FOUND ? DUKCAPIL_CONFIRM : DUKCAPIL_NOTED;
    ret->outcome = dukcapil_result_name (result);
    evidence_write (facts, ret);
}
