#include "common/domain/profile_yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "common/base/text.h"

struct builder {
    struct arena *arena;
    struct tree_node *root, *open; /* open: the map or list being filled */
    const char *key;               /* read, its value not yet */
    int key_line, key_column;
    size_t nodes;
    int depth;
};

static enum rc __attribute__ ((format (printf, 3, 4)))
refuse (struct err *err, const yaml_mark_t *mark, const char *format, ...)
{
    char text[200], field[32];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (text, sizeof text, format, arguments);
    va_end (arguments);
    snprintf (field, sizeof field, "%zu:%zu", mark->line + 1, mark->column + 1);
    return err_code (err, RC_UNPROCESSABLE, "profile.yaml", field, "%s", text);
}

struct tree_node *
tree_find (const struct tree_node *map, const char *key)
{
    for (struct tree_node *node = map->kind == TREE_MAP ? map->first : NULL; node; node = node->next)
        if (!strcmp (node->key, key))
            return node;
    return NULL;
}

const char *
tree_path (const struct tree_node *node, struct arena *arena)
{
    if (!node->parent)
        return "";
    const char *parent = tree_path (node->parent, arena);
    const char *path = node->key ? arena_printf (arena, "%s%s%s", parent, *parent ? "." : "", node->key)
                                 : arena_printf (arena, "%s[%zu]", parent, node->index);
    return path ? path : "";
}

static enum rc
node_add (struct builder *self, const yaml_event_t *event, enum tree_kind kind, const char *text, struct err *err)
{
    const yaml_mark_t *mark = &event->start_mark;
    struct tree_node *node = arena_alloc (self->arena, sizeof *node);
    if (++self->nodes > TREE_NODES || !node)
        return refuse (err, mark, "more than %d values", TREE_NODES);
    *node = (struct tree_node){
        .kind = kind, .line = (int)mark->line + 1, .column = (int)mark->column + 1, .text = text, .parent = self->open
    };
    if (self->open) {
        node->key = self->key;
        node->key_line = self->key_line;
        node->key_column = self->key_column;
        self->key = NULL;
        node->index = self->open->count++;
        if (self->open->last)
            self->open->last->next = node;
        else
            self->open->first = node;
        self->open->last = node;
    } else {
        self->root = node;
    }
    if (kind == TREE_TEXT) {
        node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
        return RC_OK;
    }
    self->open = node;
    if (++self->depth > TREE_DEPTH)
        return refuse (err, mark, "deeper than %d levels", TREE_DEPTH);
    return RC_OK;
}

static enum rc
scalar_add (struct builder *self, const yaml_event_t *event, struct err *err)
{
    const yaml_mark_t *mark = &event->start_mark;
    const char *value = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length;
    if (size > TREE_SCALAR_SIZE)
        return refuse (err, mark, "text longer than %d bytes", TREE_SCALAR_SIZE);
    if (!utf8_valid (value, size))
        return refuse (err, mark, "text holds a NUL or is not UTF-8");
    const char *text = arena_string (self->arena, value);
    if (!text)
        return err_set (err, RC_INTERNAL, "no memory");
    if (!self->open)
        return refuse (err, mark, "expected keys and values");
    if (self->open->kind != TREE_MAP || self->key)
        return node_add (self, event, TREE_TEXT, text, err);
    if (tree_find (self->open, text))
        return refuse (err, mark, "key '%.60s' stands here twice", text);
    self->key = text;
    self->key_line = (int)mark->line + 1;
    self->key_column = (int)mark->column + 1;
    return RC_OK;
}

static enum rc
event_take (struct builder *self, const yaml_event_t *event, struct err *err)
{
    const yaml_mark_t *mark = &event->start_mark;
    bool map = event->type == YAML_MAPPING_START_EVENT, list = event->type == YAML_SEQUENCE_START_EVENT;
    if (event->type == YAML_ALIAS_EVENT)
        return refuse (err, mark, "aliases are not allowed");
    if ((event->type == YAML_SCALAR_EVENT && (event->data.scalar.anchor || event->data.scalar.tag)) ||
        (map && (event->data.mapping_start.anchor || event->data.mapping_start.tag)) ||
        (list && (event->data.sequence_start.anchor || event->data.sequence_start.tag)))
        return refuse (err, mark, "anchors and tags are not allowed");
    if (event->type == YAML_SCALAR_EVENT)
        return scalar_add (self, event, err);
    if (event->type == YAML_DOCUMENT_START_EVENT && self->root)
        return refuse (err, mark, "a second document");
    if ((map || list) && self->open && self->open->kind == TREE_MAP && !self->key)
        return refuse (err, mark, "a key must be text");
    if (list && !self->open)
        return refuse (err, mark, "expected keys and values");
    if (map || list)
        return node_add (self, event, map ? TREE_MAP : TREE_LIST, NULL, err);
    if (self->open && (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT)) {
        self->open = self->open->parent;
        self->depth--;
    }
    return RC_OK;
}

enum rc
tree_parse (struct bytes yaml, struct arena *arena, struct tree_node **ret_root, struct err *err)
{
    struct builder self = { .arena = arena };
    yaml_parser_t parser;
    if (!yaml_parser_initialize (&parser))
        return err_set (err, RC_INTERNAL, "no memory");
    yaml_parser_set_input_string (&parser, yaml.data ? yaml.data : (const uint8_t *)"", yaml.size);
    yaml_parser_set_encoding (&parser, YAML_UTF8_ENCODING);
    enum rc rc = RC_OK;
    for (bool done = false; rc == RC_OK && !done;) {
        yaml_event_t event;
        if (!yaml_parser_parse (&parser, &event)) {
            yaml_mark_t mark = parser.error == YAML_READER_ERROR ? parser.mark : parser.problem_mark;
            rc = refuse (err, &mark, "%s", parser.problem ? parser.problem : "not YAML");
            break;
        }
        done = event.type == YAML_STREAM_END_EVENT;
        rc = event_take (&self, &event, err);
        yaml_event_delete (&event);
    }
    yaml_parser_delete (&parser);
    if (rc == RC_OK && !self.root)
        rc = err_code (err, RC_UNPROCESSABLE, "profile.yaml", "1:1", "the file is empty");
    if (rc == RC_OK)
        *ret_root = self.root;
    return rc;
}
