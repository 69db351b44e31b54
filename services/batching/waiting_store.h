/* An approved application and its people, as rows. The one place that changes their states. */
#pragma once

#include "services/batching/person_moves.h"

struct person {
    int64_t tenant;
    struct uuid application_id;
    int32_t ordinal;
    struct uuid member_id;
    int64_t nik;       /* 0: a newborn without one */
    const char *state; /* person_moves.h */
    int32_t line;      /* in the batch file, 0 not yet */
    const char *card_number;
    int32_t active_date; /* DATE_NONE */
    const char *reason;
    int64_t decided_at;
};

struct waiting {
    int64_t tenant;
    struct uuid id; /* the application */
    int64_t version;
    const char *state; /* waiting, batched, finished */
    const char *track, *ticket;
    bool transfer;
    int32_t priority;
    int32_t n_people, accepted, refused;
    int64_t since, due_at;
    int32_t due_day;
    struct uuid batch_id;
    const char *letter_number;
    struct bytes profile_sha256;
    struct bytes dossier; /* packed */
    struct person *people;
    size_t count;
};

extern const struct table waiting_table;

struct person *waiting_person_add (struct unit *unit, struct waiting *waiting);
struct person *waiting_person_find (struct waiting *waiting, struct uuid member_id);
Padan__Common__V1__Dossier *waiting_dossier (const struct waiting *waiting, struct arena *arena);

/* Tells its log: the version rises by one. */
void waiting_emit (struct unit *unit, struct waiting *waiting, const void *event);
/* ApplicationQueued, with its people and day. */
void waiting_emit_queued (struct unit *unit, struct waiting *waiting);

/* A person's outcome, and the application's end with the last one. The move must be legal (person_move). */
struct outcome {
    struct uuid batch_id; /* nil: refused before any */
    const char *card_number;
    int32_t active_date; /* DATE_NONE: not stated */
    const char *reason;
};
void waiting_accept (struct unit *unit, struct waiting *waiting, struct person *person, const struct outcome *outcome);
void waiting_refuse (struct unit *unit, struct waiting *waiting, struct person *person, const struct outcome *outcome);
