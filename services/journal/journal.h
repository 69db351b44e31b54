/* journal: every service's events in one gap-free order per tenant, the read model over them, the hash chain. */
#pragma once

#include "services/journal/fact.h"
#include "services/journal/head_store.h"
#include "services/journal/story_store.h"

/* Who reads stories and searches; a grant with a place reads only what lies there. */
enum {
    JOURNAL_READERS = 1 << PADAN__ROLE__ROLE_KELURAHAN | 1 << PADAN__ROLE__ROLE_OPERATOR |
                      1 << PADAN__ROLE__ROLE_KABID | 1 << PADAN__ROLE__ROLE_SEKDIS | 1 << PADAN__ROLE__ROLE_KADIS |
                      1 << PADAN__ROLE__ROLE_TKSK | 1 << PADAN__ROLE__ROLE_ADMIN | 1 << PADAN__ROLE__ROLE_AUDITOR,
    /* The stream has nothing personal in it, and cannot be cut by place without gaps. */
    JOURNAL_LISTENERS = 1 << PADAN__ROLE__ROLE_OPERATOR | 1 << PADAN__ROLE__ROLE_KABID | 1 << PADAN__ROLE__ROLE_SEKDIS |
                        1 << PADAN__ROLE__ROLE_KADIS | 1 << PADAN__ROLE__ROLE_ADMIN |
                        1 << PADAN__ROLE__ROLE_INTEGRATOR | 1 << PADAN__ROLE__ROLE_AUDITOR,
};
extern const struct service journal_service;

struct journal_settings {
    char *checkpoints; /* file that checkpoints are appended to; "" none */
};
extern struct journal_settings journal_settings;

/* Any entry of any followed log. Gather reads it into a fact, so that no row is locked meanwhile. */
decide_fn on_entry;
keys_fn on_entry_keys;
gather_fn on_entry_gather;

/* Gives the fact its number and place in the chain, and lets the story go on. application: the locked story of one that
 * the fact may name (where a card goes), NULL none. */
void fact_place (struct unit *unit, struct story *story, const struct fact *fact, const struct story *application);

/* Signed checkpoints. The key is loaded at the start: without it the journal does not run. */
enum rc checkpoint_start (struct gather *gather, struct err *err);
/* Has one made; for the first event after the last checkpoint. */
void checkpoint_schedule (struct unit *unit, const struct head *head);
work_fn on_checkpoint_work;
keys_fn on_checkpoint_keys;
decide_fn on_checkpoint;

query_fn query_list_events, query_get_story, query_search, query_get_totals;

/* Places of the asker's grants that let him read here, as a text[] parameter; a service reads all. */
void places_param (struct db_params *params, const struct message *message, struct arena *arena);
/* A public code as an officer says it: "site_check" is "perlu survei lapangan", "paraf_kabid" "paraf kabid". */
char *code_text (const char *code, struct arena *arena);
char *text_copy (const struct db_result *rows, size_t row, size_t column, struct arena *arena);
