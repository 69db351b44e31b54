#include "common/db/db_state.h"

#include <string.h>

struct state {
    const char *prefix; /* a whole SQLSTATE or its class; the first row that fits counts */
    enum rc rc;
    bool reconnect;
};

/* RC_RETRY only where the same transaction may well succeed later: a defect that came back as RC_RETRY would be run
 * for ever. What nobody foresaw is a defect (RC_INTERNAL), so the last row fits everything. */
static const struct state states[] = {
    { "08007", RC_UNKNOWN, true },   /* transaction resolution unknown */
    { "08P01", RC_INTERNAL, false }, /* protocol violation: wrong number or size of our parameters */
    { "08", RC_RETRY, true },        /* connection exception */
    { "23505", RC_CONFLICT, false }, /* unique violation: somebody else was first */
    { "23P01", RC_CONFLICT, false }, /* exclusion violation: the same over ranges */
    { "23", RC_INTERNAL, false },    /* other constraints: decide let through what it must not */
    { "25006", RC_RETRY, true },     /* read only: we sit on a server that is no longer primary */
    { "25P03", RC_RETRY, true },     /* idle in transaction timeout: we were frozen */
    { "25P04", RC_RETRY, true },     /* transaction timeout (17 and later) */
    { "26000", RC_RETRY, true },     /* prepared statement is gone */
    { "40003", RC_UNKNOWN, true },   /* statement completion unknown */
    { "40", RC_RETRY, false },       /* 40001 serialization failure, 40P01 deadlock */
    { "42P05", RC_RETRY, true },     /* prepared statement exists already */
    { "53", RC_BUSY, false },        /* 53100 disk full, 53200 memory, 53300 connections, 53400 limits */
    { "55006", RC_RETRY, false },    /* object in use */
    { "55P03", RC_RETRY, false },    /* lock timeout */
    { "57014", RC_RETRY, false },    /* statement timeout, or cancelled by a person */
    { "57P01", RC_RETRY, true },     /* admin shutdown */
    { "57P02", RC_RETRY, true },     /* crash shutdown */
    { "57P03", RC_RETRY, true },     /* cannot connect now */
    { "57P05", RC_RETRY, true },     /* idle session timeout */
    { "72000", RC_RETRY, false },    /* snapshot too old */
    { "XX001", RC_CORRUPT, false },  /* data corrupted */
    { "XX002", RC_CORRUPT, false },  /* index corrupted */
    { "", RC_INTERNAL, false },
};

enum rc
db_state_rc (const char *sqlstate, bool *ret_reconnect)
{
    const struct state *state = states;
    while (strncmp (sqlstate, state->prefix, strlen (state->prefix)) != 0)
        state++;
    *ret_reconnect = state->reconnect;
    return state->rc;
}
