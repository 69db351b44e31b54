#include "common/bus/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <czmq.h>
#include <sodium.h>

enum { KEY_FILE_MAX = 4096 }; /* zcert writes about 400 bytes */

bool
keys_name_valid (const char *service)
{
    size_t length = strspn (service, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return length > 0 && length < KEYS_NAME && service[length] == '\0' && service[0] >= 'a';
}

/* <dir>/[public/]<name><suffix> */
static enum rc
path_make (char path[static KEYS_PATH], const char *dir, const char *middle, const char *name, const char *suffix,
           struct err *err)
{
    int length = snprintf (path, KEYS_PATH, "%s/%s%s%s", dir, middle, name, suffix);
    if (length < 0 || length >= KEYS_PATH)
        return err_set (err, RC_INVALID, "the path of the key directory is too long");
    return RC_OK;
}

/* Reads a small file with a NUL after it. */
static enum rc
file_read (const char *path, bool secret, char ret_text[static KEY_FILE_MAX + 1], struct err *err)
{
    int fd = open (path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set (err, errno == ENOENT ? RC_NOT_FOUND : RC_INTERNAL, "%s: %s", path, strerror (errno));
    struct stat status;
    enum rc rc = RC_OK;
    if (fstat (fd, &status) < 0 || !S_ISREG (status.st_mode) || status.st_size > KEY_FILE_MAX)
        rc = err_set (err, RC_CORRUPT, "%s is no key file", path);
    else if (secret && (status.st_mode & (S_IWGRP | S_IRWXO)))
        rc = err_set (err, RC_FORBIDDEN, "%s: its mode lets others at the secret", path);
    size_t size = 0;
    while (rc == RC_OK) {
        ssize_t got = read (fd, ret_text + size, KEY_FILE_MAX - size);
        if (got == 0)
            break;
        if (got < 0 && errno != EINTR)
            rc = err_set (err, RC_INTERNAL, "%s: %s", path, strerror (errno));
        if (got > 0)
            size += (size_t)got;
    }
    close (fd);
    ret_text[size] = '\0';
    if (rc == RC_OK && strlen (ret_text) != size)
        rc = err_set (err, RC_CORRUPT, "%s is no key file", path);
    return rc;
}

/* The file beside `path` that becomes it. */
static void
beside_make (char beside[static KEYS_PATH + 8], const char *path)
{
    snprintf (beside, KEYS_PATH + 8, "%s.new", path);
    unlink (beside);
}

/* Complete or not at all: what was written beside is on disk before it gets its name, and never goes over something. */
static enum rc
beside_place (const char *beside, const char *path, mode_t mode, struct err *err)
{
    int fd = open (beside, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fchmod (fd, mode) == 0 && fsync (fd) == 0;
    enum rc rc = RC_OK;
    if (!good)
        rc = err_set (err, RC_INTERNAL, "%s: %s", beside, strerror (errno));
    else if (link (beside, path) < 0)
        rc = err_set (err, errno == EEXIST ? RC_CONFLICT : RC_INTERNAL, "%s: %s", path, strerror (errno));
    if (fd >= 0)
        close (fd);
    unlink (beside);
    return rc;
}

static enum rc
file_write (const char *path, mode_t mode, const char *text, struct err *err)
{
    char beside[KEYS_PATH + 8];
    beside_make (beside, path);
    int fd = open (beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    size_t size = strlen (text);
    bool good = fd >= 0 && write (fd, text, size) == (ssize_t)size;
    if (fd >= 0)
        good = close (fd) == 0 && good;
    if (good)
        return beside_place (beside, path, mode, err);
    enum rc rc = err_set (err, RC_INTERNAL, "%s: %s", beside, strerror (errno));
    unlink (beside);
    return rc;
}

static enum rc
directories_make (const char *dir, struct err *err)
{
    char path[KEYS_PATH];
    enum rc rc = path_make (path, dir, "public", "", "", err);
    if (rc != RC_OK)
        return rc;
    if (mkdir (dir, 0755) < 0 && errno != EEXIST)
        return err_set (err, RC_INTERNAL, "%s: %s", dir, strerror (errno));
    if (mkdir (path, 0755) < 0 && errno != EEXIST)
        return err_set (err, RC_INTERNAL, "%s: %s", path, strerror (errno));
    return RC_OK;
}

/* The value of `    name = "value"` in zcert's format, exactly KEYS_Z85 - 1 characters of a Z85 key.
 *
 * Files are written by zcert and read by us. zcert_load opens <path>_secret rather than <path> where there is one, cuts
 * paths at 256 bytes, cannot be given the descriptor whose mode was looked at, takes half a key for a whole one, and
 * zconfig prints the rest of a line it does not understand, which may be the secret, to standard output. */
static bool
key_find (const char *text, const char *name, char ret_key[static KEYS_Z85])
{
    for (const char *line = text; line; line = strchr (line, '\n')) {
        line += strspn (line, " \t\r\n");
        size_t length = strlen (name);
        if (strncmp (line, name, length) != 0)
            continue;
        const char *value = line + length;
        value += strspn (value, " \t");
        if (*value != '=')
            continue;
        value += 1 + strspn (value + 1, " \t");
        const char *end = *value == '"' ? strchr (value + 1, '"') : NULL;
        if (!end || end - value - 1 != KEYS_Z85 - 1)
            return false;
        memcpy (ret_key, value + 1, KEYS_Z85 - 1);
        ret_key[KEYS_Z85 - 1] = '\0';
        uint8_t key[32];
        bool good = zmq_z85_decode (key, ret_key) != NULL;
        sodium_memzero (key, sizeof key);
        return good;
    }
    return false;
}

/* zcert does not notice a full disk: what it wrote is read back before it counts. */
static enum rc
cert_write (zcert_t *cert, bool secret, const char *path, struct err *err)
{
    char beside[KEYS_PATH + 8], text[KEY_FILE_MAX + 1], key[KEYS_Z85];
    beside_make (beside, path);
    int saved = secret ? zcert_save_secret (cert, beside) : zcert_save_public (cert, beside);
    if (saved < 0)
        return err_set (err, RC_INTERNAL, "%s: %s", beside, strerror (errno));
    enum rc rc = file_read (beside, secret, text, err);
    if (rc == RC_OK &&
        (!key_find (text, "public-key", key) || strcmp (key, zcert_public_txt (cert)) != 0 ||
         (secret && (!key_find (text, "secret-key", key) || strcmp (key, zcert_secret_txt (cert)) != 0))))
        rc = err_set (err, RC_INTERNAL, "%s was not written whole", beside);
    sodium_memzero (text, sizeof text);
    sodium_memzero (key, sizeof key);
    if (rc == RC_OK)
        return beside_place (beside, path, secret ? 0600 : 0644, err);
    unlink (beside);
    return rc;
}

static enum rc
keys_generate_as (const char *dir, const char *service, const char *next, struct err *err)
{
    char public_path[KEYS_PATH], secret_path[KEYS_PATH], suffix[16];
    snprintf (suffix, sizeof suffix, ".secret%s", next);
    if (!keys_name_valid (service))
        return err_set (err, RC_INVALID, "a service's name is made of a-z, 0-9 and -");
    enum rc rc = directories_make (dir, err);
    if (rc == RC_OK)
        rc = path_make (public_path, dir, "public/", service, next, err);
    if (rc == RC_OK)
        rc = path_make (secret_path, dir, "", service, suffix, err);
    if (rc != RC_OK)
        return rc;
    zcert_t *cert = zsys_has_curve () ? zcert_new () : NULL; /* without CURVE zcert makes a pair of zeroes */
    if (!cert)
        return err_set (err, RC_INTERNAL, "no CURVE");
    zcert_set_meta (cert, "name", "%s", service);
    rc = cert_write (cert, true, secret_path, err);
    if (rc == RC_OK) {
        rc = cert_write (cert, false, public_path, err);
        if (rc != RC_OK)
            unlink (secret_path);
    }
    zcert_destroy (&cert);
    return rc;
}

enum rc
keys_generate (const char *dir, const char *service, struct err *err)
{
    return keys_generate_as (dir, service, "", err);
}

enum rc
keys_generate_next (const char *dir, const char *service, struct err *err)
{
    return keys_generate_as (dir, service, ".next", err);
}

static enum rc
files_of_change (const char *dir, const char *service, char paths[4][KEYS_PATH], struct err *err)
{
    static const struct {
        const char *middle, *suffix;
    } files[4] = { { "", ".secret" }, { "", ".secret.next" }, { "public/", "" }, { "public/", ".next" } };
    if (!keys_name_valid (service))
        return err_set (err, RC_INVALID, "a service's name is made of a-z, 0-9 and -");
    for (unsigned i = 0; i < 4; i++) {
        enum rc rc = path_make (paths[i], dir, files[i].middle, service, files[i].suffix, err);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

enum rc
keys_promote (const char *dir, const char *service, struct err *err)
{
    char paths[4][KEYS_PATH];
    enum rc rc = files_of_change (dir, service, paths, err);
    if (rc != RC_OK)
        return rc;
    /* public first: from any point between the two both keys are valid and the secret matches one of them */
    for (int i = 2; i >= 0; i -= 2)
        if (renameat2 (AT_FDCWD, paths[i], AT_FDCWD, paths[i + 1], RENAME_EXCHANGE) < 0)
            return err_set (err, errno == ENOENT ? RC_NOT_FOUND : RC_INTERNAL, "%s: %s", paths[i + 1],
                            strerror (errno));
    return RC_OK;
}

enum rc
keys_retire (const char *dir, const char *service, struct err *err)
{
    char paths[4][KEYS_PATH];
    enum rc rc = files_of_change (dir, service, paths, err);
    if (rc != RC_OK)
        return rc;
    if (unlink (paths[3]) < 0)
        return err_set (err, errno == ENOENT ? RC_NOT_FOUND : RC_INTERNAL, "%s: %s", paths[3], strerror (errno));
    if (unlink (paths[1]) < 0 && errno != ENOENT)
        return err_set (err, RC_INTERNAL, "%s: %s", paths[1], strerror (errno));
    return RC_OK;
}

enum rc
keys_load (const char *dir, const char *service, struct bus_cert *ret_cert, struct err *err)
{
    char path[KEYS_PATH], text[KEY_FILE_MAX + 1], derived[KEYS_Z85];
    if (!keys_name_valid (service))
        return err_set (err, RC_INVALID, "a service's name is made of a-z, 0-9 and -");
    enum rc rc = path_make (path, dir, "", service, ".secret", err);
    if (rc == RC_OK)
        rc = file_read (path, true, text, err);
    if (rc != RC_OK)
        return rc;
    struct bus_cert cert = { 0 };
    snprintf (cert.service, sizeof cert.service, "%s", service);
    if (!key_find (text, "public-key", cert.public_key) || !key_find (text, "secret-key", cert.secret_key) ||
        zmq_curve_public (derived, cert.secret_key) < 0 || strcmp (derived, cert.public_key) != 0)
        rc = err_set (err, RC_CORRUPT, "%s holds no CURVE pair", path);
    else
        *ret_cert = cert;
    sodium_memzero (text, sizeof text);
    bus_cert_wipe (&cert);
    return rc;
}

enum rc
keys_load_public (const char *path, char ret_key[static KEYS_Z85], struct err *err)
{
    char text[KEY_FILE_MAX + 1], key[KEYS_Z85];
    enum rc rc = file_read (path, false, text, err);
    if (rc != RC_OK)
        return rc;
    if (!key_find (text, "public-key", key))
        return err_set (err, RC_CORRUPT, "%s holds no public CURVE key", path);
    memcpy (ret_key, key, KEYS_Z85);
    return RC_OK;
}

void
bus_cert_wipe (struct bus_cert *cert)
{
    sodium_memzero (cert, sizeof *cert);
}

/* One line of base64 of exactly `size` bytes. */
static enum rc
sign_read (const char *path, bool secret, uint8_t *ret_key, size_t size, struct err *err)
{
    char text[KEY_FILE_MAX + 1];
    size_t length = 0;
    enum rc rc = file_read (path, secret, text, err);
    if (rc == RC_OK && (sodium_base642bin (ret_key, size, text, strlen (text), "\r\n", &length, NULL,
                                           sodium_base64_VARIANT_ORIGINAL) < 0 ||
                        length != size))
        rc = err_set (err, RC_CORRUPT, "%s holds no Ed25519 key", path);
    sodium_memzero (text, sizeof text);
    return rc;
}

static enum rc
sign_write (const char *path, mode_t mode, const uint8_t key[static 32], struct err *err)
{
    char text[64];
    sodium_bin2base64 (text, sizeof text, key, 32, sodium_base64_VARIANT_ORIGINAL);
    strncat (text, "\n", sizeof text - strlen (text) - 1);
    enum rc rc = file_write (path, mode, text, err);
    sodium_memzero (text, sizeof text);
    return rc;
}

enum rc
keys_sign_generate (const char *dir, const char *service, struct err *err)
{
    char secret_path[KEYS_PATH], public_path[KEYS_PATH];
    uint8_t seed[crypto_sign_SEEDBYTES], public_key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    enum rc rc = path_make (secret_path, dir, "", service, ".sign", err);
    if (rc == RC_OK)
        rc = path_make (public_path, dir, "public/", service, ".sign", err);
    if (rc == RC_OK)
        rc = directories_make (dir, err);
    if (rc != RC_OK)
        return rc;
    if (sodium_init () < 0)
        return err_set (err, RC_INTERNAL, "libsodium does not start");
    randombytes_buf (seed, sizeof seed);
    crypto_sign_seed_keypair (public_key, secret, seed);
    rc = sign_write (secret_path, 0600, seed, err);
    if (rc == RC_OK) {
        rc = sign_write (public_path, 0644, public_key, err);
        if (rc != RC_OK)
            unlink (secret_path);
    }
    sodium_memzero (seed, sizeof seed);
    sodium_memzero (secret, sizeof secret);
    return rc;
}

enum rc
keys_sign_load (const char *dir, const char *service, struct sign_secret *ret_secret, struct err *err)
{
    char path[KEYS_PATH];
    uint8_t seed[crypto_sign_SEEDBYTES], public_key[crypto_sign_PUBLICKEYBYTES];
    if (sodium_init () < 0)
        return err_set (err, RC_INTERNAL, "libsodium does not start");
    enum rc rc = path_make (path, dir, "", service, ".sign", err);
    if (rc == RC_OK)
        rc = sign_read (path, true, seed, sizeof seed, err);
    if (rc == RC_OK)
        crypto_sign_seed_keypair (public_key, ret_secret->key, seed);
    sodium_memzero (seed, sizeof seed);
    return rc;
}

enum rc
keys_sign_load_public (const char *dir, const char *service, struct sign_public *ret_public, struct err *err)
{
    static const char *const suffixes[] = { ".sign", ".sign.next" };
    struct sign_public found = { .count = 0 };
    for (unsigned i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        char path[KEYS_PATH];
        enum rc rc = path_make (path, dir, "public/", service, suffixes[i], err);
        if (rc == RC_OK)
            rc = sign_read (path, false, found.keys[found.count], sizeof found.keys[0], err);
        if (rc == RC_OK)
            found.count++;
        else if (rc != RC_NOT_FOUND)
            return rc;
    }
    *ret_public = found;
    return RC_OK;
}
