#include "common/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 32 * 1024 }; /* one ordinary request fits in one block */

struct block {
    struct block *next;
    size_t size, used;
    alignas (max_align_t) uint8_t bytes[];
};

struct arena {
    struct block *blocks;
    size_t limit, held;
    bool full;
    ProtobufCAllocator protobuf;
};

static void *
protobuf_alloc (void *arena, size_t size)
{
    return arena_alloc (arena, size);
}

static void
protobuf_free (void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

struct arena *
arena_new (size_t limit)
{
    struct arena *self = calloc (1, sizeof *self);
    if (!self)
        return NULL;
    self->limit = limit;
    self->protobuf = (ProtobufCAllocator){ protobuf_alloc, protobuf_free, self };
    return self;
}

void
arena_destroy (struct arena **arena)
{
    if (!*arena)
        return;
    for (struct block *block = (*arena)->blocks, *next; block; block = next) {
        next = block->next;
        free (block);
    }
    free (*arena);
    *arena = NULL;
}

void
arena_reset (struct arena *self)
{
    struct block *keep = self->blocks;
    self->full = false;
    if (!keep)
        return;
    for (struct block *block = keep->next, *next; block; block = next) {
        next = block->next;
        free (block);
    }
    if (keep->size > 4 * BLOCK_SIZE) {
        free (keep);
        keep = NULL;
    } else {
        keep->next = NULL;
        keep->used = 0;
    }
    self->blocks = keep;
    self->held = keep ? keep->size : 0;
}

static struct block *
block_add (struct arena *self, size_t size)
{
    size_t wanted = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    if (wanted > self->limit - self->held) {
        wanted = size;
        if (wanted > self->limit - self->held)
            return NULL;
    }
    struct block *block = malloc (sizeof *block + wanted);
    if (!block)
        return NULL;
    *block = (struct block){ .next = self->blocks, .size = wanted };
    self->blocks = block;
    self->held += wanted;
    return block;
}

void *
arena_alloc (struct arena *self, size_t size)
{
    const size_t alignment = alignof (max_align_t);
    if (size > SIZE_MAX - alignment)
        return NULL;
    size = (size + alignment - 1) / alignment * alignment;
    struct block *block = self->blocks;
    if (!block || block->size - block->used < size) {
        block = block_add (self, size);
        self->full = self->full || !block;
        if (!block)
            return NULL;
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    return memset (memory, 0, size);
}

void *
arena_array (struct arena *self, size_t count, size_t size)
{
    size_t total;
    return __builtin_mul_overflow (count, size, &total) ? NULL : arena_alloc (self, total);
}

void *
arena_copy (struct arena *self, const void *data, size_t size)
{
    void *copy = arena_alloc (self, size ? size : 1);
    if (copy && size)
        memcpy (copy, data, size);
    return copy;
}

char *
arena_string (struct arena *self, const char *text)
{
    return text ? arena_copy (self, text, strlen (text) + 1) : NULL;
}

char *
arena_printf (struct arena *self, const char *format, ...)
{
    va_list arguments, again;
    va_start (arguments, format);
    va_copy (again, arguments);
    int length = vsnprintf (NULL, 0, format, arguments);
    char *text = length < 0 ? NULL : arena_alloc (self, (size_t)length + 1);
    if (text)
        vsnprintf (text, (size_t)length + 1, format, again);
    va_end (again);
    va_end (arguments);
    return text;
}

size_t
arena_used (const struct arena *self)
{
    return self->held;
}

bool
arena_full (const struct arena *self)
{
    return self->full;
}

ProtobufCAllocator *
arena_protobuf (struct arena *self)
{
    return &self->protobuf;
}
