/* What may be done to a person in which state. The table is person_moves.c's; moves.md is drawn from it. */
#pragma once

#include "common/base/err.h"
#include "common/base/moves.h"

enum person_state { PERSON_NONE, PERSON_ACTIVE, PERSON_DISABLED, PERSON_STATES };
enum person_act {
    PERSON_ADD,
    PERSON_SIGN_IN,
    PERSON_SIGN_OUT,
    PERSON_CHANGE_GRANTS,
    PERSON_CHANGE_PASSWORD,
    PERSON_CREATE_KEY,
    PERSON_REVOKE_KEY,
    PERSON_DISABLE,
    PERSON_ACTS
};

/* As the table column has it. */
const char *person_state_name (enum person_state state);
enum person_state person_state_of (const char *name); /* PERSON_NONE for anything else */
const char *person_act_name (enum person_act act);

/* RC_CONFLICT "accounts.person_state" when it is not a legal move; RC_NOT_FOUND when there is nobody. */
enum rc person_move (enum person_state state, enum person_act act, enum person_state *ret_state, struct err *err);
extern const struct moves person_moves;
