#include "services/accounts/password.h"

#include <semaphore.h>
#include <string.h>
#include <strings.h>

#include <sodium.h>

#include "common/base/text.h"

static sem_t places;
static char nobodys[crypto_pwhash_STRBYTES];

static void
place_take (void)
{
    while (sem_wait (&places) != 0)
        ; /* a signal */
}

static bool
hash_make (const char *password, char ret_hash[static crypto_pwhash_STRBYTES])
{
    place_take ();
    int failed = crypto_pwhash_argon2id_str (ret_hash, password, strlen (password), PASSWORD_PASSES, PASSWORD_MEMORY);
    sem_post (&places);
    return failed == 0;
}

enum rc
password_start (struct err *err)
{
    char random[33];
    uint8_t bytes[16];
    sem_init (&places, 0, PASSWORD_AT_ONCE);
    randombytes_buf (bytes, sizeof bytes);
    hex_encode (bytes, sizeof bytes, random);
    return hash_make (random, nobodys) ? RC_OK : err_set (err, RC_INTERNAL, "no memory to hash a password");
}

static size_t
letters_of (const char *text)
{
    size_t letters = 0;
    for (size_t left = strlen (text), length; left > 0; left -= length, text += length) {
        length = utf8_length (text, left);
        if (length == 0)
            length = 1;
        letters++;
    }
    return letters;
}

/* Letters that are left when every occurrence of the login is taken out. */
static size_t
letters_beside (const char *password, const char *login)
{
    size_t letters = letters_of (password), each = letters_of (login);
    if (each == 0)
        return letters;
    for (const char *at = password; (at = strcasestr (at, login)) != NULL; at += strlen (login))
        letters -= each;
    return letters;
}

enum rc
password_check (const char *password, const char *login, const char *field, struct err *err)
{
    size_t letters = letters_of (password);
    if (letters < PASSWORD_LETTERS)
        return err_code (err, RC_UNPROCESSABLE, "accounts.password_short", field, "shorter than %d", PASSWORD_LETTERS);
    if (strlen (password) > PASSWORD_BYTES)
        return err_code (err, RC_UNPROCESSABLE, "accounts.password_long", field, "longer than %d", PASSWORD_BYTES);
    if (letters_beside (password, login) < PASSWORD_LETTERS / 2)
        return err_code (err, RC_UNPROCESSABLE, "accounts.password_login", field, "holds the login");
    return RC_OK;
}

const char *
password_hash (const char *password, struct arena *arena)
{
    char hash[crypto_pwhash_STRBYTES];
    return hash_make (password, hash) ? arena_string (arena, hash) : NULL;
}

bool
password_verify (const char *hash, const char *password)
{
    size_t size = strnlen (password, PASSWORD_BYTES + 1);
    place_take ();
    bool good = crypto_pwhash_argon2id_str_verify (hash ? hash : nobodys, password, size) == 0;
    sem_post (&places);
    return good && hash && size <= PASSWORD_BYTES;
}
