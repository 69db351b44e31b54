/* Cards, and the people who may carry them, as rows. */
#pragma once

#include "services/distribution/card_moves.h"

struct card {
    int64_t tenant;
    struct uuid id; /* card_id_of its member */
    int64_t version;
    const char *state; /* card_moves.h */
    struct uuid application_id, member_id;
    const char *name, *card_number, *village;
    bool fetched;     /* the office hands it out itself */
    int32_t couriers; /* bits 1 << PADAN__ROLE__X of those who may carry it */
    struct bytes profile_sha256;
    struct uuid courier_id; /* nil: nobody */
    const char *receiver, *relation;
    struct bytes proof_sha256;
    const char *reason; /* of the last failure */
    int64_t expected_at, since, due_at;
    bool proof_asked; /* by the profile: delivered only with a stored photo or signature */
};

struct courier {
    int64_t tenant;
    struct uuid id; /* the person */
    int64_t version;
    const char *grants; /* common/bus/grants.h; "" once disabled */
};

extern const struct table card_table, courier_table;

struct uuid card_id_of (struct uuid member_id);
/* RC_NOT_FOUND, RC_STALE (seen: the version its asker saw, 0 none), RC_CONFLICT "distribution.card_state". Changes
 * nothing; *ret_card is for looking. */
enum rc card_look (struct unit *unit, int64_t tenant, struct uuid id, int64_t seen, enum card_act act,
                   const struct card **ret_card, struct err *err);
/* Carries out a legal move. */
struct card *card_go (struct unit *unit, const struct card *card, enum card_act act);
void card_emit (struct unit *unit, struct card *card, const void *event);
void card_reply (struct unit *unit, const struct card *card);
/* 1 … TEXT_MAX bytes. */
enum rc text_given (const char *text, const char *pointer, struct err *err);

/* The acts that a bulk can do too; each looks at everything before it changes anything. */
enum rc card_receive (struct unit *unit, int64_t tenant, struct uuid id, int64_t seen, int64_t due_at,
                      struct card **ret_card, struct err *err);
enum rc card_hand (struct unit *unit, int64_t tenant, struct uuid id, int64_t seen, struct uuid courier_id,
                   struct card **ret_card, struct err *err);

/* The office, or the courier it was handed to while they still have a role that carries cards to its village. */
enum rc carrier_check (const struct message *message, const struct card *card, struct err *err);

/* When cards received now must be at the door, by the profile each goes by; 0 for unknown ones. */
enum rc cards_due (struct gather *gather, int64_t tenant, const struct uuid *ids, size_t n, int64_t *ret_due,
                   struct err *err);
