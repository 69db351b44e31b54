#include "common/bus/peers.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sys/stat.h>

enum { PEERS_MAX = 128 }; /* eight services, the command line, subscribers' gateways, each with two keys */

struct peer_key {
    char public_key[KEYS_Z85];
    char service[KEYS_NAME];
};

/* What one look at the directory found. */
struct peer_table {
    struct peer_key keys[PEERS_MAX];
    unsigned count, broken;
    struct sign_public sign;
};

struct bus_peers {
    pthread_mutex_t lock;
    char dir[KEYS_PATH];
    uint64_t fingerprint; /* of names, sizes, inodes and times of the files as read */
    _Atomic uint64_t generation;
    struct peer_table table;
};

/* accounts.sign, accounts.sign.next and files half written are not peers. */
static bool
file_is_peer (const char *file, struct peer_key *ret_key)
{
    const char *dot = strchr (file, '.');
    size_t length = dot ? (size_t)(dot - file) : strlen (file);
    if (length == 0 || length >= KEYS_NAME || (dot && strcmp (dot, ".next") != 0))
        return false;
    *ret_key = (struct peer_key){ .service = "" };
    memcpy (ret_key->service, file, length);
    return keys_name_valid (ret_key->service);
}

/* One key is one service, or what it may claim to be would depend on the order of files. */
static enum rc
table_add (struct peer_table *table, const struct peer_key *key, const char *path, struct err *err)
{
    for (unsigned i = 0; i < table->count; i++)
        if (strcmp (table->keys[i].public_key, key->public_key) == 0 &&
            strcmp (table->keys[i].service, key->service) != 0)
            return err_set (err, RC_CORRUPT, "%s holds the key of %s", path, table->keys[i].service);
    if (table->count == PEERS_MAX)
        return err_set (err, RC_CORRUPT, "more than %d public keys", PEERS_MAX);
    table->keys[table->count++] = *key;
    return RC_OK;
}

/* With a strict caller the first bad file ends it; otherwise bad files are left out and counted. */
static enum rc
table_read (const char *dir, struct peer_table *ret_table, bool strict, struct err *err)
{
    char path[KEYS_PATH + NAME_MAX + 2];
    snprintf (path, sizeof path, "%s/public", dir);
    DIR *listing = opendir (path);
    if (!listing)
        return err_set (err, errno == ENOENT ? RC_NOT_FOUND : RC_INTERNAL, "%s: %s", path, strerror (errno));
    *ret_table = (struct peer_table){ .count = 0 };
    enum rc rc = RC_OK;
    for (struct dirent *entry; rc == RC_OK && (entry = readdir (listing));) {
        struct peer_key key;
        if (!file_is_peer (entry->d_name, &key))
            continue;
        snprintf (path, sizeof path, "%s/public/%s", dir, entry->d_name);
        rc = keys_load_public (path, key.public_key, err);
        if (rc == RC_OK)
            rc = table_add (ret_table, &key, path, err);
        if (rc != RC_OK && !strict) {
            ret_table->broken++;
            rc = RC_OK;
        }
    }
    closedir (listing);
    if (rc == RC_OK)
        rc = keys_sign_load_public (dir, "accounts", &ret_table->sign, err);
    if (rc != RC_OK && !strict) {
        ret_table->broken++;
        rc = RC_OK;
    }
    return rc;
}

static uint64_t
fingerprint_add (uint64_t print, const void *data, size_t size)
{
    for (const uint8_t *byte = data; size > 0; size--, byte++)
        print = (print ^ *byte) * UINT64_C (0x100000001b3);
    return print;
}

/* Changes whenever a file comes, goes or is written. Summed over files, as a listing has no order. */
static uint64_t
directory_fingerprint (const char *dir)
{
    char path[KEYS_PATH + NAME_MAX + 2];
    snprintf (path, sizeof path, "%s/public", dir);
    DIR *listing = opendir (path);
    if (!listing)
        return 0;
    uint64_t sum = 1;
    for (struct dirent *entry; (entry = readdir (listing));) {
        struct stat status;
        snprintf (path, sizeof path, "%s/public/%s", dir, entry->d_name);
        if (entry->d_name[0] == '.' || stat (path, &status) < 0)
            continue;
        uint64_t print = fingerprint_add (UINT64_C (0xcbf29ce484222325), entry->d_name, strlen (entry->d_name));
        print = fingerprint_add (print, &status.st_ino, sizeof status.st_ino);
        print = fingerprint_add (print, &status.st_size, sizeof status.st_size);
        print = fingerprint_add (print, &status.st_mtim, sizeof status.st_mtim);
        print = fingerprint_add (print, &status.st_ctim, sizeof status.st_ctim);
        sum += print;
    }
    closedir (listing);
    return sum;
}

struct bus_peers *
bus_peers_new (const char *dir, struct err *err)
{
    struct bus_peers *self = calloc (1, sizeof *self);
    if (!self || pthread_mutex_init (&self->lock, NULL) != 0) {
        free (self);
        err_set (err, RC_INTERNAL, "no memory");
        return NULL;
    }
    if ((size_t)snprintf (self->dir, sizeof self->dir, "%s", dir) >= sizeof self->dir) {
        err_set (err, RC_INVALID, "the path of the key directory is too long");
        bus_peers_destroy (&self);
        return NULL;
    }
    self->fingerprint = directory_fingerprint (dir); /* before reading: a change in between is seen next time */
    self->generation = 1;
    if (table_read (dir, &self->table, true, err) != RC_OK)
        bus_peers_destroy (&self);
    return self;
}

void
bus_peers_destroy (struct bus_peers **self)
{
    if (!*self)
        return;
    pthread_mutex_destroy (&(*self)->lock);
    free (*self);
    *self = NULL;
}

bool
bus_peers_refresh (struct bus_peers *self)
{
    uint64_t fingerprint = directory_fingerprint (self->dir);
    pthread_mutex_lock (&self->lock);
    bool changed = fingerprint != self->fingerprint;
    pthread_mutex_unlock (&self->lock);
    struct peer_table table;
    if (!changed || table_read (self->dir, &table, false, NULL) != RC_OK)
        return false;
    pthread_mutex_lock (&self->lock);
    self->fingerprint = fingerprint;
    self->table = table;
    self->generation++;
    pthread_mutex_unlock (&self->lock);
    return true;
}

uint64_t
bus_peers_generation (struct bus_peers *self)
{
    return self->generation;
}

unsigned
bus_peers_broken (struct bus_peers *self)
{
    pthread_mutex_lock (&self->lock);
    unsigned broken = self->table.broken;
    pthread_mutex_unlock (&self->lock);
    return broken;
}

bool
bus_peers_service (struct bus_peers *self, const char *public_key, char ret_service[static KEYS_NAME])
{
    bool found = false;
    pthread_mutex_lock (&self->lock);
    for (unsigned i = 0; i < self->table.count && !found; i++) {
        found = strcmp (self->table.keys[i].public_key, public_key) == 0;
        if (found)
            memcpy (ret_service, self->table.keys[i].service, KEYS_NAME);
    }
    pthread_mutex_unlock (&self->lock);
    return found;
}

unsigned
bus_peers_keys (struct bus_peers *self, const char *service, char ret_keys[PEERS_KEYS_OF_ONE][KEYS_Z85])
{
    unsigned count = 0;
    pthread_mutex_lock (&self->lock);
    for (unsigned i = 0; i < self->table.count && count < PEERS_KEYS_OF_ONE; i++)
        if (strcmp (self->table.keys[i].service, service) == 0)
            memcpy (ret_keys[count++], self->table.keys[i].public_key, KEYS_Z85);
    pthread_mutex_unlock (&self->lock);
    return count;
}

void
bus_peers_sign_public (struct bus_peers *self, struct sign_public *ret_public)
{
    pthread_mutex_lock (&self->lock);
    *ret_public = self->table.sign;
    pthread_mutex_unlock (&self->lock);
}
