#include "services/accounts/throttle.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "accounts_sql.h"
#include "common/base/clock.h"
#include "services/accounts/person_store.h"

static const struct db_column columns[] = {
    DB_COLUMN (DB_INT8, throttle, tenant),
    DB_COLUMN (DB_UUID, throttle, id),
    DB_COLUMN (DB_INT4, throttle, failures),
    DB_COLUMN (DB_TIME, throttle, last_at),
};
const struct table throttle_table = {
    .name = "throttle",
    .row_size = sizeof (struct throttle),
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .load = &sql_throttle_load,
    .insert = &sql_throttle_insert,
    .update = &sql_throttle_update,
};

/* Two logins that share a row share its wait: one in a million, and no more than whoever guesses could do anyway. */
struct uuid
throttle_id (const char *login)
{
    uint8_t digest[crypto_generichash_BYTES];
    uint32_t bucket;
    char name[32];
    crypto_generichash (digest, sizeof digest, (const uint8_t *)login, strlen (login), NULL, 0);
    memcpy (&bucket, digest, sizeof bucket);
    int length = snprintf (name, sizeof name, "throttle:%u", bucket % THROTTLE_BUCKETS);
    return uuid_of (name, (size_t)length);
}

int64_t
throttle_until (int32_t failures, int64_t last_at, int64_t now)
{
    if (failures < THROTTLE_FREE || now - last_at >= THROTTLE_FORGOTTEN * (int64_t)CLOCK_SECOND)
        return 0;
    int32_t doublings = failures - THROTTLE_FREE;
    int64_t seconds = doublings < 16 ? (int64_t)THROTTLE_FIRST << doublings : THROTTLE_LONGEST;
    if (seconds > THROTTLE_LONGEST)
        seconds = THROTTLE_LONGEST;
    return last_at + seconds * CLOCK_SECOND;
}

enum rc
throttle_check (const struct throttle *throttle, int64_t now, struct err *err)
{
    int64_t until = throttle ? throttle_until (throttle->failures, throttle->last_at, now) : 0;
    if (until <= now)
        return RC_OK;
    err_code (err, RC_BUSY, "accounts.throttled", "", "too many failures");
    err->retry_after = (unsigned)((until - now + CLOCK_SECOND - 1) / CLOCK_SECOND);
    return RC_BUSY;
}

void
throttle_failed (struct unit *unit, struct uuid id)
{
    const struct throttle *known = unit_peek (unit, &throttle_table, 0, id);
    struct throttle *throttle =
        known ? unit_edit (unit, &throttle_table, 0, id) : unit_create (unit, &throttle_table, 0, id);
    int64_t now = unit_now (unit);
    bool forgotten = now - throttle->last_at >= THROTTLE_FORGOTTEN * (int64_t)CLOCK_SECOND;
    throttle->failures = forgotten ? 1 : throttle->failures < INT32_MAX ? throttle->failures + 1 : INT32_MAX;
    throttle->last_at = now;
}

void
throttle_forget (struct unit *unit, struct uuid id)
{
    const struct throttle *known = unit_peek (unit, &throttle_table, 0, id);
    if (!known || known->failures == 0)
        return;
    struct throttle *throttle = unit_edit (unit, &throttle_table, 0, id);
    throttle->failures = 0;
}
