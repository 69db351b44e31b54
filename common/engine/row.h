/* The rows one batch works on, by (table, tenant, id): loaded once, folded over by every message, written once. */
#pragma once

#include "common/engine/service.h"

/* One row with its children. `data` is what decisions see. */
struct row {
    const struct table *table;
    int64_t tenant;
    struct uuid id;
    void *data;               /* NULL: there is no such row */
    bool is_new;              /* made by this batch */
    bool is_changed;          /* edited by this batch */
    bool is_assumed;          /* absent, by the word of who named it: not looked for */
    size_t *loaded_children;  /* per child table: how many rows the database has */
    void **original_children; /* per child table: copies as loaded, to write only those that changed */
    struct undo *undo;        /* state before the message now being decided; NULL when it has not touched the row */
    struct row *next_touched;
};

struct row_map;
struct row_map *row_map_new (struct arena *arena);
void row_map_destroy (struct row_map **map); /* the index only; rows are the arena's */
/* Names a row as wanted; returns the existing one if it was named before. NULL: out of memory. */
struct row *row_map_want (struct row_map *map, const struct table *table, int64_t tenant, struct uuid id);
struct row *row_map_find (struct row_map *map, const struct table *table, int64_t tenant, struct uuid id);
/* The same for a row that is taken to be absent, unless somebody wants it. */
struct row *row_map_assume (struct row_map *map, const struct table *table, int64_t tenant, struct uuid id);
/* All rows of one table in the order of (tenant, id), as an array in the arena. */
struct row **row_map_sorted (struct row_map *map, const struct table *table, size_t *ret_n);
/* Those to look for. */
struct row **row_map_wanted (struct row_map *map, const struct table *table, size_t *ret_n);
struct arena *row_map_arena (struct row_map *map);

/* Storage fills what it found; `data` must be in the arena. */
void row_loaded (struct row *row, void *data);
void row_children_loaded (struct row *row, size_t child, void *rows, size_t n, struct arena *arena);
/* Children that must be written, as an array of pointers in the arena. */
const void **row_children_changed (const struct row *row, size_t child, struct arena *arena, size_t *ret_n);
