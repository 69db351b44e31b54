#include "services/cli/verify.h"

#include "cli_sql.h"

/* Services that keep a log. */
static const char *const logs[] = {
    "accounts", "intake", "validation", "approval", "batching", "distribution", "journal", 0,
};

const struct invariant invariants[] = {
    { "log.gapless", "positions of a log are 1 to its head without a gap", &sql_verify_log_gapless, logs },
    { "log.hash", "every entry's hash is that of its bytes", &sql_verify_log_hash, logs },
    { "command.position", "no reply names a position past the head", &sql_verify_command_position, logs },
    { "parked.position", "what is parked lies behind the position of its partition", &sql_verify_parked, logs },
    { "due.lease", "no lease is older than an hour, no failed work is without its reason", &sql_verify_due, logs },
    { 0 },
};
