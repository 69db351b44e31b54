/* mirror keeps a copy of every account from till's log. Owner of: the copy, its checks. It looks at no version before
 * applying an event: that each comes once and in order is the engine's work, and its trail would show otherwise. */
#pragma once

#include "common/engine/service.h"
#include "toy.pb-c.h"

struct copy {
    int64_t tenant;
    struct uuid id;
    int64_t balance;     /* sum of the changes seen */
    int64_t version;     /* of the account, after the newest event seen */
    int64_t events;      /* how many were seen */
    int64_t trail;       /* copy_trail over their versions in the order seen */
    int64_t mended;      /* faulty events up to this version pass */
    int64_t log_version; /* of the copy in mirror's own log */
};

extern const struct table copy_table;
extern const struct service mirror_service;

/* The copy, made if there is none. */
struct copy *copy_edit (struct unit *unit, int64_t tenant, struct uuid id);
/* The one function that applies an event: counts it and has the copy checked. */
void copy_apply (struct unit *unit, const struct message *message, int64_t change);
int64_t copy_trail (int64_t trail, int64_t version);
/* A faulty event stays parked until its account was mended up to its version. */
enum rc copy_passes (struct unit *unit, const struct message *message, bool faulty, struct err *err);
void copy_emit (struct unit *unit, struct copy *copy, const void *event);

decide_fn on_account_opened, on_balance_changed, on_account_closed, on_statement_issued, on_mend, on_check;
keys_fn on_balance_changed_keys;
work_fn on_check_work;
