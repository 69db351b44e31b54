#include "common/base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>
#include "common/base/text.h"

static int file = -1;

static int
open_file (void **state)
{
    char path[] = "/tmp/padan-test-log-XXXXXX";
    file = mkstemp (path);
    unlink (path);
    log_open ("intake", "a-1", LOG_INFO);
    log_to (file);
    return file < 0;
}

static int
close_file (void **state)
{
    log_to (STDERR_FILENO);
    close (file);
    return 0;
}

/* All that was written, NUL-terminated. */
static char *
written (size_t *ret_size)
{
    off_t size = lseek (file, 0, SEEK_END);
    char *text = calloc (1, (size_t)size + 1);
    assert_int_equal (pread (file, text, (size_t)size, 0), size);
    if (ret_size)
        *ret_size = (size_t)size;
    return text;
}

/* The one line that was written, parsed. */
static json_t *
line_read (void)
{
    size_t size;
    char *text = written (&size);
    assert_true (size > 0 && size <= LOG_LINE);
    assert_ptr_equal (strchr (text, '\n'), text + size - 1);
    json_t *line = json_loadb (text, size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null (line);
    free (text);
    return line;
}

static const char *
member (json_t *line, const char *name)
{
    return json_string_value (json_object_get (line, name));
}

static void
line_has_what_every_line_has (void **state)
{
    struct uuid id;
    int64_t instant;
    uuid_parse ("01890a5d-ac96-774b-bcce-b302099a8057", &id);
    errno = EDOM;
    log_event (LOG_WARNING, "import.row_refused", LOG_STR ("code", "nik.length"), LOG_INT ("line", -7),
               LOG_UUID ("import", id), LOG_BOOL ("last", true), LOG_REAL ("share", 0.25), LOG_TIME ("at", 1),
               LOG_STR ("nothing", NULL), LOG_UUID ("nobody", (struct uuid){ 0 }), LOG_END);
    assert_int_equal (errno, EDOM);
    json_t *line = line_read ();
    assert_true (instant_parse (member (line, "time"), strlen (member (line, "time")), &instant));
    assert_string_equal (member (line, "level"), "warning");
    assert_string_equal (member (line, "service"), "intake");
    assert_string_equal (member (line, "instance"), "a-1");
    assert_string_equal (member (line, "event"), "import.row_refused");
    assert_string_equal (member (line, "code"), "nik.length");
    assert_int_equal (json_integer_value (json_object_get (line, "line")), -7);
    assert_string_equal (member (line, "import"), "01890a5d-ac96-774b-bcce-b302099a8057");
    assert_true (json_is_true (json_object_get (line, "last")));
    assert_string_equal (member (line, "at"), "1970-01-01T00:00:00.000001Z");
    assert_true (json_is_null (json_object_get (line, "nothing")));
    assert_true (json_is_null (json_object_get (line, "nobody")));
    assert_int_equal (json_object_size (line), 13);
    json_decref (line);
}

static void
lesser_levels_are_silent (void **state)
{
    log_event (LOG_DEBUG, "x");
    size_t size;
    free (written (&size));
    assert_int_equal (size, 0);
    log_level (LOG_DEBUG);
    log_event (LOG_DEBUG, "x");
    free (written (&size));
    assert_true (size > 0);
    int level;
    assert_true (log_level_parse ("error", &level));
    assert_int_equal (level, LOG_ERR);
    assert_false (log_level_parse ("loud", &level));
}

static void
values_cannot_forge_lines (void **state)
{
    const char *evil = "a\"}\n{\"level\":\"info\"\r\x1b[2J\x7f\\ \xc2\x9b \xe2\x80\xa8 \xff\xc0\xaf \xe2\x80\x93";
    log_event (LOG_ERR, "x", LOG_STR ("value", evil));
    json_t *line = line_read ();
    assert_string_equal (member (line, "value"), "a\"}\n{\"level\":\"info\"\r\x1b[2J\x7f\\ \xc2\x9b \xe2\x80\xa8 "
                                                 "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd \xe2\x80\x93");
    json_decref (line);
    size_t size;
    char *text = written (&size);
    for (size_t i = 0; i + 1 < size; i++)
        assert_true ((unsigned char)text[i] >= 0x20 && text[i] != 0x7f);
    assert_null (strstr (text, "\xc2\x9b"));
    assert_null (strstr (text, "\xe2\x80\xa8"));
    free (text);
}

static void
sixteen_digits_are_masked_everywhere (void **state)
{
    log_event (LOG_INFO, "x", LOG_MASKED ("nik", "1272010101900001"), LOG_STR ("slip", "NIK 1272010101900001."),
               LOG_INT ("number", 1272010101900001), LOG_STR ("long", "12720101019000011272010101900002"),
               LOG_STR ("fifteen", "127201010190000"), LOG_MASKED ("short", "12345678"),
               LOG_STR ("1272010101900001", "name"));
    json_t *line = line_read ();
    assert_string_equal (member (line, "nik"), "************0001");
    assert_string_equal (member (line, "slip"), "NIK ************0001.");
    assert_string_equal (member (line, "number"), "************0001");
    assert_string_equal (member (line, "long"), "****************************0002");
    assert_string_equal (member (line, "fifteen"), "127201010190000");
    assert_string_equal (member (line, "short"), "********");
    json_decref (line);
    char *text = written (NULL);
    assert_null (strstr (text, "12720101019000011"));
    assert_null (strstr (text, "1272010101900001"));
    free (text);
}

static void
long_fields_are_left_out_whole (void **state)
{
    char big[LOG_LINE];
    memset (big, 'x', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    log_event (LOG_INFO, "x", LOG_STR ("big", big), LOG_INT ("after", 1));
    json_t *line = line_read ();
    assert_null (json_object_get (line, "big"));
    assert_true (json_is_true (json_object_get (line, "cut")));
    assert_int_equal (json_integer_value (json_object_get (line, "after")), 1);
    json_decref (line);
}

/* Every length around the end of the line gives a whole line. */
static void
lines_end_well_at_every_length (void **state)
{
    char text[LOG_LINE];
    for (size_t size = LOG_LINE - 300; size < LOG_LINE - 1; size++) {
        memset (text, size % 2 ? '\n' : 'y', size);
        text[size] = '\0';
        assert_int_equal (ftruncate (file, 0), 0);
        lseek (file, 0, SEEK_SET);
        log_event (LOG_INFO, "x", LOG_STR ("text", text));
        json_decref (line_read ());
    }
}

static void *
write_many (void *unused)
{
    for (int i = 0; i < 2000; i++)
        log_event (LOG_INFO, "many", LOG_INT ("i", i), LOG_STR ("padding", "0123456789 0123456789 0123456789"));
    return NULL;
}

static void
threads_do_not_mix_lines (void **state)
{
    fcntl (file, F_SETFL, O_APPEND);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal (pthread_create (&threads[i], NULL, write_many, NULL), 0);
    for (int i = 0; i < 4; i++)
        pthread_join (threads[i], NULL);
    char *text = written (NULL), *at = text;
    int lines = 0;
    for (char *end; (end = strchr (at, '\n')); at = end + 1, lines++) {
        json_t *line = json_loadb (at, (size_t)(end - at), 0, NULL);
        assert_non_null (line);
        json_decref (line);
    }
    assert_int_equal (lines, 8000);
    free (text);
}

static void
lost_lines_are_counted (void **state)
{
    uint64_t before = log_lost ();
    int full = open ("/dev/full", O_WRONLY);
    log_to (full);
    log_event (LOG_INFO, "x");
    assert_int_equal (log_lost (), before + 1);
    close (full);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (line_has_what_every_line_has, open_file, close_file),
        cmocka_unit_test_setup_teardown (lesser_levels_are_silent, open_file, close_file),
        cmocka_unit_test_setup_teardown (values_cannot_forge_lines, open_file, close_file),
        cmocka_unit_test_setup_teardown (sixteen_digits_are_masked_everywhere, open_file, close_file),
        cmocka_unit_test_setup_teardown (long_fields_are_left_out_whole, open_file, close_file),
        cmocka_unit_test_setup_teardown (lines_end_well_at_every_length, open_file, close_file),
        cmocka_unit_test_setup_teardown (threads_do_not_mix_lines, open_file, close_file),
        cmocka_unit_test_setup_teardown (lost_lines_are_counted, open_file, close_file),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
