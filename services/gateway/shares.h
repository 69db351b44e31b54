/* How much of something bounded one tenant and one person may hold at once, so that a key gone wild, or somebody's,
 * takes nothing from the other offices. Thread-safe. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/base/uuid.h"

struct shares;

struct share_limits {
    size_t all, tenant, person;
};

/* One place, held until it is given back. */
struct share {
    struct shares *of; /* NULL: none is held */
    int64_t tenant;
    struct uuid person;
};

enum share_result {
    SHARE_TAKEN,
    SHARE_FULL, /* all are taken, or no memory */
    SHARE_MUCH, /* the tenant or the person has its share */
};

struct shares *shares_new (struct share_limits limits); /* NULL without memory */
void shares_destroy (struct shares **self);             /* every share must have been given back */
enum share_result share_take (struct shares *self, int64_t tenant, struct uuid person, struct share *ret_share);
void share_give (struct share *share); /* one that is not held is fine */
