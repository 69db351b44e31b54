#include "common/bus/context.h"

#include <signal.h>
#include <string.h>
#include <zmq.h>
#include "tests/support/test.h"

static void
signals_stay_the_programs (void **state)
{
    struct sigaction action;
    assert_non_null (bus_context ());
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal (sigaction (i ? SIGINT : SIGTERM, NULL, &action), 0);
        assert_ptr_equal (action.sa_handler, SIG_DFL);
    }
}

static void
there_is_one_context (void **state)
{
    assert_ptr_equal (bus_context (), bus_context ());
}

static void
what_is_no_pair_is_refused (void **state)
{
    struct err err;
    struct bus_cert cert = { .service = "intake" };
    memset (cert.public_key, ' ', KEYS_Z85 - 1);
    memset (cert.secret_key, ' ', KEYS_Z85 - 1);
    assert_null (bus_socket_new (ZMQ_DEALER, &cert, BUS_REPLY_MAX, &err));
    assert_int_equal (err.rc, RC_INVALID);
}

static void
sockets_are_bounded (void **state)
{
    struct err err;
    struct bus_cert cert = { .service = "intake" };
    assert_int_equal (zmq_curve_keypair (cert.public_key, cert.secret_key), 0);
    void *socket = bus_socket_new (ZMQ_DEALER, &cert, BUS_REPLY_MAX, &err);
    assert_non_null (socket);
    int64_t max = 0;
    int queue = 0, linger = -1;
    size_t size = sizeof max;
    assert_int_equal (zmq_getsockopt (socket, ZMQ_MAXMSGSIZE, &max, &size), 0);
    assert_int_equal (max, BUS_REPLY_MAX);
    size = sizeof queue;
    assert_int_equal (zmq_getsockopt (socket, ZMQ_SNDHWM, &queue, &size), 0);
    assert_int_equal (queue, BUS_QUEUE);
    assert_int_equal (zmq_getsockopt (socket, ZMQ_LINGER, &linger, &size), 0);
    assert_int_equal (linger, BUS_LINGER_MS);
    bus_socket_close (socket);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (signals_stay_the_programs),
        cmocka_unit_test (there_is_one_context),
        cmocka_unit_test (what_is_no_pair_is_refused),
        cmocka_unit_test (sockets_are_bounded),
    };
    int failed = cmocka_run_group_tests_name ("bus context", tests, NULL, NULL);
    if (!failed)
        bus_context_end ();
    return failed;
}
