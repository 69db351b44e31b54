/* Letters with their list of applications and the acts done on them, and the numbers they take. A letter's list and
 * content never change: what must be otherwise is returned, and drafted as another letter. */
#pragma once

#include "common/domain/profile.h"
#include "common/engine/service.h"

struct letter_file {
    int64_t tenant;
    struct uuid letter_id;
    int32_t ordinal;
    struct uuid application_id;
    struct uuid dossier_id; /* it was written from */
};

struct letter_act {
    int64_t tenant;
    struct uuid letter_id;
    int32_t ordinal;
    const char *act;  /* of the profile */
    const char *kind; /* "draft", "paraf", "sign", "deliver" */
    int32_t role;     /* Padan__Role */
    struct uuid person_id;
    const char *name;
    int64_t at;
    struct bytes content_sha256;
    int64_t voided_at; /* 0: it stands */
};

struct office_letter {
    int64_t tenant;
    struct uuid id;
    int64_t version;
    const char *state;  /* letter_moves.h */
    const char *letter; /* the profile's id of it */
    const char *track;
    struct bytes profile_sha256;
    int32_t people;
    const char *act; /* of the profile, that waits; "" none */
    int32_t role;
    int64_t since, due_at;
    struct bytes content_sha256;
    int64_t drafted_at;
    const char *number;
    struct uuid number_id;
    int64_t sequence;
    int64_t signed_at;
    const char *signer_title, *signer_name, *signer_rank, *signer_nip; /* in office when it was signed */
    struct bytes pdf_sha256;
    int64_t pdf_size;
    const char *delivered_to, *receiver;
    int64_t delivered_at;
    const char *reason;
    struct letter_file *files;
    size_t n_files;
    struct letter_act *acts;
    size_t n_acts;
};

/* What every paraf on a letter covers; never changed, and letters are printed from it alone. */
struct letter_content {
    int64_t tenant;
    struct uuid id;       /* the letter */
    struct bytes content; /* canonical: common/letter/letter.h */
};

/* The last number taken of a class in a year; rows are locked last and only while a signature commits. */
struct letter_number {
    int64_t tenant;
    struct uuid id; /* letter_number_id */
    const char *class_code, *unit;
    int32_t year;
    int64_t last;
};

extern const struct table letter_table, letter_content_table, letter_number_table;

void letter_file_add (struct unit *unit, struct office_letter *letter, struct uuid application_id,
                      struct uuid dossier_id);
/* Notes that the message's person did an act on the letter as it is. */
void letter_act_add (struct unit *unit, struct office_letter *letter, const char *act, const char *kind, int32_t role,
                     const struct message *message);
/* Acts on it from the profile's act `from` on, but for its draft, do not count any more. */
void letter_acts_void (struct office_letter *letter, const struct profile *profile, int from, int64_t now);
struct uuid letter_number_id (const char *class_code, const char *unit, int year);
