/* batching: holds an approved application until BPJS has answered for each of its people. What the parts share. */
#pragma once

#include "batching.pb-c.h"
#include "common/base/store.h"
#include "common/profiles/profiles.h"

/* A grant that covers the whole tenant is needed: a batch does. */
enum {
    BATCHING_CLOSERS = 1 << PADAN__ROLE__ROLE_OPERATOR | 1 << PADAN__ROLE__ROLE_KABID,
    BATCHING_SENDERS = 1 << PADAN__ROLE__ROLE_OPERATOR,
    BATCHING_RECONCILERS = BATCHING_CLOSERS | 1 << PADAN__ROLE__ROLE_SEKDIS | 1 << PADAN__ROLE__ROLE_KADIS,
    BATCHING_IMPORTERS =
        1 << PADAN__ROLE__ROLE_OPERATOR | 1 << PADAN__ROLE__ROLE_BPJS | 1 << PADAN__ROLE__ROLE_INTEGRATOR,
    BATCHING_READERS = BATCHING_CLOSERS | BATCHING_IMPORTERS | 1 << PADAN__ROLE__ROLE_SEKDIS |
                       1 << PADAN__ROLE__ROLE_KADIS | 1 << PADAN__ROLE__ROLE_ADMIN | 1 << PADAN__ROLE__ROLE_AUDITOR,
};

enum {
    TEXT_MAX_REASON = 500, /* bytes of a reason, receipt or source */
    CHUNK_MAX = 1000,      /* rows of one transaction, however configured */
    WRITE_PAGE = 1000,     /* people read at once for the file */
    CLOSING_MARGIN = 60,   /* seconds; no transaction lasts so long */
    CLOSE_ATTEMPTS = 100,  /* intake or the disk away: hours of trying, then a person */
    LEASE = 30,            /* seconds; a chunk takes well under one */
    WRITE_LEASE = 120,     /* the file of 100,000 people takes some */
};

struct batching_settings {
    char *store;                          /* directory of the content store */
    int64_t closing_chunk, replies_chunk; /* applications and rows of one transaction */
};
extern struct batching_settings batching_settings;
extern struct store *batching_store; /* opened at the start */
extern const struct service batching_service;

/* What gather found for CloseBatch. */
struct close_facts {
    bool known_track; /* of the tenant's profile, or something waits on it */
    int64_t waiting;  /* applications */
    int32_t first_day, today;
};

/* What gather found for MarkSent. */
struct sent_facts {
    int64_t answer_due_at;
};

gather_fn on_application_approved_gather, on_close_batch_gather, on_mark_sent_gather, on_reconcile_gather,
    on_start_replies_gather;
keys_fn on_application_approved_keys, batch_keys, on_close_keys, on_collect_keys, on_forward_keys,
    on_start_replies_keys, on_replies_keys;
decide_fn on_application_approved, on_close_batch, on_mark_sent, on_reconcile, on_start_replies;
decide_fn on_close, on_collect, on_write, on_forward, on_replies;
work_fn on_collect_work, on_write_work, on_forward_work, on_replies_work;
query_fn query_list_batches, query_get_batch, query_list_waiting, query_get_import, query_list_import_problems;
