/* Due "check", between its parts: what is gathered for the applications of one tenant in one claim. */
#pragma once

#include "services/validation/rules.h"
#include "services/validation/validation.h"

/* One person to be judged. */
struct check_person {
    struct facts facts;
    const struct member *mother;       /* of a newborn, when she is in the same application */
    struct dukcapil_question question; /* n_fields 0: nothing to ask */
    struct uuid question_id;
    struct check_person *same; /* asks the same: its answer is this one's too */
    bool was_kept;             /* pairs come from an earlier answer */
};

/* One application of the claim. */
struct check_case {
    struct due_item *item;
    struct application *application; /* NULL: not as it was scheduled any more */
    const struct profile *profile;
    struct check_person *people;
    size_t n_people;
};

struct checking {
    struct gather *gather;
    struct arena *arena;
    int64_t tenant, now;
    int64_t ask_until; /* by clock_monotonic: no question leaves after it */
    struct check_case *cases;
    size_t n;
    int64_t poverty_version, membership_version;
    const char *poverty_period, *membership_period;
};

/* Applications, people, profiles (check_read.c). Items whose application moved on keep application NULL. */
enum rc check_read_applications (struct checking *check, struct err *err);
/* Registries, claims and kept answers of all people, in one round trip (check_read.c). */
enum rc check_read_registries (struct checking *check, struct err *err);
/* What Dukcapil is asked about each person (check_question.c). */
void check_questions (struct checking *check);
/* Asks what is not kept and judges each answer by the application's policy (check_question.c). */
void check_ask (struct checking *check);
