#include "services/accounts/person_moves.h"

#include <string.h>

/* PERSON_NONE: not a legal move. */
static const enum person_state moves[PERSON_STATES][PERSON_ACTS] = {
    [PERSON_NONE] = {
        [PERSON_ADD] = PERSON_ACTIVE,
    },
    [PERSON_ACTIVE] = {
        [PERSON_SIGN_IN] = PERSON_ACTIVE,
        [PERSON_SIGN_OUT] = PERSON_ACTIVE,
        [PERSON_CHANGE_GRANTS] = PERSON_ACTIVE,
        [PERSON_CHANGE_PASSWORD] = PERSON_ACTIVE,
        [PERSON_CREATE_KEY] = PERSON_ACTIVE,
        [PERSON_REVOKE_KEY] = PERSON_ACTIVE,
        [PERSON_DISABLE] = PERSON_DISABLED,
    },
    [PERSON_DISABLED] = {
        [PERSON_SIGN_OUT] = PERSON_DISABLED,
        [PERSON_REVOKE_KEY] = PERSON_DISABLED,
    },
};

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
    if (moves[state][act] == PERSON_NONE)
        return err_code (err, RC_CONFLICT, "accounts.person_state", "", "%s of a person who is %s", acts[act],
                         states[state]);
    *ret_state = moves[state][act];
    return RC_OK;
}
