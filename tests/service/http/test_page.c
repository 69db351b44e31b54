#include "common/http/page.h"

#include <jansson.h>

#include "tests/service/http/client.h"

static bool database = true, healthy = true;

static void
metrics (void *user, FILE *out)
{
    fprintf (out, "padan_up 1\n");
}

static bool
is_healthy (void *user)
{
    return healthy;
}

static void
ready (void *user, struct http_page_reasons *reasons)
{
    http_page_reason (reasons, "database", database, database ? NULL : "cannot \"connect\"\n");
    http_page_reason (reasons, "bus", true, NULL);
}

static struct http_page *
page_start (const struct http_page_config *config)
{
    struct http_page *page = NULL;
    struct err err = { 0 };
    if (http_page_start (config, &page, &err))
        fail_msg ("%s", err.text);
    return page;
}

static struct answer *
ask (struct http_page *page, const char *path)
{
    char text[100];
    snprintf (text, sizeof text, "GET %s HTTP/1.1\r\nHost: a\r\n\r\n", path);
    return client_ask (http_page_port (page), text);
}

static void
test_pages (void **state)
{
    struct http_page *page =
        page_start (&(struct http_page_config){ .metrics = metrics, .healthy = is_healthy, .ready = ready });
    struct answer *answer = ask (page, "/metrics");
    assert_int_equal (answer->status, 200);
    assert_string_equal (answer->body, "padan_up 1\n");
    assert_non_null (strstr (answer->head, "text/plain; version=0.0.4"));
    assert_string_equal (ask (page, "/healthz")->body, "{\"status\":\"ok\"}");
    assert_string_equal (
        ask (page, "/readyz")->body,
        "{\"ready\":true,\"reasons\":[{\"name\":\"database\",\"ok\":true},{\"name\":\"bus\",\"ok\":true}]}");
    database = healthy = false;
    answer = ask (page, "/readyz");
    assert_int_equal (answer->status, 503);
    json_t *json = json_loads (answer->body, JSON_REJECT_DUPLICATES, NULL);
    json_t *first = json_array_get (json_object_get (json, "reasons"), 0);
    assert_true (json_is_false (json_object_get (json, "ready")));
    assert_string_equal (json_string_value (json_object_get (first, "detail")), "cannot \"connect\"\n");
    json_decref (json);
    assert_int_equal (ask (page, "/healthz")->status, 503);
    assert_int_equal (ask (page, "/")->status, 404);
    http_page_stop (&page);
    assert_null (page);
}

static void
test_pages_without_callbacks (void **state)
{
    struct http_page *page = page_start (&(struct http_page_config){ 0 });
    assert_int_equal (ask (page, "/metrics")->status, 200);
    assert_int_equal (ask (page, "/healthz")->status, 200);
    assert_string_equal (ask (page, "/readyz")->body, "{\"ready\":true,\"reasons\":[]}");
    http_page_stop (&page);
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (test_pages),
                                        cmocka_unit_test (test_pages_without_callbacks) };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
