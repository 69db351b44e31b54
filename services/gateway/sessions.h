/* Who a token belongs to, asked of accounts and kept for as long as its signed principal lives (60 s). What accounts'
 * log says (a session ended, a person disabled, roles changed) takes it away at once; while the log cannot be heard
 * nothing is kept. Thread-safe. */
#pragma once

#include <stdatomic.h>

#include "accounts.pb-c.h"
#include "common/base/token.h"
#include "common/base/uuid.h"
#include "common/bus/call.h"

enum { SESSIONS_MAX = 65536 }; /* kept at once: more than a province has officers; then the oldest ways out */

struct sessions;

/* Immutable. */
struct session {
    atomic_uint references;
    bool listened; /* accounts was told that nobody uses it */
    uint8_t token[TOKEN_HASH];
    struct uuid person, id;
    int64_t until;                                 /* of the principal, UTC microseconds */
    const Padan__Accounts__V1__Authenticated *who; /* in its own arena */
    struct arena *arena;
};

struct sessions *sessions_new (struct bus_caller *caller);
/* After the caller was stopped: no question may be open. */
void sessions_destroy (struct sessions **self);

/* A stream that only stands open is no use of a session: it ends by being idle all the same. */
enum session_use { SESSION_USED, SESSION_LISTENED };

/* session: NULL with *err (RC_UNAUTHENTICATED, RC_BUSY, …); borrowed for the call, hold it to keep it. On the calling
 * thread when the token is known, later on the bus's thread otherwise. */
typedef void session_found (void *context, struct session *session, const struct err *err);
void sessions_find (struct sessions *self, const uint8_t token[static TOKEN_HASH], enum session_use use,
                    session_found *found, void *context);
void session_hold (struct session *session);
void session_release (struct session *session);

/* Who must hear of a person, session or key whose right was taken away: what was begun with it ends. On the thread of
 * sessions_revoke, without locks; whoever asks sessions_find from then on is answered anew. Set before threads start.
 */
typedef void session_revoked (void *context, struct uuid subject);
void sessions_tell (struct sessions *self, session_revoked *revoked, void *context);
/* The log speaks of this person, session or key: what is kept of it goes. Answers on their way are not kept either. */
void sessions_revoke (struct sessions *self, struct uuid subject);
/* Whether accounts' log is heard; a change forgets everything. */
void sessions_sighted (struct sessions *self, bool sighted);
bool sessions_are_sighted (struct sessions *self);
size_t sessions_count (struct sessions *self);
