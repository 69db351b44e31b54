#include "common/http/guard.h"

#include <string.h>

#include "tests/support/test.h"

static const char *
fields_fault (const char *version, const struct http_field *fields)
{
    size_t count = 0;
    while (fields[count].name)
        count++;
    const char *code = http_guard_fields (version, fields, count).code;
    return code ? code : "";
}
#define FAULT(version, ...) fields_fault (version, (const struct http_field[]){ __VA_ARGS__, { NULL, NULL } })
#define HOST                                                                                                           \
    {                                                                                                                  \
        "Host", "dinsos.example:8080"                                                                                  \
    }

static void
test_ordinary_heads_pass (void **state)
{
    assert_string_equal (FAULT ("HTTP/1.1", HOST), "");
    assert_string_equal (FAULT ("HTTP/1.1", { "host", "[::1]:80" }, { "Content-Length", "12" }), "");
    assert_string_equal (FAULT ("HTTP/1.1", HOST, { "Transfer-Encoding", "Chunked" }), "");
    assert_string_equal (FAULT ("HTTP/1.1", HOST, { "X-A", "a\tb" }, { "X-A", "again" }, { "Expect", "100-continue" }),
                         "");
    assert_string_equal (FAULT ("HTTP/1.0", { "X-A", "no host" }), "");
}

static void
test_doubled_headers_are_refused (void **state)
{
    const char *const names[] = { "Host",     "Content-Length", "Authorization", "Idempotency-Key",
                                  "If-Match", "content-type",   "Last-Event-ID" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct http_field fields[] = { { "Host", "a" }, { names[i], "1" }, { names[i], "1" } };
        struct http_fault fault = http_guard_fields ("HTTP/1.1", fields, 3);
        assert_string_equal (fault.code, "http.header_double");
        assert_true (fault.about && !strcasecmp (fault.about, names[i]));
    }
}

static void
test_framing_must_be_clear (void **state)
{
    assert_string_equal (FAULT ("HTTP/1.1", HOST, { "Content-Length", "3" }, { "Transfer-Encoding", "chunked" }),
                         "http.length_ambiguous");
    const char *const lengths[] = { "+3", "-1", "3, 3", "0x3", "", " 3", "9999999999999999999" };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        assert_string_equal (FAULT ("HTTP/1.1", HOST, { "Content-Length", lengths[i] }), "http.header_malformed");
    const char *const codings[] = { "xchunked", "gzip, chunked", "chunked, chunked", "identity", "" };
    for (size_t i = 0; i < sizeof codings / sizeof *codings; i++)
        assert_string_equal (FAULT ("HTTP/1.1", HOST, { "Transfer-Encoding", codings[i] }), "http.coding_unknown");
    assert_string_equal (FAULT ("HTTP/1.0", HOST, { "Transfer-Encoding", "chunked" }), "http.coding_unknown");
}

static void
test_names_and_values_must_be_clean (void **state)
{
    const char *const names[] = { "X-A ", " X-A", "X A", "", "X:A", "X-\xc3\xa9", "X\x01" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_string_equal (FAULT ("HTTP/1.1", HOST, { names[i], "v" }), "http.header_malformed");
    const char *const values[] = { "a\rb", "a\nb", "\x7f", "\x01" };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_string_equal (FAULT ("HTTP/1.1", HOST, { "X-A", values[i] }), "http.header_malformed");
}

static void
test_host_must_be_a_host (void **state)
{
    assert_string_equal (FAULT ("HTTP/1.1", { "X-A", "v" }), "http.host_malformed");
    const char *const hosts[] = {
        "", "a b", "a@b", "a/b", "a?b", "a,b", "a:", "a:x", "a:123456", "[::1", "[]", "a:80b"
    };
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
        assert_string_equal (FAULT ("HTTP/1.1", { "Host", hosts[i] }), "http.host_malformed");
}

static void
test_too_many_headers (void **state)
{
    struct http_field fields[HTTP_FIELDS_MAX + 1];
    for (size_t i = 0; i <= HTTP_FIELDS_MAX; i++)
        fields[i] = (struct http_field){ i ? "X-A" : "Host", "v" };
    assert_null (http_guard_fields ("HTTP/1.1", fields, HTTP_FIELDS_MAX).code);
    assert_string_equal (http_guard_fields ("HTTP/1.1", fields, HTTP_FIELDS_MAX + 1).code, "http.headers_too_many");
    assert_string_equal (FAULT ("HTTP/2.0", HOST), "http.version_unknown");
}

static void
test_targets (void **state)
{
    const char *const good[] = {
        "/", "/v1/a", "/v1/kota%20kediri/%C3%A9", "/a?x=%2F&y=..", "/a//b", "/a.b/..c", "/a/"
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (http_guard_target (good[i]).code)
            fail_msg ("refused %s", good[i]);
    const char *const bad[] = {
        "",      "*",       "a",          "http://a/b",    "/a%00b", "/a%2Fb", "/a/%2e%2e/b", "/../a",    "/a/.",
        "/a/..", "/%2E/",   "/a%",        "/a%4",          "/a%zz",  "/a#b",   "/a b",        "/a\tb",    "/\xc3",
        "/%C3",  "/%C0%AF", "/%ED%A0%80", "/%F5%80%80%80", "/a%5Cb", "/a%0Ab", "/%7F",        "/a%25%00", "/%FF"
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!http_guard_target (bad[i]).code)
            fail_msg ("let through %s", bad[i]);
    char deep[2 * HTTP_SEGMENTS_MAX + 4] = "", longest[2200] = "/";
    for (size_t i = 0; i <= HTTP_SEGMENTS_MAX; i++)
        strcat (deep, "/a");
    assert_non_null (http_guard_target (deep).code);
    memset (longest + 1, 'a', 2100);
    assert_string_equal (http_guard_target (longest).code, "http.target_too_long");
}

/* What is decoded once stays decoded once. */
static void
test_decoding (void **state)
{
    char out[32];
    assert_true (http_decode_segment ("a%2541+b", 8, out));
    assert_string_equal (out, "a%41+b");
    assert_true (http_decode_query ("a+b%2Fc..", 9, out));
    assert_string_equal (out, "a b/c..");
    assert_false (http_decode_query ("%00", 3, out));
    assert_true (http_utf8_valid ("\xf0\x9f\x8c\xbe", 4));
    assert_false (http_utf8_valid ("\xf0\x8f\x8c\xbe", 4));
    assert_false (http_utf8_valid ("\xe0\x9f\xbf", 3));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_ordinary_heads_pass),
        cmocka_unit_test (test_doubled_headers_are_refused),
        cmocka_unit_test (test_framing_must_be_clear),
        cmocka_unit_test (test_names_and_values_must_be_clean),
        cmocka_unit_test (test_host_must_be_a_host),
        cmocka_unit_test (test_too_many_headers),
        cmocka_unit_test (test_targets),
        cmocka_unit_test (test_decoding),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
