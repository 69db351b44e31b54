#include "tests/support/test.h"

#include <string.h>

#include <sodium.h>

#include "services/accounts/password.h"

static void
test_policy (void **state)
{
    static const struct {
        const char *password, *login, *code;
    } rows[] = {
        { "sebelas-11x", "admin", "accounts.password_short" },
        { "duabelas-12x", "admin", "" },
        { "éééééééééééé", "admin", "" }, /* letters, not bytes */
        { "admin-admin-admin", "admin", "accounts.password_login" },
        { "ADMIN-Admin-1", "admin", "accounts.password_login" },
        { "admin-kuda-laut", "admin", "" },
        { "petugas.kelurahan", "petugas.kelurahan", "accounts.password_login" },
    };
    char longest[PASSWORD_BYTES + 2];
    struct err err;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum rc rc = password_check (rows[i].password, rows[i].login, "/password", &err);
        assert_int_equal (rc, rows[i].code[0] ? RC_UNPROCESSABLE : RC_OK);
        if (rc != RC_OK) {
            assert_string_equal (err.code, rows[i].code);
            assert_string_equal (err.field, "/password");
            assert_null (strstr (err.text, rows[i].password));
        }
    }
    memset (longest, 'x', sizeof longest);
    longest[PASSWORD_BYTES + 1] = '\0';
    assert_int_equal (password_check (longest, "admin", "", &err), RC_UNPROCESSABLE);
    longest[PASSWORD_BYTES] = '\0';
    assert_int_equal (password_check (longest, "admin", "", &err), RC_OK);
}

static void
test_hash_and_verify (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 16);
    struct err err;
    (void)state;
    assert_true (sodium_init () >= 0);
    assert_int_equal (password_start (&err), RC_OK);
    const char *hash = password_hash ("kuda-laut-biru", arena), *again = password_hash ("kuda-laut-biru", arena);
    assert_memory_equal (hash, "$argon2id$v=19$m=19456,t=2,p=1$", 31);
    assert_string_not_equal (hash, again); /* salted */
    assert_true (password_verify (hash, "kuda-laut-biru"));
    assert_false (password_verify (hash, "kuda-laut-biru "));
    assert_false (password_verify (hash, ""));
    assert_false (password_verify (NULL, "kuda-laut-biru"));
    assert_false (password_verify (NULL, ""));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_policy),
        cmocka_unit_test (test_hash_and_verify),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
