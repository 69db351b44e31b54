/* A procedure as data: everything the last section of the five procedures' page asks for, read from YAML and checked.
 * Published versioned and immutable; known by the SHA-256 of its bytes, which are the file's bytes as they are.
 * All strings and lists live in the arena given to profile_parse. Text that is absent is "", never NULL. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/arena.h"
#include "common/base/err.h"
#include "common/domain/calendar.h"
#include "common/domain/date_read.h"
#include "common/domain/dukcapil.h"
#include "common/domain/profile_words.h"

enum {
    PROFILE_BYTES = 256 * 1024, /* the fullest office is under 40 KB */
    PROFILE_ITEMS = 64,         /* in any list: acts, papers, rules, officials … */
    PROFILE_TRACKS = 32,        /* tracks are bits of a uint32_t */
    PROFILE_TEXT = 2000,        /* bytes of one text */
    PROFILE_PROBLEMS = 64,      /* reported at once */
    PROFILE_HASH = 32,
    PROFILE_STANDARD_DAYS = 1, /* working days for what has no standard: nothing waits without an end */
};

/* Bits: 1 << enum condition. */
typedef uint32_t profile_conditions;
/* Bits: 1 << index into profile.tracks. */
typedef uint32_t profile_track_set;

struct profile_texts {
    const char **items;
    size_t count;
};

struct profile_procedure { /* what the law wants published; no fee field: the service is free */
    const char *name, *number, *approved_by, *warning;
    int32_t made, revised, approved; /* DATE_NONE: not stated */
    struct profile_texts legal_basis, qualified, related, equipment, records;
};

struct profile_office {
    const char *code;   /* Kemendagri code of the kabupaten or kota, "12.72" */
    const char *tenant; /* "Kota Pematangsiantar" */
    const char *name;   /* "Dinas Sosial …" */
    const char *place;  /* where letters are dated */
    const char *bpjs;   /* whom letters are addressed to */
    const char *complaints;
};

struct profile_letterhead { /* kop surat (domain 5.1) */
    const char *government;
    struct profile_texts names; /* at most 3 lines */
    const char *address, *phone, *email, *website, *postal_code;
};

struct profile_official {
    enum role role;
    const char *title; /* as over the signature */
    const char *name;  /* "": not filled in yet, nothing can be signed */
    const char *rank, *nip;
    const char *acting;  /* "", "Plt.", "Plh.", "Pj.", "Pjs." */
    int32_t from, until; /* in office, both included; DATE_NONE: open */
};

struct profile_payer {
    const char *id, *name, *segment; /* segment: as BPJS writes it */
    enum payer_level level;
};

struct profile_paper {
    const char *id, *name;
    enum scope per;                 /* SCOPE_PERSON or SCOPE_FAMILY */
    struct profile_texts signed_by; /* who must have signed: roles or other people, as text */
    bool materai, paid_up, original;
    struct profile_texts photos; /* it is these photos, each attached for itself: "atap", "lantai", "dinding" */
    int valid_days;              /* from its date; 0 for ever */
    profile_conditions evidence; /* what it proves of its person or of everybody, for papers, rules and priority */
};

/* One thing a track asks for: any one of the papers, when any of the conditions holds (0: always). */
struct profile_need {
    const int *any_of; /* indices into profile.papers */
    size_t count;
    profile_conditions when;
    bool optional;
};

struct profile_expectation { /* what BPJS is to do and by when */
    enum stage from, until;
    enum time_unit unit;
    int at_least, at_most;
};

struct profile_track {
    const char *id, *name;
    enum purpose purpose;
    int payer; /* index, -1: chosen by a rule */
    const struct profile_need *needs;
    size_t need_count;
    enum schedule schedule;
    int day;              /* SCHEDULE_MONTHLY: day of the month, moved back to a working day */
    enum channel channel; /* how it reaches BPJS */
    bool quota;           /* counts against profile.quota */
    const struct profile_expectation *expectations;
    size_t expectation_count;
};

struct profile_rule {
    uint32_t outcomes;        /* bits: index into check_outcomes */
    profile_track_set tracks; /* all bits: every track */
    profile_conditions when;  /* 0 always; any of */
    enum consequence then;
    int payer;           /* payer this outcome chooses, -1 none */
    const char *message; /* to officers, Indonesian */
};

struct profile_check {
    enum check check;
    profile_track_set tracks;
    const struct profile_rule *rules; /* the first that fits decides */
    size_t rule_count;
};

struct profile_act {
    const char *id, *name; /* id unique; name as in the procedure's table */
    enum act act;
    enum role role;
    enum channel channel; /* with output: what the procedure's table says, drawn and published; decides nothing */
    const char *output;
    int standard_minutes; /* 0: none given */
    int stage;            /* enum stage reached when done, -1 none */
    profile_track_set tracks;
    uint64_t different_from; /* bits: indices of earlier acts another person must have done */
    int letter;              /* index of the letter drafted, cleared, signed or carried, -1 none */
};

struct profile_letter {
    const char *id, *opening, *closing;
    enum letter_kind kind;
    const char *title;                      /* over the number; "" for a cover letter, which has these instead: */
    const char *subject, *sifat, *lampiran; /* Hal, and what stands above it, "" left out */
    enum scope per;
    profile_track_set tracks;
    const char *number; /* "{class}/{sequence}/{unit}/{year}"; also {month}, {month_roman} */
    const char *class_code, *unit;
    const enum role *paraf; /* in order, at most 3 (domain 5.1) */
    size_t paraf_count;
    enum role signer;
    int list_rows;               /* SCOPE_LIST: people on one letter at most */
    struct profile_texts copies; /* tembusan */
};

struct profile_quota {
    bool limited;
    enum quota_kind kind;
    int people; /* a month, or funded in all; families go together, those without a place wait for the next closing */
};

struct profile_distribution {
    enum card_means means;
    uint32_t couriers; /* bits: 1 << enum role */
    int days;          /* working days from the card's receipt to its delivery, 0 no standard */
    bool proof;        /* receiver's name and photo or signature are asked for */
};

struct profile {
    uint8_t hash[PROFILE_HASH]; /* SHA-256 of the bytes: the profile's id */
    int version;
    const char *id; /* "pematangsiantar" */
    struct profile_office office;
    struct profile_procedure procedure;
    struct profile_letterhead letterhead;
    struct profile_official *officials;
    size_t official_count;
    struct profile_payer *payers;
    size_t payer_count;
    struct profile_paper *papers;
    size_t paper_count;
    struct profile_track *tracks;
    size_t track_count;
    struct dukcapil_policy dukcapil;
    struct profile_check *checks;
    size_t check_count;
    struct profile_act *acts;
    size_t act_count;
    struct profile_letter *letters;
    size_t letter_count;
    struct profile_quota quota;
    enum condition *priority; /* first comes first */
    size_t priority_count;
    struct profile_distribution distribution;
    struct calendar calendar;  /* weekly hours, local days; national years are added by calendar_add_year */
    const int *calendar_years; /* the year files it asks for */
    size_t calendar_year_count;
};

struct profile_problem {
    int line, column; /* in the file, from 1 */
    const char *path; /* "acts[3].role" */
    const char *text; /* "unknown role 'kabidd', did you mean 'kabid'?" */
};
struct profile_problems {
    struct profile_problem items[PROFILE_PROBLEMS];
    size_t count;
};

/* Reads and checks. RC_UNPROCESSABLE with every problem found (and *err the first: field is "line:column path"). The
 * bytes are not kept. */
enum rc profile_parse (struct bytes yaml, struct arena *arena, struct profile **ret_profile,
                       struct profile_problems *ret_problems, struct err *err);
/* One that was published before, by the rules of its time: keys that have left the vocabulary since are passed over,
 * and what is asked of new ones only is not asked. RC_UNPROCESSABLE with the first problem. */
enum rc profile_parse_published (struct bytes yaml, struct arena *arena, struct profile **ret_profile, struct err *err);
/* The same as profile_parse from a file, with the year files from calendar/ beside it already added. The only function
 * here that touches the disk. *ret_bytes: the file as read, for publishing (may be NULL). */
enum rc profile_read (const char *path, struct arena *arena, struct profile **ret_profile,
                      struct profile_problems *ret_problems, struct bytes *ret_bytes, struct err *err);

/* Index by id, -1 if there is none. */
int profile_track_find (const struct profile *profile, const char *id);
int profile_payer_find (const struct profile *profile, const char *id);
int profile_paper_find (const struct profile *profile, const char *id);
int profile_act_find (const struct profile *profile, const char *id);
int profile_letter_find (const struct profile *profile, const char *id);

/* The act that follows `after` (-1: the first) on a track, -1 at the end. */
int profile_act_next (const struct profile *profile, int track, int after);
/* What the counter does before an application is sent, ACT_ENTER to ACT_SEND: the track's act of that kind, else of the
 * next kind it has, -1 none. */
int profile_counter_act (const struct profile *profile, int track, enum act kind);
/* Until when its acts of kinds first … last are to be done that began to wait at `since`: their standards together, in
 * the office's working time; PROFILE_STANDARD_DAYS when the procedure gives none. */
int64_t profile_counter_due (const struct profile *profile, int track, enum act first, enum act last, int64_t since);
/* What waits once the counter has sent it: the track's first act of a later kind, -1 none. */
int profile_office_act (const struct profile *profile, int track);
/* Until when an act is to be done that began to wait at `since`: its standard in the office's working time;
 * PROFILE_STANDARD_DAYS when the procedure gives none. */
int64_t profile_act_due (const struct profile *profile, int act, int64_t since);
/* The track's letter, -1 if it has none. */
int profile_letter_of (const struct profile *profile, int track);
/* When the track's people must have reached `until` who reached `from` at `at`: the first expectation that begins
 * there and goes that far. The end of the working day of `at` when none does: somebody looks. */
int64_t profile_due (const struct profile *profile, int track, enum stage from, enum stage until, int64_t at);
/* Who holds a role on a day, NULL vacant. An acting official goes before the one acted for. */
const struct profile_official *profile_official_on (const struct profile *profile, enum role role, int32_t day);

/* The rule for what a check found; NULL when the check does not concern the track. outcome: index into
 * check_outcomes. A profile that parsed has a rule for every outcome of every track its checks name. */
const struct profile_rule *profile_rule_for (const struct profile *profile, enum check check, int outcome, int track,
                                             profile_conditions facts);

/* Papers still missing: needs of the track of that scope (SCOPE_PERSON for one member, SCOPE_FAMILY once) whose
 * condition holds for `facts` and that no held paper meets. held: indices of papers that are there and valid. Writes
 * at most `room` need indices and returns how many are missing. */
size_t profile_missing (const struct profile *profile, int track, enum scope per, profile_conditions facts,
                        const int *held, size_t held_count, int *ret_needs, size_t room);
/* "SKTM" or "KTP atau akta kelahiran". */
const char *profile_need_text (const struct profile *profile, const struct profile_need *need, struct arena *arena);

/* A letter's number. sequence counts in (office, class, year). */
enum rc profile_number (const struct profile_letter *letter, int64_t sequence, int32_t day, char *ret, size_t size,
                        struct err *err);
/* The first position in profile.priority among the facts; priority_count if none. Lower goes first. */
size_t profile_priority (const struct profile *profile, profile_conditions facts);

/* The procedure as an aligned text drawing, in the arena; NULL past its limit. */
const char *profile_draw (const struct profile *profile, struct arena *arena);
