/* Who may connect: the ZAP handler (RFC 27) in a thread of its own, one for the process. Each bound server has a
 * domain and its allow-list; anything without CURVE, without a known domain or with an unknown key is refused.
 * The same thread keeps the allow-lists fresh.
 *
 * Ours and not czmq's zauth: that one keeps one list for the whole process (a server here has its own), reads it by
 * zcert_load (see keys.c), answers 400, after which a peer whose key is added a second later stays away for ever, and
 * lets everybody in once it is destroyed. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "common/bus/peers.h"

struct bus_zap_domain;

/* Registers a list under a domain of its own; starts the handler at the first. NULL with *err. */
struct bus_zap_domain *bus_zap_domain_new (struct bus_peers *peers, struct err *err);
void bus_zap_domain_destroy (struct bus_zap_domain **self);
const char *bus_zap_domain_name (const struct bus_zap_domain *self);
/* Handshakes so far. */
uint64_t bus_zap_domain_accepted (struct bus_zap_domain *self);
uint64_t bus_zap_domain_refused (struct bus_zap_domain *self);
bool bus_zap_running (void);
/* Waits for the handler's thread; the context must have been shut down. For bus_context_end. */
void bus_zap_join (void);
