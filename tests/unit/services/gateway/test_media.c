#include <string.h>

#include "services/gateway/media.h"
#include "tests/support/test.h"

static enum media_state
look (const void *data, size_t size, size_t piece, const char **ret_type)
{
    struct media media = { .size = 0 };
    for (size_t at = 0; at < size; at += piece)
        media_take (&media, (const uint8_t *)data + at, size - at < piece ? size - at : piece);
    media_end (&media);
    return media_state (&media, ret_type);
}

static void
knows_what_it_takes (void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        enum media_state state;
        const char *type;
    } files[] = {
        { "%PDF-1.7 \0\1", 11, MEDIA_SCAN, "application/pdf" },
        { "\xff\xd8\xff\xe0\0\x10JFIF", 10, MEDIA_SCAN, "image/jpeg" },
        { "\x89PNG\r\n\x1a\n\0\0", 10, MEDIA_SCAN, "image/png" },
        { "nik;nama\r\n1272010101010001;SITI\r\n", 33, MEDIA_TABLE, "text/csv" },
        { "\xff\xfen\0i\0k\0", 8, MEDIA_TABLE, "text/csv" },
        { "PK\3\4aaaabbbbccccddddeeeeff\x13\0gg[Content_Types].xml", 49, MEDIA_TABLE,
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
        { "PK\3\4aaaabbbbccccddddeeeeff\x05\0ggx.csv", 35, MEDIA_TABLE, "application/zip" },
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        for (size_t piece = 1; piece <= files[i].size; piece += 5) {
            const char *type = "";
            assert_int_equal (look (files[i].bytes, files[i].size, piece, &type), files[i].state);
            assert_string_equal (type, files[i].type);
        }
}

static void
refuses_programs_and_pages (void **state)
{
    const char *type;
    assert_int_equal (look ("MZ\x90\0\3\0\0\0", 8, 8, &type), MEDIA_REFUSED);
    assert_int_equal (look ("\x7f"
                            "ELF\2\1\1\0",
                            8, 8, &type),
                      MEDIA_REFUSED);
    assert_int_equal (look ("GIF89a\1\0\1\0", 10, 10, &type), MEDIA_REFUSED);
    assert_int_equal (look ("", 0, 1, &type), MEDIA_REFUSED);
}

static void
a_zero_late_in_a_text_is_seen (void **state)
{
    char text[300];
    const char *type;
    memset (text, 'a', sizeof text);
    assert_int_equal (look (text, sizeof text, 100, &type), MEDIA_TABLE);
    text[250] = 0;
    assert_int_equal (look (text, sizeof text, 100, &type), MEDIA_REFUSED);
}

static void
waits_for_enough (void **state)
{
    struct media media = { .size = 0 };
    const char *type;
    media_take (&media, "%PD", 3);
    assert_int_equal (media_state (&media, &type), MEDIA_UNDECIDED);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (knows_what_it_takes),
        cmocka_unit_test (refuses_programs_and_pages),
        cmocka_unit_test (a_zero_late_in_a_text_is_seen),
        cmocka_unit_test (waits_for_enough),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
