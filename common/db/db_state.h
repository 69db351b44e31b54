/* What a SQLSTATE means for the one who ran the statement. Inside common/db only. */
#pragma once

#include <stdbool.h>
#include "common/base/err.h"

/* sqlstate: 5 characters. *ret_reconnect: this connection is of no more use (failed over, or it forgot our statements).
 */
enum rc db_state_rc (const char *sqlstate, bool *ret_reconnect);
