#include "services/accounts/person_moves.h"

#include <string.h>

/* state × act → state + 1, 0: not legal. */
#define TO(state) (PERSON_##state + 1)
static const int moves[PERSON_STATES][PERSON_ACTS] = {
    [PERSON_NONE] = {
        [PERSON_ADD] = TO (ACTIVE),
    },
    [PERSON_ACTIVE] = {
        [PERSON_SIGN_IN] = TO (ACTIVE),
        [PERSON_SIGN_OUT] = TO (ACTIVE),
        [PERSON_CHANGE_GRANTS] = TO (ACTIVE),
        [PERSON_CHANGE_PASSWORD] = TO (ACTIVE),
        [PERSON_CREATE_KEY] = TO (ACTIVE),
        [PERSON_REVOKE_KEY] = TO (ACTIVE),
        [PERSON_DISABLE] = TO (DISABLED),
    },
    [PERSON_DISABLED] = {
        [PERSON_SIGN_OUT] = TO (DISABLED),
        [PERSON_REVOKE_KEY] = TO (DISABLED),
    },
};
#undef TO

static const char *const states[PERSON_STATES] = { "", "active", "disabled" };
static const char *const acts[PERSON_ACTS] = {
    "add", "sign_in", "sign_out", "change_grants", "change_password", "create_key", "revoke_key", "disable",
};

const char *
person_state_name (enum person_state state)
{
    return states[state];
}

enum person_state
person_state_of (const char *name)
{
    for (enum person_state state = PERSON_ACTIVE; state < PERSON_STATES; state++)
        if (strcmp (states[state], name) == 0)
            return state;
    return PERSON_NONE;
}

const char *
person_act_name (enum person_act act)
{
    return acts[act];
}

enum rc
person_move (enum person_state state, enum person_act act, enum person_state *ret_state, struct err *err)
{
    if (state == PERSON_NONE && act != PERSON_ADD)
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such person");
    int to = moves[state][act] - 1;
    if (to < 0)
        return err_code (err, RC_CONFLICT, "accounts.person_state", "", "%s of a person who is %s", acts[act],
                         states[state]);
    *ret_state = (enum person_state)to;
    return RC_OK;
}

const struct moves person_moves = { "person", states, acts, PERSON_STATES, PERSON_ACTS, &moves[0][0] };
