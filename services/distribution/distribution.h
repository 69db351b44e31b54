/* distribution: cards from BPJS Kesehatan to the door. What the parts share. */
#pragma once

#include "common/base/store.h"
#include "common/engine/service.h"
#include "distribution.pb-c.h"

enum {
    CARD_OFFICE = 1 << PADAN__ROLE__ROLE_OPERATOR,
    CARD_COURIERS = 1 << PADAN__ROLE__ROLE_TKSK | 1 << PADAN__ROLE__ROLE_KELURAHAN, /* see what was handed to them */
    CARD_CARRIERS = CARD_COURIERS | CARD_OFFICE,
    CARD_READERS = CARD_CARRIERS | 1 << PADAN__ROLE__ROLE_KABID | 1 << PADAN__ROLE__ROLE_SEKDIS |
                   1 << PADAN__ROLE__ROLE_KADIS | 1 << PADAN__ROLE__ROLE_ADMIN | 1 << PADAN__ROLE__ROLE_AUDITOR,
};

enum {
    TEXT_MAX = 200,          /* bytes of a receiver, relation or reason */
    BULK_TARGETS_MAX = 1000, /* of one request */
    BULK_BATCH = 100,        /* targets decided in one transaction */
    BULK_LEASE = 30,         /* seconds; a batch takes well under one */
    BULK_ATTEMPTS = 50,      /* intake away: an hour of trying, then a person */
};

struct distribution_settings {
    char *store; /* directory of the content store */
};
extern struct distribution_settings distribution_settings;
extern struct store *distribution_store; /* opened at the start */
extern const struct service distribution_service;

/* What gather found for one that receives: when the card must be at the door. NULL facts: there is no such card. */
struct receive_facts {
    int64_t due_at;
};

/* What gather found for a DeliverCard with proof. */
struct proof_facts {
    bool stored; /* it is in the store */
    bool scan;   /* … and begins as a photo or a scan does (common/base/scan.h) */
};

gather_fn on_member_accepted_gather, on_receive_card_gather, on_deliver_card_gather;
keys_fn on_member_accepted_keys, courier_keys, on_hand_card_keys, on_act_on_many_keys, on_bulk_keys;
decide_fn on_member_accepted, on_person_added, on_grants_changed, on_person_disabled;
decide_fn on_receive_card, on_hand_card, on_deliver_card, on_fail_card, on_act_on_many, on_bulk;
work_fn on_bulk_work;
query_fn query_list_cards, query_get_card, query_list_bulk_results;
