/* Positive answers of Dukcapil, kept for a while: match results only, known by a hash of all that was asked. */
#pragma once

#include "common/domain/dukcapil.h"
#include "common/engine/service.h"

struct answer {
    int64_t tenant;
    struct uuid id;
    struct bytes pairs; /* packed AnswerPairs */
    int64_t valid_until;
};
extern const struct table answer_table;

/* The same question, at the same threshold, to the same effect. */
struct uuid answer_id (const struct dukcapil_pair *fields, size_t n, int threshold);
/* Only what says "Sesuai" or "Tidak Sesuai", or echoes what was sent: never a record's own values. */
struct bytes answer_pack (const struct dukcapil_pair *pairs, size_t n, struct arena *arena);
/* False when the bytes are not that. The echo is again what is sent now. */
bool answer_unpack (struct bytes packed, const struct dukcapil_pair *fields, size_t n_fields, struct arena *arena,
                    struct dukcapil_pair **ret_pairs, size_t *ret_n);
