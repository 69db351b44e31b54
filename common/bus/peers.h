/* The allow-list: which public key is which service, read from <dir>/public and read again when that changes.
 * Thread-safe. Must outlive the servers, clients and verifiers that were given it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "common/bus/keys.h"

enum { PEERS_KEYS_OF_ONE = 2 }; /* present and next */

struct bus_peers;

/* Every public file must be good here; a later change drops (and counts) only the files that are not.
 * NULL with *err. */
struct bus_peers *bus_peers_new (const char *dir, struct err *err);
void bus_peers_destroy (struct bus_peers **self);

/* Looks whether files came, went or changed, and reads them again if so; true when they had. A handful of stat calls.
 * The bus calls it once a second wherever it runs a thread (a bound server, a caller); others need not. */
bool bus_peers_refresh (struct bus_peers *self);
/* Grows with every change seen. */
uint64_t bus_peers_generation (struct bus_peers *self);
/* Public files that could not be read at the last look. */
unsigned bus_peers_broken (struct bus_peers *self);

/* Which service holds this key; false when none does. */
bool bus_peers_service (struct bus_peers *self, const char *public_key, char ret_service[static KEYS_NAME]);
/* The valid keys of a service, 0 when it is not known. */
unsigned bus_peers_keys (struct bus_peers *self, const char *service, char ret_keys[PEERS_KEYS_OF_ONE][KEYS_Z85]);
void bus_peers_sign_public (struct bus_peers *self, struct sign_public *ret_public);
