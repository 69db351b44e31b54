#include "common/http/router.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/test.h"

static void
handler (struct http_request *request)
{
}

static const struct http_route table[] = {
    { "GET", "/", handler },
    { "GET", "/v1/applications", handler, .query = "after limit" },
    { "POST", "/v1/applications", handler },
    { "GET", "/v1/applications/{application_id}", handler },
    { "GET", "/v1/applications/search", handler },
    { "PUT", "/v1/applications/{application_id}/papers/{paper_id}", handler },
    { "DELETE", "/v1/applications/{application_id}/papers/{paper_id}", handler },
    { "GET", "/assets/{file*}", handler },
    { "POST", "/v1/applications/bulks", handler },
};

static struct http_match
match (const char *method, const char *path)
{
    static struct http_router *router;
    static char text[HTTP_PATH_MAX];
    if (!router)
        assert_int_equal (http_router_new (table, sizeof table / sizeof *table, &router, NULL), RC_OK);
    struct http_match found;
    snprintf (text, sizeof text, "%s", path);
    http_router_match (router, method, text, &found);
    return found;
}

static void
test_routes_are_found (void **state)
{
    assert_ptr_equal (match ("GET", "/").route, &table[0]);
    assert_ptr_equal (match ("POST", "/v1/applications").route, &table[2]);
    assert_ptr_equal (match ("HEAD", "/v1/applications").route, &table[1]);
    struct http_match found = match ("PUT", "/v1/applications/a%20b/papers/ktp%252F");
    assert_ptr_equal (found.route, &table[5]);
    assert_int_equal (found.param_count, 2);
    assert_string_equal (found.params[0].name, "application_id");
    assert_string_equal (found.params[0].value, "a b");
    assert_string_equal (found.params[1].name, "paper_id");
    assert_string_equal (found.params[1].value, "ktp%2F");
}

static void
test_fixed_segments_win (void **state)
{
    assert_ptr_equal (match ("GET", "/v1/applications/search").route, &table[4]);
    assert_ptr_equal (match ("GET", "/v1/applications/searching").route, &table[3]);
    assert_ptr_equal (match ("PUT", "/v1/applications/search/papers/x").route, &table[5]);
}

static void
test_the_rest_is_taken (void **state)
{
    struct http_match found = match ("GET", "/assets/js/a%20b/main.js");
    assert_ptr_equal (found.route, &table[7]);
    assert_string_equal (found.params[0].name, "file");
    assert_string_equal (found.params[0].value, "js/a b/main.js");
    assert_string_equal (match ("GET", "/assets/").params[0].value, "");
    assert_int_equal (match ("GET", "/assets/a//b").status, 404);
    assert_int_equal (match ("GET", "/assets//").status, 404);
}

static void
test_404_and_405 (void **state)
{
    const char *const absent[] = {
        "/v1", "/v1/", "/v1/applications/", "/v1/applications/a/papers", "//", "/V1/applications"
    };
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        if (match ("GET", absent[i]).status != 404)
            fail_msg ("%s", absent[i]);
    struct http_match found = match ("DELETE", "/v1/applications");
    assert_int_equal (found.status, 405);
    assert_string_equal (found.allow, "GET, HEAD, POST");
    assert_string_equal (match ("OPTIONS", "/v1/applications/a/papers/b").allow, "PUT, DELETE");
    assert_string_equal (match ("PUT", "/v1/applications/bulks").allow, "POST, GET, HEAD"); /* of both that match */
}

static void
assert_refused (const struct http_route *routes, size_t count)
{
    struct http_router *router = NULL;
    struct err err = { 0 };
    assert_int_equal (http_router_new (routes, count, &router, &err), RC_INVALID);
    assert_null (router);
    assert_string_not_equal (err.text, "");
}
#define REFUSED(...)                                                                                                   \
    assert_refused ((const struct http_route[]){ __VA_ARGS__ },                                                        \
                    sizeof ((const struct http_route[]){ __VA_ARGS__ }) / sizeof (struct http_route))

static void
test_tables_are_checked (void **state)
{
    REFUSED ({ "GET", "/a", handler }, { "GET", "/a", handler });
    REFUSED ({ "GET", "/a/{x}", handler }, { "GET", "/a/{y}", handler });
    REFUSED ({ "GET", "/a/{x}/c", handler }, { "GET", "/a/b/{y}", handler });
    REFUSED ({ "GET", "a", handler });
    REFUSED ({ "HEAD", "/a", handler });
    REFUSED ({ "GET", "/a", NULL });
    REFUSED ({ "GET", "/a/{x", handler });
    REFUSED ({ "GET", "/a/{X}", handler });
    REFUSED ({ "GET", "/a/b{x}", handler });
    REFUSED ({ "GET", "/a/{}", handler });
    REFUSED ({ "GET", "/a/{x*}/b", handler });
    REFUSED ({ "GET", "/a", handler, .query = "After" });
    REFUSED ({ "POST", "/a", handler, .upload = &(const struct http_upload){ 0 }, .body_limit = 1 });
}

static struct http_fault
query (const char *allowed, const char *raw, struct http_field *fields, size_t *count)
{
    static char text[512];
    snprintf (text, sizeof text, "%s", raw);
    return http_query_parse (allowed, text, fields, count);
}

static void
test_queries (void **state)
{
    struct http_field fields[HTTP_QUERY_MAX];
    size_t count = 0;
    assert_null (query ("after limit q", "limit=10&q=Bu%20Siti+a%3Db=c&after=", fields, &count).code);
    assert_int_equal (count, 3);
    assert_string_equal (fields[0].value, "10");
    assert_string_equal (fields[1].name, "q");
    assert_string_equal (fields[1].value, "Bu Siti a=b=c");
    assert_string_equal (fields[2].value, "");
    assert_null (query ("after limit", "after", fields, &count).code);
    assert_string_equal (fields[0].value, "");
    assert_null (query (NULL, "", fields, &count).code);
    assert_int_equal (count, 0);
    assert_string_equal (query ("after", "before=1", fields, &count).code, "http.query_unknown");
    assert_string_equal (query ("after", "After=1", fields, &count).code, "http.query_unknown");
    assert_string_equal (query (NULL, "a=1", fields, &count).code, "http.query_unknown");
    assert_string_equal (query ("after", "=1", fields, &count).code, "http.query_unknown");
    assert_string_equal (query ("after", "after=1&%61fter=2", fields, &count).code, "http.query_double");
    assert_string_equal (query ("after", "after=%00", fields, &count).code, "http.query_malformed");
    assert_string_equal (query ("after", "after=%ff", fields, &count).code, "http.query_malformed");
}

static void
test_media_types (void **state)
{
    assert_true (http_media_type_accepted ("application/json", "application/json"));
    assert_true (http_media_type_accepted ("Application/JSON; charset=\"UTF-8\"", "text/csv application/json"));
    assert_true (http_media_type_accepted ("image/png", NULL));
    assert_true (http_media_type_accepted (NULL, NULL));
    assert_false (http_media_type_accepted (NULL, "application/json"));
    assert_false (http_media_type_accepted ("application/json; charset=latin1", "application/json"));
    assert_false (http_media_type_accepted ("application/jsonp", "application/json"));
    assert_false (http_media_type_accepted ("", "application/json"));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_routes_are_found),   cmocka_unit_test (test_fixed_segments_win),
        cmocka_unit_test (test_the_rest_is_taken),  cmocka_unit_test (test_404_and_405),
        cmocka_unit_test (test_tables_are_checked), cmocka_unit_test (test_queries),
        cmocka_unit_test (test_media_types),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
