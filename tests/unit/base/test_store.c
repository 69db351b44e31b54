#include "common/base/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <sodium.h>
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/text.h"

static char root[64];
static struct store *store;
static struct err err;

static int fsync_fails_at; /* counts down to the call that fails; 0 none */

/* In place of libc's, so that a disk can break. */
int
fsync (int file)
{
    if (fsync_fails_at && --fsync_fails_at == 0) {
        errno = EIO;
        return -1;
    }
    return (int)syscall (SYS_fsync, file);
}

static int
open_store (void **state)
{
    snprintf (root, sizeof root, "/tmp/padan-test-store-XXXXXX");
    return !mkdtemp (root) || store_open (root, clock_now (), &store, &err) != RC_OK;
}

static int
remove_one (const char *path, const struct stat *status, int type, struct FTW *walk)
{
    return remove (path);
}

static int
close_store (void **state)
{
    store_destroy (&store);
    return nftw (root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static int files_seen;

static int
count_one (const char *path, const struct stat *status, int type, struct FTW *walk)
{
    files_seen += type == FTW_F;
    return 0;
}

/* Regular files below <root>/<folder>. */
static int
count_files (const char *folder)
{
    char path[128];
    snprintf (path, sizeof path, "%s/%s", root, folder);
    files_seen = 0;
    assert_int_equal (nftw (path, count_one, 16, FTW_PHYS), 0);
    return files_seen;
}

static void
path_of (const uint8_t *digest, char path[static 160])
{
    char hex[65];
    hex_encode (digest, 32, hex);
    snprintf (path, 160, "%s/%.2s/%.2s/%s", root, hex, hex + 2, hex);
}

static void
content_lies_under_its_digest (void **state)
{
    uint8_t digest[32], expected[32];
    char path[160], text[12];
    uint64_t size;
    int file;
    struct store_writer *writer;
    crypto_hash_sha256 (expected, (const uint8_t *)"hello world", 11);
    assert_int_equal (store_begin (store, 11, &writer, &err), RC_OK);
    assert_int_equal (store_append (writer, "hello ", 6, &err), RC_OK);
    assert_int_equal (store_append (writer, "", 0, &err), RC_OK);
    assert_int_equal (store_append (writer, "world", 5, &err), RC_OK);
    assert_int_equal (store_read (store, expected, -1, &file, NULL, &err), RC_NOT_FOUND);
    assert_int_equal (store_commit (&writer, digest, &size, &err), RC_OK);
    assert_null (writer);
    assert_memory_equal (digest, expected, 32);
    assert_int_equal (size, 11);
    path_of (digest, path);
    assert_int_equal (access (path, R_OK), 0);
    assert_int_equal (store_read (store, digest, 11, &file, &size, &err), RC_OK);
    assert_int_equal (read (file, text, sizeof text), 11);
    assert_memory_equal (text, "hello world", 11);
    close (file);
    assert_int_equal (store_read (store, digest, 12, &file, &size, &err), RC_CORRUPT);
    assert_true (store_has (store, (struct bytes){ digest, sizeof digest }));
    assert_false (store_has (store, (struct bytes){ digest, sizeof digest - 1 }));
    assert_false (store_has (store, (struct bytes){ NULL, 0 }));
    assert_int_equal (store_verify (store, digest, &err), RC_OK);
    assert_int_equal (count_files ("tmp"), 0);
}

static void
same_content_is_kept_as_it_is (void **state)
{
    uint8_t digest[32];
    char path[160];
    struct stat before, after;
    assert_int_equal (store_put (store, "x", 1, digest, &err), RC_OK);
    path_of (digest, path);
    assert_int_equal (stat (path, &before), 0);
    assert_int_equal (store_put (store, "x", 1, NULL, &err), RC_OK);
    assert_int_equal (stat (path, &after), 0);
    assert_int_equal (before.st_ino, after.st_ino);
    assert_int_equal (count_files (""), 1);
}

static void
empty_content_is_content (void **state)
{
    uint8_t digest[32];
    struct bytes content = { NULL, 9 };
    ARENA_AUTO struct arena *arena = arena_new (1000000);
    assert_int_equal (store_put (store, "", 0, digest, &err), RC_OK);
    assert_int_equal (store_get (store, digest, 0, arena, &content, &err), RC_OK);
    assert_int_equal (content.size, 0);
}

static void
large_content_comes_back_whole (void **state)
{
    enum { SIZE = 3000001 };
    uint8_t *data = malloc (SIZE), digest[32];
    struct bytes content;
    ARENA_AUTO struct arena *arena = arena_new (8000000);
    randombytes_buf (data, SIZE);
    assert_int_equal (store_put (store, data, SIZE, digest, &err), RC_OK);
    assert_int_equal (store_get (store, digest, SIZE, arena, &content, &err), RC_OK);
    assert_int_equal (content.size, SIZE);
    assert_memory_equal (content.data, data, SIZE);
    assert_int_equal (store_get (store, digest, SIZE - 1, arena, &content, &err), RC_INVALID);
    assert_int_equal (store_verify (store, digest, &err), RC_OK);
    free (data);
}

static void
limit_holds_and_abort_leaves_nothing (void **state)
{
    struct store_writer *writer;
    assert_int_equal (store_begin (store, 10, &writer, &err), RC_OK);
    assert_int_equal (store_append (writer, "0123456789", 10, &err), RC_OK);
    assert_int_equal (count_files ("tmp"), 1);
    assert_int_equal (store_append (writer, "x", 1, &err), RC_INVALID);
    assert_string_equal (err.code, "store.too_large");
    store_abort (&writer);
    assert_null (writer);
    store_abort (&writer);
    assert_int_equal (count_files (""), 0);
}

static void
damage_is_noticed_and_healed (void **state)
{
    uint8_t digest[32];
    char path[160];
    struct bytes content;
    ARENA_AUTO struct arena *arena = arena_new (1000000);
    assert_int_equal (store_put (store, "letter", 6, digest, &err), RC_OK);
    path_of (digest, path);
    int file = open (path, O_WRONLY);
    assert_int_equal (pwrite (file, "L", 1, 0), 1);
    assert_int_equal (store_verify (store, digest, &err), RC_CORRUPT);
    assert_int_equal (store_get (store, digest, 100, arena, &content, &err), RC_CORRUPT);
    assert_int_equal (ftruncate (file, 3), 0);
    close (file);
    assert_int_equal (store_verify (store, digest, &err), RC_CORRUPT);
    assert_int_equal (store_put (store, "letter", 6, NULL, &err), RC_OK);
    assert_int_equal (store_verify (store, digest, &err), RC_OK);
    uint8_t nothing[32] = { 0 };
    assert_int_equal (store_verify (store, nothing, &err), RC_NOT_FOUND);
}

/* A process killed while it writes leaves a temporary file and no content; the next start after a day removes it. */
static void
leftovers_of_a_crash_are_cleaned_when_old (void **state)
{
    pid_t child = fork ();
    if (child == 0) {
        struct store_writer *writer;
        if (store_begin (store, 100, &writer, &err) == RC_OK && store_append (writer, "half", 4, &err) == RC_OK)
            raise (SIGKILL);
        _exit (1);
    }
    int status;
    assert_int_equal (waitpid (child, &status, 0), child);
    assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
    assert_int_equal (count_files (""), 1);
    assert_int_equal (count_files ("tmp"), 1);
    struct store *again;
    assert_int_equal (store_open (root, clock_now (), &again, &err), RC_OK);
    store_destroy (&again);
    assert_int_equal (count_files ("tmp"), 1);
    int64_t later = clock_now () + (int64_t)(STORE_STALE_HOURS + 1) * 3600 * CLOCK_SECOND;
    assert_int_equal (store_open (root, later, &again, &err), RC_OK);
    store_destroy (&again);
    assert_int_equal (count_files ("tmp"), 0);
}

static void
its_head_is_read_alone (void **state)
{
    uint8_t digest[32], head[8];
    size_t got = 0;
    assert_int_equal (store_put (store, "%PDF-1.7 letter", 15, digest, &err), RC_OK);
    assert_int_equal (store_head (store, digest, 15, head, sizeof head, &got, &err), RC_OK);
    assert_int_equal (got, sizeof head);
    assert_memory_equal (head, "%PDF-1.7", sizeof head);
    assert_int_equal (store_head (store, digest, 14, head, sizeof head, &got, &err), RC_CORRUPT);
    assert_int_equal (store_put (store, "%PD", 3, digest, &err), RC_OK);
    assert_int_equal (store_head (store, digest, -1, head, sizeof head, &got, &err), RC_OK);
    assert_int_equal (got, 3);
    digest[0] ^= 1;
    assert_int_equal (store_head (store, digest, -1, head, sizeof head, &got, &err), RC_NOT_FOUND);
}

/* RLIMIT_FSIZE makes write fail as a full disk does, in the middle of the content. */
static enum rc
put_without_room (const void *data, size_t size)
{
    struct rlimit before, small;
    void (*handler) (int) = signal (SIGXFSZ, SIG_IGN);
    getrlimit (RLIMIT_FSIZE, &before);
    small = (struct rlimit){ 4096, before.rlim_max };
    assert_int_equal (setrlimit (RLIMIT_FSIZE, &small), 0);
    enum rc rc = store_put (store, data, size, NULL, &err);
    setrlimit (RLIMIT_FSIZE, &before);
    signal (SIGXFSZ, handler);
    return rc;
}

static void
full_disk_is_busy_and_leaves_nothing (void **state)
{
    static uint8_t data[10000];
    assert_int_equal (put_without_room (data, sizeof data), RC_BUSY);
    assert_string_equal (err.code, "store.full");
    assert_int_equal (count_files (""), 0);
    assert_int_equal (store_put (store, data, sizeof data, NULL, &err), RC_OK);
}

static int
count_of (const char *text, const char *part)
{
    int count = 0;
    for (; (text = strstr (text, part)); text += strlen (part))
        count++;
    return count;
}

static void
full_disk_is_logged_once_a_change (void **state)
{
    static uint8_t data[10000];
    char path[] = "/tmp/padan-test-store-XXXXXX", lines[4096] = "";
    int log = mkstemp (path);
    assert_true (log >= 0);
    unlink (path);
    log_open ("store", "test", LOG_INFO);
    log_to (log);
    for (int i = 0; i < 4; i++) /* fills, stays full, has room, fills again */
        if (i == 2)
            store_put (store, "x", 1, NULL, &err);
        else
            put_without_room (data, sizeof data);
    store_put (store, "x", 1, NULL, &err);
    store_put (store, "x", 1, NULL, &err);
    log_to (STDERR_FILENO);
    assert_true (pread (log, lines, sizeof lines - 1, 0) > 0);
    close (log);
    assert_int_equal (count_of (lines, "\"store.full\""), 2);
    assert_int_equal (count_of (lines, "\"store.has_room\""), 2);
}

/* Whichever fsync fails, nothing is acknowledged, no temporary file stays, and sending it again succeeds. */
static void
failed_fsync_is_not_acknowledged (void **state)
{
    for (int call = 1; call <= 5; call++) {
        uint8_t digest[32] = { 0 }, untouched[32] = { 0 };
        char text[] = { 'a', (char)call };
        fsync_fails_at = call;
        enum rc rc = store_put (store, text, sizeof text, digest, &err);
        bool failed = fsync_fails_at == 0;
        fsync_fails_at = 0;
        assert_int_equal (failed, call <= 4); /* the file and three directories */
        assert_int_equal (rc, failed ? RC_INTERNAL : RC_OK);
        assert_int_equal (count_files ("tmp"), 0);
        if (failed)
            assert_memory_equal (digest, untouched, 32);
        if (call == 1)
            assert_int_equal (count_files (""), 0);
        assert_int_equal (store_put (store, text, sizeof text, digest, &err), RC_OK);
        assert_int_equal (store_verify (store, digest, &err), RC_OK);
    }
}

/* Without descriptors nothing opens: busy, not broken, and the writer's own file is gone. */
static void
no_descriptors_is_busy (void **state)
{
    struct rlimit before, none;
    struct store_writer *writer;
    assert_int_equal (store_begin (store, 10, &writer, &err), RC_OK);
    assert_int_equal (store_append (writer, "abc", 3, &err), RC_OK);
    getrlimit (RLIMIT_NOFILE, &before);
    none = (struct rlimit){ 3, before.rlim_max };
    assert_int_equal (setrlimit (RLIMIT_NOFILE, &none), 0);
    enum rc rc = store_commit (&writer, NULL, NULL, &err);
    setrlimit (RLIMIT_NOFILE, &before);
    assert_int_equal (rc, RC_BUSY);
    assert_null (writer);
    assert_int_equal (count_files (""), 0);
}

static void
broken_root_is_an_error (void **state)
{
    struct store *other = NULL;
    assert_int_equal (store_open ("/nowhere/at/all", clock_now (), &other, &err), RC_INTERNAL);
    assert_int_equal (store_open ("/dev/null", clock_now (), &other, &err), RC_INTERNAL);
    assert_null (other);
}

static void *
put_many (void *unused)
{
    uint8_t digest[32];
    struct err mine;
    for (int i = 0; i < 100; i++)
        if (store_put (store, &i, sizeof i, digest, &mine) != RC_OK || store_verify (store, digest, &mine) != RC_OK)
            return unused;
    return NULL;
}

static void
writers_of_the_same_content_agree (void **state)
{
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        assert_int_equal (pthread_create (&threads[i], NULL, put_many, root), 0);
    for (int i = 0; i < 4; i++) {
        void *failed;
        pthread_join (threads[i], &failed);
        assert_null (failed);
    }
    assert_int_equal (count_files (""), 100);
}

#define STORE_TEST(name) cmocka_unit_test_setup_teardown (name, open_store, close_store)

int
main (void)
{
    const struct CMUnitTest tests[] = {
        STORE_TEST (content_lies_under_its_digest),
        STORE_TEST (same_content_is_kept_as_it_is),
        STORE_TEST (empty_content_is_content),
        STORE_TEST (large_content_comes_back_whole),
        STORE_TEST (its_head_is_read_alone),
        STORE_TEST (limit_holds_and_abort_leaves_nothing),
        STORE_TEST (damage_is_noticed_and_healed),
        STORE_TEST (leftovers_of_a_crash_are_cleaned_when_old),
        STORE_TEST (full_disk_is_busy_and_leaves_nothing),
        STORE_TEST (full_disk_is_logged_once_a_change),
        STORE_TEST (failed_fsync_is_not_acknowledged),
        STORE_TEST (no_descriptors_is_busy),
        STORE_TEST (broken_root_is_an_error),
        STORE_TEST (writers_of_the_same_content_agree),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
