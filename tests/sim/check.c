/* What must be true when everything has settled, from the tables, the logs and the client's own record. */
#include <string.h>

#include "tests/sim/sim.h"
#include "tests/toy/mirror/mirror.h"
#include "tests/toy/till/till.h"

/* What till's log says of an account. */
struct fold {
    int64_t version, balance, postings, statements, audited;
    bool closed;
    int64_t followed, trail, last_followed; /* of the events mirror takes */
};

static int
account_of (const struct sim *sim, struct uuid subject)
{
    for (int i = 0; i < ACCOUNTS; i++)
        if (uuid_compare (sim->accounts[i], subject) == 0)
            return i;
    return -1;
}

static bool
is_type (const struct log_row *row, const ProtobufCMessageDescriptor *type)
{
    return strcmp (row->type, type->name) == 0;
}

static const ProtobufCMessage *
event_of (struct sim *sim, const struct log_row *row, const ProtobufCMessageDescriptor *type)
{
    Padan__Envelope *envelope =
        padan__envelope__unpack (arena_protobuf (sim->arena), row->envelope.size, row->envelope.data);
    MUST (envelope);
    const ProtobufCMessage *event =
        protobuf_c_message_unpack (type, arena_protobuf (sim->arena), envelope->data.len, envelope->data.data);
    MUST (event);
    return event;
}

static void
check_log (struct sim *sim, enum which_service service)
{
    const struct ledger_sim *ledger = sim->ledgers[service];
    const char *name = sim_services[service]->name;
    int64_t versions[ACCOUNTS] = { 0 };
    for (size_t i = 0; i < ledger_sim_log_count (ledger); i++) {
        struct log_entry entry = ledger_sim_log_at (ledger, i);
        int account = account_of (sim, entry.row->subject);
        if (entry.position != (int64_t)i + 1)
            sim_fail (sim, "%s: commit %zu has position %lld", name, i + 1, (long long)entry.position);
        if (account < 0 || entry.row->version != ++versions[account])
            sim_fail (sim, "%s: account %d has version %lld after %lld at %lld", name, account,
                      (long long)entry.row->version, account < 0 ? 0 : (long long)versions[account] - 1,
                      (long long)entry.position);
        if (entry.row->partition != (int32_t)partition_of (entry.row->subject))
            sim_fail (sim, "%s: position %lld is in the wrong partition", name, (long long)entry.position);
        if (sim->failure[0])
            return;
    }
    if (ledger_sim_head (ledger) != (int64_t)ledger_sim_log_count (ledger))
        sim_fail (sim, "%s: head %lld with %zu entries", name, (long long)ledger_sim_head (ledger),
                  ledger_sim_log_count (ledger));
}

/* ------------------------------------------------------------ the client's record */

static size_t
events_caused (struct sim *sim, const struct ledger_sim *ledger, const struct order *order, bool by_other_body)
{
    size_t n = 0;
    for (size_t i = 0; i < ledger_sim_log_count (ledger); i++) {
        const struct log_row *row = ledger_sim_log_at (ledger, i).row;
        Padan__Envelope *envelope =
            padan__envelope__unpack (arena_protobuf (sim->arena), row->envelope.size, row->envelope.data);
        MUST (envelope);
        struct uuid cause;
        if (!uuid_from (envelope->cause, &cause))
            continue;
        for (size_t k = 0; k < order->n_attempts; k++)
            n += order->another_body[k] == by_other_body && uuid_compare (cause, order->attempts[k]) == 0;
    }
    return n;
}

static void
check_orders (struct sim *sim)
{
    for (size_t i = 0; i < sim->n_orders && !sim->failure[0]; i++) {
        const struct order *order = &sim->orders[i];
        const struct ledger_sim *ledger = sim->ledgers[order->type == ORDER_MEND ? MIRROR : TILL];
        size_t expected = !order->accepted ? 0 : order->type == ORDER_TRANSFER ? 2 : 1;
        size_t found = events_caused (sim, ledger, order, false);
        if (found != expected)
            sim_fail (sim, "%s (type %d) was %s and has %zu events", order->key, (int)order->type,
                      order->accepted ? "accepted" : "refused", found);
        if (events_caused (sim, ledger, order, true))
            sim_fail (sim, "%s: another body under its key took effect", order->key);
    }
}

/* Balances as the client adds them up, whatever order till took them in. */
static int64_t
balance_by_record (const struct sim *sim, int account)
{
    int64_t balance = 0;
    for (size_t i = 0; i < sim->n_orders; i++) {
        const struct order *order = &sim->orders[i];
        if (!order->accepted)
            continue;
        if (order->account == account && (order->type == ORDER_OPEN || order->type == ORDER_DEPOSIT))
            balance += order->amount;
        if (order->account == account && (order->type == ORDER_WITHDRAW || order->type == ORDER_TRANSFER))
            balance -= order->amount;
        if (order->other == account && order->type == ORDER_TRANSFER)
            balance += order->amount;
    }
    return balance;
}

static int64_t
withdrawals (const struct sim *sim, int account)
{
    int64_t n = 0;
    for (size_t i = 0; i < sim->n_orders; i++)
        n += sim->orders[i].accepted && sim->orders[i].type == ORDER_WITHDRAW && sim->orders[i].account == account;
    return n;
}

/* ------------------------------------------------------------ till */

static void
fold_event (struct sim *sim, struct fold *fold, const struct log_entry *entry)
{
    const struct log_row *row = entry->row;
    bool followed = true;
    fold->version = row->version;
    if (is_type (row, &toy__account_opened__descriptor)) {
        fold->balance += ((const Toy__AccountOpened *)event_of (sim, row, &toy__account_opened__descriptor))->balance;
    } else if (is_type (row, &toy__balance_changed__descriptor)) {
        const Toy__BalanceChanged *event =
            (const Toy__BalanceChanged *)event_of (sim, row, &toy__balance_changed__descriptor);
        fold->balance += event->change;
        fold->postings++;
        if (event->balance != fold->balance || fold->balance < 0)
            sim_fail (sim, "till: position %lld says balance %lld, the log adds up to %lld", (long long)entry->position,
                      (long long)event->balance, (long long)fold->balance);
    } else if (is_type (row, &toy__account_closed__descriptor)) {
        fold->closed = true;
    } else if (is_type (row, &toy__statement_issued__descriptor)) {
        if (((const Toy__StatementIssued *)event_of (sim, row, &toy__statement_issued__descriptor))->ordinal !=
            ++fold->statements)
            sim_fail (sim, "till: statements out of order at %lld", (long long)entry->position);
    } else {
        fold->audited++;
        followed = false;
    }
    if (!followed)
        return;
    fold->followed++;
    fold->last_followed = row->version;
    fold->trail = copy_trail (fold->trail, row->version);
}

static void
check_account (struct sim *sim, int i, const struct fold *fold)
{
    const struct account *account = ledger_sim_row (sim->ledgers[TILL], &account_table, TENANT, sim->accounts[i]);
    if (!account) {
        if (fold->version)
            sim_fail (sim, "till: account %d has events and no row", i);
        return;
    }
    if (account->balance != fold->balance || account->version != fold->version || account->closed != fold->closed ||
        account->statements != fold->statements)
        sim_fail (sim, "till: account %d is at version %lld with %lld, its log at %lld with %lld", i,
                  (long long)account->version, (long long)account->balance, (long long)fold->version,
                  (long long)fold->balance);
    if (account->balance != balance_by_record (sim, i))
        sim_fail (sim, "till: account %d has %lld, the client's record %lld", i, (long long)account->balance,
                  (long long)balance_by_record (sim, i));
    if ((int64_t)account->n_postings != fold->postings)
        sim_fail (sim, "till: account %d has %zu postings for %lld changes", i, account->n_postings,
                  (long long)fold->postings);
    for (size_t k = 0; k < account->n_postings; k++)
        if (account->postings[k].ordinal != (int32_t)k ||
            (k && account->postings[k].balance != account->postings[k - 1].balance + account->postings[k].change))
            sim_fail (sim, "till: posting %zu of account %d does not follow from the one before", k, i);
    if (!account->closed && account->statements != TILL_STATEMENTS)
        sim_fail (sim, "till: account %d got %d statements", i, account->statements);
    if (account->audits != withdrawals (sim, i))
        sim_fail (sim, "till: account %d had %lld audits for %lld withdrawals", i, (long long)account->audits,
                  (long long)withdrawals (sim, i));
}

/* ------------------------------------------------------------ mirror */

static size_t
checks_of (struct sim *sim, struct uuid subject, int64_t version)
{
    size_t n = 0;
    for (size_t i = 0; i < ledger_sim_log_count (sim->ledgers[MIRROR]); i++) {
        const struct log_row *row = ledger_sim_log_at (sim->ledgers[MIRROR], i).row;
        if (uuid_compare (row->subject, subject) != 0)
            continue;
        if (is_type (row, &toy__check_passed__descriptor))
            n += ((const Toy__CheckPassed *)event_of (sim, row, &toy__check_passed__descriptor))->checked_version ==
                 version;
        else if (is_type (row, &toy__check_dropped__descriptor))
            n += ((const Toy__CheckDropped *)event_of (sim, row, &toy__check_dropped__descriptor))->checked_version ==
                 version;
    }
    return n;
}

static void
check_copy (struct sim *sim, int i, const struct fold *fold)
{
    const struct copy *copy = ledger_sim_row (sim->ledgers[MIRROR], &copy_table, TENANT, sim->accounts[i]);
    if (!copy) {
        if (fold->followed)
            sim_fail (sim, "mirror: no copy of account %d", i);
        return;
    }
    if (copy->events != fold->followed)
        sim_fail (sim, "mirror: %lld events applied to account %d, till has %lld", (long long)copy->events, i,
                  (long long)fold->followed);
    else if (copy->trail != fold->trail || copy->version != fold->last_followed)
        sim_fail (sim, "mirror: events of account %d were applied out of order", i);
    else if (copy->balance != fold->balance)
        sim_fail (sim, "mirror: account %d has %lld, till %lld", i, (long long)copy->balance, (long long)fold->balance);
}

static void
check_checks (struct sim *sim)
{
    for (size_t i = 0; i < ledger_sim_log_count (sim->ledgers[TILL]) && !sim->failure[0]; i++) {
        const struct log_row *row = ledger_sim_log_at (sim->ledgers[TILL], i).row;
        size_t expected = is_type (row, &toy__account_audited__descriptor) ? 0 : 1;
        size_t found = checks_of (sim, row->subject, row->version);
        if (found != expected)
            sim_fail (sim, "mirror: version %lld of account %d was checked %zu times", (long long)row->version,
                      account_of (sim, row->subject), found);
    }
    for (size_t i = 0; i < ledger_sim_log_count (sim->ledgers[MIRROR]); i++)
        if (is_type (ledger_sim_log_at (sim->ledgers[MIRROR], i).row, &toy__check_dropped__descriptor))
            sim_happened (sim, HAPPENED_CHECK_DROPPED);
}

void
sim_check (struct sim *sim)
{
    struct fold folds[ACCOUNTS] = { 0 };
    check_log (sim, TILL);
    check_log (sim, MIRROR);
    check_orders (sim);
    for (size_t i = 0; i < ledger_sim_log_count (sim->ledgers[TILL]) && !sim->failure[0]; i++) {
        struct log_entry entry = ledger_sim_log_at (sim->ledgers[TILL], i);
        fold_event (sim, &folds[account_of (sim, entry.row->subject)], &entry);
    }
    for (int i = 0; i < ACCOUNTS && !sim->failure[0]; i++) {
        check_account (sim, i, &folds[i]);
        check_copy (sim, i, &folds[i]);
    }
    if (!sim->failure[0])
        check_checks (sim);
}
