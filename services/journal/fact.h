/* What the journal takes from one event, read before any row is locked. */
#pragma once

#include "common.pb-c.h"
#include "common/engine/service.h"
#include "services/journal/event.h"
#include "services/journal/journal_types.h"

enum { DETAIL_MAX = 240 }; /* bytes of an officer's words a story shows */

struct fact {
    const Padan__Envelope *envelope;
    const struct event_type *type; /* NULL: not known here */
    const char *type_name, *log;
    struct uuid event_id, subject;
    int64_t version, at, due_at;
    struct uuid application_id, letter_id;     /* named in it; nil none */
    const char *place, *code, *role;           /* public; "" none */
    const char *waits_for, *detail, *actor;    /* NULL none */
    const Padan__Common__V1__Dossier *dossier; /* NULL none */
    struct bytes salt, personal_hash;
};

/* Pure. Everything lives in the arena, or is borrowed from the envelope; salt: SALT_SIZE fresh bytes.
 * RC_INVALID when the data is not what its type says. */
enum rc fact_read (struct arena *arena, const char *log, const Padan__Envelope *envelope,
                   const uint8_t salt[static SALT_SIZE], struct fact **ret_fact, struct err *err);
/* "baru", "dead", "12.72.01.1003": what may stand in the public stream. */
bool code_is_public (const char *text);
bool place_is_public (const char *text);
