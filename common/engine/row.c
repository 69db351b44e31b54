#include "common/engine/row.h"

#include <stdlib.h>

#define HASH_NONFATAL_OOM 1
#include <uthash.h>

struct row_key {
    const struct table *table;
    int64_t tenant;
    struct uuid id;
};

struct row_slot {
    struct row_key key;
    struct row row;
    UT_hash_handle hh;
};

struct row_map {
    struct arena *arena;
    struct row_slot *slots;
};

struct row_map *
row_map_new (struct arena *arena)
{
    struct row_map *map = calloc (1, sizeof *map);
    if (map)
        map->arena = arena;
    return map;
}

void
row_map_destroy (struct row_map **map)
{
    if (!*map)
        return;
    HASH_CLEAR (hh, (*map)->slots);
    free (*map);
    *map = NULL;
}

struct arena *
row_map_arena (struct row_map *map)
{
    return map->arena;
}

static struct row_key
key_of (const struct table *table, int64_t tenant, struct uuid id)
{
    struct row_key key;
    memset (&key, 0, sizeof key); /* padding is hashed too */
    key.table = table;
    key.tenant = tenant;
    key.id = id;
    return key;
}

struct row *
row_map_find (struct row_map *map, const struct table *table, int64_t tenant, struct uuid id)
{
    struct row_key key = key_of (table, tenant, id);
    struct row_slot *slot;
    HASH_FIND (hh, map->slots, &key, sizeof key, slot);
    return slot ? &slot->row : NULL;
}

struct row *
row_map_want (struct row_map *map, const struct table *table, int64_t tenant, struct uuid id)
{
    struct row *row = row_map_assume (map, table, tenant, id);
    if (row)
        row->is_assumed = false;
    return row;
}

struct row *
row_map_assume (struct row_map *map, const struct table *table, int64_t tenant, struct uuid id)
{
    struct row *found = row_map_find (map, table, tenant, id);
    if (found)
        return found;
    struct row_slot *slot = arena_alloc (map->arena, sizeof *slot);
    if (!slot)
        return NULL;
    slot->key = key_of (table, tenant, id);
    slot->row = (struct row){ .table = table, .tenant = tenant, .id = id, .is_assumed = true };
    HASH_ADD (hh, map->slots, key, sizeof slot->key, slot);
    return slot->hh.tbl ? &slot->row : NULL;
}

static int
row_compare (const void *a, const void *b)
{
    const struct row *left = *(struct row *const *)a, *right = *(struct row *const *)b;
    if (left->tenant != right->tenant)
        return left->tenant < right->tenant ? -1 : 1;
    return uuid_compare (left->id, right->id);
}

static struct row **
rows_sorted (struct row_map *map, const struct table *table, bool all, size_t *ret_n)
{
    size_t n = 0;
    struct row **rows = arena_array (map->arena, HASH_COUNT (map->slots) + 1, sizeof *rows);
    if (!rows)
        return NULL;
    for (struct row_slot *slot = map->slots; slot; slot = slot->hh.next)
        if (slot->row.table == table && (all || !slot->row.is_assumed))
            rows[n++] = &slot->row;
    qsort (rows, n, sizeof *rows, row_compare);
    *ret_n = n;
    return rows;
}

struct row **
row_map_sorted (struct row_map *map, const struct table *table, size_t *ret_n)
{
    return rows_sorted (map, table, true, ret_n);
}

struct row **
row_map_wanted (struct row_map *map, const struct table *table, size_t *ret_n)
{
    return rows_sorted (map, table, false, ret_n);
}

void
row_loaded (struct row *row, void *data)
{
    row->data = data;
}

void
row_children_loaded (struct row *row, size_t child, void *rows, size_t n, struct arena *arena)
{
    const struct table *table = row->table;
    MUST (child < table->n_children);
    const struct child_table *children = &table->children[child];
    if (!row->loaded_children) {
        row->loaded_children = arena_array (arena, table->n_children, sizeof *row->loaded_children);
        row->original_children = arena_array (arena, table->n_children, sizeof *row->original_children);
        MUST (row->loaded_children && row->original_children);
    }
    row->loaded_children[child] = n;
    row->original_children[child] = arena_copy (arena, rows, n * children->row_size);
    *(void **)((char *)row->data + children->rows_offset) = rows;
    *(size_t *)((char *)row->data + children->count_offset) = n;
}

const void **
row_children_changed (const struct row *row, size_t child, struct arena *arena, size_t *ret_n)
{
    const struct child_table *children = &row->table->children[child];
    const char *rows = *(char *const *)((const char *)row->data + children->rows_offset);
    size_t count = *(const size_t *)((const char *)row->data + children->count_offset), n = 0;
    size_t loaded = row->loaded_children ? row->loaded_children[child] : 0;
    const char *original = loaded ? row->original_children[child] : NULL;
    const void **changed = arena_array (arena, count + 1, sizeof *changed);
    if (!changed)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const char *now = rows + i * children->row_size;
        if (i >= loaded || memcmp (now, original + i * children->row_size, children->row_size) != 0)
            changed[n++] = now;
    }
    *ret_n = n;
    return changed;
}
