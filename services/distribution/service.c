/* The tables of distribution, apart from main.c so that tests see them. */
#include "accounts.pb-c.h"
#include "batching.pb-c.h"
#include "common/base/clock.h"
#include "common/base/config.h"
#include "services/distribution/bulk_store.h"
#include "services/distribution/card_store.h"

#define TYPE(NAME) &padan__distribution__v1__##NAME##__descriptor

static const struct table *const tables[] = { &card_table, &courier_table, &bulk_table, NULL };

static const struct command commands[] = {
    { TYPE (receive_card), TYPE (card_reply), on_receive_card, CARD_OFFICE, .gather = on_receive_card_gather },
    { TYPE (hand_card), TYPE (card_reply), on_hand_card, CARD_OFFICE, .keys = on_hand_card_keys },
    { TYPE (deliver_card), TYPE (card_reply), on_deliver_card, CARD_CARRIERS, .gather = on_deliver_card_gather },
    { TYPE (fail_card), TYPE (card_reply), on_fail_card, CARD_CARRIERS },
    { TYPE (act_on_many), TYPE (bulk_reply), on_act_on_many, CARD_OFFICE, .keys = on_act_on_many_keys },
    { 0 },
};

static const struct entry batching_entries[] = {
    { &padan__batching__v1__member_accepted__descriptor, on_member_accepted, on_member_accepted_keys,
      on_member_accepted_gather },
    { 0 },
};
static const struct entry accounts_entries[] = {
    { &padan__accounts__v1__person_added__descriptor, on_person_added, courier_keys },
    { &padan__accounts__v1__grants_changed__descriptor, on_grants_changed, courier_keys },
    { &padan__accounts__v1__person_disabled__descriptor, on_person_disabled, courier_keys },
    { 0 },
};
static const struct follow follows[] = {
    { .log = "batching", .entries = batching_entries },
    { .log = "accounts", .entries = accounts_entries },
    { 0 },
};

static const struct due_kind due_kinds[] = {
    { .name = "bulk",
      .payload = TYPE (bulk_due),
      .result = TYPE (bulk_due),
      .work = on_bulk_work,
      .decide = on_bulk,
      .keys = on_bulk_keys,
      .batch = BULK_BATCH,
      .lease_seconds = BULK_LEASE,
      .attempts = BULK_ATTEMPTS },
    { 0 },
};

static const struct query_handler queries[] = {
    { TYPE (list_cards), TYPE (cards), query_list_cards, CARD_READERS },
    { TYPE (get_card), TYPE (card_view), query_get_card, CARD_READERS },
    { TYPE (list_bulk_results), TYPE (bulk_results), query_list_bulk_results, CARD_OFFICE },
    { 0 },
};

struct distribution_settings distribution_settings;
struct store *distribution_store;

static const struct config_row rows[] = {
    CONFIG_ROW (struct distribution_settings, store, CONFIG_TEXT, "", "directory of the content store"),
    { 0 },
};

static enum rc
start (struct gather *gather, struct err *err)
{
    if (!*distribution_settings.store)
        return err_set (err, RC_INVALID, "store: the directory of the content store must be given");
    return store_open (distribution_settings.store, clock_now (), &distribution_store, err);
}

const struct service distribution_service = {
    .name = "distribution",
    .tables = tables,
    .followers = (const char *const[]){ "journal", NULL },
    .commands = commands,
    .follows = follows,
    .due_kinds = due_kinds,
    .queries = queries,
    .moves = (const struct moves *const[]){ &card_moves, NULL },
    .migrations = "services/distribution/migrations",
    .config = rows,
    .settings = &distribution_settings,
    .start = start,
};
