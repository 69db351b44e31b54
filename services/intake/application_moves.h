/* Which act is legal in which state of an application, as intake sees it. The one place that says so. */
#pragma once

#include "common/domain/profile.h"
#include "services/intake/application_store.h"

#define APPLICATION_STATES(X)                                                                                          \
    X (ENTERED, "entered")     /* intake holds it */                                                                   \
    X (RETURNED, "returned")   /* intake holds it again, with a reason */                                              \
    X (SENT, "sent")           /* approval holds it */                                                                 \
    X (APPROVED, "approved")   /* batching holds it */                                                                 \
    X (WITHDRAWN, "withdrawn") /* ended */                                                                             \
    X (REJECTED, "rejected")   /* ended */                                                                             \
    X (FINISHED, "finished")   /* ended: every person has an outcome */

#define APPLICATION_MOVES(X)                                                                                           \
    X (CORRECT, "correct")                                                                                             \
    X (ATTACH, "attach")                                                                                               \
    X (JUDGE, "judge")                                                                                                 \
    X (SEND, "send")                                                                                                   \
    X (WITHDRAW, "withdraw")                                                                                           \
    X (RETURN, "return")   /* by approval */                                                                           \
    X (REJECT, "reject")   /* by approval */                                                                           \
    X (APPROVE, "approve") /* by approval */                                                                           \
    X (FINISH, "finish")   /* by batching */

#define APPLICATION_X(constant, word) APPLICATION_##constant,
enum application_state { APPLICATION_STATES (APPLICATION_X) APPLICATION_STATE_END };
#undef APPLICATION_X
#define APPLICATION_X(constant, word) MOVE_##constant,
enum application_move { APPLICATION_MOVES (APPLICATION_X) MOVE_END };
#undef APPLICATION_X

const char *application_state_word (enum application_state state);
const char *application_move_word (enum application_move move);
enum application_state application_state_of (const struct application *application);
/* The state it leads to, -1 when it is not legal. */
int application_move (enum application_state from, enum application_move move);
extern const struct moves application_moves;
bool application_is_open (const struct application *application); /* its people are claimed */

/* A command's right to do `move`: RC_NOT_FOUND, RC_CONFLICT "common.held_elsewhere" or "intake.ended", RC_STALE,
 * RC_FORBIDDEN when nobody sent it who may at that place. Writes the row, to be edited. */
enum rc application_take (struct unit *unit, const struct message *message, enum application_move move,
                          struct application **ret_application, struct err *err);
/* Carries out a legal move: state, holder and since when. What waits is no longer known; application_wait says it. */
void application_go (struct application *application, enum application_move move, int64_t now);

/* Says what it waits for at the counter now, and until when by the procedure's standards since it came: papers to be
 * checked, verdicts, or only to be sent; mending when it was returned. */
void application_wait (struct application *application, const struct profile *profile);

/* Events that commands and imports share, with what waits. `corrected` raises the version; verdicts below it are of
 * other words. */
void application_entered (struct unit *unit, struct application *application, const struct profile *profile);
void application_corrected (struct unit *unit, struct application *application, const struct profile *profile,
                            ProtobufCBinaryData *changed, size_t n_changed);
/* The move must be legal; the claims of its people must have been named. */
void application_withdraw (struct unit *unit, struct application *application, const char *reason);
/* Sends, or says what stands in the way. */
enum rc application_send (struct unit *unit, struct application *application, const struct profile *profile,
                          struct err *err);
/* What another service says happened to it, once: carries out the move and takes its version. *ret NULL: a repeat, or
 * of no interest any more. */
enum rc application_follow (struct unit *unit, const struct message *message, enum application_move move,
                            struct application **ret, struct err *err);
