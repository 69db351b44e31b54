#include "tests/service/bus/fixture.h"
#include "common/bus/call.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>

/* A service in a thread of its own. What it does with a request is said by its type. */
struct echo {
    struct bus_server *server;
    pthread_t thread;
    _Atomic bool ending;
    _Atomic unsigned silent; /* requests of padan.test.v1.Silence */
};

struct world {
    struct bus_peers *peers;
    struct echo intake, journal;
    struct bus_caller *caller;
    struct arena *arena;
};

/* The answer bears the request's own id, so that a mix-up shows. */
static void
echo_answer (struct echo *echo, const struct bus_request *request, struct bus_peer *last, uint64_t *last_number)
{
    const Padan__Envelope *query = request->message->query;
    Padan__Reply reply = reply_to (request->message);
    reply.data = query->id;
    if (strcmp (query->type, "padan.test.v1.Silence") == 0) {
        *last = request->peer;
        *last_number = request->message->number;
        echo->silent++;
        return;
    }
    if (*last_number) { /* what was kept back comes late */
        reply.number = *last_number;
        reply.data.len = 0; /* unlike any good answer */
        bus_server_reply (echo->server, last, &reply);
        reply.number = request->message->number;
        reply.data = query->id;
        *last_number = 0;
    }
    if (strcmp (query->type, "padan.test.v1.Garbage") == 0)
        bus_server_send (echo->server, &request->peer, "\xff\xff", 2);
    if (strcmp (query->type, "padan.test.v1.BadText") == 0) {
        reply.type = (char *)"\xff";
        reply.number = request->message->number;
    }
    bus_server_reply (echo->server, &request->peer, &reply);
}

static void *
echo_run (void *argument)
{
    struct echo *echo = argument;
    struct arena *arena = arena_new (4 << 20);
    struct bus_peer last = { { 0 } };
    uint64_t last_number = 0;
    while (!echo->ending) {
        struct bus_request request;
        struct err err;
        enum rc rc = bus_server_receive (echo->server, arena, &request, &err);
        if (rc == RC_OK)
            echo_answer (echo, &request, &last, &last_number);
        if (rc == RC_NOT_FOUND)
            socket_wait (bus_server_socket (echo->server), ZMQ_POLLIN, 20);
        arena_reset (arena);
    }
    arena_destroy (&arena);
    return NULL;
}

static void
echo_start (struct echo *echo, const char *service, struct bus_peers *peers)
{
    echo->server = server_of (service, peers);
    echo->ending = false;
    echo->silent = 0;
    assert_int_equal (pthread_create (&echo->thread, NULL, echo_run, echo), 0);
}

static void
echo_stop (struct echo *echo)
{
    if (!echo->server)
        return;
    echo->ending = true;
    pthread_join (echo->thread, NULL);
    bus_server_destroy (&echo->server);
}

static int
setup (void **state)
{
    static struct world world;
    struct err err;
    keys_dir_make ();
    struct bus_cert gateway = cert_of ("gateway");
    cert_of ("intake");
    cert_of ("journal");
    cert_of ("approval");
    world.peers = peers_of_dir ();
    echo_start (&world.intake, "intake", world.peers);
    echo_start (&world.journal, "journal", world.peers);
    struct bus_route routes[] = { { "intake", bus_server_endpoint (world.intake.server) },
                                  { "journal", bus_server_endpoint (world.journal.server) },
                                  { "approval", "tcp://127.0.0.1:1" } };
    world.caller = bus_caller_new (&gateway, world.peers, routes, 3, &err);
    assert_non_null (world.caller);
    world.arena = arena_new (4 << 20);
    *state = &world;
    return 0;
}

static int
teardown (void **state)
{
    struct world *world = *state;
    bus_caller_destroy (&world->caller);
    echo_stop (&world->intake);
    echo_stop (&world->journal);
    bus_peers_destroy (&world->peers);
    arena_destroy (&world->arena);
    keys_dir_remove ();
    return 0;
}

static enum rc
ask (struct world *world, const char *service, const char *type, int timeout_ms)
{
    Padan__Reply *reply;
    struct err err;
    enum rc rc = bus_call (world->caller, service, query_of (0, type), timeout_ms, world->arena, &reply, &err);
    if (rc == RC_OK)
        assert_int_equal (reply->data.len, 16);
    else
        assert_int_equal (err.rc, rc);
    return rc;
}

static void
first_call_waits_for_the_connection (void **state)
{
    struct world *world = *state;
    assert_int_equal (ask (world, "intake", "padan.test.v1.Echo", 5000), RC_OK);
    assert_int_equal (ask (world, "journal", "padan.test.v1.Echo", 5000), RC_OK);
    assert_int_equal (bus_caller_stats (world->caller).answered, 2);
    assert_int_equal (bus_caller_stats (world->caller).open, 0);
}

static void
unreachable_service_is_busy (void **state)
{
    struct world *world = *state;
    int64_t begun = clock_monotonic ();
    assert_int_equal (ask (world, "approval", "padan.test.v1.Echo", 60000), RC_BUSY);
    assert_true (clock_monotonic () - begun < 5 * CLOCK_SECOND);
    assert_int_equal (ask (world, "nobody", "padan.test.v1.Echo", 1000), RC_INVALID);
}

static void
late_reply_is_dropped (void **state)
{
    struct world *world = *state;
    assert_int_equal (ask (world, "intake", "padan.test.v1.Silence", 300), RC_EXPIRED);
    assert_int_equal (ask (world, "intake", "padan.test.v1.Echo", 5000), RC_OK);
    assert_int_equal (bus_caller_stats (world->caller).late, 1);
    assert_int_equal (bus_caller_stats (world->caller).expired, 1);
}

static void
reply_that_is_none_is_counted (void **state)
{
    struct world *world = *state;
    assert_int_equal (ask (world, "intake", "padan.test.v1.Garbage", 5000), RC_OK); /* the good one follows it */
    assert_int_equal (bus_caller_stats (world->caller).corrupt, 1);
    assert_int_equal (ask (world, "intake", "padan.test.v1.BadText", 5000), RC_CORRUPT);
}

static void
oversized_request_is_refused (void **state)
{
    struct world *world = *state;
    struct err err;
    Padan__Reply *reply;
    Padan__Request *request = query_of (0, "padan.test.v1.Echo");
    request->query->data.len = BUS_REQUEST_MAX;
    request->query->data.data = calloc (1, BUS_REQUEST_MAX);
    assert_int_equal (bus_call (world->caller, "intake", request, 1000, world->arena, &reply, &err), RC_INVALID);
    free (request->query->data.data);
    assert_int_equal (bus_caller_stats (world->caller).open, 0);
}

enum { THREADS = 8, CALLS_EACH = 1250 };

static void *
many_calls (void *argument)
{
    struct world *world = argument;
    struct arena *arena = arena_new (1 << 20);
    uintptr_t good = 0;
    for (unsigned i = 0; i < CALLS_EACH; i++) {
        Padan__Request *request = query_of (0, "padan.test.v1.Echo");
        Padan__Reply *reply;
        struct err err;
        enum rc rc = bus_call (world->caller, i % 2 ? "intake" : "journal", request, 30000, arena, &reply, &err);
        good += rc == RC_OK && reply->data.len == 16 && memcmp (reply->data.data, request->query->id.data, 16) == 0;
        arena_reset (arena);
    }
    arena_destroy (&arena);
    return (void *)good;
}

static void
every_call_of_many_threads_gets_its_own_answer (void **state)
{
    struct world *world = *state;
    pthread_t threads[THREADS];
    int64_t begun = clock_monotonic ();
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal (pthread_create (&threads[i], NULL, many_calls, world), 0);
    for (unsigned i = 0; i < THREADS; i++) {
        void *good;
        pthread_join (threads[i], &good);
        assert_int_equal ((uintptr_t)good, CALLS_EACH);
    }
    double span = (double)(clock_monotonic () - begun) / CLOCK_SECOND;
    print_message ("%d calls in %.2f s\n", THREADS * CALLS_EACH, span);
    struct bus_caller_stats stats = bus_caller_stats (world->caller);
    assert_int_equal (stats.answered, THREADS * CALLS_EACH);
    assert_int_equal (stats.late + stats.corrupt + stats.busy + stats.expired, 0);
}

/* ---- asynchronous ---- */

struct outcome {
    pthread_mutex_t lock;
    unsigned ended, of[RC_END];
    struct bus_reply *kept;
    bool keep;
    struct bus_caller *again; /* asks once more from inside */
    unsigned again_left;
};

static void
outcome_note (void *context, enum rc rc, struct bus_reply **reply)
{
    struct outcome *outcome = context;
    pthread_mutex_lock (&outcome->lock);
    outcome->ended++;
    outcome->of[rc]++;
    if (outcome->keep && *reply) {
        outcome->kept = *reply;
        *reply = NULL;
    }
    bool again = outcome->again_left > 0;
    outcome->again_left -= again;
    pthread_mutex_unlock (&outcome->lock);
    struct err err;
    if (again)
        assert_int_equal (bus_call_async (outcome->again, "intake", query_of (0, "padan.test.v1.Echo"), 5000,
                                          outcome_note, outcome, &err),
                          RC_OK);
}

static unsigned
outcome_ended (struct outcome *outcome)
{
    pthread_mutex_lock (&outcome->lock);
    unsigned ended = outcome->ended;
    pthread_mutex_unlock (&outcome->lock);
    return ended;
}

static enum rc
ask_async (struct world *world, const char *service, const char *type, int timeout_ms, struct outcome *outcome)
{
    struct err err;
    return bus_call_async (world->caller, service, query_of (0, type), timeout_ms, outcome_note, outcome, &err);
}

#define WAIT_MOMENT zmq_poll (NULL, 0, 5)

static void
answer_can_be_kept_and_unpacked_later (void **state)
{
    struct world *world = *state;
    struct outcome outcome = { .lock = PTHREAD_MUTEX_INITIALIZER, .keep = true };
    assert_int_equal (ask_async (world, "intake", "padan.test.v1.Echo", 5000, &outcome), RC_OK);
    REPEAT_UNTIL (outcome_ended (&outcome) == 1, 10, WAIT_MOMENT);
    Padan__Reply *reply;
    struct err err;
    assert_non_null (outcome.kept);
    assert_int_equal (bus_reply_unpack (outcome.kept, world->arena, &reply, &err), RC_OK);
    assert_int_equal (reply->data.len, 16);
    bus_reply_destroy (&outcome.kept);
}

static void
callback_may_ask_again (void **state)
{
    struct world *world = *state;
    struct outcome outcome = { .lock = PTHREAD_MUTEX_INITIALIZER, .again = world->caller, .again_left = 20 };
    assert_int_equal (ask_async (world, "intake", "padan.test.v1.Echo", 5000, &outcome), RC_OK);
    REPEAT_UNTIL (outcome_ended (&outcome) == 21, 10, WAIT_MOMENT);
    assert_int_equal (outcome.of[RC_OK], 21);
}

static void
calls_of_one_service_are_bounded_and_the_others_go_on (void **state)
{
    struct world *world = *state;
    struct outcome outcome = { .lock = PTHREAD_MUTEX_INITIALIZER };
    assert_int_equal (ask (world, "intake", "padan.test.v1.Echo", 5000), RC_OK);
    for (unsigned i = 0; i < BUS_CALLS_OF_SERVICE; i++)
        assert_int_equal (ask_async (world, "intake", "padan.test.v1.Silence", 2000, &outcome), RC_OK);
    assert_int_equal (ask_async (world, "intake", "padan.test.v1.Silence", 2000, &outcome), RC_BUSY);
    assert_int_equal (ask (world, "journal", "padan.test.v1.Echo", 5000), RC_OK);
    REPEAT_UNTIL (outcome_ended (&outcome) == BUS_CALLS_OF_SERVICE, 10, WAIT_MOMENT);
    assert_int_equal (outcome.of[RC_EXPIRED], BUS_CALLS_OF_SERVICE);
    assert_int_equal (ask (world, "intake", "padan.test.v1.Echo", 5000), RC_OK);
    assert_int_equal (bus_caller_stats (world->caller).open, 0);
}

static void
stop_ends_open_calls (void **state)
{
    struct world *world = *state;
    struct outcome outcome = { .lock = PTHREAD_MUTEX_INITIALIZER };
    for (unsigned i = 0; i < 10; i++)
        assert_int_equal (ask_async (world, "intake", "padan.test.v1.Silence", 60000, &outcome), RC_OK);
    REPEAT_UNTIL (world->intake.silent == 10, 10, WAIT_MOMENT);
    assert_int_equal (ask_async (world, "approval", "padan.test.v1.Silence", 60000, &outcome), RC_OK);
    bus_caller_stop (world->caller);
    assert_int_equal (outcome.of[RC_EXPIRED], 10);
    assert_int_equal (outcome.of[RC_BUSY], 1);
    assert_int_equal (ask (world, "intake", "padan.test.v1.Echo", 1000), RC_BUSY);
}

static void
service_that_ends_leaves_its_calls_unknown (void **state)
{
    struct world *world = *state;
    struct outcome outcome = { .lock = PTHREAD_MUTEX_INITIALIZER };
    assert_int_equal (ask_async (world, "intake", "padan.test.v1.Silence", 1500, &outcome), RC_OK);
    REPEAT_UNTIL (world->intake.silent == 1, 10, WAIT_MOMENT);
    echo_stop (&world->intake);
    REPEAT_UNTIL (outcome_ended (&outcome) == 1, 10, WAIT_MOMENT);
    assert_int_equal (outcome.of[RC_EXPIRED], 1);
    assert_int_equal (ask (world, "intake", "padan.test.v1.Echo", 5000), RC_BUSY);
}

int
main (void)
{
#define CASE(name) cmocka_unit_test_setup_teardown (name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE (first_call_waits_for_the_connection),
        CASE (unreachable_service_is_busy),
        CASE (late_reply_is_dropped),
        CASE (reply_that_is_none_is_counted),
        CASE (oversized_request_is_refused),
        CASE (every_call_of_many_threads_gets_its_own_answer),
        CASE (answer_can_be_kept_and_unpacked_later),
        CASE (callback_may_ask_again),
        CASE (calls_of_one_service_are_bounded_and_the_others_go_on),
        CASE (stop_ends_open_calls),
        CASE (service_that_ends_leaves_its_calls_unknown),
    };
    int failed = cmocka_run_group_tests_name ("bus call", tests, NULL, NULL);
    if (!failed) /* a failed test leaves sockets, for which this would wait */
        bus_context_end ();
    return failed;
}
