/* Memory that lives and dies together: one arena per batch, request or row of work. Not thread-safe. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <protobuf-c/protobuf-c.h>

struct arena;

/* limit: bytes this arena may ever hold at once, so that one input cannot take the machine's memory. */
struct arena *arena_new (size_t limit);
void arena_destroy (struct arena **arena);
/* Forgets everything and keeps one block for the next use. */
void arena_reset (struct arena *arena);

/* Zeroed memory, aligned for any type; NULL past the limit or without memory. */
void *arena_alloc (struct arena *arena, size_t size);
/* arena_alloc of count × size that cannot overflow. */
void *arena_array (struct arena *arena, size_t count, size_t size);
void *arena_copy (struct arena *arena, const void *data, size_t size);
char *arena_string (struct arena *arena, const char *text); /* NULL stays NULL */
char *arena_printf (struct arena *arena, const char *format, ...) __attribute__ ((format (printf, 2, 3)));
size_t arena_used (const struct arena *arena);
bool arena_full (const struct arena *arena); /* it has refused something since it was made or reset */

/* protobuf-c allocator over the arena: unpacked messages need no free and cannot outgrow its limit. */
ProtobufCAllocator *arena_protobuf (struct arena *arena);

/* Bytes somewhere else. */
struct bytes {
    const uint8_t *data;
    size_t size;
};

#define ARENA_AUTO __attribute__ ((cleanup (arena_destroy)))
