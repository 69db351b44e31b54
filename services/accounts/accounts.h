/* What the whole service shares: its settings and who may manage people. */
#pragma once

#include <stdint.h>

#include "accounts.pb-c.h"
#include "common/engine/service.h"

extern const struct service accounts_service;

struct accounts_settings {
    int64_t session_idle, session_absolute, key_days; /* µs, µs, days */
};
extern struct accounts_settings accounts_settings; /* filled before threads start, never changed */

enum { ACCOUNTS_GRANTS_MAX = 64, ACCOUNTS_NAME_MAX = 200 /* bytes; PRINCIPAL_NAME_MAX */ };

/* Every role that a person or a machine can have. */
#define ACCOUNTS_EVERYBODY                                                                                             \
    (1 << PADAN__ROLE__ROLE_KELURAHAN | 1 << PADAN__ROLE__ROLE_OPERATOR | 1 << PADAN__ROLE__ROLE_KABID |               \
     1 << PADAN__ROLE__ROLE_SEKDIS | 1 << PADAN__ROLE__ROLE_KADIS | 1 << PADAN__ROLE__ROLE_TKSK |                      \
     1 << PADAN__ROLE__ROLE_ADMIN | 1 << PADAN__ROLE__ROLE_INTEGRATOR | 1 << PADAN__ROLE__ROLE_AUDITOR |               \
     1 << PADAN__ROLE__ROLE_BPJS)
#define ACCOUNTS_ADMIN (1 << PADAN__ROLE__ROLE_ADMIN)
/* What a key may be used for: a stolen one signs no letter. */
#define ACCOUNTS_MACHINES                                                                                              \
    (1 << PADAN__ROLE__ROLE_INTEGRATOR | 1 << PADAN__ROLE__ROLE_AUDITOR | 1 << PADAN__ROLE__ROLE_BPJS)

/* `padan` on the machine itself, by its CURVE key. */
bool sent_by_padan (const struct message *message);
/* Of commands that services may send: only `padan` is one of them. */
enum rc manager_check (const struct message *message, struct err *err);
/* Is the subject the one who asks? */
bool sent_by_subject (const struct message *message);
