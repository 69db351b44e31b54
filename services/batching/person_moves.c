#include "services/batching/person_moves.h"

#include <string.h>

/* state × act → state + 1, 0: not legal. */
#define TO(state) (PERSON_##state + 1)
static const int moves[PERSON_STATE_END][PERSON_ACT_END] = {
    [PERSON_WAITING] = { [PERSON_ACT_BATCH] = TO (BATCHED), [PERSON_ACT_DOUBLE] = TO (REFUSED) },
    [PERSON_BATCHED] = { [PERSON_ACT_ACCEPT] = TO (ACCEPTED), [PERSON_ACT_REFUSE] = TO (REFUSED) },
};
#undef TO

#define PERSON_X(constant, word) word,
static const char *const state_words[] = { PERSON_STATES (PERSON_X) };
static const char *const act_words[] = { PERSON_ACTS (PERSON_X) };
#undef PERSON_X

const char *
person_state_word (enum person_state state)
{
    return state_words[state];
}

const char *
person_act_word (enum person_act act)
{
    return act_words[act];
}

enum person_state
person_state_of (const char *word)
{
    for (int state = 0; state < PERSON_STATE_END; state++)
        if (strcmp (word, state_words[state]) == 0)
            return (enum person_state)state;
    return PERSON_STATE_END;
}

int
person_move (enum person_state from, enum person_act act)
{
    return from < PERSON_STATE_END ? moves[from][act] - 1 : -1;
}

const struct moves person_moves = { "person", state_words, act_words, PERSON_STATE_END, PERSON_ACT_END, &moves[0][0] };
