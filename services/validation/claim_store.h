/* Who holds a person: (NIK) → (tenant, application), in all tenants, known only by a keyed hash. */
#pragma once

#include "services/validation/application_store.h"

enum { CLAIM_TENANT = 0, CLAIM_KEY = 32 }; /* claims belong to no tenant */

struct claim {
    int64_t tenant; /* CLAIM_TENANT */
    struct uuid id;
    int64_t holder; /* 0: free */
    struct uuid application_id;
};
extern const struct table claim_table;

/* Once at start, before threads. */
void claim_key_set (const uint8_t key[static CLAIM_KEY]);
/* A person by NIK; a newborn without one by the mother's NIK and the name; nil when neither is known. */
struct uuid claim_of (const struct member *member);

/* Frees the claim if the application holds it and none of its members needs it, and has those who wait for it checked
 * again (due "freed"). Keys: the application and the claim. */
void claim_release (struct unit *unit, const struct application *row, struct uuid id);
/* Due "release" of an application whose members went or that ended. */
void claim_release_later (struct unit *unit, const struct application *row);
