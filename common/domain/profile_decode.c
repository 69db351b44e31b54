#include "common/domain/profile_decode.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "common/base/text.h"

void
problem_add (struct decoder *decoder, const struct tree_node *node, bool at_key, const char *format, ...)
{
    struct profile_problems *problems = decoder->problems;
    if (problems->count == PROFILE_PROBLEMS)
        return;
    char text[400];
    va_list arguments;
    va_start (arguments, format);
    vsnprintf (text, sizeof text, format, arguments);
    va_end (arguments);
    at_key = at_key && node->key_line;
    const char *copy = arena_string (decoder->arena, text);
    problems->items[problems->count++] = (struct profile_problem){
        .line = at_key ? node->key_line : node->line,
        .column = at_key ? node->key_column : node->column,
        .path = tree_path (node, decoder->arena),
        .text = copy ? copy : "no memory",
    };
}

void *
decode_alloc (struct decoder *decoder, size_t count, size_t size)
{
    void *memory = arena_array (decoder->arena, count ? count : 1, size);
    if (!memory)
        decoder->failed = true;
    return memory;
}

struct fields
fields_open (struct decoder *decoder, struct tree_node *node)
{
    if (node && node->kind != TREE_MAP) {
        problem_add (decoder, node, false, "expected keys and values");
        node = NULL;
    }
    return (struct fields){ .decoder = decoder, .node = node };
}

void
fields_close (struct fields *fields)
{
    if (fields->decoder->published)
        return;
    for (struct tree_node *node = fields->node ? fields->node->first : NULL; node; node = node->next) {
        if (node->used)
            continue;
        const char *nearest = words_nearest (node->key, fields->asked, fields->count);
        if (nearest)
            problem_add (fields->decoder, node, true, "unknown key '%.60s', did you mean '%s'?", node->key, nearest);
        else
            problem_add (fields->decoder, node, true, "unknown key '%.60s'", node->key);
    }
}

struct tree_node *
field_node (struct fields *fields, const char *key, bool required)
{
    MUST (fields->count < FIELDS);
    fields->asked[fields->count++] = key;
    if (!fields->node)
        return NULL;
    struct tree_node *node = tree_find (fields->node, key);
    if (node)
        node->used = true;
    else if (required)
        problem_add (fields->decoder, fields->node, false, "'%s' is missing", key);
    return node;
}

struct tree_node *
field_map (struct fields *fields, const char *key, bool required)
{
    struct tree_node *node = field_node (fields, key, required);
    if (node && node->kind != TREE_MAP) {
        problem_add (fields->decoder, node, false, "expected keys and values");
        return NULL;
    }
    return node;
}

struct tree_node *
field_list (struct fields *fields, const char *key, bool required, size_t *ret_count)
{
    struct tree_node *node = field_node (fields, key, required);
    *ret_count = 0;
    if (!node)
        return NULL;
    if (node->kind != TREE_LIST) {
        problem_add (fields->decoder, node, false, "expected a list");
        return NULL;
    }
    if (node->count > PROFILE_ITEMS) {
        problem_add (fields->decoder, node, false, "more than %d items", PROFILE_ITEMS);
        return NULL;
    }
    if (required && !node->count)
        problem_add (fields->decoder, node, false, "the list is empty");
    *ret_count = node->count;
    return node->first;
}

static const char *
text_of (struct decoder *decoder, const struct tree_node *node)
{
    if (node->kind == TREE_TEXT)
        return node->text;
    problem_add (decoder, node, false, "expected text");
    return "";
}

const char *
field_text (struct fields *fields, const char *key, bool required)
{
    struct tree_node *node = field_node (fields, key, required);
    if (!node)
        return "";
    const char *text = text_of (fields->decoder, node);
    if (required && node->kind == TREE_TEXT && !*text)
        problem_add (fields->decoder, node, false, "must not be empty");
    return text;
}

const char *
field_id (struct fields *fields)
{
    const char *id = field_text (fields, "id", REQUIRED);
    if (strlen (id) > 40 || id[strspn (id, "abcdefghijklmnopqrstuvwxyz0123456789_")])
        problem_add (fields->decoder, tree_find (fields->node, "id"), false,
                     "an id is at most 40 of a-z, 0-9 and _: '%.60s'", id);
    return id;
}

struct profile_texts
field_texts (struct fields *fields, const char *key)
{
    size_t count;
    struct tree_node *node = field_list (fields, key, OPTIONAL, &count);
    struct profile_texts texts = { .items = decode_alloc (fields->decoder, count, sizeof (char *)) };
    for (; texts.items && node; node = node->next)
        texts.items[texts.count++] = text_of (fields->decoder, node);
    return texts;
}

int
field_int (struct fields *fields, const char *key, bool required, int least, int most, int otherwise)
{
    struct tree_node *node = field_node (fields, key, required);
    if (!node)
        return otherwise;
    char *end = NULL;
    errno = 0;
    long value = node->kind == TREE_TEXT && node->plain ? strtol (node->text, &end, 10) : 0;
    if (!end || end == node->text || *end || errno || value < least || value > most) {
        problem_add (fields->decoder, node, false, "expected a whole number from %d to %d", least, most);
        return otherwise;
    }
    return (int)value;
}

bool
field_bool (struct fields *fields, const char *key, bool otherwise)
{
    struct tree_node *node = field_node (fields, key, OPTIONAL);
    if (!node)
        return otherwise;
    bool is_true = node->kind == TREE_TEXT && node->plain && !strcmp (node->text, "true");
    if (!is_true && (node->kind != TREE_TEXT || !node->plain || strcmp (node->text, "false")))
        problem_add (fields->decoder, node, false, "expected true or false");
    return is_true;
}

int32_t
field_date (struct fields *fields, const char *key)
{
    struct tree_node *node = field_node (fields, key, OPTIONAL);
    int32_t date = DATE_NONE;
    if (node && (node->kind != TREE_TEXT || !date_parse (node->text, strlen (node->text), &date)))
        problem_add (fields->decoder, node, false, "expected a date, YYYY-MM-DD");
    return date;
}

int
word_of (struct decoder *decoder, const struct tree_node *node, const struct words *words, int otherwise)
{
    int value;
    const char *word = text_of (decoder, node);
    if (node->kind != TREE_TEXT)
        return otherwise;
    if (words_find (words, word, &value))
        return value;
    const char *nearest = words_nearest (word, words->words, (size_t)words->count);
    if (nearest)
        problem_add (decoder, node, false, "unknown %s '%.60s', did you mean '%s'?", words->kind, word, nearest);
    else
        problem_add (decoder, node, false, "unknown %s '%.60s'", words->kind, word);
    return otherwise;
}

int
field_word (struct fields *fields, const char *key, const struct words *words, bool required, int otherwise)
{
    struct tree_node *node = field_node (fields, key, required);
    return node ? word_of (fields->decoder, node, words, otherwise) : otherwise;
}

uint32_t
field_word_set (struct fields *fields, const char *key, const struct words *words)
{
    size_t count;
    uint32_t set = 0;
    for (struct tree_node *node = field_list (fields, key, OPTIONAL, &count); node; node = node->next) {
        int value = word_of (fields->decoder, node, words, -1);
        set |= value < 0 ? 0 : UINT32_C (1) << value;
    }
    return set;
}

int
reference_of (struct decoder *decoder, const struct tree_node *node, const char *kind, const char *const *ids,
              size_t count)
{
    const char *id = text_of (decoder, node);
    if (node->kind != TREE_TEXT || !ids)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (!strcmp (ids[i], id))
            return (int)i;
    const char *nearest = words_nearest (id, ids, count);
    if (nearest)
        problem_add (decoder, node, false, "unknown %s '%.60s', did you mean '%s'?", kind, id, nearest);
    else
        problem_add (decoder, node, false, "unknown %s '%.60s'", kind, id);
    return -1;
}

const char *const *
ids_of (struct decoder *decoder, const void *items, size_t count, size_t size, size_t offset)
{
    const char **ids = decode_alloc (decoder, count, sizeof *ids);
    for (size_t i = 0; ids && i < count; i++)
        memcpy (&ids[i], (const char *)items + i * size + offset, sizeof *ids);
    return ids;
}

profile_track_set
field_tracks (struct fields *fields)
{
    struct decoder *decoder = fields->decoder;
    struct profile *profile = decoder->profile;
    size_t count;
    struct tree_node *node = field_list (fields, "tracks", OPTIONAL, &count);
    if (!node)
        return UINT32_MAX;
    const char *const *ids = ids_of (decoder, profile->tracks, profile->track_count, sizeof *profile->tracks,
                                     offsetof (struct profile_track, id));
    profile_track_set set = 0;
    for (; node; node = node->next) {
        int track = reference_of (decoder, node, "track", ids, profile->track_count);
        set |= track < 0 ? 0 : UINT32_C (1) << track;
    }
    return set;
}
