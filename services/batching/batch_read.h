/* A batch as it is, without its lock: for work and queries. */
#pragma once

#include "services/batching/batch_store.h"

/* RC_NOT_FOUND "common.not_found". Texts live in the gather's arena. */
enum rc batch_read (struct gather *gather, int64_t tenant, struct uuid id, struct batch_row *ret_batch,
                    struct err *err);
/* The procedure it goes by, the tenant's current one when it closed before that was kept; *ret_track: -1 when that has
 * no such track any more. */
enum rc batch_profile (struct gather *gather, const struct batch_row *batch, const struct profile **ret_profile,
                       int *ret_track, struct err *err);
/* Rows of a statement that selects every column of batch. */
enum rc batch_rows (const struct db_result *result, struct arena *arena, struct batch_row **ret_rows, size_t *ret_n,
                    struct err *err);
