#include "services/gateway/sessions.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/base/clock.h"
#include "common/base/metrics.h"
#include "common/bus/message.h"
#include "services/gateway/gateway.h"

enum {
    SESSION_ARENA = 64 * 1024, /* a principal has at most 8 kB */
    ASK_MS = 5000,             /* for accounts to say who a token belongs to */
    MARGIN = 3 * CLOCK_SECOND, /* a principal must live on until the owner has looked at it */
    RENEW = 25 * CLOCK_SECOND, /* asked for again behind the request that finds it this old */
};

static struct metric kept = METRIC_GAUGE ("padan_sessions", "Signed principals kept in memory.");
static struct metric found = METRIC_COUNTER_BY ("padan_sessions_found_total", "Tokens looked up.", "how");
static struct metric revoked = METRIC_COUNTER ("padan_sessions_revoked_total", "Taken away by accounts' log.");

struct waiter {
    struct waiter *next;
    session_found *found;
    void *context;
};

/* A question to accounts that has not been answered. */
struct question {
    UT_hash_handle hh;
    struct sessions *sessions;
    uint8_t token[TOKEN_HASH];
    uint64_t generation; /* of revocations, when it left */
    bool listening;
    struct waiter *waiters;
};

struct known {
    UT_hash_handle hh;
    struct session *session; /* its token is the key */
};

struct sessions {
    struct bus_caller *caller;
    pthread_mutex_t lock;
    struct known *known;
    struct question *questions;
    uint64_t generation;
    bool sighted;
    session_revoked *tell; /* NULL: nobody */
    void *tell_context;
};

struct sessions *
sessions_new (struct bus_caller *caller)
{
    static struct metric *const metrics[] = { &kept, &found, &revoked, NULL };
    struct sessions *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    metrics_register (metrics);
    self->caller = caller;
    pthread_mutex_init (&self->lock, NULL);
    return self;
}

void
session_hold (struct session *session)
{
    atomic_fetch_add (&session->references, 1);
}

void
session_release (struct session *session)
{
    if (!session || atomic_fetch_sub (&session->references, 1) != 1)
        return;
    arena_destroy (&session->arena);
    free (session);
}

/* ------------------------------------------------------------ what is kept; all under the lock */

static void
known_drop (struct sessions *self, struct known *known)
{
    HASH_DEL (self->known, known);
    session_release (known->session);
    free (known);
}

static void
known_clear (struct sessions *self)
{
    struct known *known, *next;
    HASH_ITER (hh, self->known, known, next)
    known_drop (self, known);
    metric_set (&kept, NULL, 0);
}

/* Makes room: the dead first, then in the order they came (uthash iterates so). */
static void
known_thin (struct sessions *self, int64_t now)
{
    struct known *known, *next;
    HASH_ITER (hh, self->known, known, next)
    if (known->session->until < now)
        known_drop (self, known);
    HASH_ITER (hh, self->known, known, next)
    {
        if (HASH_COUNT (self->known) < SESSIONS_MAX - SESSIONS_MAX / 8)
            break;
        known_drop (self, known);
    }
}

static void
known_put (struct sessions *self, struct session *session)
{
    struct known *known;
    HASH_FIND (hh, self->known, session->token, TOKEN_HASH, known);
    if (known)
        known_drop (self, known);
    if (HASH_COUNT (self->known) >= SESSIONS_MAX)
        known_thin (self, clock_now ());
    known = calloc (1, sizeof *known);
    if (!known)
        return;
    session_hold (session);
    known->session = session;
    HASH_ADD_KEYPTR (hh, self->known, session->token, TOKEN_HASH, known);
    metric_set (&kept, NULL, HASH_COUNT (self->known));
}

/* ------------------------------------------------------------ asking accounts */

static enum rc
session_make (const struct question *question, const struct bus_reply *packed, struct session **ret_session,
              struct err *err)
{
    struct session *session = calloc (1, sizeof *session);
    struct arena *arena = arena_new (SESSION_ARENA);
    Padan__Reply *reply;
    ProtobufCMessage *message = NULL;
    enum rc rc = session && arena ? RC_OK : err_set (err, RC_BUSY, "no memory for a session");
    if (rc == RC_OK)
        rc = bus_reply_unpack (packed, arena, &reply, err);
    if (rc == RC_OK && reply->outcome == PADAN__OUTCOME__OUTCOME_BUSY)
        rc = err_code (err, RC_BUSY, "common.busy", "", "accounts is busy");
    else if (rc == RC_OK && reply->outcome != PADAN__OUTCOME__OUTCOME_OK)
        rc = err_code (err, RC_UNAUTHENTICATED, "common.unauthenticated", "", "accounts does not know this token");
    if (rc == RC_OK)
        rc = message_unpack (&padan__accounts__v1__authenticated__descriptor, arena, reply->data.data, reply->data.len,
                             &message, err);
    Padan__Accounts__V1__Authenticated *who = (Padan__Accounts__V1__Authenticated *)message;
    Padan__Principal *principal = NULL;
    if (rc == RC_OK && who->principal)
        principal = padan__principal__unpack (arena_protobuf (arena), who->principal->statement.len,
                                              who->principal->statement.data);
    if (rc == RC_OK && (!principal || !uuid_from (who->person_id, &session->person)))
        rc = err_set (err, RC_CORRUPT, "accounts answered without a principal");
    if (rc != RC_OK) {
        arena_destroy (&arena);
        free (session);
        return rc;
    }
    uuid_from (who->session_id, &session->id);
    atomic_init (&session->references, 1);
    memcpy (session->token, question->token, TOKEN_HASH);
    session->listened = question->listening;
    session->until = principal->expires_at;
    session->who = who;
    session->arena = arena;
    *ret_session = session;
    return RC_OK;
}

static void
question_end (struct question *question, struct session *session, const struct err *err)
{
    struct sessions *self = question->sessions;
    pthread_mutex_lock (&self->lock);
    HASH_DEL (self->questions, question);
    if (session && self->sighted && question->generation == self->generation)
        known_put (self, session);
    pthread_mutex_unlock (&self->lock);
    for (struct waiter *waiter = question->waiters, *next; waiter; waiter = next) {
        next = waiter->next;
        waiter->found (waiter->context, session, err);
        free (waiter);
    }
    free (question);
}

static void
question_answered (void *context, enum rc rc, struct bus_reply **reply)
{
    struct question *question = context;
    struct session *session = NULL;
    struct err err = { .rc = rc };
    if (rc == RC_OK)
        session_make (question, *reply, &session, &err);
    else /* not known to have failed: may be asked again */
        err_code (&err, RC_BUSY, "gateway.service_away", "", "accounts does not answer");
    question_end (question, session, &err);
    session_release (session);
}

/* A question for this token, with nobody waiting; NULL when there is one or no memory. Under the lock. */
static struct question *
question_new (struct sessions *self, const uint8_t *token, enum session_use use)
{
    struct question *question;
    HASH_FIND (hh, self->questions, token, TOKEN_HASH, question);
    if (question)
        return NULL;
    question = calloc (1, sizeof *question);
    if (!question)
        return NULL;
    question->sessions = self;
    question->generation = self->generation;
    question->listening = use == SESSION_LISTENED;
    memcpy (question->token, token, TOKEN_HASH);
    HASH_ADD (hh, self->questions, token, TOKEN_HASH, question);
    return question;
}

static void
question_send (struct question *question)
{
    Padan__Request request = PADAN__REQUEST__INIT;
    Padan__Envelope envelope = PADAN__ENVELOPE__INIT;
    Padan__Accounts__V1__Authenticate authenticate = PADAN__ACCOUNTS__V1__AUTHENTICATE__INIT;
    uint8_t packed[TOKEN_HASH + 16]; /* the hash and a flag */
    struct uuid id = uuid_new (clock_now ());
    struct err err;
    authenticate.listening = question->listening;
    authenticate.token_sha256 = (ProtobufCBinaryData){ .len = TOKEN_HASH, .data = question->token };
    envelope.id = uuid_field (&id);
    envelope.type = (char *)authenticate.base.descriptor->name;
    envelope.time = clock_now ();
    envelope.data = (ProtobufCBinaryData){ padan__accounts__v1__authenticate__pack (&authenticate, packed), packed };
    request.query = &envelope;
    struct bus_caller *caller = question->sessions->caller;
    enum rc rc = bus_call_async (caller, "accounts", &request, ASK_MS, question_answered, question, &err);
    if (rc == RC_OK)
        return;
    err_code (&err, RC_BUSY, "gateway.service_away", "", "accounts is not reachable");
    question_end (question, NULL, &err);
}

/* ------------------------------------------------------------ for everybody */

void
sessions_find (struct sessions *self, const uint8_t token[static TOKEN_HASH], enum session_use use,
               session_found *callback, void *context)
{
    int64_t now = clock_now ();
    struct session *session = NULL;
    struct question *question = NULL;
    struct known *known;
    pthread_mutex_lock (&self->lock);
    HASH_FIND (hh, self->known, token, TOKEN_HASH, known);
    if (known && known->session->until > now + MARGIN) {
        session = known->session;
        session_hold (session);
        if (session->until < now + RENEW || (use == SESSION_USED && session->listened))
            question = question_new (self, token, use);
    } else {
        struct waiter *waiter = calloc (1, sizeof *waiter);
        struct question *open;
        HASH_FIND (hh, self->questions, token, TOKEN_HASH, open);
        if (waiter && !open)
            open = question = question_new (self, token, use);
        if (!waiter || !open) {
            pthread_mutex_unlock (&self->lock);
            free (waiter);
            struct err err;
            err_code (&err, RC_BUSY, "common.busy", "", "no memory to ask who it is");
            callback (context, NULL, &err);
            return;
        }
        *waiter = (struct waiter){ open->waiters, callback, context };
        open->waiters = waiter;
    }
    pthread_mutex_unlock (&self->lock);
    metric_add (&found, session ? "kept" : "asked", 1);
    if (question)
        question_send (question);
    if (session)
        callback (context, session, NULL);
    session_release (session);
}

void
sessions_revoke (struct sessions *self, struct uuid subject)
{
    struct known *known, *next;
    pthread_mutex_lock (&self->lock);
    self->generation++;
    HASH_ITER (hh, self->known, known, next)
    {
        struct session *session = known->session;
        if (uuid_compare (session->person, subject) != 0 && uuid_compare (session->id, subject) != 0)
            continue;
        known_drop (self, known);
        metric_add (&revoked, NULL, 1);
    }
    metric_set (&kept, NULL, HASH_COUNT (self->known));
    pthread_mutex_unlock (&self->lock);
    if (self->tell)
        self->tell (self->tell_context, subject);
}

void
sessions_tell (struct sessions *self, session_revoked *tell, void *context)
{
    self->tell = tell;
    self->tell_context = context;
}

void
sessions_sighted (struct sessions *self, bool sighted)
{
    pthread_mutex_lock (&self->lock);
    self->sighted = sighted;
    self->generation++;
    known_clear (self);
    pthread_mutex_unlock (&self->lock);
}

bool
sessions_are_sighted (struct sessions *self)
{
    pthread_mutex_lock (&self->lock);
    bool sighted = self->sighted;
    pthread_mutex_unlock (&self->lock);
    return sighted;
}

size_t
sessions_count (struct sessions *self)
{
    pthread_mutex_lock (&self->lock);
    size_t count = HASH_COUNT (self->known);
    pthread_mutex_unlock (&self->lock);
    return count;
}

void
sessions_destroy (struct sessions **sessions)
{
    struct sessions *self = *sessions;
    if (!self)
        return;
    MUST (!self->questions);
    known_clear (self);
    pthread_mutex_destroy (&self->lock);
    free (self);
    *sessions = NULL;
}
