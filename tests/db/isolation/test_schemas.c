/* What keeps services and tenants apart in the database, asked of the catalog after the real migrations of every
 * service; and every statement of theirs prepared against its schema, and planned with the rights it will have. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <libpq-fe.h>

#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum { SERVICES = 16, STATEMENT = 16384, STATEMENTS_LEAST = 100 };

static struct {
    struct scratch *scratch;
    char names[SERVICES][32];
    size_t n;
    char list[512]; /* 'accounts','approval',… */
} all;

/* Every folder of services/ with migrations. */
static void
services_find (void)
{
    struct dirent **entries;
    int n = scandir ("services", &entries, NULL, alphasort);
    assert_true (n > 0);
    for (int i = 0; i < n; i++) {
        char path[512];
        struct stat status;
        snprintf (path, sizeof path, "services/%s/migrations", entries[i]->d_name);
        if (entries[i]->d_name[0] != '.' && stat (path, &status) == 0) {
            assert_true (all.n < SERVICES && strlen (entries[i]->d_name) < sizeof all.names[0]);
            strcpy (all.names[all.n], entries[i]->d_name);
            snprintf (all.list + strlen (all.list), sizeof all.list - strlen (all.list), "%s'%s'", all.n ? "," : "",
                      all.names[all.n]);
            all.n++;
        }
        free (entries[i]);
    }
    free (entries);
    assert_true (all.n >= 3);
}

static int
setup (void **state)
{
    const char *names[SERVICES + 1] = { NULL };
    services_find ();
    for (size_t i = 0; i < all.n; i++)
        names[i] = all.names[i];
    all.scratch = scratch_new (NULL, names);
    for (size_t i = 0; i < all.n; i++) {
        char own[64];
        snprintf (own, sizeof own, "services/%s/migrations", all.names[i]);
        scratch_migrate (all.scratch, all.names[i], (const char *const[]){ "common/engine/migrations", own, NULL });
    }
    return 0;
}

static int
teardown (void **state)
{
    scratch_destroy (&all.scratch);
    return 0;
}

/* Each asks for the names of what should not be; $ is the list of schemas. A breach made on purpose must be named,
 * or the question would be worth nothing. */
static const struct rule {
    const char *question, *breach, *named, *mend;
} rules[] = {
    /* a table with tenants shows their rows by policy alone; without one does a partition that nobody is let at, and
     * a table that can hold no tenant's rows */
    { "select format ('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace "
      "where n.nspname in ($) and c.relkind in ('r', 'p') "
      "and exists (select from pg_attribute where attrelid = c.oid and attname = 'tenant' and not attisdropped) "
      "and not (c.relrowsecurity and exists (select from pg_policy where polrelid = c.oid)) "
      "and not exists (select from pg_constraint where conrelid = c.oid and contype = 'c' and convalidated "
      "and pg_get_constraintdef (oid) = 'CHECK ((tenant = 0))') "
      "and not (c.relispartition and not exists (select from aclexplode (c.relacl) a join pg_roles r on r.oid = "
      "a.grantee "
      "where r.rolname in ('padan_' || n.nspname, 'padan_' || n.nspname || '_reader')))",
      "create table intake.bare (tenant bigint)", "intake.bare", "drop table intake.bare" },
    /* and every policy speaks of the tenant, for reading and for writing */
    { "select format ('%s.%s', p.polrelid::regclass, p.polname) from pg_policy p "
      "join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace where n.nspname in ($) "
      "and coalesce (pg_get_expr (p.polqual, p.polrelid), '') || coalesce (pg_get_expr (p.polwithcheck, p.polrelid), "
      "'') "
      "!~ 'tenant'",
      "create policy open on intake.application using (true)", "intake.application.open",
      "drop policy open on intake.application" },
    /* nothing is everybody's: tables, columns, sequences, functions, types, schemas, the database */
    { "select what from ("
      "select c.oid::regclass::text, c.relacl, n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
      "union all select format ('%s.%s', a.attrelid::regclass, a.attname), a.attacl, n.nspname from pg_attribute a "
      "join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace "
      "union all select p.oid::regprocedure::text, coalesce (p.proacl, acldefault ('f', p.proowner)), n.nspname "
      "from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
      "union all select t.oid::regtype::text, coalesce (t.typacl, acldefault ('T', t.typowner)), n.nspname "
      "from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype in ('d', 'e', 'r') "
      "union all select nspname, nspacl, nspname from pg_namespace "
      "union all select nspname, nspacl, 'intake' from pg_namespace where nspname = 'public' "
      "union all select datname, coalesce (datacl, acldefault ('d', datdba)), 'intake' from pg_database "
      "where datname = current_database ()"
      ") o (what, acl, schema) where schema in ($) and exists (select from aclexplode (acl) where grantee = 0)",
      "grant select (id) on intake.application to public", "intake.application.id",
      "revoke select (id) on intake.application from public" },
    /* a reader selects, and can borrow nobody's rights */
    { "select format ('%s: %s', c.oid::regclass, a.privilege_type) from pg_class c "
      "join pg_namespace n on n.oid = c.relnamespace cross join aclexplode (c.relacl) a "
      "join pg_roles r on r.oid = a.grantee where n.nspname in ($) and r.rolname like '%\\_reader' "
      "and a.privilege_type <> 'SELECT' "
      "union all select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
      "where p.prosecdef and n.nspname in ($) "
      "and has_function_privilege ('padan_' || n.nspname || '_reader', p.oid, 'execute')",
      "grant update on intake.application to padan_intake_reader", "intake.application: UPDATE",
      "revoke update on intake.application from padan_intake_reader" },
    /* neither does a login more than rows of tables */
    { "select format ('%s: %s', c.oid::regclass, a.privilege_type) from pg_class c "
      "join pg_namespace n on n.oid = c.relnamespace cross join aclexplode (c.relacl) a "
      "join pg_roles r on r.oid = a.grantee where n.nspname in ($) and r.rolname = 'padan_' || n.nspname "
      "and c.relkind in ('r', 'p') and a.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')",
      "grant truncate on intake.application to padan_intake", "intake.application: TRUNCATE",
      "revoke truncate on intake.application from padan_intake" },
    /* it creates nothing, here or elsewhere, and owns nothing */
    { "select format ('%s in %s', r.rolname, n.nspname) from pg_roles r cross join pg_namespace n "
      "where r.rolname in (select 'padan_' || s || x from unnest (array[$]) s, unnest (array['', '_reader']) x) "
      "and n.nspname not like 'pg\\_t%' and has_schema_privilege (r.rolname, n.oid, 'create') "
      "union all select r.rolname || ' in the database' from pg_roles r "
      "where r.rolname in (select 'padan_' || s || x from unnest (array[$]) s, unnest (array['', '_reader']) x) "
      "and has_database_privilege (r.rolname, current_database (), 'create, temporary') "
      "union all select c.oid::regclass || ' of ' || r.rolname from pg_class c join pg_roles r on r.oid = c.relowner "
      "where r.rolname in (select 'padan_' || s || x from unnest (array[$]) s, unnest (array['', '_reader']) x)",
      "grant create on schema intake to padan_intake", "padan_intake in intake",
      "revoke create on schema intake from padan_intake" },
    /* it is nobody else, passes no policy, and sees no other service's schema */
    { "select rolname::text from pg_roles where rolname in (select 'padan_' || s || x from unnest (array[$]) s, "
      "unnest (array['', '_reader', '_owner']) x) and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb "
      "or exists (select from pg_auth_members where member = pg_roles.oid)) "
      "union all select format ('%s sees %s', r.rolname, n.nspname) from pg_roles r cross join pg_namespace n "
      "where n.nspname in ($) and r.rolname in (select 'padan_' || s || x from unnest (array[$]) s, "
      "unnest (array['', '_reader', '_owner']) x) and has_schema_privilege (r.rolname, n.oid, 'usage') "
      "and r.rolname not in (select 'padan_' || n.nspname || x from unnest (array['', '_reader', '_owner']) x)",
      "grant usage on schema accounts to padan_intake", "padan_intake sees accounts",
      "revoke usage on schema accounts from padan_intake" },
    /* who calls a function with its owner's rights does not choose whose names it finds */
    { "select p.oid::regprocedure::text from pg_proc p join pg_namespace n on n.oid = p.pronamespace "
      "where n.nspname in ($) and p.prosecdef "
      "and not exists (select from unnest (p.proconfig) c where c like 'search_path=%')",
      "create function intake.careless () returns int language sql security definer as 'select 1'; "
      "revoke all on function intake.careless from public",
      "intake.careless()", "drop function intake.careless" },
};

/* The names found, with commas. */
static const char *
ask (const struct rule *rule)
{
    static char question[4096], whole[4200];
    char *out = question;
    for (const char *c = rule->question; *c; c++) {
        assert_true ((size_t)(out - question) + sizeof all.list < sizeof question);
        out += sprintf (out, "%.*s", *c == '$' ? (int)strlen (all.list) : 1, *c == '$' ? all.list : c);
    }
    *out = '\0';
    snprintf (whole, sizeof whole, "select coalesce (string_agg (what, ', ' order by what), '') from (%s) found (what)",
              question);
    return scratch_sql (all.scratch, "%s", whole);
}

static void
everybody_is_kept_apart (void **state)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        assert_string_equal (ask (&rules[i]), "");
}

static void
every_breach_is_named (void **state)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        scratch_sql (all.scratch, "%s", rules[i].breach);
        assert_string_equal (ask (&rules[i]), rules[i].named);
        scratch_sql (all.scratch, "%s", rules[i].mend);
    }
}

/* ------------------------------------------------------------ statements */

static const char *
file_text (const char *path)
{
    static char text[STATEMENT];
    FILE *file = fopen (path, "r");
    assert_non_null (file);
    size_t size = fread (text, 1, sizeof text - 1, file);
    assert_true (feof (file) && size > 0);
    fclose (file);
    text[size] = '\0';
    return text;
}

/* EXPLAIN of the prepared statement with NULLs checks this role's rights on every table and column it names. */
static bool
may_run (PGconn *connection, int n_params, char ret_why[static 256])
{
    char text[1024] = "explain execute one";
    for (int i = 0; i < n_params; i++)
        strcat (text, i ? ", null" : " (null");
    strcat (text, n_params ? ")" : "");
    PGresult *result = PQexec (connection, text);
    bool good = PQresultStatus (result) == PGRES_TUPLES_OK;
    snprintf (ret_why, 256, "%s", PQresultErrorMessage (result));
    PQclear (result);
    return good;
}

/* False with the reason when it does not fit the schema or, asked to run, this role may not. */
static bool
prepare (PGconn *connection, const char *path, bool run, char ret_why[static 256])
{
    PGresult *result = PQprepare (connection, "one", file_text (path), 0, NULL);
    bool good = PQresultStatus (result) == PGRES_COMMAND_OK;
    snprintf (ret_why, 256, "%s", PQresultErrorMessage (result));
    PQclear (result);
    if (!good)
        return false;
    result = PQdescribePrepared (connection, "one");
    int n_params = PQnparams (result);
    PQclear (result);
    good = !run || may_run (connection, n_params, ret_why);
    PQclear (PQexec (connection, "deallocate one"));
    return good;
}

static PGconn *
connect_as (const char *conninfo)
{
    PGconn *connection = PQconnectdb (conninfo);
    assert_int_equal (PQstatus (connection), CONNECTION_OK);
    return connection;
}

/* Calls fit for every statement of a folder; how many there were. */
static size_t
folder_each (const char *folder, void (*fit) (const char *path, void *context), void *context)
{
    struct dirent **entries;
    size_t done = 0;
    int n = scandir (folder, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char path[512];
        size_t length = (size_t)snprintf (path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        free (entries[i]);
        if (length < 4 || length >= sizeof path || strcmp (path + length - 4, ".sql") != 0)
            continue;
        fit (path, context);
        done++;
    }
    if (n >= 0)
        free (entries);
    return done;
}

struct roles {
    PGconn *login, *reader;
};

static void
fit_roles (const char *path, void *context)
{
    struct roles *roles = context;
    char login[256], reader[256];
    if (!prepare (roles->login, path, true, login) && !prepare (roles->reader, path, true, reader))
        fail_msg ("%s: the login: %s; the reader: %s", path, login, reader);
}

static void
every_statement_fits_its_schema (void **state)
{
    size_t done = 0;
    for (size_t i = 0; i < all.n; i++) {
        char folder[64];
        snprintf (folder, sizeof folder, "services/%s/sql", all.names[i]);
        struct roles roles = { connect_as (scratch_login (all.scratch, all.names[i])),
                               connect_as (scratch_reader (all.scratch, all.names[i])) };
        size_t own = folder_each (folder, fit_roles, &roles);
        if (own == 0)
            fail_msg ("no statement in %s", folder);
        done += own + folder_each ("common/engine/sql", fit_roles, &roles);
        PQfinish (roles.login);
        PQfinish (roles.reader);
    }
    assert_true (done >= STATEMENTS_LEAST);
}

static void
fit_auditor (const char *path, void *context)
{
    PGconn *auditor = context;
    char why[256];
    bool good = false;
    for (size_t i = 0; i < all.n && !good; i++) {
        char scope[64];
        snprintf (scope, sizeof scope, "set search_path = %s", all.names[i]);
        PQclear (PQexec (auditor, scope));
        good = prepare (auditor, path, false, why);
    }
    if (!good)
        fail_msg ("%s: %s", path, why);
}

/* The command line looks into one schema after another; some statements are for one of them. */
static void
statements_of_the_command_line_fit_a_schema (void **state)
{
    PGconn *auditor = connect_as (scratch_auditor (all.scratch));
    assert_true (folder_each ("services/cli/sql", fit_auditor, auditor) > 0);
    PQfinish (auditor);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (everybody_is_kept_apart),
        cmocka_unit_test (every_breach_is_named),
        cmocka_unit_test (every_statement_fits_its_schema),
        cmocka_unit_test (statements_of_the_command_line_fit_a_schema),
    };
    return cmocka_run_group_tests_name ("isolation of schemas", tests, setup, teardown);
}
