/* What may become of a person in a batch. The table is person_moves.c's; moves.md is drawn from it. */
#pragma once

#include "services/batching/batching.h"

#define PERSON_STATES(X)                                                                                               \
    X (WAITING, "waiting")                                                                                             \
    X (BATCHED, "batched")                                                                                             \
    X (ACCEPTED, "accepted")                                                                                           \
    X (REFUSED, "refused")
#define PERSON_ACTS(X)                                                                                                 \
    X (BATCH, "batch")                                                                                                 \
    X (DOUBLE, "double") /* already proposed in another application */                                                 \
    X (ACCEPT, "accept")                                                                                               \
    X (REFUSE, "refuse")

#define PERSON_X(constant, word) PERSON_##constant,
enum person_state { PERSON_STATES (PERSON_X) PERSON_STATE_END };
#undef PERSON_X
#define PERSON_X(constant, word) PERSON_ACT_##constant,
enum person_act { PERSON_ACTS (PERSON_X) PERSON_ACT_END };
#undef PERSON_X

const char *person_state_word (enum person_state state);
const char *person_act_word (enum person_act act);
enum person_state person_state_of (const char *word); /* PERSON_STATE_END for none */
/* The state it leads to, -1 when it is not legal. */
int person_move (enum person_state from, enum person_act act);
extern const struct moves person_moves;
