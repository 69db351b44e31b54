/* Which move is legal in which state of a letter. The one place that says so. */
#pragma once

#include "services/approval/letter_store.h"

#define LETTER_STATES(X)                                                                                               \
    X (DRAFTED, "drafted") /* waits for parafs and the signature */                                                    \
    X (SIGNED, "signed")   /* has its number; its PDF is being made */                                                 \
    X (SEALED, "sealed")   /* its PDF is in the store */                                                               \
    X (DELIVERED, "delivered")                                                                                         \
    X (RETURNED, "returned") /* without a number: its files wait to be drafted again */                                \
    X (VOID, "void")         /* the same, after it got its number */

#define LETTER_MOVES(X)                                                                                                \
    X (CLEAR, "clear")                                                                                                 \
    X (SIGN, "sign")                                                                                                   \
    X (SEAL, "seal")                                                                                                   \
    X (DELIVER, "deliver")                                                                                             \
    X (RECALL, "recall") /* to an earlier paraf */                                                                     \
    X (RETURN, "return")                                                                                               \
    X (VOID, "void")

#define LETTER_X(constant, word) LETTER_STATE_##constant,
enum letter_state { LETTER_STATES (LETTER_X) LETTER_STATE_END };
#undef LETTER_X
#define LETTER_X(constant, word) LETTER_MOVE_##constant,
enum letter_move { LETTER_MOVES (LETTER_X) LETTER_MOVE_END };
#undef LETTER_X

const char *letter_state_word (enum letter_state state);
const char *letter_move_word (enum letter_move move);
enum letter_state letter_state_of (const struct office_letter *letter);
/* The state it leads to, -1 when it is not legal. */
int letter_move (enum letter_state from, enum letter_move move);
extern const struct moves letter_moves;
