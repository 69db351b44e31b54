/* How often one login may be guessed. Rows are kept by a hash of the login, known or not, so that the answer never
 * tells which it is. The first THROTTLE_FREE failures cost nothing; each one more doubles the wait. */
#pragma once

#include "services/accounts/accounts.h"

enum {
    THROTTLE_FREE = 5,             /* people mistype, and try yesterday's password */
    THROTTLE_FIRST = 15,           /* seconds after the failure that used up the free ones */
    THROTTLE_LONGEST = 900,        /* seconds: 4 guesses an hour at most, and nobody is shut out for a day */
    THROTTLE_FORGOTTEN = 3600,     /* seconds after the last failure */
    THROTTLE_BUCKETS = 1024 * 1024 /* rows at most */
};

struct throttle {
    int64_t tenant; /* 0 */
    struct uuid id;
    int32_t failures;
    int64_t last_at;
};
extern const struct table throttle_table;

struct uuid throttle_id (const char *login);
/* Until when nothing is tried, UTC µs; not after now: it may be. Pure. */
int64_t throttle_until (int32_t failures, int64_t last_at, int64_t now);
/* RC_BUSY "accounts.throttled" with the seconds left while the login has to wait. */
enum rc throttle_check (const struct throttle *throttle, int64_t now, struct err *err);
void throttle_failed (struct unit *unit, struct uuid id);
void throttle_forget (struct unit *unit, struct uuid id);
