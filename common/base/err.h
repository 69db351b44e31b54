/* Result codes and the error a caller owns. Libraries fill it and return; only the engine logs it, once. */
#pragma once

#include <stddef.h>

enum rc {
    RC_OK = 0,
    RC_INVALID,         /* not understood: malformed bytes, unknown field */
    RC_UNAUTHENTICATED, /* nobody, or a session that ended */
    RC_FORBIDDEN,       /* known, without the role or the place */
    RC_NOT_FOUND,       /* does not exist, or is another tenant's */
    RC_CONFLICT,        /* not a legal move in this state */
    RC_STALE,           /* another version than the one the sender saw */
    RC_UNPROCESSABLE,   /* understood, and wrong in the fields named */
    RC_KEY_REUSED,      /* same idempotency key with another body */
    RC_BUSY,            /* a bounded queue is full: come back later; never stored */
    RC_EXPIRED,         /* its deadline passed before it was decided */
    RC_RETRY,           /* the database asks to run the transaction again (40001, 40P01, lost connection) */
    RC_LOST,            /* compare-and-set lost: somebody else did this work */
    RC_UNKNOWN,         /* COMMIT was sent and its answer was not seen */
    RC_CORRUPT,         /* stored bytes do not say what they must */
    RC_INTERNAL,        /* a defect or the machine: memory, disk, a library */
    RC_END,
};

/* One of several things wrong at once: as in struct err. */
struct err_field {
    const char *code, *field, *argument; /* argument NULL: none */
};

/* Owned by the caller, filled by the callee, valid only when it returned something else than RC_OK. */
struct err {
    enum rc rc;
    char code[64];     /* stable dotted code, "intake.paper_missing"; "" when only the text says it */
    char field[96];    /* JSON pointer or file position it concerns; "" none */
    char text[256];    /* for people who run the system; never personal data */
    char argument[96]; /* {0} of the code's translated text: a ticket, who holds it; "" none, never personal data */
    const struct err_field *fields; /* all that is wrong, when it is more than `field` says; borrowed */
    size_t n_fields;
    unsigned retry_after; /* seconds after which it may be tried again; 0: not known */
};

/* Fills *err (err may be NULL) and returns rc, so that a function ends with `return err_set (err, RC_X, "…")`. */
enum rc err_set (struct err *err, enum rc rc, const char *format, ...) __attribute__ ((format (printf, 3, 4)));

/* The same with a code and a field, for refusals that a person will read translated. */
enum rc err_code (struct err *err, enum rc rc, const char *code, const char *field, const char *format, ...)
    __attribute__ ((format (printf, 5, 6)));

/* Adds the argument to an error just filled and returns its rc. */
enum rc err_argument (struct err *err, const char *argument);

/* Adds a list of what is wrong, which lives as long as the error is looked at (the arena of the batch or query). */
enum rc err_fields (struct err *err, const struct err_field *fields, size_t n_fields);

#ifdef __clang_analyzer__ /* it sees no bodies of other files: that these return the rc they are given */
#define err_set(err, rc, ...)  ((void)err_set (err, rc, __VA_ARGS__), (rc))
#define err_code(err, rc, ...) ((void)err_code (err, rc, __VA_ARGS__), (rc))
#define err_argument(err, argument)                                                                                    \
    ({                                                                                                                 \
        enum rc rc_ = err_argument (err, argument);                                                                    \
        MUST (rc_ != RC_OK);                                                                                           \
        rc_;                                                                                                           \
    })
#define err_fields(err, fields, n)                                                                                     \
    ({                                                                                                                 \
        enum rc rc_ = err_fields (err, fields, n);                                                                     \
        MUST (rc_ != RC_OK);                                                                                           \
        rc_;                                                                                                           \
    })
#endif

const char *rc_name (enum rc rc);

/* Misuse by our own code ends the process, in release builds too. Nothing from a peer, a file or the database
 * may reach it. */
#define MUST(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            must_fail (#condition, __FILE__, __LINE__);                                                                \
    } while (0)
_Noreturn void must_fail (const char *condition, const char *file, int line);
