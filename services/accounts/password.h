/* Passwords: argon2id by libsodium, never more than two at once, so that sign-ins cannot take the machine. */
#pragma once

#include <stdbool.h>

#include "common/base/arena.h"
#include "common/base/err.h"

enum {
    PASSWORD_MEMORY = 19 * 1024 * 1024, /* bytes, and 2 passes: OWASP's least for argon2id */
    PASSWORD_PASSES = 2,
    PASSWORD_AT_ONCE = 2,   /* hashings in this process: one a core of the smallest machine */
    PASSWORD_OF_BATCH = 16, /* of one batch, half a second; more at once are told to come back, so that others go on */
    PASSWORD_LETTERS = 12,
    PASSWORD_BYTES = 256,
};

/* Once, before any other: makes the hash that unknown logins are checked against. RC_INTERNAL without memory. */
enum rc password_start (struct err *err);
/* RC_UNPROCESSABLE "accounts.password_short", "…_long", "…_login": at least PASSWORD_LETTERS letters, half of
 * them besides the login. field: the pointer of the refusal. Pure. */
enum rc password_check (const char *password, const char *login, const char *field, struct err *err);
/* NULL without memory. Takes some 30 ms. Any thread. */
const char *password_hash (const char *password, struct arena *arena);
/* hash NULL: nobody's; false after the same time. */
bool password_verify (const char *hash, const char *password);
