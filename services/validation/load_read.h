/* Reading one chunk of a registry's file: rows and problems as a result message. Constant memory; the same chunk gives
 * the same result, so that a load goes on after a crash from the chunk that was committed last. */
#pragma once

#include "common/base/store.h"
#include "services/validation/registry_store.h"
#include "validation.pb-c.h"

enum {
    LOAD_FIRST = 1,               /* chunk of an import that nothing was read of */
    LOAD_CHUNK = 10000,           /* rows of one transaction: ~1 MB of parameters, well under a second */
    LOAD_CHUNK_PROBLEMS = 10000,  /* likewise: no problem is left out, the chunk ends before it would be */
    LOAD_ROW_PROBLEMS = 2,        /* of one row: of a person's, KK and decile */
    LOAD_ROWS_MAX = 60 * 1000000, /* the largest province has 51 million people */
};

/* row: the import as the work found it. A file that cannot be read as what it says, or ends without a row that can be
 * used, sets failure; RC_RETRY and others:
 * try again. */
enum rc load_read (struct store *store, const struct import *row, struct arena *arena,
                   Padan__Validation__V1__LoadResult **ret_result, struct err *err);
