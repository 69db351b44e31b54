/* What may be done to a batch in which state. The table is batch_moves.c's; moves.md is drawn from it. */
#pragma once

#include "services/batching/batching.h"

#define BATCH_STATES(X)                                                                                                \
    X (CLOSING, "closing")       /* collecting its applications, chunk by chunk */                                     \
    X (EMPTY, "empty")           /* ended: nothing waited, or nothing had a place */                                   \
    X (CLOSED, "closed")         /* numbered */                                                                        \
    X (WRITTEN, "written")       /* its file is in the store */                                                        \
    X (SENT, "sent")             /* handed to BPJS */                                                                  \
    X (ANSWERED, "answered")     /* every line has an answer; ended where nobody reconciles */                         \
    X (RECONCILED, "reconciled") /* ended: compared with BPJS's books, a copy kept */
#define BATCH_ACTS(X)                                                                                                  \
    X (COLLECT, "collect")                                                                                             \
    X (GIVE_UP, "give_up")                                                                                             \
    X (CLOSE, "close")                                                                                                 \
    X (WRITE, "write")                                                                                                 \
    X (SEND, "send")                                                                                                   \
    X (REPLY, "reply") /* an import of replies begins or goes on */                                                    \
    X (ANSWER, "answer")                                                                                               \
    X (RECONCILE, "reconcile")

#define BATCH_X(constant, word) BATCH_##constant,
enum batch_state { BATCH_STATES (BATCH_X) BATCH_STATE_END };
#undef BATCH_X
#define BATCH_X(constant, word) BATCH_ACT_##constant,
enum batch_act { BATCH_ACTS (BATCH_X) BATCH_ACT_END };
#undef BATCH_X

const char *batch_state_word (enum batch_state state);
const char *batch_act_word (enum batch_act act);
enum batch_state batch_state_of (const char *word); /* BATCH_STATE_END for none */
/* The state it leads to, -1 when it is not legal. */
int batch_move (enum batch_state from, enum batch_act act);
extern const struct moves batch_moves;
