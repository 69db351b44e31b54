/* padan verify: invariants over the tables alone, each a statement that finds what breaks it. */
#pragma once

#include "common/db/db.h"

struct invariant {
    const char *name;           /* what is named when it is broken */
    const char *says;           /* what must hold */
    const struct sql *sql;      /* rows are violations; column 0 says where. Run once per schema of `schemas` */
    const char *const *schemas; /* NULL: once, over all schemas */
};
extern const struct invariant invariants[]; /* ends with a NULL name */

/* A session of the auditor's that finds tables of this schema without naming it. *ret_exists: false when the database
 * has no such service; *ret_db is the caller's either way. RC_FORBIDDEN for a login under row-level security: rows that
 * it does not see would look lost. */
enum rc verify_connect (const char *conninfo, const char *schema, struct db **ret_db, bool *ret_exists,
                        struct err *err);
