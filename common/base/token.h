/* Secrets a client shows to be known: a session's token, an API key. 32 random bytes in a text with a prefix that
 * scanners of leaked secrets can find, and a checksum, so that a mistyped one is told apart without asking anybody.
 * Kept is only the SHA-256 of the bytes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TOKEN_SECRET = 32, TOKEN_HASH = 32, TOKEN_TEXT = 64 };

enum token_kind {
    TOKEN_SESSION, /* "sesi_…" */
    TOKEN_KEY,     /* "padan_…" */
};

char *token_write (enum token_kind kind, const uint8_t secret[static TOKEN_SECRET], char ret_text[static TOKEN_TEXT]);
/* False for anything token_write would not have written. */
bool token_read (const char *text, size_t length, enum token_kind *ret_kind, uint8_t ret_secret[static TOKEN_SECRET]);
void token_hash (const uint8_t secret[static TOKEN_SECRET], uint8_t ret_hash[static TOKEN_HASH]);
