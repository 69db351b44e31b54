/* tally follows till and nothing else: an account's events counted once each. What the hop between two services costs
 * is timed on it. */
#pragma once

#include "common/engine/service.h"
#include "toy.pb-c.h"

struct sum {
    int64_t tenant;
    struct uuid id;
    int64_t balance, version, events;
};

extern const struct table sum_table;
extern const struct service tally_service;

decide_fn on_tally_opened, on_tally_changed;
