/* Published profiles, and which one a tenant's new applications are entered under. */
#pragma once

#include "common/profiles/profiles.h"

struct published_profile {
    int64_t tenant;
    struct uuid id; /* profile_id of the hash */
    struct bytes sha256;
    int32_t version; /* counts on in the tenant: the publishing it came with first */
    struct bytes yaml;
    struct uuid published_by;
    int64_t published_at;
};
struct current_profile {
    int64_t tenant;
    struct uuid id; /* current_profile_id: one row a tenant, also the subject of ProfilePublished */
    struct bytes sha256;
    int32_t version;
    int64_t since;
};
extern const struct table profile_table, current_profile_table;

struct uuid profile_id (const uint8_t hash[PROFILE_HASH]);
struct uuid current_profile_id (int64_t tenant);
