/* Who is let in, for which tenant, and for how long. */
#include "tests/service/services/gateway/door.h"

static void
nobody_is_let_in_without_a_token (void **state)
{
    struct answer *answer = client_ask (t.port, "GET /v1/applications HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal (answer->status, 401);
    assert_true (head_says (answer, "\r\nWWW-Authenticate: Bearer\r\n"));
    answer = client_ask (t.port, "GET /v1/applications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer sesi_x\r\n\r\n");
    assert_int_equal (answer->status, 401);
    assert_true (body_says (answer, "gateway.token_malformed"));
    uint8_t secret[TOKEN_SECRET] = { 9 };
    char stranger[TOKEN_TEXT], text[256];
    snprintf (text, sizeof text, "GET /v1/applications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n",
              token_write (TOKEN_KEY, secret, stranger));
    assert_int_equal (client_ask (t.port, text)->status, 401);
    assert_int_equal (client_ask (t.port, "GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n")->status, 200);
}

static void
a_token_is_asked_for_once (void **state)
{
    ask ("GET", "/v1/applications", "", "");
    int before = atomic_load (&t.accounts.asked);
    for (int i = 0; i < 5; i++)
        assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
    assert_int_equal (atomic_load (&t.accounts.asked), before);
}

static void
revoked_within_a_second (const ProtobufCMessage *event, struct uuid subject)
{
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
    atomic_store (&t.gone, true);
    int64_t start = clock_monotonic ();
    played_event (&t.accounts, event, subject);
    while (ask ("GET", "/v1/applications", "", "")->status == 200)
        assert_true (clock_monotonic () - start < CLOCK_SECOND);
    atomic_store (&t.gone, false);
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
}

static void
what_accounts_revokes_is_gone (void **state)
{
    Padan__Accounts__V1__SessionEnded ended = PADAN__ACCOUNTS__V1__SESSION_ENDED__INIT;
    Padan__Accounts__V1__PersonDisabled disabled = PADAN__ACCOUNTS__V1__PERSON_DISABLED__INIT;
    Padan__Accounts__V1__GrantsChanged changed = PADAN__ACCOUNTS__V1__GRANTS_CHANGED__INIT;
    ended.person_id = uuid_field (&t.person);
    ended.session_id = uuid_field (&t.session);
    revoked_within_a_second (&ended.base, t.person);
    ended.session_id.len = 0; /* all of the person's */
    revoked_within_a_second (&ended.base, t.person);
    revoked_within_a_second (&disabled.base, t.person);
    revoked_within_a_second (&changed.base, t.person);
    /* another session of the same person ends: ours lives on without a question */
    struct uuid other = uuid_new (clock_now ());
    int before = atomic_load (&t.accounts.asked);
    ended.session_id = uuid_field (&other);
    played_event (&t.accounts, &ended.base, t.person);
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
    assert_int_equal (atomic_load (&t.accounts.asked), before);
}

/* While the log is not to be trusted every request asks anew, and readiness says so. */
static void
a_log_that_jumps_back_empties_the_memory (void **state)
{
    pthread_mutex_lock (&t.accounts.lock);
    t.accounts.rewound = true;
    pthread_mutex_unlock (&t.accounts.lock);
    WAIT_UNTIL (page_status () == 503, PATIENCE_MS);
    int before = atomic_load (&t.accounts.asked);
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
    assert_int_equal (atomic_load (&t.accounts.asked), before + 2);
    pthread_mutex_lock (&t.accounts.lock);
    t.accounts.rewound = false;
    pthread_mutex_unlock (&t.accounts.lock);
    WAIT_UNTIL (page_status () == 200, PATIENCE_MS);
}

static void
the_tenant_is_chosen (void **state)
{
    assert_int_equal (ask ("GET", "/v1/applications", "Padan-Tenant: 1272\r\n", "")->status, 200);
    assert_int_equal (ask ("GET", "/v1/applications", "Padan-Tenant: 1273\r\n", "")->status, 404);
    assert_int_equal (ask ("GET", "/v1/applications?tenant=1273", "", "")->status, 404);
    atomic_store (&t.tenants, 2);
    forget ();
    struct answer *answer = ask ("GET", "/v1/applications", "", "");
    assert_int_equal (answer->status, 400);
    assert_true (body_says (answer, "gateway.tenant_needed"));
    assert_int_equal (ask ("GET", "/v1/applications", "Padan-Tenant: 1273\r\n", "")->status, 200);
    assert_int_equal (t.intake.last->tenant, TENANT + 1);
    atomic_store (&t.home, TENANT + 1); /* where one belongs need not be named */
    forget ();
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
    assert_int_equal (t.intake.last->tenant, TENANT + 1);
    atomic_store (&t.home, 0);
    atomic_store (&t.tenants, 0);
    forget ();
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 403);
    assert_int_equal (ask ("GET", "/v1/session", "", "")->status, 200);
    atomic_store (&t.tenants, 1);
    forget ();
}

static void
signing_in_gives_a_token_or_a_cookie (void **state)
{
    uint8_t kept[TOKEN_HASH];
    memcpy (kept, t.hash, sizeof kept);
    struct answer *answer = ask ("POST", "/v1/session", "", "{\"login\":\"siti\",\"password\":\"salah\"}");
    assert_int_equal (answer->status, 401);
    assert_true (body_says (answer, "accounts.credentials"));
    answer = ask ("POST", "/v1/session", "", "{\"login\":\"siti\",\"password\":\"terlalu sering\"}");
    assert_int_equal (answer->status, 429);
    assert_true (head_says (answer, "\r\nRetry-After: 240\r\n"));
    answer = ask ("POST", "/v1/session", "", "{\"login\":\"siti\",\"password\":\"benar\"}");
    assert_int_equal (answer->status, 201);
    assert_null (t.accounts.last->principal);
    const char *token = strstr (answer->body, "\"token\":\"sesi_");
    assert_non_null (token);
    char text[512], given[TOKEN_TEXT];
    snprintf (given, sizeof given, "%.*s", (int)strcspn (token + 9, "\""), token + 9);
    snprintf (text, sizeof text, "GET /v1/session HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n", given);
    assert_int_equal (client_ask (t.port, text)->status, 200);

    static const char in[] = "{\"login\":\"siti\",\"password\":\"benar\",\"cookie\":true}";
    assert_int_equal (ask ("POST", "/v1/session", "", in)->status, 403); /* says no page of ours */
    answer = ask ("POST", "/v1/session", "Sec-Fetch-Site: same-origin\r\n", in);
    assert_int_equal (answer->status, 201);
    assert_true (head_says (answer, "; Path=/; Secure; HttpOnly; SameSite=Strict"));
    assert_false (body_says (answer, "sesi_"));
    char *cookie = strcasestr (answer->head, "Set-Cookie: ") + 12;
    char line[256];
    snprintf (line, sizeof line, "%.*s", (int)strcspn (cookie, ";"), cookie);
    snprintf (text, sizeof text, "GET /v1/session HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", line);
    assert_int_equal (client_ask (t.port, text)->status, 200);
    /* another site's form bears the cookie and does nothing */
    static const char *const sites[] = { "Sec-Fetch-Site: cross-site\r\n", "Origin: https://evil.example\r\n", "" };
    for (size_t i = 0; i < 3; i++) {
        snprintf (
            text, sizeof text,
            "POST /v1/applications/0192aaaa-0000-7000-8000-00000000000f/send HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n"
            "%sIdempotency-Key: c\r\nContent-Length: 0\r\n\r\n",
            line, sites[i]);
        answer = client_ask (t.port, text);
        assert_int_equal (answer->status, 403);
        assert_true (body_says (answer, "gateway.cross_site"));
    }
    snprintf (text, sizeof text,
              "POST /v1/applications/0192aaaa-0000-7000-8000-00000000000f/send HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n"
              "Origin: http://x\r\nIdempotency-Key: c\r\nContent-Length: 0\r\n\r\n",
              line);
    assert_int_equal (client_ask (t.port, text)->status, 200);
    memcpy (t.hash, kept, sizeof kept);
}

static void
guessing_from_one_address_has_to_wait (void **state)
{
    static const char wrong[] = "{\"login\":\"siti\",\"password\":\"salah\"}";
    struct answer *answer;
    int tries = 0;
    do {
        answer = ask ("POST", "/v1/session", "", wrong);
        assert_true (answer->status == 401 || answer->status == 429);
        assert_true (++tries <= 6);
    } while (answer->status == 401);
    assert_true (body_says (answer, "gateway.too_many_sign_ins"));
    assert_true (head_says (answer, "\r\nRetry-After: "));
    assert_int_equal (ask ("GET", "/v1/applications", "", "")->status, 200);
}

/* What has a handler of its own here is held to the table's roles too. */
static void
a_role_without_the_route_is_refused (void **state)
{
    static uint8_t data[1000];
    memset (data, 'a', sizeof data);
    atomic_store (&t.role, PADAN__ROLE__ROLE_KELURAHAN);
    forget ();
    assert_int_equal (ask ("POST", "/v1/keys", KEY ("r1"), "{\"tak\":1}")->status, 403);
    assert_int_equal (ask ("POST", "/v1/imports", KEY ("r2"), "{\"kind\":\"x\"}")->status, 403);
    assert_int_equal (ask ("GET", "/v1/events", "Accept: text/event-stream\r\n", "")->status, 403);
    atomic_store (&t.role, PADAN__ROLE__ROLE_AUDITOR);
    forget ();
    assert_int_equal (ask ("GET", "/v1/events", "", "")->status, 200);
    struct answer *answer = put (t.token, data, sizeof data);
    assert_int_equal (answer->status, 403);
    assert_true (body_says (answer, "common.forbidden"));
    assert_int_equal (files_begun (), 0);
    atomic_store (&t.role, PADAN__ROLE__ROLE_OPERATOR);
    forget ();
    assert_int_equal (put (t.token, data, sizeof data)->status, 201);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (nobody_is_let_in_without_a_token),
        cmocka_unit_test (a_token_is_asked_for_once),
        cmocka_unit_test (what_accounts_revokes_is_gone),
        cmocka_unit_test (a_log_that_jumps_back_empties_the_memory),
        cmocka_unit_test (the_tenant_is_chosen),
        cmocka_unit_test (signing_in_gives_a_token_or_a_cookie),
        cmocka_unit_test (guessing_from_one_address_has_to_wait),
        cmocka_unit_test (a_role_without_the_route_is_refused),
    };
    return cmocka_run_group_tests (tests, set_up, tear_down);
}
