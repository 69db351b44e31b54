/* Reading a tree strictly: each getter reports what is wrong with line, column and path and goes on, so that one run
 * shows every error. Internal to the profile reader. */
#pragma once

#include "common/domain/profile.h"
#include "common/domain/profile_yaml.h"

struct decoder {
    struct arena *arena;
    struct profile *profile;
    struct profile_problems *problems;
    bool published; /* by rules of its time: see profile_parse_published */
    bool failed;    /* out of memory */
};

enum { FIELDS = 24 }; /* keys one map may have */

/* A map being read: remembers what was asked for, so that closing it refuses everything else. */
struct fields {
    struct decoder *decoder;
    struct tree_node *node; /* NULL: absent or no map; every getter then gives its default */
    const char *asked[FIELDS];
    size_t count;
};

/* Notes a problem at node (at its key if `at_key`). */
void problem_add (struct decoder *decoder, const struct tree_node *node, bool at_key, const char *format, ...)
    __attribute__ ((format (printf, 4, 5)));
void *decode_alloc (struct decoder *decoder, size_t count, size_t size); /* zeroed; NULL notes the failure */

struct fields fields_open (struct decoder *decoder, struct tree_node *node);
void fields_close (struct fields *fields); /* unknown keys become problems, unless it was published with them */

enum { REQUIRED = true, OPTIONAL = false };
struct tree_node *field_node (struct fields *fields, const char *key, bool required);
struct tree_node *field_map (struct fields *fields, const char *key, bool required);
/* Items of a list, at most PROFILE_ITEMS; NULL with *ret_count 0 when absent or empty. */
struct tree_node *field_list (struct fields *fields, const char *key, bool required, size_t *ret_count);
const char *field_text (struct fields *fields, const char *key, bool required); /* "" absent; never empty if required */
const char *field_id (struct fields *fields);                                   /* "id": a-z 0-9 _ , required */
struct profile_texts field_texts (struct fields *fields, const char *key);
int field_int (struct fields *fields, const char *key, bool required, int least, int most, int otherwise);
bool field_bool (struct fields *fields, const char *key, bool otherwise);
int32_t field_date (struct fields *fields, const char *key);
/* A word of a vocabulary; `otherwise` when absent and not required, and after a problem. */
int field_word (struct fields *fields, const char *key, const struct words *words, bool required, int otherwise);
/* A list of words as bits. */
uint32_t field_word_set (struct fields *fields, const char *key, const struct words *words);
int word_of (struct decoder *decoder, const struct tree_node *node, const struct words *words, int otherwise);

/* An id or a list of ids of things defined elsewhere in the profile. ids: their names, `kind` for messages. */
int reference_of (struct decoder *decoder, const struct tree_node *node, const char *kind, const char *const *ids,
                  size_t count);
/* The ids of `count` structs of `size` bytes whose id stands at `offset`, in the arena. */
const char *const *ids_of (struct decoder *decoder, const void *items, size_t count, size_t size, size_t offset);

/* Sections, in the order they depend on each other. */
void decode_office (struct decoder *decoder, struct fields *root);
void decode_calendar (struct decoder *decoder, struct fields *root);
void decode_papers (struct decoder *decoder, struct fields *root);
void decode_tracks (struct decoder *decoder, struct fields *root);
void decode_dukcapil (struct decoder *decoder, struct fields *root);
void decode_checks (struct decoder *decoder, struct fields *root);
void decode_letters (struct decoder *decoder, struct fields *root);
void decode_acts (struct decoder *decoder, struct fields *root);
void decode_sending (struct decoder *decoder, struct fields *root);

/* "tracks: [baru]"; absent means all. */
profile_track_set field_tracks (struct fields *fields);
