/* What a caller is told when the connection is lost, cut in the middle of COMMIT, or stands still. A proxy on a unix
 * socket between db and the server swallows answers or lets nothing pass. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <libpq-fe.h>

#include "common/base/clock.h"
#include "common/db/db.h"
#include "tests/support/scratch.h"
#include "tests/support/test.h"

enum mode {
    PASS,
    CUT,   /* requests pass; the first byte of an answer closes both sides */
    STILL, /* nothing passes, nothing is closed */
    END,
};

struct proxy {
    struct sockaddr_un server;
    char dir[32], path[64];
    int listener;
    pthread_t thread;
    _Atomic enum mode mode;
};

static struct scratch *scratch;
static struct arena *arena;
static struct proxy proxy;
static struct db *db;

static const struct sql add = { "t.add", "insert into t (id) values ($1::int8)" };
static const struct sql one = { "t.one", "select 1::int8" };

static void
bytes_pass (int from, int to, bool *ret_open)
{
    char bytes[65536];
    ssize_t n = read (from, bytes, sizeof bytes);
    *ret_open = n > 0;
    for (ssize_t done = 0; done < n;) {
        ssize_t written = send (to, bytes + done, (size_t)(n - done), MSG_NOSIGNAL);
        if (written <= 0) {
            *ret_open = false;
            return;
        }
        done += written;
    }
}

/* One connection, until either side or the mode ends it. */
static void
connection_serve (struct proxy *it, int client)
{
    int server = socket (AF_UNIX, SOCK_STREAM, 0);
    bool open = connect (server, (struct sockaddr *)&it->server, sizeof it->server) == 0;
    while (open && it->mode != END) {
        struct pollfd fds[] = { { .fd = client, .events = POLLIN }, { .fd = server, .events = POLLIN } };
        if (it->mode == STILL) {
            poll (NULL, 0, 5);
            continue;
        }
        poll (fds, 2, 5);
        /* answers first: what the server said last must arrive even when nothing can be sent to it any more */
        if (fds[1].revents && it->mode == CUT)
            open = false;
        else if (fds[1].revents && it->mode == PASS)
            bytes_pass (server, client, &open);
        if (open && fds[0].revents && it->mode != STILL)
            bytes_pass (client, server, &open);
    }
    close (server);
    close (client);
}

static void *
proxy_run (void *argument)
{
    struct proxy *it = argument;
    while (it->mode != END) {
        struct pollfd fd = { .fd = it->listener, .events = POLLIN };
        if (poll (&fd, 1, 5) > 0) {
            int client = accept (it->listener, NULL, NULL);
            if (client >= 0)
                connection_serve (it, client);
        }
    }
    return NULL;
}

static void
proxy_start (struct proxy *it, const char *conninfo)
{
    const char *host = NULL, *port = "5432";
    PQconninfoOption *options = PQconninfoParse (conninfo, NULL);
    assert_non_null (options);
    for (PQconninfoOption *option = options; option->keyword; option++) {
        if (strcmp (option->keyword, "host") == 0)
            host = option->val;
        if (strcmp (option->keyword, "port") == 0 && option->val)
            port = option->val;
    }
    if (!host || *host != '/')
        fail_msg ("these tests need a cluster on a unix socket");
    it->server.sun_family = AF_UNIX;
    snprintf (it->server.sun_path, sizeof it->server.sun_path, "%s/.s.PGSQL.%s", host, port);
    snprintf (it->dir, sizeof it->dir, "/tmp/padan-proxy-XXXXXX");
    assert_non_null (mkdtemp (it->dir));
    snprintf (it->path, sizeof it->path, "%s/.s.PGSQL.%s", it->dir, port);
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    PQconninfoFree (options);
    snprintf (address.sun_path, sizeof address.sun_path, "%s", it->path);
    it->listener = socket (AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal (bind (it->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal (listen (it->listener, 8), 0);
    assert_int_equal (pthread_create (&it->thread, NULL, proxy_run, it), 0);
}

static void
proxy_stop (struct proxy *it)
{
    it->mode = END;
    pthread_join (it->thread, NULL);
    close (it->listener);
    unlink (it->path);
    rmdir (it->dir);
}

static bool
answers (const char *text, const char *expected)
{
    return strcmp (scratch_sql (scratch, "%s", text), expected) == 0;
}

/* The cluster is shared with tests that run at the same time: sessions of our own database only. */
#define OURS                                                                                                           \
    " application_name = 'tested' and datid = (select oid from pg_database where datname = current_database ())"
static const char others[] = "select count (*) from pg_stat_activity where" OURS;
static const char rows[] = "select count (*) from t";
static const char kill_it[] = "select pg_terminate_backend (pid) from pg_stat_activity where" OURS;

static int
group_setup (void **state)
{
    (void)state;
    scratch = scratch_new (NULL, (const char *const[]){ NULL });
    scratch_sql (scratch, "set client_min_messages = warning");
    arena = arena_new (16 << 20);
    proxy_start (&proxy, scratch_admin (scratch));
    return 0;
}

static int
group_teardown (void **state)
{
    (void)state;
    proxy_stop (&proxy);
    arena_destroy (&arena);
    scratch_destroy (&scratch);
    return 0;
}

static int
setup (void **state)
{
    (void)state;
    char conninfo[1024];
    proxy.mode = PASS;
    snprintf (conninfo, sizeof conninfo, "%s host=%s options='-c statement_timeout=300ms -c lock_timeout=0'",
              scratch_admin (scratch), proxy.dir);
    db = db_new (conninfo, "tested");
    scratch_sql (scratch, "drop table if exists t; create table t (id int8 primary key)");
    return 0;
}

static int
teardown (void **state)
{
    (void)state;
    db_destroy (&db);
    arena_reset (arena);
    WAIT_UNTIL (answers (others, "0"), 20000); /* what the proxy held back must not reach the next test's table */
    return 0;
}

static struct db_params *
int8 (int64_t value)
{
    struct db_params *params = db_params (arena);
    db_param_int8 (params, value);
    return params;
}

static void
run_well (struct db_call *calls, size_t n)
{
    struct err err = { 0 };
    if (db_run (db, calls, n, &err))
        fail_msg ("%s: %s", rc_name (err.rc), err.text);
    db_calls_clear (calls, n);
}

/* Connects, and runs a whole transaction to see that the next one is like any other. */
static void
works (int64_t id)
{
    struct db_call calls[] = { { &db_begin }, { &add, int8 (id) }, { &db_commit } };
    run_well (calls, 3);
}

static void
a_backend_terminated_between_trips_is_a_retry (void **state)
{
    struct db_call begin[] = { { &db_begin }, { &add, int8 (1) } };
    struct db_call end[] = { { &add, int8 (2) }, { &db_commit } };
    struct err err = { 0 };
    run_well (begin, 2);
    scratch_sql (scratch, kill_it);
    WAIT_UNTIL (answers (others, "0"), 20000);
    assert_int_equal (db_run (db, end, 2, &err), RC_RETRY); /* the server said so before it got COMMIT */
    assert_string_equal (err.code, "db.57P01");
    assert_int_equal (db_run (db, end, 2, &err), RC_RETRY); /* half a transaction never runs on a new connection */
    assert_int_equal (db_script (db, "insert into t values (9)", &err), RC_RETRY);
    works (3);
    assert_true (answers (rows, "1"));
}

static void
a_commit_whose_answer_is_lost_is_unknown (void **state)
{
    struct db_call begin[] = { { &db_begin }, { &add, int8 (1) } };
    struct db_call commit[] = { { &db_commit } };
    struct err err = { 0 };
    run_well (begin, 2);
    proxy.mode = CUT;
    assert_int_equal (db_run (db, commit, 1, &err), RC_UNKNOWN);
    assert_int_equal (err.rc, RC_UNKNOWN);
    WAIT_UNTIL (answers (rows, "1"), 20000); /* and here it had happened */
    proxy.mode = PASS;
    works (2);
    assert_true (answers (rows, "2"));
}

static void
a_whole_transaction_whose_answers_are_lost_is_unknown (void **state)
{
    struct db_call calls[] = { { &db_begin }, { &add, int8 (2) }, { &db_commit } };
    struct err err = { 0 };
    works (1);
    proxy.mode = CUT;
    assert_int_equal (db_run (db, calls, 3, &err), RC_UNKNOWN);
    proxy.mode = PASS;
    works (3);
}

static void
a_lost_read_is_a_retry (void **state)
{
    struct db_call calls[] = { { &db_begin_read }, { &one }, { &db_commit } };
    struct err err = { 0 };
    run_well (calls, 3);
    proxy.mode = CUT;
    assert_int_equal (db_run (db, calls, 3, &err), RC_RETRY);
    proxy.mode = PASS;
    run_well (calls, 3);
    works (1); /* and the next writer's commit is one that matters */
    struct db_call commit[] = { { &db_begin }, { &add, int8 (2) }, { &db_commit } };
    proxy.mode = CUT;
    assert_int_equal (db_run (db, commit, 3, &err), RC_UNKNOWN);
}

static void *
commit_thread (void *ret_rc)
{
    struct db_call calls[] = { { &db_commit } };
    *(enum rc *)ret_rc = db_run (db, calls, 1, NULL);
    return NULL;
}

/* A deferred trigger makes COMMIT itself wait for a lock. */
static void
a_backend_terminated_in_commit_is_unknown (void **state)
{
    struct db_call begin[] = { { &db_begin }, { &add, int8 (1) } };
    enum rc rc = RC_OK;
    pthread_t thread;
    scratch_sql (scratch, "create table if not exists gate (id int8);"
                          "create or replace function wait_gate () returns trigger language plpgsql as "
                          "'begin lock table gate in share mode; return null; end';"
                          "create constraint trigger waits after insert on t deferrable initially deferred "
                          "for each row execute function wait_gate ()");
    scratch_sql (scratch, "begin");
    scratch_sql (scratch, "lock table gate in access exclusive mode");
    run_well (begin, 2);
    assert_int_equal (pthread_create (&thread, NULL, commit_thread, &rc), 0);
    WAIT_UNTIL (answers ("select count (*) from pg_stat_get_activity (null) "
                         "where wait_event_type = 'Lock' and" OURS,
                         "1"),
                20000);
    scratch_sql (scratch, kill_it);
    pthread_join (thread, NULL);
    scratch_sql (scratch, "rollback");
    assert_int_equal (rc, RC_UNKNOWN);
    scratch_sql (scratch, "drop trigger waits on t");
    assert_true (answers (rows, "0"));
    works (2);
}

static void
a_link_that_stands_still_does_not_hold_us (void **state)
{
    struct db_call read[] = { { &one } };
    struct db_call calls[] = { { &db_begin }, { &add, int8 (2) }, { &db_commit } };
    struct err err = { 0 };
    works (1);
    for (int i = 0; i < 2; i++) {
        int64_t start = clock_monotonic ();
        proxy.mode = STILL;
        assert_int_equal (db_run (db, i ? read : calls, i ? 1 : 3, &err), i ? RC_RETRY : RC_UNKNOWN);
        assert_in_range (clock_monotonic () - start, 300000, 8000000);
        proxy.mode = PASS;
        run_well (read, 1);
    }
}

static void
an_idle_transaction_that_timed_out_is_a_retry (void **state)
{
    struct db_call begin[] = { { &db_begin }, { &add, int8 (1) } };
    struct db_call end[] = { { &add, int8 (2) }, { &db_commit } };
    struct err err = { 0 };
    assert_int_equal (db_script (db, "set idle_in_transaction_session_timeout = '20ms'", &err), RC_OK);
    run_well (begin, 2);
    WAIT_UNTIL (answers (others, "0"), 20000);
    assert_int_equal (db_run (db, end, 2, &err), RC_RETRY);
    assert_string_equal (err.code, "db.25P03");
    db_rollback (db);
    works (3);
    assert_true (answers (rows, "1"));
}

static void
copy_and_scripts_say_that_they_were_lost (void **state)
{
    static const struct sql copy = { "t.copy", "copy t (id) from stdin (format binary)" };
    static const struct db_column column = { "id", DB_INT8, 0 };
    int64_t id = 5;
    const void *ids[] = { &id };
    struct err err = { 0 };
    works (1);
    proxy.mode = CUT;
    assert_int_equal (db_copy (db, &copy, &column, 1, ids, 1, &err), RC_RETRY);
    proxy.mode = PASS;
    works (2);
    proxy.mode = CUT;
    assert_int_equal (db_script (db, "select 1", &err), RC_RETRY);
    proxy.mode = PASS;
    assert_int_equal (db_copy (db, &copy, &column, 1, ids, 1, &err), RC_OK);
    assert_true (answers (rows, "3"));
}

/* Whoever goes on as if the transaction were still open is told so, however it was lost. */
static void
a_transaction_lost_in_any_call_is_remembered (void **state)
{
    static const struct sql copy = { "t.copy2", "copy t (id) from stdin (format binary)" };
    static const struct db_column column = { "id", DB_INT8, 0 };
    int64_t id = 7;
    const void *ids[] = { &id };
    struct err err = { 0 };
    for (int how = 0; how < 3; how++) {
        struct db_call begin[] = { { &db_begin }, { &one } };
        struct db_call end[] = { { &add, int8 (100 + how) }, { &db_commit } };
        if (how < 2)
            run_well (begin, 2);
        proxy.mode = CUT;
        if (how == 0)
            assert_int_equal (db_script (db, "select 1", &err), RC_RETRY);
        if (how == 1)
            assert_int_equal (db_copy (db, &copy, &column, 1, ids, 1, &err), RC_RETRY);
        if (how == 2)
            assert_int_equal (db_run (db, begin, 2, &err), RC_RETRY);
        proxy.mode = PASS;
        assert_int_equal (db_run (db, end, 2, &err), RC_RETRY);
        assert_int_equal (db_copy (db, &copy, &column, 1, ids, 1, &err), RC_RETRY);
        db_rollback (db);
        works (how);
    }
    assert_true (answers (rows, "3"));
}

int
main (void)
{
#define TEST(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST (a_backend_terminated_between_trips_is_a_retry),
        TEST (a_commit_whose_answer_is_lost_is_unknown),
        TEST (a_whole_transaction_whose_answers_are_lost_is_unknown),
        TEST (a_lost_read_is_a_retry),
        TEST (a_backend_terminated_in_commit_is_unknown),
        TEST (a_link_that_stands_still_does_not_hold_us),
        TEST (an_idle_transaction_that_timed_out_is_a_retry),
        TEST (copy_and_scripts_say_that_they_were_lost),
        TEST (a_transaction_lost_in_any_call_is_remembered),
    };
    return cmocka_run_group_tests (tests, group_setup, group_teardown);
}
