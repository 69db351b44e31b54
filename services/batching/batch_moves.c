#include "services/batching/batch_moves.h"

#include <string.h>

/* state × act → state + 1, 0: not legal. */
#define TO(state) (BATCH_##state + 1)
static const int moves[BATCH_STATE_END][BATCH_ACT_END] = {
    [BATCH_CLOSING] = { [BATCH_ACT_COLLECT] = TO (CLOSING),
                        [BATCH_ACT_GIVE_UP] = TO (EMPTY),
                        [BATCH_ACT_CLOSE] = TO (CLOSED) },
    [BATCH_CLOSED] = { [BATCH_ACT_WRITE] = TO (WRITTEN) },
    [BATCH_WRITTEN] = { [BATCH_ACT_SEND] = TO (SENT) },
    [BATCH_SENT] = { [BATCH_ACT_REPLY] = TO (SENT), [BATCH_ACT_ANSWER] = TO (ANSWERED) },
    [BATCH_ANSWERED] = { [BATCH_ACT_REPLY] = TO (ANSWERED), [BATCH_ACT_RECONCILE] = TO (RECONCILED) },
    [BATCH_RECONCILED] = { [BATCH_ACT_REPLY] = TO (RECONCILED) }, /* an import goes on to its end */
};
#undef TO

#define BATCH_X(constant, word) word,
static const char *const state_words[] = { BATCH_STATES (BATCH_X) };
static const char *const act_words[] = { BATCH_ACTS (BATCH_X) };
#undef BATCH_X

const char *
batch_state_word (enum batch_state state)
{
    return state_words[state];
}

const char *
batch_act_word (enum batch_act act)
{
    return act_words[act];
}

enum batch_state
batch_state_of (const char *word)
{
    for (int state = 0; state < BATCH_STATE_END; state++)
        if (strcmp (word, state_words[state]) == 0)
            return (enum batch_state)state;
    return BATCH_STATE_END;
}

int
batch_move (enum batch_state from, enum batch_act act)
{
    return from < BATCH_STATE_END ? moves[from][act] - 1 : -1;
}

const struct moves batch_moves = { "batch", state_words, act_words, BATCH_STATE_END, BATCH_ACT_END, &moves[0][0] };
