/* Where a tenant's history stands: the newest number, the chain, how many of what are in which state. */
#pragma once

#include "common/engine/service.h"
#include "services/journal/event.h"

struct total {
    int64_t tenant;
    struct uuid head;
    int32_t ordinal;
    const char *what, *code;
    int64_t count;
};

/* Where it stood when that was signed. */
struct checkpoint {
    int64_t tenant;
    struct uuid head;
    int32_t ordinal;
    int64_t number;
    struct bytes chain;
    int64_t at;
    struct bytes signature;
};

struct head {
    int64_t tenant;
    struct uuid id;
    int64_t number;
    struct bytes chain;
    int64_t signed_number; /* of the newest checkpoint; a due row waits while it is behind number */
    struct total *totals;
    size_t n_totals;
    struct checkpoint *checkpoints_added;
    size_t n_checkpoints_added;
};
extern const struct table head_table;

struct uuid head_id (int64_t tenant);
/* To be changed; made at a tenant's first event. Its key must have been named. */
struct head *head_edit (struct unit *unit, int64_t tenant);
/* what "" or code "": nothing is counted. */
void head_count (struct unit *unit, struct head *head, const char *what, const char *code, int64_t change);
struct checkpoint *head_checkpoint_add (struct unit *unit, struct head *head);
