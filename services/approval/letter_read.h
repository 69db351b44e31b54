/* Letters read outside a transaction. */
#pragma once

#include "services/approval/approval.h"

/* The letter with its acts, without its list, in the gather's arena. RC_NOT_FOUND when there is none. */
enum rc letter_read (struct gather *gather, int64_t tenant, struct uuid letter_id,
                     const struct office_letter **ret_letter, struct err *err);
