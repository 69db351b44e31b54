#include "services/intake/application_moves.h"

#include "services/intake/intake.h"

/* state × move → state + 1, 0: not legal. */
#define TO(state) (APPLICATION_##state + 1)
static const int moves[APPLICATION_STATE_END][MOVE_END] = {
    [APPLICATION_ENTERED] = { [MOVE_CORRECT] = TO (ENTERED),
                              [MOVE_ATTACH] = TO (ENTERED),
                              [MOVE_JUDGE] = TO (ENTERED),
                              [MOVE_SEND] = TO (SENT),
                              [MOVE_WITHDRAW] = TO (WITHDRAWN) },
    [APPLICATION_RETURNED] = { [MOVE_CORRECT] = TO (RETURNED),
                               [MOVE_ATTACH] = TO (RETURNED),
                               [MOVE_JUDGE] = TO (RETURNED),
                               [MOVE_SEND] = TO (SENT),
                               [MOVE_WITHDRAW] = TO (WITHDRAWN) },
    [APPLICATION_SENT] = { [MOVE_JUDGE] = TO (SENT),
                           [MOVE_RETURN] = TO (RETURNED),
                           [MOVE_REJECT] = TO (REJECTED),
                           [MOVE_APPROVE] = TO (APPROVED),
                           [MOVE_FINISH] = TO (FINISHED) },
    [APPLICATION_APPROVED] = { [MOVE_FINISH] = TO (FINISHED) },
};
#undef TO

#define APPLICATION_X(constant, word) word,
static const char *const state_words[] = { APPLICATION_STATES (APPLICATION_X) };
static const char *const move_words[] = { APPLICATION_MOVES (APPLICATION_X) };
#undef APPLICATION_X

static const char *const holders[APPLICATION_STATE_END] = {
    [APPLICATION_ENTERED] = "intake",    [APPLICATION_RETURNED] = "intake", [APPLICATION_SENT] = "approval",
    [APPLICATION_APPROVED] = "batching", [APPLICATION_WITHDRAWN] = "",      [APPLICATION_REJECTED] = "",
    [APPLICATION_FINISHED] = "",
};

const char *
application_state_word (enum application_state state)
{
    return state_words[state];
}

const char *
application_move_word (enum application_move move)
{
    return move_words[move];
}

enum application_state
application_state_of (const struct application *application)
{
    for (int state = 0; state < APPLICATION_STATE_END; state++)
        if (strcmp (application->state, state_words[state]) == 0)
            return (enum application_state)state;
    return APPLICATION_STATE_END;
}

int
application_move (enum application_state from, enum application_move move)
{
    return from < APPLICATION_STATE_END ? moves[from][move] - 1 : -1;
}

bool
application_is_open (const struct application *application)
{
    return holders[application_state_of (application)][0] != '\0';
}

void
application_go (struct application *application, enum application_move move, int64_t now)
{
    int to = application_move (application_state_of (application), move);
    MUST (to >= 0); /* application_take, or the follower, has looked */
    if (strcmp (application->state, state_words[to]) == 0)
        return;
    application->state = state_words[to];
    application->held_by = holders[to];
    application->since = now;
    application->act = application->role = "";
    application->due_at = 0;
}

void
application_wait (struct application *application, const struct profile *profile)
{
    bool returned = application_state_of (application) == APPLICATION_RETURNED;
    bool judged = application->judged_version >= application->content_version;
    enum act act = returned ? ACT_ENTER : *application->missing ? ACT_CHECK : judged ? ACT_SEND : ACT_VERIFY;
    int track = profile_track_find (profile, application->track);
    int row = profile_counter_act (profile, track, act);
    application->act = row < 0 ? "" : profile->acts[row].id;
    application->role = row < 0 ? "" : words_word (&words_roles, (int)profile->acts[row].role);
    application->due_at = profile_counter_due (profile, track, returned ? ACT_ENTER : ACT_CHECK,
                                               returned ? ACT_SEND : act, application->since);
}

enum rc
application_take (struct unit *unit, const struct message *message, enum application_move move,
                  struct application **ret_application, struct err *err)
{
    const struct application *known = unit_peek (unit, &application_table, message->tenant, message->subject);
    if (!known || !message_allowed (message, INTAKE_OFFICERS, known->village)) /* as GetApplication says it */
        return err_code (err, RC_NOT_FOUND, "common.not_found", "", "no such application in the asker's places");
    enum application_state state = application_state_of (known);
    if (state == APPLICATION_STATE_END)
        return err_set (err, RC_CORRUPT, "an application in an unknown state");
    if (application_move (state, move) < 0) {
        if (!application_is_open (known))
            return err_code (err, RC_CONFLICT, "intake.ended", "", "the application is %s", known->state);
        err_code (err, RC_CONFLICT, "common.held_elsewhere", "", "%s holds it", known->held_by);
        return err_argument (err, known->held_by);
    }
    enum rc rc = unit_expect (message, known->version, err);
    if (rc == RC_OK)
        *ret_application = unit_edit (unit, &application_table, message->tenant, message->subject);
    return rc;
}

enum rc
application_follow (struct unit *unit, const struct message *message, enum application_move move,
                    struct application **ret, struct err *err)
{
    const struct application *known = unit_peek (unit, &application_table, message->tenant, message->subject);
    *ret = NULL;
    if (!known)
        return err_set (err, RC_NOT_FOUND, "%s about no application", message->type);
    if (message->version <= known->version)
        return RC_OK;
    if (application_move (application_state_of (known), move) < 0)
        return application_is_open (known)
                   ? err_set (err, RC_CONFLICT, "%s of an application that is %s", message->type, known->state)
                   : RC_OK;
    struct application *application = unit_edit (unit, &application_table, message->tenant, message->subject);
    application->version = message->version;
    application_go (application, move, unit_now (unit));
    *ret = application;
    return RC_OK;
}

const struct moves application_moves = { "application",         state_words, move_words,
                                         APPLICATION_STATE_END, MOVE_END,    &moves[0][0] };
