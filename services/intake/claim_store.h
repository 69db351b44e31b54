/* Who is in an open application: one row a person in the tenant, and a blind one across tenants. */
#pragma once

#include "common/engine/service.h"

struct claim {
    int64_t tenant;
    struct uuid id;
    struct uuid application_id; /* nil: free */
    const char *ticket;         /* of the application, to be named to whoever comes second */
    int64_t since;
};
struct claim_anywhere {
    int64_t tenant;     /* always 0 */
    struct uuid id;     /* keyed hash of the NIK */
    struct uuid holder; /* keyed hash of the application's id; nil: free */
    int64_t since;
};
extern const struct table claim_table, claim_anywhere_table;

struct uuid claim_id (int64_t tenant, int64_t nik);

/* Once, before anything is served. NULL or "": no claims across tenants. */
void claim_key_set (const char *secret);

/* Names a person's rows; 0 is nobody. _new: of a person who has most likely never been in an application. */
void claim_keys (struct keys *keys, int64_t tenant, int64_t nik);
void claim_keys_new (struct keys *keys, int64_t tenant, int64_t nik);
/* Whether the application has the person, or may have: RC_CONFLICT "intake.claimed" with the other ticket as argument,
 * or "intake.claimed_elsewhere" without. before: an application that would give them up for it; nil none. field: where
 * the NIK stands. */
enum rc claim_check (struct unit *unit, int64_t tenant, int64_t nik, struct uuid application_id, struct uuid before,
                     const char *field, struct err *err);
/* Refused as above; harmless when the application has the person already. */
enum rc claim_take (struct unit *unit, int64_t tenant, int64_t nik, struct uuid application_id, const char *ticket,
                    const char *field, struct err *err);
/* Frees the person if this application has the claim. The rows must have been named. */
void claim_release (struct unit *unit, int64_t tenant, int64_t nik, struct uuid application_id);
