/* Claims (a person's open place, a card's owner) and counters (numbers given, places taken), known by name. */
#pragma once

#include "services/batching/batching.h"

struct claim {
    int64_t tenant;
    struct uuid id;
    struct uuid holder; /* of a NIK: the application, nil free; of a card: the person */
};
extern const struct table claim_table;

struct uuid claim_of_nik (int64_t nik);
struct uuid claim_of_card (const char *card_number);
/* nil: nobody. The key must have been named. */
struct uuid claim_holder (struct unit *unit, int64_t tenant, struct uuid id);
void claim_take (struct unit *unit, int64_t tenant, struct uuid id, struct uuid holder);
/* Frees it if it is this holder's. */
void claim_release (struct unit *unit, int64_t tenant, struct uuid id, struct uuid holder);

struct counter {
    int64_t tenant;
    struct uuid id;
    const char *name;
    int32_t value;
};
extern const struct table counter_table;

enum { COUNTER_NAME = 128 };
struct uuid counter_id (const char *name);
int32_t counter_value (struct unit *unit, int64_t tenant, const char *name);
/* Adds and gives the new value. */
int32_t counter_add (struct unit *unit, int64_t tenant, const char *name, int32_t count);
