/* padan audit verify, in parts. Each says on stdout what it compared, or "BROKEN" and the first row that is. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"

struct audit_scope {
    const char *conninfo; /* the auditor's */
    int64_t tenant;       /* 0: all */
    const char *keys;     /* directory of the public key that checkpoints are signed with; NULL: they are passed over */
    const char *checkpoints; /* file of them; NULL: only those of the table */
};

/* What the journal keeps beside its chain against the logs it came from: the hash of every message, the words and the
 * name. What a log no longer has, and what was erased, cannot be compared and is no error. A service that has no schema
 * in this database is passed over. *ret_broken is set, or left. */
enum rc audit_logs (const struct audit_scope *scope, bool *ret_broken, struct err *err);
/* What was signed of the history against what it says now. Needs scope->keys. */
enum rc audit_checkpoints (const struct audit_scope *scope, bool *ret_broken, struct err *err);
