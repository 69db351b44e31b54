#include "services/gateway/etag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

enum { DIGEST = 16 }; /* bytes: no two answers share one by chance */

const char *
etag_write (int64_t version, const void *body, size_t size, char ret_text[static ETAG_TEXT])
{
    char hex[2 * DIGEST + 1] = "";
    if (body) {
        uint8_t digest[DIGEST];
        crypto_generichash (digest, sizeof digest, body, size, NULL, 0);
        sodium_bin2hex (hex, sizeof hex, digest, sizeof digest);
    }
    snprintf (ret_text, ETAG_TEXT, "\"%lld%s%s\"", (long long)version, body ? "-" : "", hex);
    return ret_text;
}

bool
etag_version (const char *text, int64_t *ret_version)
{
    char *end;
    *ret_version = 0;
    if (strcmp (text, "*") == 0)
        return true;
    if (text[0] != '"' || text[1] < '1' || text[1] > '9' || strlen (text) >= ETAG_TEXT)
        return false;
    if (strspn (text + 1, "0123456789") > 18) /* more than any version; would not fit */
        return false;
    *ret_version = strtoll (text + 1, &end, 10);
    if (*end == '-' && strspn (end + 1, "0123456789abcdef") == 2 * DIGEST)
        end += 1 + 2 * DIGEST;
    return strcmp (end, "\"") == 0;
}

bool
etag_named (const char *header, const char *etag)
{
    return header && strstr (header, etag); /* its quotes keep it from being part of another */
}
