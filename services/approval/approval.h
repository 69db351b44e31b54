/* approval: files from their sending to their approval, letters with paraf, number and signature. */
#pragma once

#include "common/base/store.h"
#include "common/profiles/profiles.h"
#include "services/approval/bulk_store.h"
#include "services/approval/file_moves.h"
#include "services/approval/letter_moves.h"

enum {
    APPROVAL_OFFICERS = 1 << PADAN__ROLE__ROLE_OPERATOR | 1 << PADAN__ROLE__ROLE_KABID | 1 << PADAN__ROLE__ROLE_SEKDIS |
                        1 << PADAN__ROLE__ROLE_KADIS,
    APPROVAL_READERS = APPROVAL_OFFICERS | 1 << PADAN__ROLE__ROLE_AUDITOR,
    LETTER_FILES_MAX = 500,  /* applications on one letter: they move in one transaction */
    BULK_TARGETS_MAX = 500,  /* of one request; more come as another */
    REASON_MAX = 1000,       /* bytes: a few sentences */
    RECEIVER_MAX = 200,      /* bytes: a name with titles, an office */
    LETTER_NUMBER_MAX = 200, /* bytes of a letter's number */
    PAGE_MAX = 200,          /* lines of one answer */
};

struct approval_settings {
    char *store; /* directory of the content store */
};
extern struct approval_settings approval_settings;
extern struct store *approval_store; /* opened at the start */
extern const struct service approval_service;

/* An application on a letter. */
struct listed {
    struct uuid application_id, dossier_id;
    struct bytes sent; /* packed ApplicationSent; only where the gather function says so */
};

/* What gather found for a message: message->facts. */
struct approval_facts {
    enum rc rc; /* not RC_OK: the message is refused with `err` */
    struct err err;
    const struct profile *profile; /* of the file, the letter, or the first application listed; NULL: no such row */
    struct uuid dossier_id;        /* of the file when it was looked at */
    struct bytes sent;             /* likewise */
    struct uuid letter_id;         /* the letter, or the one the file was on */
    struct listed *list;           /* that letter's list */
    size_t n_list;
    const struct profile_letter *kind; /* of the letter, where its content was gathered */
    struct bytes content;              /* of the letter as it was drafted, or would be; empty: it was never kept */
    uint8_t content_sha256[32];        /* of that */
    uint32_t people;                   /* on it */
    /* only where it is signed */
    int32_t day;                             /* when */
    const struct profile_official *official; /* in office that day by the procedure in force; NULL nobody */
    struct uuid number_id;                   /* the row its number comes from that year */
};

/* The profile of the dossier that came. */
gather_fn gather_sent;
/* Messages about a file: its profile, what was sent with it, and the list of the letter it is on. */
gather_fn gather_file;
/* Messages about a letter: its profile and list. gather_letter_sent adds what was sent with each and its content,
 * gather_sign who is in office to sign it and the row of its number. */
gather_fn gather_letter, gather_letter_sent, gather_sign;
/* DraftLetter: the letter it would be. */
gather_fn gather_draft;
/* The rows facts name: the file and its letter with all on it; the letter with all on it; that and its number. */
keys_fn keys_file, keys_letter, keys_sign;

decide_fn on_application_sent, on_receive_file, on_return_file, on_reject_file, on_draft_letter, on_clear_letter,
    on_sign_letter, on_deliver_letter, on_return_letter, on_void_letter, on_act_on_many, on_letter_sealed,
    on_bulk_target;
keys_fn on_application_sent_keys, on_draft_letter_keys, on_act_on_many_keys, on_letter_sealed_keys, on_bulk_target_keys;
gather_fn on_bulk_target_gather;
work_fn on_seal_work;
query_fn query_list_inbox, query_get_file, query_get_letter, query_get_letter_preview, query_list_letters,
    query_list_bulk_results;

/* Zeroed memory that must be there. */
static inline void *
approval_memory (struct arena *arena, size_t count, size_t size)
{
    void *bytes = arena_array (arena, count + 1, size);
    MUST (bytes); /* lists are bounded far below the arenas' limits */
    return bytes;
}
