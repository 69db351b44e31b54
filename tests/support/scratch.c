#include "tests/support/scratch.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/clock.h"
#include "tests/support/test.h"

enum {
    MAX_SERVICES = 16,
    MAX_CONNINFOS = 4 * MAX_SERVICES, /* strings handed out live as long as the scratch */
    ROLES_TIMEOUT_MS = 60000,
};

struct scratch {
    char name[64];
    char *conninfos[MAX_CONNINFOS];
    size_t n_conninfos;
    char *base; /* conninfo of the cluster's superuser */
    PGconn *admin;
    char answer[4096];
};

/* The cluster's conninfo with another user and database: later words win over earlier ones. */
static const char *
conninfo_make (struct scratch *scratch, const char *user, const char *database)
{
    char text[1024];
    snprintf (text, sizeof text, "%s user=%s dbname=%s", scratch->base, user, database);
    for (size_t i = 0; i < scratch->n_conninfos; i++) {
        if (strcmp (scratch->conninfos[i], text) == 0)
            return scratch->conninfos[i];
    }
    assert_true (scratch->n_conninfos < MAX_CONNINFOS);
    return scratch->conninfos[scratch->n_conninfos++] = strdup (text);
}

static const char *
conninfo_role (struct scratch *scratch, const char *service, const char *suffix)
{
    char role[96];
    snprintf (role, sizeof role, "padan_%s%s", service, suffix);
    return conninfo_make (scratch, role, scratch->name);
}

static PGconn *
database_connect (const char *conninfo)
{
    PGconn *connection = PQconnectdb (conninfo);
    if (PQstatus (connection) != CONNECTION_OK)
        fail_msg ("cannot connect: %s", PQerrorMessage (connection));
    return connection;
}

/* CREATE and DROP DATABASE run outside the database they concern. */
static void
cluster_run (struct scratch *scratch, const char *verb, const char *options)
{
    char text[256];
    PGconn *connection = database_connect (scratch->base);
    snprintf (text, sizeof text, "%s database %s %s", verb, scratch->name, options);
    PGresult *result = PQexec (connection, text);
    if (PQresultStatus (result) != PGRES_COMMAND_OK)
        fail_msg ("%s: %s", text, PQerrorMessage (connection));
    PQclear (result);
    PQfinish (connection);
}

static void
roles_make (struct scratch *scratch, const char *const services[])
{
    static const char *const roles = PADAN_SOURCE_DIR "/deploy/database/roles.sql";
    char set[MAX_SERVICES][64];
    const char *argv[8 + 4 * MAX_SERVICES] = { "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-d", scratch_admin (scratch) };
    size_t n = 6;
    for (size_t i = 0; services[i]; i++) {
        assert_true (i < MAX_SERVICES);
        snprintf (set[i], sizeof set[i], "\\set service %s", services[i]);
        argv[n++] = "-c";
        argv[n++] = set[i];
        argv[n++] = "-f";
        argv[n++] = roles;
    }
    argv[n] = NULL;
    child_run (argv, ROLES_TIMEOUT_MS);
}

struct scratch *
scratch_new (const char *admin, const char *const services[])
{
    if (!admin)
        admin = getenv ("PADAN_TEST_DATABASE");
    if (!admin)
        fail_msg ("PADAN_TEST_DATABASE is not set: run through tests/run, or start a cluster with "
                  "deploy/database/cluster make|start DIR and export what `cluster admin DIR` prints");
    struct scratch *scratch = calloc (1, sizeof *scratch);
    assert_non_null (scratch);
    scratch->base = strdup (admin);
    snprintf (scratch->name, sizeof scratch->name, "test_%d_%lld", (int)getpid (), (long long)clock_monotonic ());
    cluster_run (scratch, "create", "template template0");
    scratch->admin = database_connect (scratch_admin (scratch));
    if (services[0])
        roles_make (scratch, services);
    return scratch;
}

void
scratch_destroy (struct scratch **scratch)
{
    struct scratch *it = *scratch;
    if (!it)
        return;
    PQfinish (it->admin);
    cluster_run (it, "drop", "with (force)");
    for (size_t i = 0; i < it->n_conninfos; i++)
        free (it->conninfos[i]);
    free (it->base);
    free (it);
    *scratch = NULL;
}

const char *
scratch_admin (struct scratch *scratch)
{
    return conninfo_make (scratch, "postgres", scratch->name);
}

const char *
scratch_owner (struct scratch *scratch, const char *service)
{
    return conninfo_role (scratch, service, "_owner");
}

const char *
scratch_login (struct scratch *scratch, const char *service)
{
    return conninfo_role (scratch, service, "");
}

const char *
scratch_reader (struct scratch *scratch, const char *service)
{
    return conninfo_role (scratch, service, "_reader");
}

const char *
scratch_auditor (struct scratch *scratch)
{
    return conninfo_make (scratch, "padan_auditor", scratch->name);
}

const char *
scratch_sql (struct scratch *scratch, const char *format, ...)
{
    char text[8192];
    va_list arguments;
    va_start (arguments, format);
    int size = vsnprintf (text, sizeof text, format, arguments);
    va_end (arguments);
    assert_in_range (size, 1, sizeof text - 1);
    PGresult *result = PQexec (scratch->admin, text);
    if (PQresultStatus (result) == PGRES_FATAL_ERROR && !PQresultErrorField (result, PG_DIAG_SQLSTATE)) {
        PQclear (result); /* the test restarted PostgreSQL meanwhile: libpq says so only once it is used */
        PQfinish (scratch->admin);
        scratch->admin = database_connect (scratch_admin (scratch));
        result = PQexec (scratch->admin, text);
    }
    ExecStatusType status = PQresultStatus (result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg ("%s: %s", text, PQresultErrorMessage (result));
    const char *value = PQntuples (result) > 0 && PQnfields (result) > 0 ? PQgetvalue (result, 0, 0) : "";
    snprintf (scratch->answer, sizeof scratch->answer, "%s", value);
    PQclear (result);
    return scratch->answer;
}

const char *
scratch_try (struct scratch *scratch, const char *conninfo, const char *text)
{
    PGconn *connection = database_connect (conninfo);
    PGresult *result = PQexec (connection, text);
    const char *state = PQresultErrorField (result, PG_DIAG_SQLSTATE);
    snprintf (scratch->answer, sizeof scratch->answer, "%s", state ? state : "");
    PQclear (result);
    PQfinish (connection);
    return scratch->answer;
}
