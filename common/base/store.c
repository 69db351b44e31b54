#include "common/base/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "common/base/clock.h"
#include "common/base/log.h"
#include "common/base/text.h"
#include "common/base/uuid.h"

enum { PATH_SIZE = 80, READ_SIZE = 64 * 1024 };

struct store {
    int root, temporary; /* directories */
    atomic_bool full;    /* the last that was written found no room */
};

struct store_writer {
    struct store *store;
    crypto_hash_sha256_state hash;
    uint64_t size, limit;
    int file;
    char name[UUID_TEXT]; /* in <root>/tmp */
};

static bool
means_full (int number)
{
    return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

/* What a failed call means for the sender: no room or too much at once, for now, or a machine that needs a person. */
static enum rc
err_system (struct err *err, const char *what)
{
    int number = errno;
    const char *code = means_full (number)                    ? "store.full"
                       : number == EMFILE || number == ENFILE ? "common.busy"
                                                              : "store.broken";
    enum rc rc = strcmp (code, "store.broken") == 0 ? RC_INTERNAL : RC_BUSY;
    return err_code (err, rc, code, NULL, "store: %s: %s", what, strerror (number));
}

/* err_system of a call that writes. Operators read once that there is no room, not for every file refused. */
static enum rc
write_failed (struct store *self, struct err *err, const char *what)
{
    int number = errno;
    if (means_full (number) && !atomic_exchange (&self->full, true))
        log_event (LOG_CRIT, "store.full", LOG_STR ("what", what), LOG_STR ("text", strerror (number)));
    errno = number;
    return err_system (err, what);
}

static void
write_succeeded (struct store *self)
{
    if (atomic_exchange (&self->full, false))
        log_event (LOG_NOTICE, "store.has_room");
}

static void
close_file (int *file)
{
    if (*file >= 0)
        close (*file);
    *file = -1;
}
#define FILE_AUTO __attribute__ ((cleanup (close_file)))

/* Opens a directory in `at`, made when missing; -1 with errno. */
static int
directory_open (int at, const char *name)
{
    if (mkdirat (at, name, 0750) < 0 && errno != EEXIST)
        return -1;
    return openat (at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void
temporary_clean (struct store *self, int64_t now)
{
    int64_t oldest = now - (int64_t)STORE_STALE_HOURS * 3600 * CLOCK_SECOND;
    int copy = openat (self->temporary, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy < 0 ? NULL : fdopendir (copy);
    if (!directory) {
        close_file (&copy);
        return; /* cleaning is a courtesy: a store that cannot be written says so when it is used */
    }
    for (struct dirent *entry; (entry = readdir (directory));) {
        struct stat status;
        if (fstatat (self->temporary, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG (status.st_mode) &&
            (int64_t)status.st_mtim.tv_sec * CLOCK_SECOND < oldest)
            unlinkat (self->temporary, entry->d_name, 0);
    }
    closedir (directory);
}

enum rc
store_open (const char *root, int64_t now, struct store **ret_store, struct err *err)
{
    if (sodium_init () < 0)
        return err_set (err, RC_INTERNAL, "libsodium does not start");
    struct store *self = malloc (sizeof *self);
    if (!self)
        return err_set (err, RC_INTERNAL, "no memory for a store");
    *self = (struct store){ .root = -1, .temporary = -1 };
    self->root = directory_open (AT_FDCWD, root);
    self->temporary = self->root < 0 ? -1 : directory_open (self->root, "tmp");
    if (self->temporary < 0) {
        enum rc rc = err_system (err, root);
        store_destroy (&self);
        return rc;
    }
    temporary_clean (self, now);
    *ret_store = self;
    return RC_OK;
}

void
store_destroy (struct store **store)
{
    if (!*store)
        return;
    close_file (&(*store)->temporary);
    close_file (&(*store)->root);
    free (*store);
    *store = NULL;
}

enum rc
store_begin (struct store *store, uint64_t limit, struct store_writer **ret_writer, struct err *err)
{
    struct store_writer *self = calloc (1, sizeof *self);
    if (!self)
        return err_set (err, RC_INTERNAL, "no memory for a writer");
    self->store = store;
    self->limit = limit;
    crypto_hash_sha256_init (&self->hash);
    uuid_format (uuid_new (clock_now ()), self->name);
    self->file = openat (store->temporary, self->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (self->file < 0) {
        enum rc rc = write_failed (store, err, "temporary file");
        free (self);
        return rc;
    }
    *ret_writer = self;
    return RC_OK;
}

void
store_abort (struct store_writer **writer)
{
    if (!*writer)
        return;
    close_file (&(*writer)->file);
    unlinkat ((*writer)->store->temporary, (*writer)->name, 0);
    sodium_memzero (*writer, sizeof **writer);
    free (*writer);
    *writer = NULL;
}

enum rc
store_append (struct store_writer *self, const void *data, size_t size, struct err *err)
{
    MUST (self);
    if (size > self->limit - self->size)
        return err_code (err, RC_INVALID, "store.too_large", NULL, "content is larger than %llu bytes",
                         (unsigned long long)self->limit);
    const uint8_t *at = data;
    for (size_t left = size; left;) {
        ssize_t written = write (self->file, at, left);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return write_failed (self->store, err, "write");
        at += written;
        left -= (size_t)written;
    }
    crypto_hash_sha256_update (&self->hash, data, size);
    self->size += size;
    return RC_OK;
}

/* "ab/cd/<64 digits>" */
static void
path_format (const uint8_t *digest, char path[static PATH_SIZE])
{
    char hex[2 * STORE_DIGEST + 1];
    hex_encode (digest, STORE_DIGEST, hex);
    snprintf (path, PATH_SIZE, "%.2s/%.2s/%s", hex, hex + 2, hex);
}

/* Moves the temporary file to its name and makes every directory on the way durable: another writer may have made them
 * a moment ago and not have reached its own fsync. Content of the right size that is there already is kept; one of
 * another size was damaged and is replaced. */
static enum rc
writer_place (struct store_writer *self, const char *path, struct err *err)
{
    char first[3] = { path[0], path[1] }, second[3] = { path[3], path[4] };
    const char *name = path + 6;
    struct stat status;
    FILE_AUTO int outer = directory_open (self->store->root, first);
    FILE_AUTO int inner = outer < 0 ? -1 : directory_open (outer, second);
    if (inner < 0)
        return write_failed (self->store, err, "directory");
    bool there = fstatat (inner, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && (uint64_t)status.st_size == self->size;
    if (!there && renameat (self->store->temporary, self->name, inner, name) < 0)
        return write_failed (self->store, err, "rename");
    if (fsync (inner) < 0 || fsync (outer) < 0 || fsync (self->store->root) < 0)
        return write_failed (self->store, err, "fsync of a directory");
    return RC_OK;
}

enum rc
store_commit (struct store_writer **writer, uint8_t ret_digest[STORE_DIGEST], uint64_t *ret_size, struct err *err)
{
    struct store_writer *self = *writer;
    struct store *store = self->store;
    uint8_t digest[STORE_DIGEST];
    char path[PATH_SIZE];
    uint64_t size = self->size;
    crypto_hash_sha256_final (&self->hash, digest);
    path_format (digest, path);
    enum rc rc = fsync (self->file) < 0 ? write_failed (store, err, "fsync") : writer_place (self, path, err);
    store_abort (writer); /* after a rename there is nothing of that name to remove */
    if (rc != RC_OK)
        return rc;
    write_succeeded (store);
    if (ret_digest)
        memcpy (ret_digest, digest, sizeof digest);
    if (ret_size)
        *ret_size = size;
    return RC_OK;
}

enum rc
store_put (struct store *store, const void *data, size_t size, uint8_t ret_digest[STORE_DIGEST], struct err *err)
{
    STORE_WRITER_AUTO struct store_writer *writer = NULL;
    enum rc rc = store_begin (store, size, &writer, err);
    if (rc == RC_OK)
        rc = store_append (writer, data, size, err);
    return rc == RC_OK ? store_commit (&writer, ret_digest, NULL, err) : rc;
}

enum rc
store_read (struct store *store, const uint8_t digest[static STORE_DIGEST], int64_t size, int *ret_file,
            uint64_t *ret_size, struct err *err)
{
    char path[PATH_SIZE];
    struct stat status;
    path_format (digest, path);
    FILE_AUTO int file = openat (store->root, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR))
        return err_code (err, RC_NOT_FOUND, "store.not_found", NULL, "store: no %s", path);
    if (file < 0 || fstat (file, &status) < 0)
        return err_system (err, "open");
    if (!S_ISREG (status.st_mode) || (size >= 0 && status.st_size != size))
        return err_code (err, RC_CORRUPT, "store.corrupt", NULL, "store: %s has another size than expected", path);
    if (ret_size)
        *ret_size = (uint64_t)status.st_size;
    *ret_file = file;
    file = -1;
    return RC_OK;
}

bool
store_has (struct store *store, struct bytes digest)
{
    FILE_AUTO int file = -1;
    return digest.size == STORE_DIGEST && store_read (store, digest.data, -1, &file, NULL, NULL) == RC_OK;
}

static enum rc
digest_check (crypto_hash_sha256_state *hash, const uint8_t *digest, struct err *err)
{
    uint8_t found[STORE_DIGEST];
    char path[PATH_SIZE];
    crypto_hash_sha256_final (hash, found);
    if (memcmp (found, digest, sizeof found) == 0)
        return RC_OK;
    path_format (digest, path);
    return err_code (err, RC_CORRUPT, "store.corrupt", NULL, "store: %s holds other content", path);
}

/* Fills data as far as the file goes; -1 with errno. */
static ssize_t
read_full (int file, uint8_t *data, size_t size)
{
    size_t got = 0;
    while (got < size) {
        ssize_t count = read (file, data + got, size - got);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return -1;
        if (count == 0)
            break;
        got += (size_t)count;
    }
    return (ssize_t)got;
}

enum rc
store_head (struct store *store, const uint8_t digest[static STORE_DIGEST], int64_t size, void *ret_head, size_t room,
            size_t *ret_got, struct err *err)
{
    FILE_AUTO int file = -1;
    enum rc rc = store_read (store, digest, size, &file, NULL, err);
    if (rc != RC_OK)
        return rc;
    ssize_t got = read_full (file, ret_head, room);
    if (got < 0)
        return err_system (err, "read");
    *ret_got = (size_t)got;
    return RC_OK;
}

enum rc
store_get (struct store *store, const uint8_t digest[static STORE_DIGEST], size_t limit, struct arena *arena,
           struct bytes *ret_content, struct err *err)
{
    FILE_AUTO int file = -1;
    uint64_t size = 0;
    enum rc rc = store_read (store, digest, -1, &file, &size, err);
    if (rc != RC_OK)
        return rc;
    if (size > limit)
        return err_code (err, RC_INVALID, "store.too_large", NULL, "content is larger than %zu bytes", limit);
    uint8_t *data = arena_alloc (arena, size ? size : 1);
    if (!data)
        return err_set (err, RC_INTERNAL, "no memory for %llu bytes of content", (unsigned long long)size);
    ssize_t got = read_full (file, data, size);
    if (got < 0)
        return err_system (err, "read");
    crypto_hash_sha256_state hash;
    crypto_hash_sha256_init (&hash);
    crypto_hash_sha256_update (&hash, data, (size_t)got);
    rc = digest_check (&hash, digest, err);
    if (rc == RC_OK)
        *ret_content = (struct bytes){ data, size };
    return rc;
}

enum rc
store_verify (struct store *store, const uint8_t digest[static STORE_DIGEST], struct err *err)
{
    FILE_AUTO int file = -1;
    enum rc rc = store_read (store, digest, -1, &file, NULL, err);
    if (rc != RC_OK)
        return rc;
    uint8_t data[READ_SIZE];
    crypto_hash_sha256_state hash;
    crypto_hash_sha256_init (&hash);
    ssize_t got;
    while ((got = read_full (file, data, sizeof data)) > 0)
        crypto_hash_sha256_update (&hash, data, (size_t)got);
    return got < 0 ? err_system (err, "read") : digest_check (&hash, digest, err);
}
