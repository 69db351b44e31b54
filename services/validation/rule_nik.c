/* nik, kk: is the number well formed, and does it agree with what is said of its bearer? A difference is odd, never
 * invalid: a NIK keeps what was first recorded. */
#include <stdio.h>

#include "common/domain/nik.h"
#include "services/validation/rules.h"

static void
number_judge (int64_t number, enum nik_reason reason, unsigned notes, struct finding *ret)
{
    if (reason == NIK_EMPTY || (!number && reason == NIK_OK)) {
        ret->outcome = "missing";
    } else if (reason != NIK_OK) {
        ret->outcome = "invalid";
        snprintf (ret->evidence, sizeof ret->evidence, "%s", nik_reason_code (reason));
    } else if (notes) {
        ret->outcome = "odd";
        snprintf (ret->evidence, sizeof ret->evidence, "%s%s%s", notes & NIK_NOTE_BIRTH ? "tanggal lahir " : "",
                  notes & NIK_NOTE_SEX ? "jenis kelamin " : "", notes & NIK_NOTE_PROVINCE ? "kode provinsi" : "");
    } else {
        ret->outcome = "valid";
    }
}

void
rule_nik (const struct facts *facts, struct finding *ret)
{
    const struct member *member = facts->member;
    unsigned notes = 0;
    if (member->nik) {
        notes = nik_compare (member->nik, member->birth_date, (enum sex)member->sex);
        notes |= nik_province_is_known (member->nik) ? 0 : NIK_NOTE_PROVINCE;
    }
    number_judge (member->nik, (enum nik_reason)member->nik_reason, notes, ret);
    if (facts_is_newborn (facts))
        snprintf (ret->evidence, sizeof ret->evidence, "dinilai dengan NIK ibu");
}

void
rule_kk (const struct facts *facts, struct finding *ret)
{
    const struct application *application = facts->application;
    unsigned notes = application->kk && !nik_province_is_known (application->kk) ? NIK_NOTE_PROVINCE : 0;
    number_judge (application->kk, (enum nik_reason)application->kk_reason, notes, ret);
}
