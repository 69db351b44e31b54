#include "services/approval/letter_moves.h"

/* state × move → state + 1, 0: not legal. */
#define TO(state) (LETTER_STATE_##state + 1)
static const int moves[LETTER_STATE_END][LETTER_MOVE_END] = {
    [LETTER_STATE_DRAFTED] = { [LETTER_MOVE_CLEAR] = TO (DRAFTED),
                               [LETTER_MOVE_SIGN] = TO (SIGNED),
                               [LETTER_MOVE_RECALL] = TO (DRAFTED),
                               [LETTER_MOVE_RETURN] = TO (RETURNED) },
    [LETTER_STATE_SIGNED] = { [LETTER_MOVE_SEAL] = TO (SEALED), [LETTER_MOVE_VOID] = TO (VOID) },
    [LETTER_STATE_SEALED] = { [LETTER_MOVE_DELIVER] = TO (DELIVERED), [LETTER_MOVE_VOID] = TO (VOID) },
};
#undef TO

#define LETTER_X(constant, word) word,
static const char *const state_words[] = { LETTER_STATES (LETTER_X) };
static const char *const move_words[] = { LETTER_MOVES (LETTER_X) };
#undef LETTER_X

const char *
letter_state_word (enum letter_state state)
{
    return state_words[state];
}

const char *
letter_move_word (enum letter_move move)
{
    return move_words[move];
}

enum letter_state
letter_state_of (const struct office_letter *letter)
{
    for (int state = 0; state < LETTER_STATE_END; state++)
        if (strcmp (letter->state, state_words[state]) == 0)
            return (enum letter_state)state;
    return LETTER_STATE_END;
}

int
letter_move (enum letter_state from, enum letter_move move)
{
    return from < LETTER_STATE_END ? moves[from][move] - 1 : -1;
}

const struct moves letter_moves = {
    "letter", state_words, move_words, LETTER_STATE_END, LETTER_MOVE_END, &moves[0][0]
};
