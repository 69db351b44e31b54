/* A batch as a row: the people of one track that go to BPJS together. */
#pragma once

#include "services/batching/batch_moves.h"

struct batch_row {
    int64_t tenant;
    struct uuid id;
    int64_t version; /* 0 while closing: it is not in the log yet */
    const char *track, *number, *state, *reason;
    int32_t until_day; /* DATE_NONE: all that waits */
    int64_t started_at;
    struct uuid started_by; /* nil: its day came */
    int64_t closed_at;
    int32_t applications, people, accepted, refused;
    struct bytes file_sha256;
    int64_t file_size;
    struct bytes manifest_sha256;
    const char *channel, *receipt;
    int64_t sent_at, answered_at;
    struct bytes profile_sha256; /* procedure in force when it closed; empty: closed before this was kept */
    int64_t due_at;              /* of the next step, 0 none */
    const char *reconciler;      /* the profile's role; "" nobody */
    struct bytes archive_sha256;
    int64_t reconciled_at;
    struct uuid reconciled_by;
};
extern const struct table batch_table;

/* A new batch that begins to collect. It must not exist. */
struct batch_start {
    const char *track, *reason;
    int32_t until_day;
    struct uuid by;
};
struct batch_row *batch_begin (struct unit *unit, int64_t tenant, struct uuid id, const struct batch_start *start);
/* The row if `act` is legal now, to be edited; RC_NOT_FOUND, RC_CONFLICT "batching.batch_state". */
enum rc batch_act (struct unit *unit, int64_t tenant, struct uuid id, enum batch_act act, struct batch_row **ret_batch,
                   struct err *err);
/* The same for a command: the sender's version and reach are looked at. */
enum rc batch_take (struct unit *unit, const struct message *message, enum batch_act act, unsigned roles,
                    struct batch_row **ret_batch, struct err *err);
void batch_go (struct batch_row *batch, enum batch_act act);
void batch_emit (struct unit *unit, struct batch_row *batch, const void *event);
void batch_reply (struct unit *unit, const struct batch_row *batch);
/* Whom it waits for, in the profile's words of roles; "" nobody, or only this program. */
const char *batch_next_role (const struct batch_row *batch);
/* Puts the next chunk of its closing up, which goes on after this place. */
void batch_collect_later (struct unit *unit, const struct batch_row *batch, int64_t chunk,
                          const Padan__Batching__V1__CollectDue *after);
/* A grant for the whole tenant, or one of our services. */
enum rc office_check (const struct message *message, unsigned roles, struct err *err);
/* At most TEXT_MAX_REASON bytes. */
enum rc text_check (const char *text, const char *pointer, struct err *err);
