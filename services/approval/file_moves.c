#include "services/approval/file_moves.h"

/* state × move → state + 1, 0: not legal. */
#define TO(state) (FILE_##state + 1)
static const int moves[FILE_STATE_END][FILE_MOVE_END] = {
    [FILE_WAITING] = { [FILE_MOVE_PASS] = TO (WAITING),
                       [FILE_MOVE_DRAFT] = TO (DRAFTED),
                       [FILE_MOVE_BACK] = TO (WAITING),
                       [FILE_MOVE_SEND_BACK] = TO (RETURNED),
                       [FILE_MOVE_REJECT] = TO (REJECTED),
                       [FILE_MOVE_FINISH] = TO (APPROVED) },
    [FILE_DRAFTED] = { [FILE_MOVE_CLEAR] = TO (DRAFTED),
                       [FILE_MOVE_SIGN] = TO (SIGNED),
                       [FILE_MOVE_RECALL] = TO (DRAFTED),
                       [FILE_MOVE_BACK] = TO (WAITING),
                       [FILE_MOVE_SEND_BACK] = TO (RETURNED),
                       [FILE_MOVE_REJECT] = TO (REJECTED),
                       [FILE_MOVE_FINISH] = TO (APPROVED) },
    [FILE_SIGNED] = { [FILE_MOVE_PASS] = TO (SIGNED),
                      [FILE_MOVE_DELIVER] = TO (SIGNED),
                      [FILE_MOVE_VOID] = TO (WAITING),
                      [FILE_MOVE_FINISH] = TO (APPROVED) },
    [FILE_RETURNED] = { [FILE_MOVE_ENTER] = TO (WAITING) },
};
#undef TO

/* kind of act → move + 1, 0: somebody else's. */
static const int acts[ACT_END] = {
    [ACT_RECEIVE] = FILE_MOVE_PASS + 1,    [ACT_SORT] = FILE_MOVE_PASS + 1,    [ACT_DISPOSISI] = FILE_MOVE_PASS + 1,
    [ACT_SITE_CHECK] = FILE_MOVE_PASS + 1, [ACT_APPROVE] = FILE_MOVE_PASS + 1, [ACT_HAND] = FILE_MOVE_PASS + 1,
    [ACT_CARRY] = FILE_MOVE_PASS + 1,      [ACT_ARCHIVE] = FILE_MOVE_PASS + 1, [ACT_DRAFT] = FILE_MOVE_DRAFT + 1,
    [ACT_PARAF] = FILE_MOVE_CLEAR + 1,     [ACT_SIGN] = FILE_MOVE_SIGN + 1,    [ACT_DELIVER] = FILE_MOVE_DELIVER + 1,
};

#define FILE_X(constant, word) word,
static const char *const state_words[] = { FILE_STATES (FILE_X) };
static const char *const move_words[] = { FILE_MOVES (FILE_X) };
#undef FILE_X

static const char *const holders[FILE_STATE_END] = {
    [FILE_WAITING] = "approval", [FILE_DRAFTED] = "approval", [FILE_SIGNED] = "approval",
    [FILE_RETURNED] = "intake",  [FILE_REJECTED] = "",        [FILE_APPROVED] = "batching",
};

const char *
file_state_word (enum file_state state)
{
    return state_words[state];
}

const char *
file_move_word (enum file_move move)
{
    return move_words[move];
}

enum file_state
file_state_of (const struct file *file)
{
    for (int state = 0; state < FILE_STATE_END; state++)
        if (strcmp (file->state, state_words[state]) == 0)
            return (enum file_state)state;
    return FILE_STATE_END;
}

int
file_move (enum file_state from, enum file_move move)
{
    return from < FILE_STATE_END ? moves[from][move] - 1 : -1;
}

int
file_move_of (enum act act)
{
    return act < ACT_END ? acts[act] - 1 : -1;
}

const char *
file_holder (const struct file *file)
{
    enum file_state state = file_state_of (file);
    return state < FILE_STATE_END ? holders[state] : "";
}

const struct moves file_moves = { "file", state_words, move_words, FILE_STATE_END, FILE_MOVE_END, &moves[0][0] };
