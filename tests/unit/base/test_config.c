#include "common/base/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "common/base/clock.h"

struct engine {
    char *database;
    int64_t batch, wait, memory;
};

struct service {
    char *listen, *token, *password;
    struct config_list peers;
    bool strict;
};

static const struct config_row engine_rows[] = {
    CONFIG_ROW (struct engine, database, CONFIG_TEXT, NULL, "connection string", .masked = true),
    CONFIG_ROW (struct engine, batch, CONFIG_INT, "100", "messages at once", .min = 1, .max = 1000),
    CONFIG_ROW (struct engine, wait, CONFIG_SPAN, "250ms", "longest wait", .max = 60 * (int64_t)CLOCK_SECOND),
    CONFIG_ROW (struct engine, memory, CONFIG_SIZE, "16MiB", "memory of a batch", .min = 4096),
    { 0 },
};
static const struct config_row service_rows[] = {
    CONFIG_ROW (struct service, listen, CONFIG_TEXT, "127.0.0.1:8080", "address of HTTP"),
    CONFIG_ROW (struct service, token, CONFIG_SECRET, "", "file with the token"),
    CONFIG_ROW (struct service, password, CONFIG_SECRET, "", "file with the password"),
    CONFIG_ROW (struct service, peers, CONFIG_LIST, "", "endpoints"),
    CONFIG_ROW (struct service, strict, CONFIG_BOOL, "yes", "refuse doubtful rows"),
    { 0 },
};

static struct engine engine;
static struct service service;
static char folder[64], file[96], secret[96];

static struct config *
fresh (void)
{
    const struct config_table tables[] = { { engine_rows, &engine }, { service_rows, &service } };
    memset (&engine, 0, sizeof engine);
    memset (&service, 0, sizeof service);
    return config_new (tables, 2);
}

static void
write_file (const char *path, const char *text, size_t size, mode_t mode)
{
    FILE *out = fopen (path, "w");
    fwrite (text, 1, size, out);
    fclose (out);
    chmod (path, mode);
}

/* Reads a file of this text and finishes. */
static enum rc
load_text (const char *text, struct config **ret_config, struct err *err)
{
    *ret_config = fresh ();
    write_file (file, text, strlen (text), 0644);
    enum rc rc = config_read (*ret_config, file, err);
    return rc == RC_OK ? config_finish (*ret_config, err) : rc;
}

static void
refused (const char *text, const char *code, int line, const char *says)
{
    CONFIG_AUTO struct config *config = NULL;
    struct err err = { 0 };
    char where[128];
    assert_int_equal (load_text (text, &config, &err), RC_INVALID);
    assert_string_equal (err.code, code);
    if (line) {
        snprintf (where, sizeof where, "%s:%d", file, line);
        assert_string_equal (err.field, where);
    }
    if (!strstr (err.text, says))
        print_error ("%s\n", err.text);
    assert_non_null (strstr (err.text, says));
}

static void
every_type_is_read (void **state)
{
    CONFIG_AUTO struct config *config = NULL;
    struct err err;
    char text[512];
    write_file (secret, "s3cret value\n", 13, 0640);
    snprintf (text, sizeof text,
              "# comment\n; too\n\n  database =  host=/tmp dbname=padan  \r\nbatch=7\nwait = 2m\nmemory = 64KiB\n"
              "peers = tcp://a:1 , tcp://b:2,\nstrict = off\ntoken = %s\n",
              secret);
    assert_int_equal (load_text (text, &config, &err), RC_INVALID); /* two minutes are too long */
    config_destroy (&config);
    *strstr (text, "2m") = '1';
    assert_int_equal (load_text (text, &config, &err), RC_OK);
    assert_string_equal (engine.database, "host=/tmp dbname=padan");
    assert_int_equal (engine.batch, 7);
    assert_int_equal (engine.wait, 60 * (int64_t)CLOCK_SECOND);
    assert_int_equal (engine.memory, 65536);
    assert_string_equal (service.listen, "127.0.0.1:8080");
    assert_string_equal (service.token, "s3cret value");
    assert_null (service.password);
    assert_int_equal (service.peers.count, 2);
    assert_string_equal (service.peers.items[1], "tcp://b:2");
    assert_false (service.strict);
}

static void
refusals_name_file_and_line (void **state)
{
    refused ("database = x\nbacth = 3\n", "config.unknown_key", 2, "did you mean batch?");
    refused ("database = x\n\n\nlissten = 3\n", "config.unknown_key", 4, "did you mean listen?");
    refused ("database = x\ndatabase = y\n", "config.duplicate_key", 2, "line 1");
    refused ("database\n", "config.syntax", 1, "key = value");
    refused ("[engine]\n", "config.syntax", 1, "sections");
    refused ("batch = 0\n", "config.out_of_range", 1, "between 1 and 1000");
    refused ("batch = 1001\n", "config.out_of_range", 1, "between 1 and 1000");
    refused ("batch = 3x\n", "config.bad_value", 1, "whole number");
    refused ("batch = \n", "config.bad_value", 1, "whole number");
    refused ("batch = 99999999999999999999\n", "config.bad_value", 1, "whole number");
    refused ("wait = 5\n", "config.bad_value", 1, "unit");
    refused ("wait = -5s\n", "config.out_of_range", 1, "between 0");
    refused ("wait = 99999999999999d\n", "config.bad_value", 1, "unit");
    refused ("memory = 5MB\n", "config.bad_value", 1, "16MiB");
    refused ("strict = maybe\n", "config.bad_value", 1, "yes or no");
    refused ("listen = \xff\n", "config.bad_value", 1, "text");
    refused ("batch = 5\n", "config.missing", 0, "database must be given");
}

static void
files_that_cannot_be_used_are_refused (void **state)
{
    CONFIG_AUTO struct config *config = fresh ();
    struct err err;
    assert_int_equal (config_read (config, "/nowhere/at/all", &err), RC_INVALID);
    assert_int_equal (config_read (config, folder, &err), RC_INVALID);
    write_file (file, "batch = 1\0\n", 11, 0644);
    assert_int_equal (config_read (config, file, &err), RC_INVALID);
    char *big = malloc (CONFIG_FILE + 1);
    memset (big, '\n', CONFIG_FILE + 1);
    write_file (file, big, CONFIG_FILE + 1, 0644);
    assert_int_equal (config_read (config, file, &err), RC_INVALID);
    write_file (file, big, CONFIG_FILE, 0644);
    assert_int_equal (config_read (config, file, &err), RC_OK);
    free (big);
}

static void
secrets_that_others_may_read_are_refused (void **state)
{
    CONFIG_AUTO struct config *config = NULL;
    char text[256];
    struct err err;
    write_file (secret, "x\n", 2, 0644);
    snprintf (text, sizeof text, "database = x\ntoken = %s\n", secret);
    assert_int_equal (load_text (text, &config, &err), RC_INVALID);
    assert_string_equal (err.code, "config.secret");
    config_destroy (&config);
    write_file (secret, "\n", 1, 0600);
    assert_int_equal (load_text (text, &config, &err), RC_INVALID);
}

static void
command_line_overrides_the_file (void **state)
{
    CONFIG_AUTO struct config *config = fresh ();
    struct err err;
    bool print, help;
    write_file (file, "database = x\nbatch = 2\n", 23, 0644);
    const char *argv[] = { "padan", "--set",       "batch=9",        "--migrate", "--config", file,
                           "--set", "listen = :1", "--print-config", "last",      NULL };
    int argc = 10;
    assert_int_equal (config_load (config, &argc, (char **)argv, &print, &help, &err), RC_OK);
    assert_int_equal (engine.batch, 9);
    assert_string_equal (service.listen, ":1");
    assert_true (print);
    assert_false (help);
    assert_int_equal (argc, 3);
    assert_string_equal (argv[1], "--migrate");
    assert_string_equal (argv[2], "last");
    assert_null (argv[3]);
    const char *unfinished[] = { "padan", "--set", NULL };
    argc = 2;
    assert_int_equal (config_load (config, &argc, (char **)unfinished, &print, &help, &err), RC_INVALID);
    const char *wrong[] = { "padan", "--set", "nothing=1", NULL };
    argc = 3;
    assert_int_equal (config_load (config, &argc, (char **)wrong, &print, &help, &err), RC_INVALID);
    assert_string_equal (err.field, "--set");
}

static void
print_masks_secrets_and_reads_back (void **state)
{
    CONFIG_AUTO struct config *config = NULL;
    struct err err;
    char text[512], *printed = NULL;
    size_t size;
    write_file (secret, "s3cret\n", 7, 0600);
    snprintf (text, sizeof text, "database = postgresql://u:p4ss@h/d\nbatch = 3\ntoken = %s\n", secret);
    assert_int_equal (load_text (text, &config, &err), RC_OK);
    FILE *out = open_memstream (&printed, &size);
    config_print (config, out);
    fclose (out);
    assert_null (strstr (printed, "p4ss"));
    assert_null (strstr (printed, "s3cret"));
    assert_non_null (strstr (printed, "# database = ********\n"));
    assert_non_null (strstr (printed, "batch = 3\n"));
    assert_non_null (strstr (printed, "wait = 250ms\n"));
    config_destroy (&config);
    config = fresh ();
    write_file (file, printed, size, 0600);
    assert_int_equal (config_read (config, file, &err), RC_OK);
    assert_int_equal (config_set (config, "database=y", &err), RC_OK);
    assert_int_equal (config_finish (config, &err), RC_OK);
    assert_int_equal (engine.batch, 3);
    assert_string_equal (service.token, "s3cret");
    free (printed);
}

static void
help_names_every_row (void **state)
{
    CONFIG_AUTO struct config *config = fresh ();
    char *printed = NULL;
    size_t size;
    FILE *out = open_memstream (&printed, &size);
    config_help (config, out);
    fclose (out);
    for (const struct config_row *row = engine_rows; row->name; row++)
        assert_non_null (strstr (printed, row->help));
    assert_non_null (strstr (printed, "required"));
    free (printed);
}

static int
make_folder (void **state)
{
    snprintf (folder, sizeof folder, "/tmp/padan-test-config-XXXXXX");
    if (!mkdtemp (folder))
        return 1;
    snprintf (file, sizeof file, "%s/padan.conf", folder);
    snprintf (secret, sizeof secret, "%s/secret", folder);
    return 0;
}

static int
remove_folder (void **state)
{
    unlink (file);
    unlink (secret);
    return rmdir (folder);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (every_type_is_read),
        cmocka_unit_test (refusals_name_file_and_line),
        cmocka_unit_test (files_that_cannot_be_used_are_refused),
        cmocka_unit_test (secrets_that_others_may_read_are_refused),
        cmocka_unit_test (command_line_overrides_the_file),
        cmocka_unit_test (print_masks_secrets_and_reads_back),
        cmocka_unit_test (help_names_every_row),
    };
    return cmocka_run_group_tests (tests, make_folder, remove_folder);
}
