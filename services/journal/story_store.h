/* One subject's story: where it stands, what waits for its turn, and what is added to its history in this batch. */
#pragma once

#include "services/journal/event.h"
#include "common/engine/service.h"

enum {
    STORY_IDS = 64,  /* versions whose event ids are remembered: a repeat comes soon or never */
    STORY_HELD = 64, /* events of one subject that may wait for others; more are parked */
    ID_TAIL = 8,     /* bytes of an event id that are random */
};

struct held {
    int64_t tenant;
    struct uuid story;
    int32_t ordinal;
    int64_t version; /* 0: empty */
    struct uuid event_id;
    const char *log;
    struct bytes envelope;
    int64_t held_at;
};

struct person {
    int64_t tenant;
    struct uuid application_id;
    int32_t ordinal, slot;
    int64_t version;
    const char *name, *normal;
    int64_t nik, kk;
    bool head;
};

struct person_word {
    int64_t tenant;
    struct uuid application_id;
    int32_t ordinal;
    const char *word;
    int64_t version;
};

/* A letter that the application has been on. */
struct story_letter {
    int64_t tenant;
    struct uuid application_id;
    int32_t ordinal;
    struct uuid letter_id;
};

struct story {
    int64_t tenant;
    struct uuid id;
    int64_t version;
    const char *kind, *ticket, *ticket_key, *state, *holder, *waits_for;
    int64_t due_at;
    const char *place;
    int32_t people, excluded;
    int64_t people_version;
    struct bytes ids;
    struct uuid follower_id;
    int64_t changed_at;
    struct held *held; /* all of them; the others are only added to */
    size_t n_held;
    struct event_row *events;
    size_t n_events;
    struct person *people_added;
    size_t n_people_added;
    struct person_word *words_added;
    size_t n_words_added;
    struct story_letter *letters_added;
    size_t n_letters_added;
};
enum { STORY_CHILD_HELD, STORY_CHILD_EVENTS, STORY_CHILD_PEOPLE, STORY_CHILD_WORDS, STORY_CHILD_LETTERS };
extern const struct table story_table;

/* To be changed; made when it is not there yet. Its key must have been named. */
struct story *story_edit (struct unit *unit, int64_t tenant, struct uuid id);
/* An empty place for an event that waits; NULL: too many wait. */
struct held *story_held_add (struct unit *unit, struct story *story);
struct event_row *story_event_add (struct unit *unit, struct story *story);
/* Its row in this batch: the one it had, or a new one. */
struct person *story_person (struct unit *unit, struct story *story, int32_t slot);
struct person_word *story_word (struct unit *unit, struct story *story, const char *word);
/* The letter's story is told with this one from now on. */
void story_letter_add (struct unit *unit, struct story *story, struct uuid letter_id);

/* Remembers the event that made the newest version. */
void story_ids_add (struct unit *unit, struct story *story, struct uuid event_id);
/* Did this event make that version? False also for versions too old to know. */
bool story_ids_know (const struct story *story, int64_t version, struct uuid event_id);
