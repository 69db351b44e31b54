#include "common/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include <sodium.h>

static bool
valid (const char *text)
{
    return utf8_valid (text, strlen (text));
}

static void
utf8_takes_only_well_formed (void **state)
{
    assert_true (utf8_valid ("", 0));
    assert_true (valid ("Siti Nurhaliza – Pematangsiantar"));
    assert_true (
        valid ("\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"));
    static const char *const bad[] = {
        "\x80",
        "\xbf",
        "\xc0\xaf",
        "\xc1\xbf",
        "\xc2",
        "\xc2\x41",
        "\xe0\x9f\xbf",
        "\xe0\xa0",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xe1\x80\x41",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf0\x90\x80",
        "\xf5\x80\x80\x80",
        "\xff",
        "ok\xfe",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false (valid (bad[i]));
    assert_false (utf8_valid ("a\0b", 3));
}

/* Every two- and three-byte sequence, against the decoder written from the definition. */
static void
utf8_agrees_with_definition (void **state)
{
    for (unsigned n = 0; n < 1u << 24; n += 7) {
        uint8_t b[3] = { (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };
        if ((b[0] & 0xf0) != 0xe0)
            continue;
        unsigned c = (b[0] & 15u) << 12 | (b[1] & 63u) << 6 | (b[2] & 63u);
        bool expected = (b[1] & 0xc0) == 0x80 && (b[2] & 0xc0) == 0x80 && c >= 0x800 && (c < 0xd800 || c > 0xdfff);
        assert_int_equal (utf8_valid (b, 3), expected);
    }
}

static void
utf8_cut_keeps_characters (void **state)
{
    assert_int_equal (utf8_cut ("abc", 3, 5), 3);
    assert_int_equal (utf8_cut ("abc", 3, 2), 2);
    assert_int_equal (utf8_cut ("a\xe2\x80\x93z", 5, 3), 1);
    assert_int_equal (utf8_cut ("a\xe2\x80\x93z", 5, 4), 4);
    assert_int_equal (utf8_cut ("\xe2\x80\x93", 3, 0), 0);
}

static void
hex_is_lower_case_and_exact (void **state)
{
    uint8_t bytes[] = { 0, 1, 0xab, 0xff }, back[4];
    char text[9];
    assert_string_equal (hex_encode (bytes, 4, text), "0001abff");
    assert_true (hex_decode ("0001abff", 8, back, 4));
    assert_memory_equal (bytes, back, 4);
    memset (back, 7, sizeof back);
    assert_false (hex_decode ("0001ABFF", 8, back, 4));
    assert_false (hex_decode ("0001abf", 7, back, 4));
    assert_false (hex_decode ("0001abfg", 8, back, 4));
    assert_false (hex_decode ("0001abff", 8, back, 3));
    assert_int_equal (back[0], 7);
}

static void
base64url_round_trips (void **state)
{
    uint8_t bytes[40], back[40];
    randombytes_buf (bytes, sizeof bytes);
    for (size_t size = 0; size <= sizeof bytes; size++) {
        char text[BASE64URL_SIZE (sizeof bytes)];
        size_t got = 99;
        base64url_encode (bytes, size, text, sizeof text);
        assert_true (base64url_decode (text, strlen (text), back, sizeof back, &got));
        assert_int_equal (got, size);
        assert_memory_equal (bytes, back, size);
    }
    size_t got;
    assert_false (base64url_decode ("ab+/", 4, back, sizeof back, &got));
    assert_false (base64url_decode ("abcd", 4, back, 2, &got));
    assert_false (base64url_decode ("ab==", 4, back, sizeof back, &got));
}

static void
buffer_grows_to_its_limit (void **state)
{
    TEXT_AUTO struct text_buffer buffer = TEXT_BUFFER (1000);
    for (int i = 0; i < 100; i++)
        assert_true (text_add (&buffer, "0123456789", 10));
    assert_int_equal (buffer.size, 1000);
    assert_int_equal (strlen (buffer.data), 1000);
    assert_false (text_add_char (&buffer, 'x'));
    assert_true (buffer.failed);
    assert_false (text_add (&buffer, "", 0));
    text_reset (&buffer);
    assert_true (text_add_int (&buffer, INT64_MIN));
    assert_true (text_printf (&buffer, "|%s|%d", "abc", 7));
    assert_true (text_add_int (&buffer, 0));
    assert_string_equal (buffer.data, "-9223372036854775808|abc|70");
    assert_false (text_printf (&buffer, "%2000d", 1));
    assert_true (buffer.failed);
}

static void
distance_counts_typing_mistakes (void **state)
{
    assert_int_equal (text_distance ("batch", "batch"), 0);
    assert_int_equal (text_distance ("bacth", "batch"), 1);
    assert_int_equal (text_distance ("", "batch"), 5);
    assert_int_equal (text_distance ("kitten", "sitting"), 3);
    char a[200], b[200];
    memset (a, 'a', sizeof a);
    memset (b, 'b', sizeof b);
    a[199] = b[199] = '\0';
    assert_int_equal (text_distance (a, b), 64);
}

static void
dates_agree_with_libc (void **state)
{
    char text[DATE_TEXT], expected[32];
    for (int32_t date = -719162; date <= 2932896; date += 1) {
        if (date % 97 && (date < -40000 || date > 60000))
            continue;
        time_t seconds = (time_t)date * 86400;
        struct tm tm;
        gmtime_r (&seconds, &tm);
        snprintf (expected, sizeof expected, "%04d-%02d-%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
        assert_string_equal (date_format (date, text), expected);
        assert_int_equal (date_weekday (date), tm.tm_wday ? tm.tm_wday : 7);
        int32_t back;
        assert_true (date_parse (text, 10, &back));
        assert_int_equal (back, date);
    }
}

static void
dates_that_do_not_exist_are_refused (void **state)
{
    static const char *const bad[] = {
        "2023-02-29", "1900-02-29", "2026-13-01", "2026-00-01",  "2026-04-31", "2026-01-00", "0000-01-01",
        "2026-1-01",  "2026/01/01", "26-01-01",   "2026-01-01 ", "+026-01-01", " 026-01-01", ""
    };
    int32_t date = 42;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false (date_parse (bad[i], strlen (bad[i]), &date));
    assert_int_equal (date, 42);
    assert_true (date_parse ("2000-02-29", 10, &date));
    assert_true (date_parse ("9999-12-31", 10, &date));
}

static void
instants_round_trip (void **state)
{
    char text[INSTANT_TEXT];
    int64_t instant;
    assert_true (instant_parse ("2026-11-22T01:02:03.000004Z", 27, &instant));
    assert_int_equal (instant, 1795309323000004);
    assert_string_equal (instant_format (instant, text), "2026-11-22T01:02:03.000004Z");
    assert_string_equal (instant_format (-1, text), "1969-12-31T23:59:59.999999Z");
    assert_true (instant_parse ("1970-01-01T00:00:01Z", 20, &instant));
    assert_int_equal (instant, 1000000);
    assert_true (instant_parse ("1970-01-01T00:00:00.5Z", 22, &instant));
    assert_int_equal (instant, 500000);
    for (int i = 0; i < 10000; i++) {
        int64_t random = (int64_t)randombytes_uniform (UINT32_MAX) * 99991 - 60000000000000;
        assert_true (instant_parse (instant_format (random, text), 27, &instant));
        assert_int_equal (instant, random);
    }
}

static void
odd_instants_are_refused (void **state)
{
    static const char *const bad[] = {
        "2026-11-22T01:02:03",     "2026-11-22T01:02:03+07:00",    "2026-11-22 01:02:03Z",
        "2026-11-22T24:00:00Z",    "2026-11-22T23:60:00Z",         "2026-11-22T23:59:60Z",
        "2026-11-22T01:02:03.Z",   "2026-11-22T01:02:03.1234567Z", "2026-02-30T01:02:03Z",
        "2026-11-22t01:02:03z",    "2026-11-22T01:02:03,5Z",       "2026-11-22T01:02:03.5ZZ",
        "2026-11-22T01:02:03.-5Z",
    };
    int64_t instant = 42;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false (instant_parse (bad[i], strlen (bad[i]), &instant));
    assert_int_equal (instant, 42);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (utf8_takes_only_well_formed),
        cmocka_unit_test (utf8_agrees_with_definition),
        cmocka_unit_test (utf8_cut_keeps_characters),
        cmocka_unit_test (hex_is_lower_case_and_exact),
        cmocka_unit_test (base64url_round_trips),
        cmocka_unit_test (buffer_grows_to_its_limit),
        cmocka_unit_test (distance_counts_typing_mistakes),
        cmocka_unit_test (dates_agree_with_libc),
        cmocka_unit_test (dates_that_do_not_exist_are_refused),
        cmocka_unit_test (instants_round_trip),
        cmocka_unit_test (odd_instants_are_refused),
    };
    return sodium_init () < 0 ? 1 : cmocka_run_group_tests (tests, NULL, NULL);
}
