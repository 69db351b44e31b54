/* Sessions of people and keys of machines: only hashes of what opens them. */
#pragma once

#include "services/accounts/accounts.h"

enum { TOKEN_HASH = 32, USER_AGENT_MAX = 200 /* bytes kept */, KEY_NAME_MAX = 100 /* bytes */ };

struct session {
    int64_t tenant;
    struct uuid id, person_id;
    struct bytes token_sha256;
    const char *user_agent;
    int64_t started_at, expires_at, seen_at, ended_at;
};
struct api_key {
    int64_t tenant;
    struct uuid id, person_id;
    const char *name;
    struct bytes secret_sha256;
    int64_t created_at, expires_at, revoked_at;
    const char *scope; /* grants it was made for */
};
extern const struct table session_table, api_key_table;

/* A copy in the unit's arena. */
struct bytes hash_keep (struct unit *unit, ProtobufCBinaryData hash);
