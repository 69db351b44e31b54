/* Statements of the engine's loops outside its transactions. */
#include <stdlib.h>
#include <string.h>

#include "tests/sim/store.h"

static bool
is_locked (const struct ledger_sim *store, uint64_t key)
{
    for (size_t i = 0; i < store->locks.n; i++)
        if (store->locks.items[i].key == key)
            return true;
    return false;
}

void
ledger_sim_positions (struct ledger_sim *ledger, const char *log, int64_t *positions, int64_t *last_positions,
                      uint8_t (*last_hashes)[ENTRY_HASH_SIZE])
{
    const struct stored_position *stored = store_positions (ledger, log);
    memcpy (positions, stored->position, sizeof stored->position);
    memcpy (last_positions, stored->last_position, sizeof stored->last_position);
    memcpy (last_hashes, stored->last_hash, sizeof stored->last_hash);
}

size_t
ledger_sim_claim_due (struct ledger_sim *ledger, const char *kind, size_t limit, int64_t lease,
                      struct claimed_due *ret_rows)
{
    size_t n = 0;
    int64_t now = store_now (ledger);
    uint64_t random[2] = { 1, 1 };
    for (int i = 0; i < 2 && ledger->hooks.random; i++)
        random[i] = ledger->hooks.random (ledger->hooks.self);
    struct uuid token = uuid_of (random, sizeof random);
    for (size_t i = 0; i < ledger->due.n && n < limit; i++) {
        struct stored_due *due = &ledger->due.items[i];
        if (due->gone || due->for_person || due->row.due_at > now || due->lease_until >= now ||
            strcmp (due->row.kind, kind) != 0 || is_locked (ledger, lock_name (LOCK_DUE, NULL, 0, due->row.id)))
            continue;
        bool ran_out = due->lease_until;
        if (ran_out && (ledger->mutations & MUTATION_DUE_LOST))
            continue;
        if (ran_out && n)
            break; /* it is claimed alone */
        if (ran_out && ledger->hooks.note)
            ledger->hooks.note (ledger->hooks.self, "lease expired");
        due->attempts += ran_out;
        due->token = token;
        due->lease_until = now + lease;
        ret_rows[n++] = (struct claimed_due){ due->row, token, due->attempts };
        if (ran_out)
            break;
    }
    return n;
}

size_t
ledger_sim_ready_parked (struct ledger_sim *ledger, size_t limit, struct parked_row *ret_rows)
{
    size_t n = 0;
    int64_t now = store_now (ledger);
    for (size_t i = 0; i < ledger->parked.n && n < limit; i++) {
        const struct stored_parked *parked = &ledger->parked.items[i];
        if (parked->gone || !parked->row.retry_at || parked->row.retry_at > now)
            continue;
        bool first = true;
        for (size_t j = 0; j < ledger->parked.n && first; j++) {
            const struct stored_parked *other = &ledger->parked.items[j];
            first = other->gone || strcmp (other->row.log, parked->row.log) != 0 ||
                    other->row.tenant != parked->row.tenant ||
                    uuid_compare (other->row.subject, parked->row.subject) != 0 ||
                    other->row.position >= parked->row.position;
        }
        if (first || (ledger->mutations & MUTATION_PARKED_HEAD))
            ret_rows[n++] = parked->row;
    }
    return n;
}

static int
entry_compare (const void *a, const void *b)
{
    const struct log_entry *left = a, *right = b;
    return left->position < right->position ? -1 : left->position > right->position;
}

size_t
ledger_sim_read_log (struct ledger_sim *ledger, const int64_t *positions, size_t limit, struct log_entry *ret_entries,
                     int64_t *ret_upto)
{
    size_t n = 0;
    struct log_entry *all = calloc (ledger->log.n + 1, sizeof *all);
    MUST (all);
    int64_t upto = 0;
    for (size_t i = 0; i < ledger->log.n; i++) {
        const struct stored_entry *entry = &ledger->log.items[i];
        if (entry->position > upto)
            upto = entry->position;
        if (entry->position > positions[entry->row.partition])
            all[n++] = (struct log_entry){ entry->position, &entry->row };
    }
    qsort (all, n, sizeof *all, entry_compare);
    if (n > limit) {
        n = limit;
        if (!(ledger->mutations & MUTATION_UPTO))
            upto = all[n - 1].position;
    }
    memcpy (ret_entries, all, n * sizeof *all);
    free (all);
    *ret_upto = upto;
    return n;
}

void
ledger_sim_retry_all (struct ledger_sim *ledger)
{
    int64_t now = store_now (ledger);
    for (size_t i = 0; i < ledger->parked.n; i++)
        if (!ledger->parked.items[i].gone &&
            (!ledger->parked.items[i].row.retry_at || ledger->parked.items[i].row.retry_at > now)) {
            ledger->parked.items[i].row.retry_at = now;
            ledger->parked.items[i].row.attempts = 0;
        }
    for (size_t i = 0; i < ledger->due.n; i++)
        if (!ledger->due.items[i].gone && ledger->due.items[i].for_person) {
            ledger->due.items[i].for_person = false;
            ledger->due.items[i].row.due_at = now;
            ledger->due.items[i].attempts = 0;
        }
}
