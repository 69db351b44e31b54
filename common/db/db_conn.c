#include "common/db/db_conn.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/db/db_state.h"

/* Server-side limits of every session; options in the conninfo come later and win.
 * statement_timeout: no batch takes a tenth of it; whatever does holds up everyone behind it.
 * lock_timeout: the longest a healthy holder of the counter row needs is a commit.
 * idle_in_transaction_session_timeout: a frozen instance must let go of the counter row. */
static const char session_options[] = "-c statement_timeout=10s -c lock_timeout=3s "
                                      "-c idle_in_transaction_session_timeout=5s -c timezone=UTC "
                                      "-c standard_conforming_strings=on ";
/* Of sessions whose statements find rows by keys. */
static const char keyed_options[] = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off "
                                    "-c enable_hashjoin=off -c enable_mergejoin=off ";

/* Client-side limits, used where the conninfo is silent. */
static const struct {
    const char *keyword, *value;
} defaults[] = {
    { "connect_timeout", "5" },     /* seconds for each host */
    { "tcp_user_timeout", "3000" }, /* ms until unacknowledged data or probes break the connection: noticed within 4 s
                                     */
    { "keepalives", "1" },          { "keepalives_idle", "2" },    { "keepalives_interval", "1" },
    { "keepalives_count", "3" },    { "client_encoding", "UTF8" }, { "target_session_attrs", "read-write" },
};

enum {
    SLACK = 2 * CLOCK_SECOND,
    POLL_MAX = 3600 * 1000
}; /* the server's own timeout comes first, unless nobody is there */

static bool
option_add (struct db *db, size_t n, const char *keyword, const char *value)
{
    if (n + 1 >= DB_OPTIONS_MAX)
        return false;
    db->keywords[n] = keyword;
    db->values[n] = value;
    return true;
}

static const char *
option_default (struct db *db, const char *keyword)
{
    if (strcmp (keyword, "application_name") == 0)
        return db->application_name;
    if (db->is_reader && strcmp (keyword, "target_session_attrs") == 0)
        return "primary";
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
        if (strcmp (keyword, defaults[i].keyword) == 0)
            return defaults[i].value;
    return NULL;
}

/* Every option libpq knows: as given, or our default. */
static bool
options_build (struct db *db)
{
    size_t n = 0;
    for (PQconninfoOption *option = db->given; option->keyword; option++) {
        const char *value = option->val ? option->val : option_default (db, option->keyword);
        if (strcmp (option->keyword, "options") == 0) {
            if (asprintf (&db->options, "%s%s%s", session_options, db->is_keyed ? keyed_options : "",
                          value ? value : "") < 0) {
                db->options = NULL;
                return false;
            }
            value = db->options;
        }
        if (value && !option_add (db, n++, option->keyword, value))
            return false;
    }
    return true;
}

static struct db *
db_make (const char *conninfo, const char *application_name, bool is_reader, bool is_keyed)
{
    DB_AUTO struct db *db = calloc (1, sizeof *db);
    if (!db)
        return NULL;
    db->is_reader = is_reader;
    db->is_keyed = is_keyed;
    db->application_name = strdup (application_name);
    if (!db->application_name)
        return NULL;
    char *message = NULL; /* may repeat a password: never shown */
    db->given = PQconninfoParse (conninfo, &message);
    if (!db->given && !message)
        return NULL;
    PQfreemem (message);
    db->invalid = !db->given;
    if (db->given && !options_build (db))
        return NULL;
    struct db *made = db;
    db = NULL;
    return made;
}

struct db *
db_new (const char *conninfo, const char *application_name)
{
    return db_make (conninfo, application_name, false, false);
}

struct db *
db_new_keyed (const char *conninfo, const char *application_name)
{
    return db_make (conninfo, application_name, false, true);
}

struct db *
db_new_reader (const char *conninfo, const char *application_name)
{
    return db_make (conninfo, application_name, true, false);
}

void
db_destroy (struct db **db)
{
    if (!*db)
        return;
    db_drop (*db);
    struct prepared *entry, *next;
    HASH_ITER (hh, (*db)->prepared, entry, next)
    {
        HASH_DEL ((*db)->prepared, entry);
        free (entry);
    }
    PQconninfoFree ((*db)->given);
    free ((*db)->options);
    free ((*db)->application_name);
    free (*db);
    *db = NULL;
}

void
db_drop (struct db *db)
{
    PQfinish (db->conn);
    db->conn = NULL;
    db->reading = false;
}

int64_t
db_deadline (const struct db *db)
{
    return db->patience ? clock_monotonic () + db->patience : 0;
}

/* Notices go nowhere: libraries do not log. */
static void
notice_ignore (void *db, const PGresult *notice)
{
    (void)db;
    (void)notice;
}

/* libpq ends its messages with a newline and puts details on lines of their own: the first line is enough. */
static int
line_length (const char *message)
{
    return (int)strcspn (message, "\n");
}

/* The session's statement_timeout says how long an answer may take. */
static enum rc
patience_learn (struct db *db, struct err *err)
{
    static const char text[] =
        "select (extract (epoch from current_setting ('statement_timeout')::interval) * 1000000)::bigint";
    db->patience = 10 * CLOCK_SECOND;
    int64_t deadline = db_deadline (db);
    if (!PQsendQuery (db->conn, text))
        return err_set (err, RC_RETRY, "connection lost: %.*s", line_length (PQerrorMessage (db->conn)),
                        PQerrorMessage (db->conn));
    enum rc rc = RC_OK;
    for (PGresult *result = NULL;; PQclear (result)) {
        enum rc late = db_next (db, deadline, &result, rc ? NULL : err);
        if (late)
            return late;
        if (!result)
            break;
        if (PQresultStatus (result) == PGRES_TUPLES_OK) {
            int64_t timeout = strtoll (PQgetvalue (result, 0, 0), NULL, 10);
            db->patience = timeout ? timeout + SLACK : 0;
        } else if (!rc) {
            rc = db_failure (db, "connect", result, err).rc;
            if (PQstatus (db->conn) != CONNECTION_OK) {
                PQclear (result);
                break;
            }
        }
    }
    return rc;
}

enum rc
db_connect (struct db *db, struct err *err)
{
    if (db->conn)
        return RC_OK;
    if (db->invalid)
        return err_set (err, RC_INTERNAL, "the connection string is not understood");
    db->conn = PQconnectdbParams (db->keywords, db->values, 0);
    if (!db->conn)
        return err_set (err, RC_INTERNAL, "no memory for a connection");
    db->generation++;
    PQsetNoticeReceiver (db->conn, notice_ignore, NULL);
    enum rc rc = RC_OK;
    if (PQstatus (db->conn) != CONNECTION_OK || PQsetnonblocking (db->conn, 1) != 0)
        rc = err_set (err, RC_RETRY, "no connection: %.*s", line_length (PQerrorMessage (db->conn)),
                      PQerrorMessage (db->conn));
    else
        rc = patience_learn (db, err);
    if (rc)
        db_drop (db);
    return rc;
}

static enum rc
late (struct db *db, struct err *err)
{
    return err_set (err, RC_RETRY, "no answer from the server in %lld ms", (long long)(db->patience / 1000));
}

/* Waits until something can be read or, with unsent data, written, and reads it. *ret_broken: nothing will come any
 * more. unsent is what PQflush said last: with a flush in between nothing may be left to send, and during COPY the
 * server owes no answer, so that the wait would last until the deadline. */
static enum rc
wait_input (struct db *db, bool unsent, int64_t deadline, bool *ret_broken, struct err *err)
{
    struct pollfd poll_fd = { .fd = PQsocket (db->conn), .events = unsent ? POLLIN | POLLOUT : POLLIN };
    int timeout = -1;
    *ret_broken = poll_fd.fd < 0;
    if (*ret_broken)
        return RC_OK;
    if (deadline) {
        int64_t left = deadline - clock_monotonic ();
        if (left <= 0)
            return late (db, err);
        timeout = left > POLL_MAX * INT64_C (1000) ? POLL_MAX : (int)(left / 1000) + 1;
    }
    if (poll (&poll_fd, 1, timeout) > 0 && poll_fd.revents & ~POLLOUT)
        *ret_broken = !PQconsumeInput (db->conn);
    return RC_OK; /* too late or interrupted: the next round tells */
}

enum rc
db_flush (struct db *db, int64_t deadline, struct err *err)
{
    bool broken = false;
    enum rc rc = RC_OK;
    while (!rc && !broken && PQflush (db->conn) > 0)
        rc = wait_input (db, true, deadline, &broken, err);
    return rc; /* what broke shows with its reason in the answer */
}

enum rc
db_next (struct db *db, int64_t deadline, PGresult **ret_result, struct err *err)
{
    for (bool broken = false; !broken;) {
        int unsent = PQflush (db->conn);
        if (unsent < 0 || !PQisBusy (db->conn))
            break;
        enum rc rc = wait_input (db, unsent > 0, deadline, &broken, err);
        if (rc)
            return rc;
    }
    *ret_result = PQgetResult (db->conn); /* of a broken connection: what the server said last, or the loss */
    return RC_OK;
}

/* A class whose messages quote the values they concern: they may be personal data. P0: raised by functions. */
static bool
message_quotes (const char *state)
{
    return strncmp (state, "22", 2) == 0 || strncmp (state, "P0", 2) == 0;
}

/* A table changed under a prepared statement: it must be prepared again. PostgreSQL has no SQLSTATE of its own for it.
 */
static bool
plan_outdated (const char *state, const PGresult *result)
{
    const char *function = PQresultErrorField (result, PG_DIAG_SOURCE_FUNCTION);
    return strcmp (state, "0A000") == 0 && function && strcmp (function, "RevalidateCachedQuery") == 0;
}

struct failure
db_failure (struct db *db, const char *name, const PGresult *result, struct err *err)
{
    struct failure failure = { 0 };
    const char *state = result ? PQresultErrorField (result, PG_DIAG_SQLSTATE) : NULL;
    if (!state) {
        const char *message = result ? PQresultErrorMessage (result) : PQerrorMessage (db->conn);
        failure.rc = err_set (err, RC_RETRY, "%s: connection lost: %.*s", name, line_length (message), message);
        failure.drop = true;
        return failure;
    }
    const char *severity = PQresultErrorField (result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *constraint = PQresultErrorField (result, PG_DIAG_CONSTRAINT_NAME);
    const char *message = PQresultErrorField (result, PG_DIAG_MESSAGE_PRIMARY);
    bool fatal = !severity || strcmp (severity, "ERROR") != 0;
    failure.rc = db_state_rc (state, &failure.drop);
    if (db->reading && strcmp (state, "25006") == 0) { /* our own read-only transaction, not a server that changed */
        failure.rc = RC_INTERNAL;
        failure.drop = false;
    }
    if (plan_outdated (state, result)) {
        failure.rc = RC_RETRY;
        failure.drop = true;
    }
    failure.drop |= fatal;
    failure.stated = !fatal && failure.rc != RC_UNKNOWN;
    char code[16];
    snprintf (code, sizeof code, "db.%s", state);
    err_code (err, failure.rc, code, constraint, "%s: %s %s", name, state,
              message && !message_quotes (state) ? message : "");
    return failure;
}
