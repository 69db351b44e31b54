/* One row of a file of proposals, read into what is said of a person. Pure. */
#pragma once

#include "common/domain/csv_schema.h"
#include "common/domain/profile.h"
#include "services/intake/import_store.h"

enum { PROPOSAL_PROBLEMS = 8 }; /* of one row: more help nobody */

struct proposal_problem {
    const char *column, *code;
    bool warning; /* told, and the row counts all the same */
};

/* What the names of rows and applications are made of. */
struct proposal_scope {
    int64_t tenant;
    const char *source, *period;
    const struct profile *profile;
    int32_t today;
};

/* Fills *ret (in the arena) and at most warnings; false: the row is refused, for these problems. row->reason must be
 * CSV_OK.
 *
 * A birth date of two readings (03/04/1990) is the one that the NIK agrees with, whatever the rest of the file looks
 * like: were the order taken from other rows, the same row would be read in two ways when its file is pushed again in
 * another order or with other rows, and a repeated push must touch only what changed. Without a NIK the
 * schema's order counts, with a warning when the other reading is a newborn's as well. */
bool proposal_read (const struct proposal_scope *scope, const struct csv_row *row, struct arena *arena,
                    Padan__Intake__V1__ImportRow *ret, struct proposal_problem problems[static PROPOSAL_PROBLEMS],
                    size_t *ret_n);
/* Bahasa Indonesia, for any code a row may be refused with. */
const char *proposal_text (const char *code);
/* Likewise, for a service that may hold an application; "" for others. */
const char *proposal_holder_text (const char *service);
