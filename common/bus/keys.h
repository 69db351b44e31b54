/* Key files: who each service is (CURVE), and by what some sign: accounts its principals, journal its checkpoints
 * (Ed25519).
 *
 *   <dir>/<service>.secret        both halves of a CURVE pair in zcert's format, 0600
 *   <dir>/<service>.secret.next   the pair it changes to, while keys are being changed
 *   <dir>/public/<service>        public half; a holder of its secret may claim to be <service>, and nothing else
 *   <dir>/public/<service>.next   a second valid public half, while keys are being changed
 *   <dir>/<service>.sign          Ed25519 seed, base64, 0600
 *   <dir>/public/<service>.sign, <service>.sign.next   its public keys, base64
 *
 * Changing a key: keys_generate_next, spread the public files, keys_promote, restart the instances, keys_retire. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "common/base/err.h"

enum {
    KEYS_NAME = 32,  /* a service's name with its NUL */
    KEYS_Z85 = 41,   /* a CURVE key in Z85 with its NUL */
    KEYS_PATH = 512, /* bytes of a key file's path */
};

/* A service's own pair. */
struct bus_cert {
    char service[KEYS_NAME];
    char public_key[KEYS_Z85];
    char secret_key[KEYS_Z85];
};

/* What a service signs with (secret) and what everybody checks with (public). */
struct sign_secret {
    uint8_t key[64]; /* libsodium's form: seed and public key */
};
struct sign_public {
    uint8_t keys[2][32];
    unsigned count; /* 0: no file yet, nothing verifies */
};

/* [a-z][a-z0-9-]*, shorter than KEYS_NAME: safe as a file name and inside a log line. */
bool keys_name_valid (const char *service);

/* Makes a pair and both files (and the directories). RC_CONFLICT when the service has one already. */
enum rc keys_generate (const char *dir, const char *service, struct err *err);
/* Makes the pair to change to, valid at once beside the present one. RC_CONFLICT when a change is under way. */
enum rc keys_generate_next (const char *dir, const char *service, struct err *err);
/* Exchanges present and next: from its next start the service uses the new pair; both stay valid. */
enum rc keys_promote (const char *dir, const char *service, struct err *err);
/* Ends the change: only the present key stays valid. */
enum rc keys_retire (const char *dir, const char *service, struct err *err);
/* RC_NOT_FOUND without the file; RC_FORBIDDEN when others than owner and group may read it; RC_CORRUPT. */
enum rc keys_load (const char *dir, const char *service, struct bus_cert *ret_cert, struct err *err);
/* Reads one public file. */
enum rc keys_load_public (const char *path, char ret_key[static KEYS_Z85], struct err *err);
void bus_cert_wipe (struct bus_cert *cert);

/* RC_CONFLICT when there is one already. */
enum rc keys_sign_generate (const char *dir, const char *service, struct err *err);
enum rc keys_sign_load (const char *dir, const char *service, struct sign_secret *ret_secret, struct err *err);
/* RC_OK with count 0 when there is no file. */
enum rc keys_sign_load_public (const char *dir, const char *service, struct sign_public *ret_public, struct err *err);
