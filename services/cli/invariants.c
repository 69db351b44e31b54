#include "services/cli/verify.h"

#include "cli_sql.h"

/* Services that keep a log. */
static const char *const logs[] = {
    "accounts", "intake", "validation", "approval", "batching", "distribution", "journal", 0,
};

static const char *const journal[] = { "journal", 0 };
static const char *const intake[] = { "intake", 0 };
static const char *const validation[] = { "validation", 0 };

const struct invariant invariants[] = {
    { "log.gapless", "positions of a log are 1 to its head without a gap", &sql_verify_log_gapless, logs },
    { "log.hash", "every entry's hash is that of its bytes", &sql_verify_log_hash, logs },
    { "command.position", "no reply names a position past the head", &sql_verify_command_position, logs },
    { "parked.position", "what is parked lies behind the position of its partition", &sql_verify_parked, logs },
    { "due.lease", "no lease is older than an hour, no failed work is without its reason", &sql_verify_due, logs },
    { "tenant.policy", "no login reads rows of a tenant it did not name", &sql_verify_tenant_policy, logs },
    { "claim", "an open application holds the people who are in it, and nobody else", &sql_verify_claim, intake },
    { "follow.position", "nobody has read past the end of a log, or of another life of it", &sql_verify_follow_position,
      NULL },
    { "story.version", "an application's events count 1 to n through all its holders", &sql_verify_story_version,
      NULL },
    { "state.row", "what was made is there, at a version that an event gave it", &sql_verify_state_row, NULL },
    { "judged", "an open application is judged or about to be, an ended one holds nobody", &sql_verify_judged,
      validation },
    { "story.back", "what its holders approved, returned or ended, intake knows, and validation what was entered",
      &sql_verify_handed_back, NULL },
    { "story.approval", "what intake sent, approval has", &sql_verify_handed_to_approval, NULL },
    { "story.batching", "what approval let go, batching has", &sql_verify_handed_to_batching, NULL },
    { "story.waits", "an application is at its end, or waits with a reason, an owner and a deadline",
      &sql_verify_application_waits, NULL },
    { "letter.number", "letter numbers are taken once each and without a gap", &sql_verify_letter_number, NULL },
    { "letter.paraf", "a signature stands on what every paraf stood on, and on nobody's own entry",
      &sql_verify_letter_paraf, NULL },
    { "batch.person", "a person has one open place, a card one person, a batch the people it counts",
      &sql_verify_batch_person, NULL },
    { "card.person", "an accepted person has one card, and nobody else has", &sql_verify_card_person, NULL },
    { "number", "a tenant's events are numbered 1 to its head without a gap", &sql_verify_journal_number, journal },
    { "version", "a subject's events stand in the order of its versions, none missing", &sql_verify_journal_version,
      journal },
    { "held", "no event waits an hour for the one before it", &sql_verify_journal_held, journal },
    { "total", "the counts are those of the stories", &sql_verify_journal_total, journal },
    { "journal.complete", "what the journal has read of the logs it has once, and nothing else",
      &sql_verify_journal_complete, NULL },
    { 0 },
};
