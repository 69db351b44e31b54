/* What the messages of validation share: its settings, its due work and its handlers. */
#pragma once

#include "common/domain/profile.h"
#include "common/engine/service.h"
#include "services/validation/application_store.h"
#include "common/base/store.h"
#include "services/validation/dukcapil_client.h"
#include "validation.pb-c.h"

/* Who may load registries, if for the whole tenant. */
enum {
    VALIDATION_LOADERS =
        1 << PADAN__ROLE__ROLE_ADMIN | 1 << PADAN__ROLE__ROLE_INTEGRATOR | 1 << PADAN__ROLE__ROLE_OPERATOR,
};

/* Of checks; smaller is sooner. */
enum {
    PRIORITY_EMERGENCY = 0,
    PRIORITY_COUNTER = 1,
    PRIORITY_IMPORT = 5,
    PRIORITY_STALE = 9, /* the world changed, nobody waits */
};

enum {
    CHECK_BATCH = 50,   /* applications of one claim: read with a few statements, and at a Dukcapil of 300 ms a
                           question done within seconds, so that an officer's turn comes */
    CHECK_LEASE = 120,  /* seconds */
    CHECK_ASKING = 45,  /* seconds in which a claim's questions leave: the last may take 60 and the rest of the lease
                           is for reading and writing. People whose turn does not come wait, like those whom
                           Dukcapil does not answer, and the answers that came are kept */
    WORK_ATTEMPTS = 50, /* defects and a profile that intake does not know: hours of trying, then a person */
    STALE_BATCH = 500,  /* applications put up for a new check at once */
    LOAD_LEASE = 10,    /* a chunk takes well under a second; so long nobody goes on after a kill */
};

_Static_assert((int)CHECK_ASKING + (int)DUKCAPIL_TIMEOUT_MAX < (int)CHECK_LEASE, "a claim ends within its lease");

struct validation_settings {
    char *store;
    struct dukcapil_settings dukcapil;
    int64_t dukcapil_keep;
};
extern struct validation_settings settings;
extern struct dukcapil_client *dukcapil; /* these two are shared by the workers; set at start */
extern struct store *store;
extern const struct service validation_service;

/* Due "check" of the row as it is. at: UTC µs, 0 now. */
void check_later (struct unit *unit, const struct application *row, int32_t priority, int64_t at);

struct import;
/* Due "load" of the import's next chunk. */
void load_later (struct unit *unit, const struct import *row);

/* Due "drop" of a snapshot that nobody judges by any more. row: the import that saw it end. */
void drop_later (struct unit *unit, const struct import *row, int64_t snapshot);

/* Due "stale": open applications judged by an older snapshot, from the one after `after` on. */
void stale_later (struct unit *unit, int64_t tenant, const char *registry, int64_t snapshot, struct uuid after);

decide_fn on_application_entered, on_application_corrected, on_application_sent, on_ended;
decide_fn on_load_registry, on_recheck;
keys_fn load_registry_keys;

work_fn check_work, release_work, freed_work, load_work, stale_work, drop_work;
decide_fn check_decide, release_decide, freed_decide, load_decide, stale_decide, drop_decide;
keys_fn check_keys, release_keys, freed_keys, load_keys, stale_keys, drop_keys;

query_fn query_get_verdicts, query_list_registries, query_get_import, query_list_import_problems;
