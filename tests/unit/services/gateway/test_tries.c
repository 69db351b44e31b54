#include "common/base/clock.h"
#include "common/http/request.h"
#include "services/gateway/gateway.h"
#include "services/gateway/tries.h"
#include "tests/support/test.h"

enum { MOST = 3 };

static void
an_address_waits_after_its_failures (void **state)
{
    int64_t now = CLOCK_SECOND;
    for (int i = 0; i < MOST; i++) {
        assert_int_equal (tries_wait ("10.0.0.1", MOST, now), 0);
        tries_count ("10.0.0.1", now);
    }
    assert_int_equal (tries_wait ("10.0.0.1", MOST, now), 60 * (int64_t)CLOCK_SECOND);
    assert_int_equal (tries_wait ("10.0.0.1", 0, now), 0); /* no limit */
    assert_int_equal (tries_wait ("10.0.0.2", MOST, now), 0);
    assert_int_equal (tries_wait ("10.0.0.1", MOST, now + 60 * (int64_t)CLOCK_SECOND), 0);
    tries_count ("10.0.0.1", now + 60 * (int64_t)CLOCK_SECOND); /* a minute of its own begins */
    assert_int_equal (tries_wait ("10.0.0.1", MOST, now + 61 * (int64_t)CLOCK_SECOND), 0);
}

/* second: another line of X-Forwarded-For, NULL none. */
static const char *
address_of (const char *peer, const char *forwarded, const char *second)
{
    static char text[64];
    static char *proxies[] = { (char *)"192.0.2.1" };
    struct gateway_settings settings = { .proxies = { 1, proxies } };
    struct http_field fields[] = { { "X-Forwarded-For", forwarded }, { "x-forwarded-for", second } };
    struct http_request request = { .peer = peer, .fields = fields, .field_count = second ? 2 : forwarded ? 1 : 0 };
    return tries_address (&settings, &request, text);
}

static const char *
address (const char *peer, const char *forwarded)
{
    return address_of (peer, forwarded, NULL);
}

static void
only_our_proxies_are_believed (void **state)
{
    assert_string_equal (address ("198.51.100.7", NULL), "198.51.100.7");
    assert_string_equal (address ("198.51.100.7", "10.9.9.9"), "198.51.100.7");
    assert_string_equal (address ("192.0.2.1", NULL), "192.0.2.1");
    assert_string_equal (address ("192.0.2.1", "10.9.9.9"), "10.9.9.9");
    assert_string_equal (address ("192.0.2.1", "1.1.1.1, 10.9.9.9"), "10.9.9.9"); /* the proxy added the last */
    assert_string_equal (address ("192.0.2.1", "1.1.1.1, 2001:db8::7 "), "2001:db8::7");
    assert_string_equal (address ("192.0.2.1", "nonsense"), "192.0.2.1");
}

/* Some proxies add a line of their own: the first is what the client likes to be called today. */
static void
the_last_line_is_the_proxys (void **state)
{
    assert_string_equal (address_of ("192.0.2.1", "1.1.1.1", "10.9.9.9"), "10.9.9.9");
    assert_string_equal (address_of ("192.0.2.1", "1.1.1.1, 2.2.2.2", "3.3.3.3, 10.9.9.9"), "10.9.9.9");
    assert_string_equal (address_of ("198.51.100.7", "1.1.1.1", "10.9.9.9"), "198.51.100.7");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (an_address_waits_after_its_failures),
        cmocka_unit_test (only_our_proxies_are_believed),
        cmocka_unit_test (the_last_line_is_the_proxys),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
