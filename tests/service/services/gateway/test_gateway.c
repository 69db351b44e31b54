/* What becomes of a request and of its answer, and what is left behind of them. */
#include "tests/service/services/gateway/door.h"

static void
a_command_reaches_its_owner (void **state)
{
    struct answer *answer =
        ask ("POST", "/v1/applications",
             KEY ("01927a3e-0000-7000-8000-000000000001") "traceparent: "
                                                          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n",
             "{\"track\":\"baru\",\"kk\":\"1272010101010001\",\"members\":[{\"nik\":"
             "\"1272010101010001\",\"name\":\"SITI\",\"sex\":\"female\"}]}");
    assert_int_equal (answer->status, 201);
    assert_true (head_says (answer, "\r\nETag: \"1\"\r\n"));
    assert_true (head_says (answer, "\r\nPadan-Position: intake:41\r\n"));
    assert_true (head_says (answer, "\r\nLocation: /v1/applications/01927a3e-0000-7"));
    assert_true (head_says (answer, "\r\nCache-Control: no-store\r\n"));
    assert_true (head_says (answer, "\r\nContent-Security-Policy: default-src 'none'"));
    assert_true (body_says (answer, "\"ticket\":\"ABC-123\""));
    const Padan__Envelope *envelope = t.intake.last;
    assert_true (t.intake.last_command);
    assert_string_equal (envelope->type, "padan.intake.v1.EnterApplication");
    assert_int_equal (envelope->tenant, TENANT);
    assert_string_equal (envelope->key, "01927a3e-0000-7000-8000-000000000001");
    assert_string_equal (envelope->traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assert_int_equal (envelope->subject.len, 16);
    assert_true (envelope->deadline > clock_now () - 2 * CLOCK_SECOND);
    assert_non_null (envelope->principal);
    Padan__Intake__V1__EnterApplication *data =
        padan__intake__v1__enter_application__unpack (NULL, envelope->data.len, envelope->data.data);
    assert_string_equal (data->members[0]->name, "SITI");
    padan__intake__v1__enter_application__free_unpacked (data, NULL);
}

static void
a_repeat_makes_the_same_thing (void **state)
{
    struct uuid first, second;
    ask ("POST", "/v1/applications", KEY ("abc"), "{\"kk\":\"1\"}");
    uuid_from (t.intake.last->subject, &first);
    ask ("POST", "/v1/applications", KEY ("abc"), "{\"kk\":\"1\"}");
    uuid_from (t.intake.last->subject, &second);
    assert_int_equal (uuid_compare (first, second), 0);
    ask ("POST", "/v1/applications", KEY ("abd"), "{\"kk\":\"1\"}");
    uuid_from (t.intake.last->subject, &second);
    assert_int_not_equal (uuid_compare (first, second), 0);
    char text[UUID_TEXT];
    ask ("POST", "/v1/applications", KEY ("abe") "Padan-Id: 0192aaaa-0000-7000-8000-00000000000f\r\n", "{}");
    uuid_from (t.intake.last->subject, &second);
    assert_string_equal (uuid_format (second, text), "0192aaaa-0000-7000-8000-00000000000f");
}

static void
a_change_needs_a_key_and_a_body (void **state)
{
    int before = atomic_load (&t.intake.asked);
    struct answer *answer = ask ("POST", "/v1/applications", "", "{}");
    assert_int_equal (answer->status, 400);
    assert_true (body_says (answer, "\"code\":\"gateway.key_missing\""));
    assert_true (head_says (answer, "application/problem+json"));
    assert_int_equal (ask ("POST", "/v1/applications", "Idempotency-Key: a b\r\n", "{}")->status, 400);
    assert_true (body_says (ask ("POST", "/v1/applications", KEY ("k"), ""), "gateway.body_missing"));
    answer = ask ("POST", "/v1/applications", KEY ("k"), "{\"members\":[{\"nik\":7,\"nama\":\"x\"}]}");
    assert_int_equal (answer->status, 400);
    assert_true (body_says (answer, "\"pointer\":\"/members/0/nik\""));
    assert_true (body_says (answer, "\"pointer\":\"/members/0/nama\""));
    assert_true (body_says (answer, "Mungkin maksudnya \\\"name\\\""));
    assert_true (body_says (answer, "\"code\":\"json.wrong_type\",\"detail\":\"Isian ini harus berupa teks"));
    answer =
        ask ("POST", "/v1/applications", KEY ("k"), "{\"members\":[{\"birth_date\":\"1-2-1990\"}],\"xyzzyxyzzy\":1}");
    assert_true (body_says (answer, "\"code\":\"json.bad_value\",\"detail\":\"Tanggal ini tidak sah"));
    assert_false (body_says (answer, "\\\"\\\"")); /* no near name to suggest */
    answer = ask ("POST", "/v1/people", KEY ("k") "Accept-Language: en\r\n", "{\"grants\":[{\"role\":\"lurah\"}]}");
    assert_true (body_says (answer, "must be one of: kelurahan, operator, "));
    assert_int_equal (atomic_load (&t.intake.asked), before);
}

static void
a_version_goes_both_ways (void **state)
{
    static const char path[] = "/v1/applications/0192aaaa-0000-7000-8000-00000000000f";
    struct answer *answer = ask ("GET", path, "", "");
    assert_int_equal (answer->status, 200);
    assert_true (head_says (answer, "\r\nETag: \"5-"));
    char match[128];
    snprintf (match, sizeof match, KEY ("p0") "If-Match: %.*s\r\n", ETAG_SIZE, etag_of (answer));
    assert_int_equal (ask ("PUT", path, match, "{\"kk\":\"1\"}")->status, 200);
    assert_int_equal (t.intake.last->version, 5);
    answer = ask ("PUT", path, KEY ("p1") "If-Match: \"5\"\r\n", "{\"kk\":\"1\"}");
    assert_int_equal (answer->status, 200);
    assert_int_equal (t.intake.last->version, 5);
    assert_true (head_says (answer, "\r\nETag: \"6\"\r\n"));
    assert_int_equal (ask ("PUT", path, KEY ("p2"), "{\"kk\":\"1\"}")->status, 428);
    assert_int_equal (ask ("PUT", path, KEY ("p3") "If-Match: 5\r\n", "{\"kk\":\"1\"}")->status, 400);
    assert_int_equal (
        ask ("POST", "/v1/applications/0192aaaa-0000-7000-8000-00000000000f/send", KEY ("p4"), "")->status, 200);
    assert_int_equal (t.intake.last->version, 0);
}

/* Verdicts, and what they ask for, change without a new version: who polls must see them. */
static void
not_modified_means_exactly_the_same (void **state)
{
    static const char path[] = "/v1/applications/0192aaaa-0000-7000-8000-00000000000f";
    char known[128];
    struct answer *answer = ask ("GET", path, "", "");
    snprintf (known, sizeof known, "If-None-Match: %.*s\r\n", ETAG_SIZE, etag_of (answer));
    answer = ask ("GET", path, known, "");
    assert_int_equal (answer->status, 304);
    assert_int_equal (answer->body_size, 0);
    assert_true (head_says (answer, "\r\nETag: \"5-"));
    assert_int_equal (ask ("GET", path, "If-None-Match: \"5\"\r\n", "")->status, 200);
    atomic_store (&t.complete, true);
    answer = ask ("GET", path, known, "");
    assert_int_equal (answer->status, 200);
    assert_false (body_says (answer, "surat_miskin"));
    atomic_store (&t.complete, false);
    assert_int_equal (ask ("GET", path, known, "")->status, 304);
}

static void
a_refusal_is_told_in_words (void **state)
{
    struct answer *answer = ask ("POST", "/v1/applications", KEY ("refuse"), "{\"kk\":\"1\"}");
    assert_int_equal (answer->status, 422);
    assert_true (body_says (answer, "\"code\":\"common.required\""));
    assert_true (body_says (answer, "\"pointer\":\"/members/0/nik\""));
    assert_true (body_says (answer, "wajib diisi"));
    answer = ask ("POST", "/v1/applications", KEY ("refuse") "Accept-Language: en\r\n", "{\"kk\":\"1\"}");
    assert_true (body_says (answer, "must be filled in"));
}

static void
silence_is_told_apart_from_absence (void **state)
{
    struct answer *answer = ask ("POST", "/v1/applications", KEY ("silence"), "{\"kk\":\"1\"}");
    assert_int_equal (answer->status, 504);
    assert_true (body_says (answer, "gateway.outcome_unknown"));
    answer = ask ("GET", "/v1/registries", "", ""); /* validation is not running */
    assert_int_equal (answer->status, 503);
    assert_true (head_says (answer, "\r\nRetry-After: "));
    assert_true (body_says (answer, "gateway.service_away"));
    assert_int_equal (ask ("GET", "/v1/inbox", "", "")->status, 503); /* approval is not even listed */
    /* intake says no, validation cannot be asked: "not found" would be a guess */
    assert_int_equal (ask ("GET", "/v1/imports/0192aaaa-0000-7000-8000-00000000000f", "", "")->status, 503);
}

static void
parameters_become_fields (void **state)
{
    struct answer *answer =
        ask ("GET", "/v1/applications?state=entered&limit=20&cursor=abc", "Padan-After: intake:41\r\n", "");
    assert_int_equal (answer->status, 200);
    assert_int_equal (t.intake.last->after->position, 41);
    Padan__Intake__V1__ListApplications *list =
        padan__intake__v1__list_applications__unpack (NULL, t.intake.last->data.len, t.intake.last->data.data);
    assert_string_equal (list->state, "entered");
    assert_string_equal (list->cursor, "abc");
    assert_int_equal (list->limit, 20);
    padan__intake__v1__list_applications__free_unpacked (list, NULL);
    assert_int_equal (ask ("GET", "/v1/applications?limit=x", "", "")->status, 400);
    assert_int_equal (ask ("GET", "/v1/applications?limit=-1", "", "")->status, 400);
    assert_int_equal (ask ("GET", "/v1/applications?nik=1272010101010001", "", "")->status, 400);
    assert_int_equal (ask ("GET", "/v1/applications", "Padan-After: nonsense\r\n", "")->status, 400);
    assert_int_equal (ask ("GET", "/v1/applications/7", "", "")->status, 404);
}

static void
the_log_holds_no_personal_data (void **state)
{
    ask ("POST", "/v1/search", "", "{\"text\":\"1272010101010001\"}");
    ask ("GET", "/v1/applications/1272010101010001", "", "");
    assert_true (child_said (t.gateway, "\"route\":\"POST /v1/applications\""));
    assert_false (child_said (t.gateway, "1272010101010001"));
    assert_false (child_said (t.gateway, "SITI"));
    assert_false (child_said (t.gateway, "sesi_"));
    struct answer *answer = client_ask (t.page, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_true (body_says (answer, "padan_http_requests_total{route=\"POST /v1/applications\"}"));
    assert_true (body_says (answer, "padan_refusals_total{code=\"gateway.key_missing\"} 1\n"));
    assert_true (body_says (answer, "padan_refusals_total{code=\"common.required\"} 2\n")); /* a service's own */
    assert_true (body_says (answer, "padan_queue_depth{queue=\"uploads\"} 0\n"));
    assert_true (body_says (answer, "padan_queue_depth{queue=\"calls\"} "));
    assert_true (body_says (answer, "padan_calls_total{how=\"expired\"} "));
    assert_false (body_says (answer, "padan_calls_total{how=\"answered\"} 0\n"));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_command_reaches_its_owner),         cmocka_unit_test (a_repeat_makes_the_same_thing),
        cmocka_unit_test (a_change_needs_a_key_and_a_body),     cmocka_unit_test (a_version_goes_both_ways),
        cmocka_unit_test (not_modified_means_exactly_the_same), cmocka_unit_test (a_refusal_is_told_in_words),
        cmocka_unit_test (silence_is_told_apart_from_absence),  cmocka_unit_test (parameters_become_fields),
        cmocka_unit_test (the_log_holds_no_personal_data),
    };
    return cmocka_run_group_tests (tests, set_up, tear_down);
}
