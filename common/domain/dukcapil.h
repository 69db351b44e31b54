/* What an answer of the civil registry's web service means (domain 2). Offices set their own rule for "padan", so the
 * rule is data: a named, versioned policy out of the profile. Pure; the transport is elsewhere. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { DUKCAPIL_RULES = 24, DUKCAPIL_PAIRS = 64 }; /* the service has 18 match fields and about 30 in full records */

/* What software does with an answer. */
enum dukcapil_class {
    DUKCAPIL_VERDICT, /* result says it */
    DUKCAPIL_WAIT,    /* quota, access hours, timeout, 5xx: keep the request and ask later */
    DUKCAPIL_SETUP,   /* login, address, parameters: stop asking, tell the administrator */
};

enum dukcapil_result {
    DUKCAPIL_NONE, /* class is not VERDICT */
    DUKCAPIL_PADAN,
    DUKCAPIL_NOTED,     /* padan dengan catatan */
    DUKCAPIL_CONFIRM,   /* perlu konfirmasi: a person looks */
    DUKCAPIL_MISMATCH,  /* tidak padan */
    DUKCAPIL_DEAD,      /* meninggal */
    DUKCAPIL_DOUBLE,    /* ganda: a person looks */
    DUKCAPIL_INACTIVE,  /* nonaktif */
    DUKCAPIL_NOT_FOUND, /* tidak ditemukan */
    DUKCAPIL_RESULT_END,
};

/* One field as it came in content[0], and what we had asked about (NULL if not sent). */
struct dukcapil_pair {
    const char *name, *value, *sent;
};

/* What questions to the service can hold: all that we know of a person. A policy that judged another field would find
 * everybody unanswered. */
#define DUKCAPIL_ASKED(X)                                                                                              \
    X (NIK) X (NO_KK) X (NAMA_LGKP) X (TMPT_LHR) X (TGL_LHR) X (JENIS_KLMIN) X (STATUS_KAWIN) X (ALAMAT)
#define DUKCAPIL_X(name) DUKCAPIL_ASKED_##name,
enum dukcapil_asked { DUKCAPIL_ASKED (DUKCAPIL_X) DUKCAPIL_ASKED_END };
#undef DUKCAPIL_X
extern const char *const dukcapil_asked[DUKCAPIL_ASKED_END]; /* their names, as the service writes them */

enum dukcapil_need {
    DUKCAPIL_EXACT, /* "Sesuai", score 100 or absent, or an echo of what was sent; else tidak padan */
    DUKCAPIL_SCORE, /* at least `minimum`; from `confirm` on a person looks; below: tidak padan */
    DUKCAPIL_WARN,  /* a difference is only noted */
};

struct dukcapil_rule {
    const char *field; /* as the service names it: NAMA_LGKP */
    enum dukcapil_need need;
    int minimum, confirm; /* 0..100, for DUKCAPIL_SCORE; confirm <= minimum */
    bool optional;        /* no answer for it is fine; otherwise a person looks */
};

struct dukcapil_policy {
    const char *name;
    int version;
    int threshold; /* sent as TRESHOLD, 1..100 */
    struct dukcapil_rule rules[DUKCAPIL_RULES];
    size_t rule_count;
};

/* Do they judge every answer alike? Name and version are not looked at. */
bool dukcapil_policy_equal (const struct dukcapil_policy *a, const struct dukcapil_policy *b);

enum dukcapil_match { DUKCAPIL_SAME, DUKCAPIL_NEAR, DUKCAPIL_DIFFERENT, DUKCAPIL_UNANSWERED };

/* How one field was judged; in the policy's order. Evidence to be stored: no personal data in it. */
struct dukcapil_field {
    const char *field; /* borrowed from the policy */
    enum dukcapil_match match;
    int score;    /* 0..100, -1 none given */
    bool decided; /* this field brought the result down to what it is */
};

struct dukcapil_answer {
    enum dukcapil_class class;
    enum dukcapil_result result;
    char code[8]; /* RESPONSE_CODE with two digits, "" absent */
    struct dukcapil_field fields[DUKCAPIL_RULES];
    size_t field_count;
};

/* Judges content[0], given as its members. Codes nobody documented go to a person, not to a guess. */
void dukcapil_judge (const struct dukcapil_policy *policy, const struct dukcapil_pair *pairs, size_t count,
                     struct dukcapil_answer *ret);

/* When there is no content[0]: status 0 is a timeout or a broken connection. 200 with an unreadable body is WAIT. */
enum dukcapil_class dukcapil_http_class (long status);

/* "Sesuai (100)", "Tidak Sesuai (59)", "sesuai" in any case; false for anything else. *ret_score -1 when absent. */
bool dukcapil_match_parse (const char *value, bool *ret_same, int *ret_score);

const char *dukcapil_result_name (enum dukcapil_result result); /* stable: "padan_dengan_catatan" */
const char *dukcapil_result_text (enum dukcapil_result result); /* Bahasa Indonesia */
bool dukcapil_result_find (const char *name, enum dukcapil_result *ret);
