/* An application of a family with its members and papers, as rows. */
#pragma once

#include "common/engine/service.h"
#include "intake.pb-c.h"

enum {
    MEMBERS_MAX = 30,                  /* of one application: the largest KK seen has 20 */
    MEMBER_ROWS_MAX = 4 * MEMBERS_MAX, /* those removed by corrections included */
    PAPERS_MAX = 200,                  /* replaced ones included: a few each member, corrected some times */
};

struct member {
    int64_t tenant;
    struct uuid application_id;
    int32_t ordinal;
    struct uuid member_id;
    int64_t nik, mother_nik; /* 0: none */
    const char *name;
    int32_t relation; /* Padan__Common__V1__Relation */
    const char *birth_place;
    int32_t birth_date;
    int32_t sex, marital;
    const char *phone;
    int64_t conditions, facts; /* profile_conditions: as entered, as found by checks */
    bool removed;              /* by a correction */
    bool excluded;             /* held back by its verdict when the others were sent */
    int32_t verdict;           /* Padan__Common__V1__Verdict */
    struct bytes reasons;      /* packed MemberVerdict; data NULL: not judged */
    int64_t evidence;          /* profile_conditions that papers prove */
};

struct paper {
    int64_t tenant;
    struct uuid application_id;
    int32_t ordinal;
    const char *kind;
    struct bytes file_sha256;
    const char *media_type;
    int64_t size;
    struct uuid member_id; /* nil: the family's */
    const char *number;
    int32_t paper_date; /* DATE_NONE */
    const char *signed_by;
    bool materai;
    const char *materai_serial;
    bool replaced; /* by a later one of its kind */
    int64_t attached_at;
    struct uuid attached_by;
    bool original;     /* itself, not a copy */
    bool paid_up;      /* shows that premiums are paid up */
    const char *photo; /* which of its kind's photos; "" not one of several */
};

struct application {
    int64_t tenant;
    struct uuid id;
    int64_t version;
    const char *state; /* application_moves.h */
    const char *ticket;
    const char *track;
    int64_t kk;
    const char *street, *rt, *rw, *village, *village_name, *postal_code;
    struct bytes profile_sha256;
    struct uuid entered_by;
    int64_t entered_at;
    const char *source;
    const char *payer;
    const char *held_by;
    const char *returned_reason, *ended_reason;
    int64_t content_version, judged_version;
    const char *missing;
    int64_t since;
    const char *act, *role; /* what waits at the counter, for whom; "" others hold it, or it has ended */
    int64_t due_at;         /* until when; 0 likewise */
    struct member *members;
    size_t n_members;
    struct paper *papers;
    size_t n_papers;
};

extern const struct table application_table;
enum { APPLICATION_MEMBERS, APPLICATION_PAPERS }; /* its children */

struct member *application_member_add (struct unit *unit, struct application *application);
struct paper *application_paper_add (struct unit *unit, struct application *application);
/* By its id, those removed not; NULL none. */
struct member *application_member_find (const struct application *application, struct uuid member_id);
/* Still part of the application, and not held back by its verdict. */
bool member_goes_on (const struct member *member);

/* As other services and officers get it, in the arena. Members held back or removed are left out with their papers;
 * `all` keeps those held back. */
Padan__Common__V1__Dossier *application_dossier (const struct application *application, bool all, struct arena *arena);
Padan__Common__V1__Paper *paper_message (const struct paper *paper, struct arena *arena);
/* Of every member that was judged, those held back too. */
Padan__Common__V1__MemberVerdict **application_verdicts (const struct application *application, struct arena *arena,
                                                         size_t *ret_n);
/* Replies with id, version, ticket, state and what is missing. */
void application_reply (struct unit *unit, const struct application *application);
char **missing_list (const char *missing, struct arena *arena, size_t *ret_n);
