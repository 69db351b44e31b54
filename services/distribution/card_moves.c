#include "services/distribution/card_moves.h"

#include <string.h>

/* state × act → state + 1, 0: not legal. */
#define TO(state) (CARD_##state + 1)
static const int moves[CARD_STATE_END][CARD_ACT_END] = {
    [CARD_EXPECTED] = { [CARD_ACT_RECEIVE] = TO (RECEIVED) },
    [CARD_RECEIVED] = { [CARD_ACT_HAND] = TO (HANDED), [CARD_ACT_FETCH] = TO (DELIVERED) },
    [CARD_HANDED] = { [CARD_ACT_DELIVER] = TO (DELIVERED), [CARD_ACT_FAIL] = TO (FAILED) },
    [CARD_FAILED] = { [CARD_ACT_HAND] = TO (HANDED), [CARD_ACT_FETCH] = TO (DELIVERED) },
};
#undef TO

#define CARD_X(constant, word) word,
static const char *const state_words[] = { CARD_STATES (CARD_X) };
static const char *const act_words[] = { CARD_ACTS (CARD_X) };
#undef CARD_X

const char *
card_state_word (enum card_state state)
{
    return state_words[state];
}

const char *
card_act_word (enum card_act act)
{
    return act_words[act];
}

enum card_state
card_state_of (const char *word)
{
    for (int state = 0; state < CARD_STATE_END; state++)
        if (strcmp (word, state_words[state]) == 0)
            return (enum card_state)state;
    return CARD_STATE_END;
}

int
card_move (enum card_state from, enum card_act act)
{
    return from < CARD_STATE_END ? moves[from][act] - 1 : -1;
}

const struct moves card_moves = { "card", state_words, act_words, CARD_STATE_END, CARD_ACT_END, &moves[0][0] };
