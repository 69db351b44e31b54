/* One request about many cards, with a result for each. */
#pragma once

#include "services/distribution/distribution.h"

struct bulk_target {
    int64_t tenant;
    struct uuid bulk_id;
    int32_t ordinal;
    struct uuid card_id;
    int64_t expected;    /* version its asker saw, 0 none */
    const char *outcome; /* waiting, done, refused */
    const char *code;    /* of the refusal */
    int64_t version;     /* after it, 0 unknown */
};

struct bulk {
    int64_t tenant;
    struct uuid id;
    const char *act; /* receive, hand */
    struct uuid courier_id, asked_by;
    int64_t asked_at;
    int32_t n_targets, waiting;
    struct bulk_target *targets;
    size_t count;
};

extern const struct table bulk_table;
struct bulk_target *bulk_target_add (struct unit *unit, struct bulk *bulk);
