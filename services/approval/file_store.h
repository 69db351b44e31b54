/* Files: applications while approval holds them, what was sent with them, and who did which act on them. */
#pragma once

#include "common/engine/service.h"
#include "approval.pb-c.h"
#include "intake.pb-c.h"

struct file_act {
    int64_t tenant;
    struct uuid file_id;
    int32_t ordinal;
    const char *act;
    struct uuid person_id; /* nil: nobody is known */
    const char *name;
    int64_t at;
};

struct file {
    int64_t tenant;
    struct uuid id; /* the application */
    int64_t version;
    const char *state; /* file_moves.h */
    const char *ticket, *track, *village;
    int32_t people;
    struct bytes profile_sha256;
    struct uuid dossier_id;
    struct uuid letter_id; /* nil: on none */
    const char *act;       /* of the profile, that waits; "" none */
    int32_t role;          /* Padan__Role it waits for; 0: none, or it waits with its letter */
    int64_t since, due_at;
    struct uuid entered_by, sent_by;
    const char *reason; /* of its newest return or rejection */
    struct file_act *acts;
    size_t n_acts;
};

/* What intake sent, never changed. */
struct dossier {
    int64_t tenant;
    struct uuid id; /* dossier_id_of */
    struct uuid application_id;
    int64_t version;
    struct bytes sent; /* packed ApplicationSent */
};

extern const struct table file_table, dossier_table;

struct uuid dossier_id_of (struct uuid application_id, int64_t version);
/* Notes that the message's person did an act on the file. */
void file_act_add (struct unit *unit, struct file *file, const char *act, const struct message *message);
struct uuid message_person (const struct message *message); /* nil: none */
