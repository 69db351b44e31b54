/* Content store: files by SHA-256 in <root>/ab/cd/<64 hex digits>, written once, never changed.
 *
 * A writer appends to <root>/tmp/… and computes the digest as it goes; commit makes the file durable, moves it to its
 * name and makes that durable too. Content that is already there counts as written. Whatever fails, nothing half
 * written bears a digest's name. A file whose fsync failed is given up: the kernel may have dropped the pages. A full
 * disk or quota is RC_BUSY "store.full" (the sender may come back) and logged when it fills and when it has room again;
 * a broken one is RC_INTERNAL. A store may be shared by threads and
 * processes; a writer belongs to one thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "common/base/arena.h"
#include "common/base/err.h"

enum {
    STORE_DIGEST = 32,
    STORE_STALE_HOURS = 24
}; /* no upload lasts that long; a temporary file this old was left by a crash */

struct store;
struct store_writer;

/* Makes the directories that are missing (0750, files 0640) and removes stale temporary files. now: clock_now (). */
enum rc store_open (const char *root, int64_t now, struct store **ret_store, struct err *err);
void store_destroy (struct store **store);
#define STORE_AUTO __attribute__ ((cleanup (store_destroy)))

/* limit: bytes; more is RC_INVALID with code "store.too_large". */
enum rc store_begin (struct store *store, uint64_t limit, struct store_writer **ret_writer, struct err *err);
/* After any failure only store_abort is left to do. */
enum rc store_append (struct store_writer *writer, const void *data, size_t size, struct err *err);
/* Always ends the writer, as store_abort on failure. ret_digest and ret_size may be NULL. */
enum rc store_commit (struct store_writer **writer, uint8_t ret_digest[STORE_DIGEST], uint64_t *ret_size,
                      struct err *err);
/* Removes the temporary file; accepts NULL. */
void store_abort (struct store_writer **writer);
#define STORE_WRITER_AUTO __attribute__ ((cleanup (store_abort)))

/* begin, append and commit of what is in memory. */
enum rc store_put (struct store *store, const void *data, size_t size, uint8_t ret_digest[STORE_DIGEST],
                   struct err *err);

/* Opens for reading (close-on-exec; the caller closes). size: what the row that names the digest says, or -1 unknown;
 * another size on disk is RC_CORRUPT. Content is not re-read: see store_verify. RC_NOT_FOUND when it is not there. */
enum rc store_read (struct store *store, const uint8_t digest[static STORE_DIGEST], int64_t size, int *ret_file,
                    uint64_t *ret_size, struct err *err);
/* Is content of that digest there? Any other bytes are no digest. False as well when the store cannot be read. */
bool store_has (struct store *store, struct bytes digest);
/* The first bytes of content, room of them or all it has. size and failures as store_read's. */
enum rc store_head (struct store *store, const uint8_t digest[static STORE_DIGEST], int64_t size, void *ret_head,
                    size_t room, size_t *ret_got, struct err *err);
/* Whole content into the arena, digest checked (RC_CORRUPT). limit: bytes, more is RC_INVALID "store.too_large". */
enum rc store_get (struct store *store, const uint8_t digest[static STORE_DIGEST], size_t limit, struct arena *arena,
                   struct bytes *ret_content, struct err *err);
/* Reads all of it again: RC_CORRUPT when the content is not what its name says. */
enum rc store_verify (struct store *store, const uint8_t digest[static STORE_DIGEST], struct err *err);
