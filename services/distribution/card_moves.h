/* What may be done to a card in which state. The table is card_moves.c's; moves.md is drawn from it. */
#pragma once

#include "services/distribution/distribution.h"

#define CARD_STATES(X)                                                                                                 \
    X (EXPECTED, "expected")   /* BPJS is to send it */                                                                \
    X (RECEIVED, "received")   /* at the office */                                                                     \
    X (HANDED, "handed")       /* with a courier */                                                                    \
    X (DELIVERED, "delivered") /* ended */                                                                             \
    X (FAILED, "failed")       /* came back; may be handed again */
#define CARD_ACTS(X)                                                                                                   \
    X (RECEIVE, "receive")                                                                                             \
    X (HAND, "hand")                                                                                                   \
    X (DELIVER, "deliver")                                                                                             \
    X (FETCH, "fetch") /* the office hands it to the resident itself */                                                \
    X (FAIL, "fail")

#define CARD_X(constant, word) CARD_##constant,
enum card_state { CARD_STATES (CARD_X) CARD_STATE_END };
#undef CARD_X
#define CARD_X(constant, word) CARD_ACT_##constant,
enum card_act { CARD_ACTS (CARD_X) CARD_ACT_END };
#undef CARD_X

const char *card_state_word (enum card_state state);
const char *card_act_word (enum card_act act);
enum card_state card_state_of (const char *word); /* CARD_STATE_END for none */
/* The state it leads to, -1 when it is not legal. */
int card_move (enum card_state from, enum card_act act);
extern const struct moves card_moves;
