/* The rules: pure functions from gathered facts about one person to what was found. What follows from a finding is the
 * profile's (verdict.h). One file each, rule_<check>.c. */
#pragma once

#include "common/domain/profile.h"
#include "services/validation/application_store.h"

enum { EVIDENCE = 240 };

/* A person's row in the file of BPJS members. Texts as in the file. */
struct membership {
    const char *segment, *payer, *status;
};

enum holding {
    HELD_BY_NOBODY,
    HELD_BY_US, /* this application */
    HELD_HERE,  /* another of this tenant */
    HELD_ELSEWHERE,
};

/* All that is known about one person when rules judge. */
struct facts {
    const struct application *application;
    const struct member *member;
    int64_t nik;       /* looked up under: the person's, or of a newborn the mother's; 0 none */
    bool under_mother; /* nik is the mother's */
    int32_t today;     /* of the office, days */

    int64_t poverty_version; /* 0: no snapshot loaded */
    const char *poverty_period;
    bool poverty_by_nik, poverty_by_kk;
    int poverty_decile; /* 0 not ranked, -1 not said */

    int64_t membership_version;
    const char *membership_period;
    const struct membership *memberships;
    size_t n_memberships;

    enum holding holding;

    const struct dukcapil_policy *policy;
    bool dukcapil_asked;                    /* false: nothing to ask with */
    const char *dukcapil_why;               /* code shown while it waits: "timeout", "login" */
    const struct dukcapil_answer *dukcapil; /* class VERDICT; NULL: it did not answer */
};

enum finding_kind {
    FOUND,      /* outcome is one of the check's, the profile says what follows */
    NOTHING,    /* the rule has nothing to look at: another check says why */
    UNANSWERED, /* a registry does not answer: the person waits */
    NOT_LOADED, /* no file was ever loaded: goes on, with a warning */
};
struct finding {
    enum finding_kind kind;
    const char *outcome;
    char evidence[EVIDENCE]; /* versions, codes, scores: no personal data */
};

typedef void rule_fn (const struct facts *facts, struct finding *ret);
rule_fn rule_nik, rule_kk, rule_dukcapil, rule_poverty, rule_membership, rule_double;

/* By enum check. */
extern rule_fn *const rules[CHECK_END];

/* Facts about the person that papers and rules may depend on. */
profile_conditions facts_conditions (const struct facts *facts);
bool facts_is_newborn (const struct facts *facts);

enum member_class { MEMBER_NATIONAL, MEMBER_PROVINCE, MEMBER_LOCAL, MEMBER_MANDIRI, MEMBER_WORKER, MEMBER_UNKNOWN };
enum member_state { MEMBER_ACTIVE, MEMBER_INACTIVE, MEMBER_DEAD, MEMBER_ODD };
/* As BPJS writes them in its files. */
enum member_class membership_class (const struct membership *membership);
enum member_state membership_state (const struct membership *membership);
