#include <string.h>

#include "common/base/token.h"
#include "tests/support/test.h"

static void
come_back_as_written (void **state)
{
    for (enum token_kind kind = TOKEN_SESSION; kind <= TOKEN_KEY; kind++) {
        uint8_t secret[TOKEN_SECRET], read[TOKEN_SECRET];
        char text[TOKEN_TEXT];
        enum token_kind as;
        for (size_t i = 0; i < sizeof secret; i++)
            secret[i] = (uint8_t)(i * 7 + (unsigned)kind);
        token_write (kind, secret, text);
        assert_true (token_read (text, strlen (text), &as, read));
        assert_int_equal (as, kind);
        assert_memory_equal (read, secret, sizeof secret);
    }
}

static void
one_wrong_character_is_seen (void **state)
{
    uint8_t secret[TOKEN_SECRET] = { 1, 2, 3 }, read[TOKEN_SECRET];
    char text[TOKEN_TEXT];
    enum token_kind as;
    token_write (TOKEN_KEY, secret, text);
    for (size_t i = 0; text[i]; i++) {
        char before = text[i];
        text[i] = before == 'A' ? 'B' : 'A';
        assert_false (token_read (text, strlen (text), &as, read));
        text[i] = before;
        assert_false (token_read (text, i, &as, read));
    }
    assert_true (token_read (text, strlen (text), &as, read));
}

static void
a_key_is_no_session (void **state)
{
    uint8_t secret[TOKEN_SECRET] = { 9 }, read[TOKEN_SECRET];
    char text[TOKEN_TEXT], other[TOKEN_TEXT];
    enum token_kind as;
    token_write (TOKEN_KEY, secret, text);
    memcpy (other, "sesi_", 5);
    memcpy (other + 5, text + 6, strlen (text + 6) + 1);
    assert_false (token_read (other, strlen (other), &as, read));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (come_back_as_written),
        cmocka_unit_test (one_wrong_character_is_seen),
        cmocka_unit_test (a_key_is_no_session),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
