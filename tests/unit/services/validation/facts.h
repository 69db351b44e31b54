/* One person of one application, with nothing against them, under the profile of Pematangsiantar. */
#pragma once

#include <string.h>

#include "common/base/text.h"
#include "services/validation/rules.h"
#include "tests/support/test.h"

struct person {
    struct application application;
    struct member member;
    struct dukcapil_answer answer;
    struct facts facts;
};

static inline void
person_make (struct person *person, const struct profile *profile)
{
    memset (person, 0, sizeof *person);
    person->application.track = "baru";
    person->application.kk = 1272010101200001;
    person->member.nik = 1272014101900001; /* a woman born on 1 January 1990 */
    person->member.sex = 2;
    date_parse ("1990-01-01", 10, &person->member.birth_date);
    person->member.name = "BUDIARTI";
    person->member.conditions = "";
    person->member.member_id.bytes[0] = 1;
    person->member.claim.bytes[0] = 1;
    person->answer = (struct dukcapil_answer){ .class = DUKCAPIL_VERDICT, .result = DUKCAPIL_PADAN };
    person->facts = (struct facts){
        .application = &person->application,
        .member = &person->member,
        .nik = person->member.nik,
        .poverty_version = 3,
        .poverty_period = "2026-09",
        .poverty_by_nik = true,
        .poverty_decile = 2,
        .membership_version = 5,
        .membership_period = "2026-11",
        .policy = profile ? &profile->dukcapil : NULL,
        .dukcapil_asked = true,
        .dukcapil = &person->answer,
    };
    date_parse ("2026-11-23", 10, &person->facts.today);
}

static inline const struct profile *
profile_of_siantar (struct arena *arena)
{
    struct profile *profile;
    struct profile_problems problems;
    struct err err;
    if (profile_read ("deploy/profiles/pematangsiantar.yaml", arena, &profile, &problems, NULL, &err) != RC_OK)
        fail_msg ("%s %s", err.field, err.text);
    return profile;
}
