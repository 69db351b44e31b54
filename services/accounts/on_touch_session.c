/* TouchSession: a session was used. In: from accounts itself, when it authenticated a token that had not been seen for
 * a tenth of the idle limit. Out: nothing; it is no event of note. Touches: session. */
#include "services/accounts/messages.h"

#include "services/accounts/session_store.h"

enum rc
keys_session (struct keys *keys, const struct message *message, struct err *err)
{
    (void)err;
    keys_add (keys, &session_table, message->tenant, message->subject);
    return RC_OK;
}

enum rc
on_touch_session (struct unit *unit, const struct message *message, struct err *err)
{
    const struct session *known = unit_peek (unit, &session_table, message->tenant, message->subject);
    if (!known || known->ended_at || known->seen_at >= unit_now (unit))
        return RC_OK;
    struct session *session = unit_edit (unit, &session_table, message->tenant, message->subject);
    session->seen_at = unit_now (unit);
    return RC_OK;
}
