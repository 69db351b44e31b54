/* One placed event: the row, what of it is public, and the chain over it. The service writes it, `padan audit verify`
 * reads it, so both compute the chain by this code. */
#pragma once

#include "common/db/db.h"
#include "journal.pb-c.h"

enum { CHAIN_SIZE = 32, SALT_SIZE = 16, EVENT_COLUMNS = 19 };

struct event_row {
    int64_t tenant;
    struct uuid story; /* the subject */
    int32_t ordinal;
    int64_t number; /* gap-free per tenant, from 1 */
    struct uuid event_id;
    const char *type;
    const char *kind; /* of the subject: "application", "letter" … */
    int64_t version;
    struct uuid application_id; /* that it concerns; nil none */
    const char *state, *place, *code, *role;
    int64_t at;
    struct bytes personal_hash; /* CHAIN_SIZE bytes */
    struct bytes chain;         /* CHAIN_SIZE bytes */
    struct bytes salt;          /* may be erased */
    const char *detail, *actor; /* for officers; may be erased; NULL none */
};
extern const struct db_column event_columns[EVENT_COLUMNS];

/* What everybody may see, chain included. Borrows from the row. */
void event_public (const struct event_row *row, Padan__Journal__V1__PublicEvent *ret);

/* The chain before the first event of a tenant. */
void chain_start (int64_t tenant, uint8_t ret_chain[static CHAIN_SIZE]);
/* SHA-256 (before ‖ packed PublicEvent without its chain ‖ personal_hash). protobuf-c packs fields in the order of
 * their numbers and leaves out empty ones, so that the bytes are canonical and fields added later change nothing behind
 * us. */
void chain_next (const struct event_row *row, const uint8_t before[static CHAIN_SIZE], struct arena *arena,
                 uint8_t ret_chain[static CHAIN_SIZE]);
/* SHA-256 (salt ‖ size of data ‖ data ‖ statement): what was said, without saying it. */
void personal_hash (const uint8_t salt[static SALT_SIZE], struct bytes data, struct bytes statement,
                    uint8_t ret_hash[static CHAIN_SIZE]);
