/* One row of a file of proposals, read into what is said of a person. Pure. */
#pragma once

#include "common/domain/csv_schema.h"
#include "common/domain/profile.h"
#include "services/intake/import_store.h"

enum { PROPOSAL_PROBLEMS = 8 }; /* of one row: more help nobody */

struct proposal_problem {
    const char *column, *code;
};

/* What the names of rows and applications are made of. */
struct proposal_scope {
    int64_t tenant;
    const char *source, *period;
    const struct profile *profile;
    int32_t today;
};

/* Fills *ret (in the arena) and returns 0, or how many problems there are. row->reason must be CSV_OK. */
size_t proposal_read (const struct proposal_scope *scope, const struct csv_row *row, struct arena *arena,
                      Padan__Intake__V1__ImportRow *ret, struct proposal_problem problems[static PROPOSAL_PROBLEMS]);
/* Bahasa Indonesia, for any code a row may be refused with. */
const char *proposal_text (const char *code);
