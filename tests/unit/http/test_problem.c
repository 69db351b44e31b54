#include "common/http/problem.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/test.h"

static const struct http_problem_row rows[] = {
    { "intake.paper_missing", 422, "Berkas {0} belum diunggah.", "The paper {0} is missing." },
    { "intake.closed", 409, "Permohonan {0} sudah ditutup pada {1}.", "On {1} application {0} was closed." },
};

static struct http_catalogue *
catalogue_make (void)
{
    struct http_catalogue *catalogue = NULL;
    struct err err = { 0 };
    if (http_catalogue_new (rows, 2, &catalogue, &err))
        fail_msg ("%s", err.text);
    return catalogue;
}

static json_t *
problem_json (const struct http_problem *problem, enum http_language language, int *ret_status)
{
    struct http_catalogue *catalogue = catalogue_make ();
    char *text = http_problem_text (catalogue, problem, language, "urn:uuid:1", ret_status);
    json_t *json = json_loads (text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null (json);
    free (text);
    http_catalogue_destroy (&catalogue);
    return json;
}

static const char *
member (json_t *json, const char *name)
{
    return json_string_value (json_object_get (json, name));
}

static void
test_a_problem_says_all (void **state)
{
    int status = 0;
    const struct http_problem_error errors[] = {
        { .pointer = "/papers/0", .code = "intake.paper_missing", .arguments = { "KK" } },
        { .pointer = "/x\"y", .code = "else.where", .detail = "apa\nadanya" },
    };
    json_t *json = problem_json (&(struct http_problem){ .code = "intake.closed",
                                                         .arguments = { "A-1\"", "3 Mei" },
                                                         .errors = errors,
                                                         .error_count = 2,
                                                         .members = "\"holder\":\"approval\"" },
                                 HTTP_INDONESIAN, &status);
    assert_int_equal (status, 409);
    assert_string_equal (member (json, "type"), "urn:problem:intake.closed");
    assert_string_equal (member (json, "title"), "Tidak sesuai keadaan");
    assert_string_equal (member (json, "detail"), "Permohonan A-1\" sudah ditutup pada 3 Mei.");
    assert_string_equal (member (json, "instance"), "urn:uuid:1");
    assert_string_equal (member (json, "code"), "intake.closed");
    assert_string_equal (member (json, "holder"), "approval");
    assert_int_equal (json_integer_value (json_object_get (json, "status")), 409);
    json_t *list = json_object_get (json, "errors");
    assert_int_equal (json_array_size (list), 2);
    assert_string_equal (member (json_array_get (list, 0), "detail"), "Berkas KK belum diunggah.");
    assert_string_equal (member (json_array_get (list, 1), "pointer"), "/x\"y");
    assert_string_equal (member (json_array_get (list, 1), "detail"), "apa\nadanya");
    json_decref (json);
}

static void
test_order_of_arguments_is_the_languages (void **state)
{
    int status = 0;
    json_t *json = problem_json (&(struct http_problem){ .code = "intake.closed", .arguments = { "A-1", "3 May" } },
                                 HTTP_ENGLISH, &status);
    assert_string_equal (member (json, "detail"), "On 3 May application A-1 was closed.");
    json_decref (json);
}

static void
test_codes_without_a_row_take_the_rc (void **state)
{
    int status = 0;
    json_t *json = problem_json (&(struct http_problem){ .code = "who.knows", .rc = RC_STALE }, HTTP_ENGLISH, &status);
    assert_int_equal (status, 412);
    assert_string_equal (member (json, "code"), "who.knows");
    json_decref (json);
    json = problem_json (&(struct http_problem){ .code = "", .rc = RC_BUSY }, HTTP_ENGLISH, &status);
    assert_int_equal (status, 503);
    assert_string_equal (member (json, "code"), "rc.busy");
    json_decref (json);
    json = problem_json (&(struct http_problem){ 0 }, HTTP_ENGLISH, &status);
    assert_int_equal (status, 500);
    json_decref (json);
}

static void
test_rc_to_status (void **state)
{
    const int expected[RC_END] = {
        [RC_OK] = 200,         [RC_INVALID] = 400,  [RC_UNAUTHENTICATED] = 401, [RC_FORBIDDEN] = 403,
        [RC_NOT_FOUND] = 404,  [RC_CONFLICT] = 409, [RC_STALE] = 412,           [RC_UNPROCESSABLE] = 422,
        [RC_KEY_REUSED] = 422, [RC_BUSY] = 503,     [RC_EXPIRED] = 504,         [RC_RETRY] = 500,
        [RC_LOST] = 500,       [RC_UNKNOWN] = 500,  [RC_CORRUPT] = 500,         [RC_INTERNAL] = 500
    };
    for (int rc = 0; rc < RC_END; rc++)
        assert_int_equal (http_status_of ((enum rc)rc), expected[rc]);
}

static void
test_catalogues_are_checked (void **state)
{
    const struct http_problem_row bad[] = {
        { "a.b", 400, "", "text" },         { "a.b", 400, "teks {0}", "text" }, { "a.b", 400, "teks {4}", "text {4}" },
        { "a.b", 200, "teks", "text" },     { "rc.busy", 503, "teks", "text" }, { "", 400, "teks", "text" },
        { "a.b", 400, "teks }", "text }" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct http_catalogue *catalogue = NULL;
        assert_int_equal (http_catalogue_new (&bad[i], 1, &catalogue, NULL), RC_INVALID);
        assert_null (catalogue);
    }
}

static void
test_languages (void **state)
{
    static const struct {
        const char *accept;
        enum http_language language;
    } cases[] = {
        { NULL, HTTP_INDONESIAN },
        { "", HTTP_INDONESIAN },
        { "en", HTTP_ENGLISH },
        { "EN-gb", HTTP_ENGLISH },
        { "en-US,en;q=0.9", HTTP_ENGLISH },
        { "id-ID,id;q=0.9,en;q=0.8", HTTP_INDONESIAN },
        { "en;q=0.8, id;q=0.9", HTTP_INDONESIAN },
        { "en;q=0.9, id;q=0.8", HTTP_ENGLISH },
        { "in, en;q=0.9", HTTP_INDONESIAN },
        { "en, id", HTTP_INDONESIAN },
        { "fr, de;q=0.5", HTTP_INDONESIAN },
        { "fr, *;q=0.5", HTTP_INDONESIAN },
        { "id;q=0, *", HTTP_ENGLISH },
        { "en;q=0", HTTP_INDONESIAN },
        { "en;q=banyak, id;q=0.1", HTTP_INDONESIAN },
        { "english", HTTP_INDONESIAN },
        { ",,;;=en ;q=1", HTTP_INDONESIAN },
        { "jv, en;q=0.7 ,id;q=0.300", HTTP_ENGLISH },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (http_language_of (cases[i].accept) != cases[i].language)
            fail_msg ("%s", cases[i].accept ? cases[i].accept : "none");
}

static void
test_json_strings (void **state)
{
    char out[64] = "";
    size_t size = http_json_string (out, sizeof out, "a\"\\\n\x01\xc3\xa9\xff");
    assert_int_equal (size, strlen (out));
    assert_string_equal (out, "\"a\\\"\\\\\\u000a\\u0001\xc3\xa9\xef\xbf\xbd\"");
    assert_int_equal (http_json_string (NULL, 0, "abc"), 5);
    assert_int_equal (http_json_string (out, 4, "abc"), 5);
    assert_string_equal (out, "\"ab");
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_a_problem_says_all),
        cmocka_unit_test (test_order_of_arguments_is_the_languages),
        cmocka_unit_test (test_codes_without_a_row_take_the_rc),
        cmocka_unit_test (test_rc_to_status),
        cmocka_unit_test (test_catalogues_are_checked),
        cmocka_unit_test (test_languages),
        cmocka_unit_test (test_json_strings),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
