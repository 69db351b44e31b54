/* A YAML file as a tree whose every node knows its line: what strict readers need and libyaml's events do not give.
 * Refused: anchors, aliases, tags, a second document, the same key twice, and anything past the caps below. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/base/arena.h"
#include "common/base/err.h"

enum {
    TREE_NODES = 16 * 1024, /* the fullest profile has about 2,000 */
    TREE_DEPTH = 8,         /* a profile is 5 deep */
    TREE_SCALAR_SIZE = 2000 /* PROFILE_TEXT */
};

enum tree_kind { TREE_TEXT, TREE_MAP, TREE_LIST };

struct tree_node {
    enum tree_kind kind;
    int line, column;         /* of the value, from 1 */
    int key_line, key_column; /* of its key in a map */
    const char *key;          /* in a map, else NULL */
    size_t index;             /* in a list */
    const char *text;         /* TREE_TEXT */
    bool plain;               /* written without quotes */
    struct tree_node *parent, *first, *next, *last;
    size_t count;
    bool used; /* for strict readers: somebody asked for it */
};

/* The root is a map. On failure err->field is "line:column". */
enum rc tree_parse (struct bytes yaml, struct arena *arena, struct tree_node **ret_root, struct err *err);
struct tree_node *tree_find (const struct tree_node *map, const char *key); /* NULL absent */
/* "acts[3].role" in the arena; "" for the root. */
const char *tree_path (const struct tree_node *node, struct arena *arena);
