/* An application as validation knows it: what intake last said, and what was last judged. */
#pragma once

#include "common.pb-c.h"
#include "common/engine/service.h"

enum { MEMBER_CONDITIONS = 64 }; /* words a member may bear; the vocabulary has 11 */

struct member {
    int64_t tenant;
    struct uuid application_id;
    int32_t ordinal;
    struct uuid member_id;
    bool gone;
    int64_t nik; /* 0: none, or not well formed */
    int32_t nik_reason;
    int64_t mother_nik;
    const char *name, *birth_place;
    int32_t birth_date; /* DATE_NONE: not stated or not a date */
    int32_t sex;        /* enum sex */
    int32_t marital;    /* as in common.v1 */
    const char *conditions;
    struct uuid claim; /* nil: nothing to know the person by */
    int32_t verdict;
    struct bytes reasons; /* packed MemberVerdict; none before the first judgement */
};

struct application {
    int64_t tenant;
    struct uuid id;
    int64_t version;
    const char *state, *source, *track;
    int64_t kk;
    int32_t kk_reason;
    struct bytes profile;
    const char *street, *village; /* village: Kemendagri code, for who may see it */
    int64_t entered_at;
    int64_t judged_version, judged_at;
    int32_t waits;
    int64_t poverty_version, membership_version;
    struct member *members;
    size_t n_members;
};

extern const struct table application_table;
extern const struct db_column application_columns[], member_columns[];
enum { APPLICATION_COLUMNS = 17, MEMBER_COLUMNS = 17 };

/* Takes the dossier's content over into the row: members keep their places, those no longer named are gone, verdicts
 * of members that changed are voided. */
void application_fill (struct unit *unit, struct application *row, const Padan__Common__V1__Dossier *dossier);
