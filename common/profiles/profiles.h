/* The procedures this process works by: parsed once, kept by hash, shared by its threads. A service that meets one it
 * lacks asks intake, their owner, while gathering; intake itself looks into its own table. */
#pragma once

#include "common/domain/profile.h"
#include "common/engine/service.h"

enum {
    PROFILES_KEPT = 256,      /* versions in memory: a province's offices, each with a few versions in use */
    PROFILES_REST_HOURS = 1,  /* one dropped stays readable so long: no batch that holds it lasts longer */
    PROFILES_ARENA = 8 << 20, /* one parsed profile and its calendar; the fullest takes under 1 MB */
};

/* The profile of that hash, or the tenant's current one for NULL. Valid for at least PROFILES_REST_HOURS, so for as
 * long as a batch or a query may use it; never freed by the caller. A calendar year without a file of its own under
 * <data>/deploy/profiles/calendar is left out (calendar_knows_year says so).
 * RC_NOT_FOUND "common.no_profile" when the tenant has none; RC_RETRY when intake does not answer. Thread-safe. */
enum rc profiles_get (struct gather *gather, int64_t tenant, const uint8_t hash[PROFILE_HASH],
                      const struct profile **ret_profile, struct err *err);

/* The role that signs in for one of a profile's; ROLE_NONE: those work on paper, through the operator. */
Padan__Role profiles_role (enum role role);

/* Where bytes come from instead of intake: intake's own table. hash NULL: the tenant's current one. yaml lives in the
 * gather's arena. Set before threads start. */
typedef enum rc profiles_fetch_fn (struct gather *gather, int64_t tenant, const uint8_t hash[PROFILE_HASH],
                                   struct bytes *ret_yaml, struct err *err);
void profiles_fetch_by (profiles_fetch_fn *fetch);
