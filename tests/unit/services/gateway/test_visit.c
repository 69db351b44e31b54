#include <string.h>

#include "services/gateway/visit.h"
#include "tests/support/test.h"

static void
finds_its_cookie_among_others (void **state)
{
    size_t size = 0;
    assert_null (visit_cookie (NULL, &size));
    assert_null (visit_cookie ("", &size));
    assert_null (visit_cookie ("a=1; x__Host-padan=2", &size));
    assert_null (visit_cookie ("__Host-padana=1", &size));
    const char *text = visit_cookie ("a=1; __Host-padan=sesi_x; b=2", &size);
    assert_int_equal (size, 6);
    assert_memory_equal (text, "sesi_x", 6);
    text = visit_cookie ("__Host-padan=", &size);
    assert_non_null (text);
    assert_int_equal (size, 0);
}

static bool
same_site (const char *site, const char *origin, const char *host, const char *ours)
{
    struct http_field fields[1] = { { "Sec-Fetch-Site", site } };
    struct http_request request = { .fields = fields, .field_count = site ? 1 : 0, .origin = origin, .host = host };
    return visit_same_site (&request, ours);
}

static void
only_our_own_pages_may_use_a_cookie (void **state)
{
    assert_true (same_site ("same-origin", NULL, "padan.go.id", ""));
    assert_false (same_site ("same-site", "https://padan.go.id", "padan.go.id", ""));
    assert_false (same_site ("cross-site", "https://padan.go.id", "padan.go.id", ""));
    assert_false (same_site ("none", NULL, "padan.go.id", ""));
    assert_false (same_site (NULL, NULL, "padan.go.id", ""));
    assert_true (same_site (NULL, "https://padan.go.id", "padan.go.id", ""));
    assert_false (same_site (NULL, "https://padan.go.id.evil.example", "padan.go.id", ""));
    assert_false (same_site (NULL, "null", "padan.go.id", ""));
    assert_true (same_site (NULL, "https://padan.go.id", "inside:8080", "https://padan.go.id"));
    assert_false (same_site (NULL, "http://inside:8080", "inside:8080", "https://padan.go.id"));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (finds_its_cookie_among_others),
        cmocka_unit_test (only_our_own_pages_may_use_a_cookie),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
