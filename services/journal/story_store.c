#include "services/journal/story_store.h"

#include <string.h>

#include "journal_sql.h"

static const struct db_column held_columns[] = {
    DB_COLUMN (DB_INT8, held, tenant),    DB_COLUMN (DB_UUID, held, story),    DB_COLUMN (DB_INT4, held, ordinal),
    DB_COLUMN (DB_INT8, held, version),   DB_COLUMN (DB_UUID, held, event_id), DB_COLUMN (DB_TEXT, held, log),
    DB_COLUMN (DB_BYTES, held, envelope), DB_COLUMN (DB_TIME, held, held_at),
};

static const struct db_column person_columns[] = {
    DB_COLUMN (DB_INT8, person, tenant),  DB_COLUMN (DB_UUID, person, application_id),
    DB_COLUMN (DB_INT4, person, ordinal), DB_COLUMN (DB_INT4, person, slot),
    DB_COLUMN (DB_INT8, person, version), DB_COLUMN (DB_TEXT, person, name),
    DB_COLUMN (DB_TEXT, person, normal),  DB_COLUMN (DB_INT8_NULL, person, nik),
    DB_COLUMN (DB_INT8_NULL, person, kk), DB_COLUMN (DB_BOOL, person, head),
};

static const struct db_column word_columns[] = {
    DB_COLUMN (DB_INT8, person_word, tenant),  DB_COLUMN (DB_UUID, person_word, application_id),
    DB_COLUMN (DB_INT4, person_word, ordinal), DB_COLUMN (DB_TEXT, person_word, word),
    DB_COLUMN (DB_INT8, person_word, version),
};

static const struct db_column letter_columns[] = {
    DB_COLUMN (DB_INT8, story_letter, tenant),
    DB_COLUMN (DB_UUID, story_letter, application_id),
    DB_COLUMN (DB_INT4, story_letter, ordinal),
    DB_COLUMN (DB_UUID, story_letter, letter_id),
};

static const struct db_column story_columns[] = {
    DB_COLUMN (DB_INT8, story, tenant),     DB_COLUMN (DB_UUID, story, id),
    DB_COLUMN (DB_INT8, story, version),    DB_COLUMN (DB_TEXT, story, kind),
    DB_COLUMN (DB_TEXT, story, ticket),     DB_COLUMN (DB_TEXT, story, ticket_key),
    DB_COLUMN (DB_TEXT, story, state),      DB_COLUMN (DB_TEXT, story, holder),
    DB_COLUMN (DB_TEXT, story, waits_for),  DB_COLUMN (DB_TIME, story, due_at),
    DB_COLUMN (DB_TEXT, story, place),      DB_COLUMN (DB_INT4, story, people),
    DB_COLUMN (DB_INT4, story, excluded),   DB_COLUMN (DB_INT8, story, people_version),
    DB_COLUMN (DB_BYTES, story, ids),       DB_COLUMN (DB_UUID, story, follower_id),
    DB_COLUMN (DB_TIME, story, changed_at),
};

#define CHILD(NAME, STRUCT, COLUMNS, N_COLUMNS, ROWS, COUNT)                                                           \
    {                                                                                                                  \
        .name = #NAME, .row_size = sizeof (struct STRUCT), .columns = (COLUMNS), .n_columns = (N_COLUMNS),             \
        .load = &sql_##NAME##_load, .save = &sql_##NAME##_save, .rows_offset = offsetof (struct story, ROWS),          \
        .count_offset = offsetof (struct story, COUNT)                                                                 \
    }

static const struct child_table story_children[] = {
    [STORY_CHILD_HELD] = CHILD (held, held, held_columns, sizeof held_columns / sizeof *held_columns, held, n_held),
    [STORY_CHILD_EVENTS] = CHILD (event, event_row, event_columns, EVENT_COLUMNS, events, n_events),
    [STORY_CHILD_PEOPLE] = CHILD (person, person, person_columns, sizeof person_columns / sizeof *person_columns,
                                  people_added, n_people_added),
    [STORY_CHILD_WORDS] = CHILD (person_word, person_word, word_columns, sizeof word_columns / sizeof *word_columns,
                                 words_added, n_words_added),
    [STORY_CHILD_LETTERS] = CHILD (story_letter, story_letter, letter_columns,
                                   sizeof letter_columns / sizeof *letter_columns, letters_added, n_letters_added),
};

const struct table story_table = {
    .name = "story",
    .row_size = sizeof (struct story),
    .columns = story_columns,
    .n_columns = sizeof story_columns / sizeof *story_columns,
    .load = &sql_story_load,
    .insert = &sql_story_insert,
    .update = &sql_story_update,
    .children = story_children,
    .n_children = sizeof story_children / sizeof *story_children,
};

struct story *
story_edit (struct unit *unit, int64_t tenant, struct uuid id)
{
    if (unit_peek (unit, &story_table, tenant, id))
        return unit_edit (unit, &story_table, tenant, id);
    struct story *story = unit_create (unit, &story_table, tenant, id);
    story->kind = story->ticket = story->ticket_key = story->state = story->holder = story->waits_for = story->place =
        "";
    story->ids = (struct bytes){ (const uint8_t *)"", 0 };
    story->changed_at = unit_now (unit);
    return story;
}

struct held *
story_held_add (struct unit *unit, struct story *story)
{
    for (size_t i = 0; i < story->n_held; i++)
        if (!story->held[i].version)
            return &story->held[i];
    if (story->n_held == STORY_HELD)
        return NULL;
    return unit_child_add (unit, &story_table, story, &story_children[STORY_CHILD_HELD]);
}

struct event_row *
story_event_add (struct unit *unit, struct story *story)
{
    return unit_child_add (unit, &story_table, story, &story_children[STORY_CHILD_EVENTS]);
}

struct person *
story_person (struct unit *unit, struct story *story, int32_t slot)
{
    for (size_t i = 0; i < story->n_people_added; i++)
        if (story->people_added[i].slot == slot)
            return &story->people_added[i];
    struct person *person = unit_child_add (unit, &story_table, story, &story_children[STORY_CHILD_PEOPLE]);
    person->slot = slot;
    return person;
}

struct person_word *
story_word (struct unit *unit, struct story *story, const char *word)
{
    for (size_t i = 0; i < story->n_words_added; i++)
        if (strcmp (story->words_added[i].word, word) == 0)
            return &story->words_added[i];
    struct person_word *row = unit_child_add (unit, &story_table, story, &story_children[STORY_CHILD_WORDS]);
    row->word = word;
    return row;
}

void
story_letter_add (struct unit *unit, struct story *story, struct uuid letter_id)
{
    for (size_t i = 0; i < story->n_letters_added; i++)
        if (uuid_compare (story->letters_added[i].letter_id, letter_id) == 0)
            return;
    struct story_letter *row = unit_child_add (unit, &story_table, story, &story_children[STORY_CHILD_LETTERS]);
    row->letter_id = letter_id;
}

void
story_ids_add (struct unit *unit, struct story *story, struct uuid event_id)
{
    size_t kept = story->ids.size < STORY_IDS * ID_TAIL ? story->ids.size : (STORY_IDS - 1) * ID_TAIL;
    uint8_t *ids = arena_alloc (unit_arena (unit), kept + ID_TAIL);
    MUST (ids);
    if (kept)
        memcpy (ids, story->ids.data + story->ids.size - kept, kept);
    memcpy (ids + kept, event_id.bytes + sizeof event_id - ID_TAIL, ID_TAIL);
    story->ids = (struct bytes){ ids, kept + ID_TAIL };
}

bool
story_ids_know (const struct story *story, int64_t version, struct uuid event_id)
{
    int64_t back = story->version - version; /* 0: the newest */
    if (version <= 0 || back < 0 || (back + 1) * ID_TAIL > (int64_t)story->ids.size)
        return false;
    const uint8_t *tail = story->ids.data + story->ids.size - (size_t)(back + 1) * ID_TAIL;
    return memcmp (tail, event_id.bytes + sizeof event_id - ID_TAIL, ID_TAIL) == 0;
}
