/* Files: stored by content, refused in words whoever sends them, bounded for each person. */
#include "tests/service/services/gateway/door.h"

static void
a_file_is_stored_by_its_content (void **state)
{
    static uint8_t data[600 * 1024];
    uint8_t digest[32];
    char hex[65];
    randombytes_buf (data, sizeof data);
    memcpy (data, "%PDF-1.7\n", 9);
    crypto_hash_sha256 (digest, data, sizeof data);
    sodium_bin2hex (hex, sizeof hex, digest, sizeof digest);
    struct answer *answer = put (t.token, data, sizeof data);
    assert_int_equal (answer->status, 201);
    assert_true (body_says (answer, hex));
    assert_true (body_says (answer, "\"size\":614400"));
    assert_true (body_says (answer, "\"media_type\":\"application/pdf\""));
    char path[256];
    snprintf (path, sizeof path, "%s/store/%.2s/%.2s/%s", keys_dir, hex, hex + 2, hex);
    assert_int_equal (access (path, R_OK), 0);
    /* an import names it */
    char body[256];
    snprintf (body, sizeof body,
              "{\"kind\":\"proposals\",\"period\":\"2026-11\",\"source\":\"x\",\"file_sha256\":\"%s\"}", hex);
    answer = ask ("POST", "/v1/imports", KEY ("i1"), body);
    assert_int_equal (answer->status, 201);
    assert_true (head_says (answer, "\r\nLocation: /v1/imports/"));
    Padan__Intake__V1__StartImport *start =
        padan__intake__v1__start_import__unpack (NULL, t.intake.last->data.len, t.intake.last->data.data);
    assert_int_equal (start->size, sizeof data);
    padan__intake__v1__start_import__free_unpacked (start, NULL);
    hex[0] = hex[0] == 'a' ? 'b' : 'a';
    snprintf (body, sizeof body, "{\"kind\":\"poverty\",\"period\":\"2026-11\",\"file_sha256\":\"%s\"}", hex);
    answer = ask ("POST", "/v1/imports", KEY ("i2"), body);
    assert_int_equal (answer->status, 422);
    assert_true (body_says (answer, "gateway.file_unknown"));
    assert_true (body_says (ask ("POST", "/v1/imports", KEY ("i3"), "{\"kind\":\"x\"}"), "gateway.import_kind"));
}

static void
an_import_names_what_its_kind_needs (void **state)
{
    static const struct {
        const char *said, *missing;
    } cases[] = {
        { "\"kind\":\"proposals\",\"period\":\"2026-11\",\"source\":\"x\"", "\"/file_sha256\"" },
        { "\"kind\":\"proposals\",\"source\":\"x\",\"file_sha256\":\"" ZEROS "\"", "\"/period\"" },
        { "\"kind\":\"proposals\",\"period\":\"2026-11\",\"file_sha256\":\"" ZEROS "\"", "\"/source\"" },
        { "\"kind\":\"poverty\",\"file_sha256\":\"" ZEROS "\"", "\"/period\"" },
        { "\"kind\":\"membership\",\"file_sha256\":\"" ZEROS "\"", "\"/period\"" },
        { "\"kind\":\"replies\",\"file_sha256\":\"" ZEROS "\"", "\"/batch_id\"" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char body[256], head[64];
        snprintf (body, sizeof body, "{%s}", cases[i].said);
        snprintf (head, sizeof head, "Idempotency-Key: need-%zu\r\n", i);
        struct answer *answer = ask ("POST", "/v1/imports", head, body);
        assert_int_equal (answer->status, 422);
        assert_true (body_says (answer, "gateway.import_incomplete"));
        if (!body_says (answer, cases[i].missing))
            fail_msg ("%s: %s is not named", cases[i].said, cases[i].missing);
    }
}

/* What shows whole NIK and KK is noted with who saw it, once it is really served. */
static void
a_served_scan_is_logged (void **state)
{
    static const char scan[] = "%PDF-1.7\n% KK\n";
    char hex[65], id[UUID_TEXT], path[256], person[UUID_TEXT];
    crypto_hash_sha256 (t.paper, (const uint8_t *)scan, sizeof scan - 1);
    sodium_bin2hex (hex, sizeof hex, t.paper, sizeof t.paper);
    snprintf (path, sizeof path, "/v1/applications/%s/papers/%s", uuid_format (uuid_new (clock_now ()), id), hex);
    assert_int_equal (ask ("GET", path, "", "")->status, 500); /* not in the store */
    assert_null (strstr (child_output (t.gateway), "nik.shown"));
    assert_int_equal (put (t.token, scan, sizeof scan - 1)->status, 201);
    assert_int_equal (ask ("GET", path, "", "")->status, 200);
    const char *line = strstr (child_output (t.gateway), "nik.shown");
    assert_non_null (line);
    assert_non_null (strstr (line, uuid_format (t.person, person)));
    assert_non_null (strstr (line, id));
}

/* The reason is told, however much of the file was still to come. */
static void
a_file_nobody_may_send_is_refused (void **state)
{
    static uint8_t data[12 * 1024 * 1024];
    uint8_t secret[TOKEN_SECRET] = { 4 };
    char stranger[TOKEN_TEXT];
    memset (data, 'a', sizeof data);
    assert_int_equal (put (t.token, "MZ\x90\0\3\0\0\0", 8)->status, 415);
    assert_int_equal (put (t.token, "", 0)->status, 422);
    assert_int_equal (put (token_write (TOKEN_KEY, secret, stranger), "nik\n1\n", 6)->status, 401);
    assert_int_equal (put (stranger, data, sizeof data)->status, 401);
    assert_int_equal (put (t.token, "nik\n1\n", 6)->status, 201);
    memcpy (data, "%PDF-", 5); /* larger than a scan may be, not than an import */
    assert_int_equal (put (t.token, data, sizeof data)->status, 413);
    memset (data, 'a', 5);
    assert_int_equal (put (t.token, data, sizeof data)->status, 201);
}

/* A token that nobody was given has the right shape: it must cost no file, however many send one. */
static void
nothing_is_opened_for_who_is_not_known (void **state)
{
    uint8_t secret[TOKEN_SECRET] = { 5 };
    char stranger[TOKEN_TEXT], head[512];
    int before = atomic_load (&t.accounts.asked);
    atomic_store (&t.mute, true);
    int fd = client_open (t.port);
    snprintf (head, sizeof head,
              "POST /v1/files HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 1000\r\n\r\nnik\n",
              token_write (TOKEN_KEY, secret, stranger));
    client_say (fd, head);
    WAIT_UNTIL (atomic_load (&t.accounts.asked) > before, PATIENCE_MS);
    assert_int_equal (files_begun (), 0);
    close (fd);
    atomic_store (&t.mute, false);
}

static void
the_disk_is_not_filled_by_one (void **state)
{
    static uint8_t data[12 * 1024 * 1024];
    struct answer *answer;
    memset (data, 'b', sizeof data);
    int files = 0;
    do {
        answer = put (t.token, data, sizeof data);
        assert_true (answer->status == 201 || answer->status == 429);
        assert_true (++files <= 4);
    } while (answer->status == 201);
    assert_true (body_says (answer, "gateway.too_much_uploaded"));
    assert_true (head_says (answer, "\r\nRetry-After: "));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (a_file_is_stored_by_its_content),        cmocka_unit_test (a_served_scan_is_logged),
        cmocka_unit_test (an_import_names_what_its_kind_needs),    cmocka_unit_test (a_file_nobody_may_send_is_refused),
        cmocka_unit_test (nothing_is_opened_for_who_is_not_known), cmocka_unit_test (the_disk_is_not_filled_by_one),
    };
    return cmocka_run_group_tests (tests, set_up, tear_down);
}
