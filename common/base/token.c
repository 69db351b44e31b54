#include "common/base/token.h"

#include <sodium.h>
#include <string.h>

#include "common/base/err.h"
#include "common/base/text.h"

enum { CHECKSUM = 4 };

static const char *const prefixes[] = { [TOKEN_SESSION] = "sesi_", [TOKEN_KEY] = "padan_" };

static void
checksum (enum token_kind kind, const uint8_t secret[static TOKEN_SECRET], uint8_t ret_sum[static CHECKSUM])
{
    uint8_t digest[crypto_generichash_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init (&state, NULL, 0, sizeof digest);
    crypto_generichash_update (&state, (const uint8_t *)prefixes[kind], strlen (prefixes[kind]));
    crypto_generichash_update (&state, secret, TOKEN_SECRET);
    crypto_generichash_final (&state, digest, sizeof digest);
    memcpy (ret_sum, digest, CHECKSUM);
}

char *
token_write (enum token_kind kind, const uint8_t secret[static TOKEN_SECRET], char ret_text[static TOKEN_TEXT])
{
    uint8_t bytes[TOKEN_SECRET + CHECKSUM];
    size_t prefix = strlen (prefixes[kind]);
    memcpy (ret_text, prefixes[kind], prefix);
    memcpy (bytes, secret, TOKEN_SECRET);
    checksum (kind, secret, bytes + TOKEN_SECRET);
    MUST (base64url_encode (bytes, sizeof bytes, ret_text + prefix, TOKEN_TEXT - prefix));
    sodium_memzero (bytes, sizeof bytes);
    return ret_text;
}

bool
token_read (const char *text, size_t length, enum token_kind *ret_kind, uint8_t ret_secret[static TOKEN_SECRET])
{
    for (enum token_kind kind = TOKEN_SESSION; kind <= TOKEN_KEY; kind++) {
        uint8_t bytes[TOKEN_SECRET + CHECKSUM], sum[CHECKSUM];
        size_t prefix = strlen (prefixes[kind]), size;
        if (length <= prefix || memcmp (text, prefixes[kind], prefix) != 0)
            continue;
        if (!base64url_decode (text + prefix, length - prefix, bytes, sizeof bytes, &size) || size != sizeof bytes)
            return false;
        checksum (kind, bytes, sum);
        if (memcmp (sum, bytes + TOKEN_SECRET, CHECKSUM) != 0)
            return false;
        memcpy (ret_secret, bytes, TOKEN_SECRET);
        *ret_kind = kind;
        return true;
    }
    return false;
}

void
token_hash (const uint8_t secret[static TOKEN_SECRET], uint8_t ret_hash[static TOKEN_HASH])
{
    crypto_hash_sha256 (ret_hash, secret, TOKEN_SECRET);
}
