/* Reading BPJS's reply to a batch: a chunk of its lines, each with whom it speaks of or what is wrong with it. */
#pragma once

#include "services/batching/import_store.h"

/* Reads on from where the import stands. RC_OK with result->failure set: the file cannot be read at all. Everything
 * lives in the gather's arena. */
enum rc reply_file_read (struct gather *gather, const struct import_row *import, size_t limit,
                         Padan__Batching__V1__RepliesResult *result, struct err *err);
