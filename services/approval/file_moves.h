/* Which move is legal in which state of a file, and which acts of a profile are moves of ours. The one place that says
 * so. */
#pragma once

#include "common/domain/profile.h"
#include "services/approval/file_store.h"

#define FILE_STATES(X)                                                                                                 \
    X (WAITING, "waiting")   /* for its own act */                                                                     \
    X (DRAFTED, "drafted")   /* on a letter that is not signed */                                                      \
    X (SIGNED, "signed")     /* on a signed letter */                                                                  \
    X (RETURNED, "returned") /* intake holds it */                                                                     \
    X (REJECTED, "rejected") /* ended */                                                                               \
    X (APPROVED, "approved") /* batching holds it */

#define FILE_MOVES(X)                                                                                                  \
    X (ENTER, "enter")         /* sent again by intake */                                                              \
    X (PASS, "pass")           /* its own act is done */                                                               \
    X (DRAFT, "draft")         /* put on a letter */                                                                   \
    X (CLEAR, "clear")         /* its letter got a paraf */                                                            \
    X (SIGN, "sign")           /* its letter was signed */                                                             \
    X (DELIVER, "deliver")     /* its letter was delivered */                                                          \
    X (RECALL, "recall")       /* its letter waits for an earlier paraf again */                                       \
    X (BACK, "back")           /* to an earlier act here */                                                            \
    X (VOID, "void")           /* its signed letter is void */                                                         \
    X (SEND_BACK, "send_back") /* to intake */                                                                         \
    X (REJECT, "reject")                                                                                               \
    X (FINISH, "finish") /* the last act was done */

#define FILE_X(constant, word) FILE_##constant,
enum file_state { FILE_STATES (FILE_X) FILE_STATE_END };
#undef FILE_X
#define FILE_X(constant, word) FILE_MOVE_##constant,
enum file_move { FILE_MOVES (FILE_X) FILE_MOVE_END };
#undef FILE_X

const char *file_state_word (enum file_state state);
const char *file_move_word (enum file_move move);
enum file_state file_state_of (const struct file *file);
/* The state it leads to, -1 when it is not legal. */
int file_move (enum file_state from, enum file_move move);
extern const struct moves file_moves;
/* The move that does an act of this kind, -1: not an act of approval's. */
int file_move_of (enum act act);
/* Who holds it: "approval", "intake", "batching"; "" nobody, it has ended. */
const char *file_holder (const struct file *file);
