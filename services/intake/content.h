/* What an officer or a file says of a family, read and checked before any row changes. Pure. */
#pragma once

#include "common/domain/profile.h"
#include "services/intake/application_store.h"

enum {
    CONTENT_TEXT = 200, /* bytes of a name or a street: the longest on a KK has 60 letters */
    CONTENT_SHORT = 20, /* bytes of RT, RW, postal code, telephone */
    NEWBORN_DAYS = 365, /* a child still without a NIK then is Dukcapil's case first */
    ADULT_YEARS = 17,   /* has a KTP */
    OLDEST_YEARS = 130, /* a birth date before that is a slip */
};

/* The same fields of EnterApplication and CorrectApplication. */
struct content {
    const char *track, *kk;
    const Padan__Common__V1__Address *address;
    Padan__Common__V1__Member *const *members;
    size_t n_members;
};

/* As rows: values only, no tenant, id, ordinal; member ids nil where the sender gave none. All in the arena. */
struct content_read {
    const char *track;
    int64_t kk;
    const char *street, *rt, *rw, *village, *village_name, *postal_code;
    struct member *members;
    size_t n_members;
};

/* RC_UNPROCESSABLE with a code and a JSON pointer for the first thing wrong. A NIK that does not fit the birth date or
 * the sex is fine here: checks will warn of it. */
enum rc content_check (const struct content *content, const struct profile *profile, int32_t today, struct arena *arena,
                       struct content_read *ret, struct err *err);

/* Values read into rows; what identifies the row stays. */
void content_apply (const struct content_read *read, struct application *application);
void member_apply (const struct member *read, struct member *member);
bool content_same (const struct content_read *read, const struct application *application);
bool member_same (const struct member *read, const struct member *member);

/* Whole years between a birth and a day. */
int age_on (int32_t birth, int32_t day);
/* A Kemendagri village code inside the office's area: "12.72.01.1003" of "12.72". */
bool village_is_in (const char *village, const char *office);
