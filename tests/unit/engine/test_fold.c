/* Batches decided over storage in memory, with nothing in between. */
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#include "common/base/clock.h"
#include "common/engine/attempt.h"
#include "tests/sim/ledger_sim.h"
#include "tests/toy/till/till.h"

enum { TENANT = 1272 };

struct fixture {
    struct arena *arena;
    struct ledger_sim *storage;
    struct session *session;
    struct batch batch;
    struct batch_doubt doubt; /* nothing is looked for that is most likely not there */
    struct uuid account;
    unsigned keys;
};

static int
setup (void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){ .arena = arena_new (64 << 20), .account = uuid_of ("account", 7) };
    fixture.storage = ledger_sim_new (&till_service, NULL, 0);
    fixture.session = session_new (fixture.storage, NULL);
    fixture.doubt = (struct batch_doubt){ 0 };
    fixture.batch = (struct batch){ .service = &till_service, .doubt = &fixture.doubt, .arena = fixture.arena };
    fixture.batch.items = arena_array (fixture.arena, 16, sizeof *fixture.batch.items);
    *state = &fixture;
    return 0;
}

static int
teardown (void **state)
{
    struct fixture *fixture = *state;
    session_destroy (&fixture->session);
    ledger_sim_destroy (&fixture->storage);
    arena_destroy (&fixture->arena);
    return 0;
}

/* key NULL: a new one. */
static struct item *
command_add (struct fixture *fixture, const void *body, const char *key)
{
    const ProtobufCMessage *message = body;
    struct uuid *ids = arena_array (fixture->arena, 2, sizeof *ids);
    Padan__Envelope *envelope = arena_alloc (fixture->arena, sizeof *envelope);
    struct err err = { 0 };
    padan__envelope__init (envelope);
    ids[0] = uuid_new (1);
    ids[1] = fixture->account;
    envelope->id = uuid_field (&ids[0]);
    envelope->subject = uuid_field (&ids[1]);
    envelope->tenant = TENANT;
    envelope->type = (char *)message->descriptor->name;
    envelope->key = key ? (char *)key : arena_printf (fixture->arena, "key-%u", ++fixture->keys);
    envelope->data.len = protobuf_c_message_get_packed_size (message);
    envelope->data.data = arena_alloc (fixture->arena, envelope->data.len + 1);
    protobuf_c_message_pack (message, envelope->data.data);
    struct item *item = &fixture->batch.items[fixture->batch.n_items++];
    assert_int_equal (item_command (fixture->batch.service, fixture->batch.arena, envelope, NULL, "tester", item, &err),
                      RC_OK);
    return item;
}

static void
run (struct fixture *fixture)
{
    struct ledger ledger = session_ledger (fixture->session);
    struct err err = { 0 };
    assert_int_equal (batch_run (&fixture->batch, &ledger, NULL, &err), RC_OK);
    fixture->batch.n_items = 0;
}

static const struct account *
account (struct fixture *fixture)
{
    return ledger_sim_row (fixture->storage, &account_table, TENANT, fixture->account);
}

static enum rc
refuse_all (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        struct item *item = (struct item *)((char *)messages[i] - offsetof (struct item, message));
        item->refused = err_set (&item->err, RC_CONFLICT, "not any more");
    }
    return RC_OK;
}

/* Fails as a whole, because of those who withdraw. */
static enum rc
fail_on_withdrawals (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp (messages[i]->type, toy__withdraw__descriptor.name) == 0)
            return err_set (err, RC_CORRUPT, "nothing can be found for it");
    return RC_OK;
}

static const char *away_code; /* why those who withdraw cannot be served now */

static enum rc
wait_on_withdrawals (struct gather *gather, struct message *const *messages, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp (messages[i]->type, toy__withdraw__descriptor.name) == 0)
            return err_code (err, RC_RETRY, away_code, "", "somebody is away");
    return RC_OK;
}

static void
messages_of_one_batch_see_each_other (void **state)
{
    struct fixture *fixture = *state;
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Toy__Withdraw withdraw = TOY__WITHDRAW__INIT;
    open.balance = 10;
    withdraw.amount = 7;
    command_add (fixture, &open, NULL);
    struct item *first = command_add (fixture, &withdraw, NULL), *second = command_add (fixture, &withdraw, NULL);
    run (fixture);
    assert_int_equal (first->rc, RC_OK);
    assert_int_equal (second->rc, RC_UNPROCESSABLE);
    assert_int_equal (account (fixture)->balance, 3);
    assert_int_equal (ledger_sim_log_count (fixture->storage), 2);
}

static void
a_refused_transfer_leaves_nothing (void **state)
{
    struct fixture *fixture = *state;
    struct uuid nobody = uuid_of ("nobody", 6);
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Toy__Transfer transfer = TOY__TRANSFER__INIT;
    open.balance = 10;
    transfer.amount = 4;
    transfer.to_id = uuid_field (&nobody);
    command_add (fixture, &open, NULL);
    struct item *refused = command_add (fixture, &transfer, NULL);
    run (fixture);
    assert_int_equal (refused->rc, RC_CONFLICT);
    assert_int_equal (account (fixture)->balance, 10);
    assert_int_equal (account (fixture)->n_postings, 0);
    assert_int_equal (ledger_sim_log_count (fixture->storage), 1);
}

/* A command was accepted and its reply lost; what gathering says to the repeat must not hide that. */
static void
a_repeat_gets_its_stored_reply_though_gather_refuses_it_now (void **state)
{
    struct fixture *fixture = *state;
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    struct item *item = command_add (fixture, &open, "same");
    run (fixture);
    struct bytes reply = item->reply;
    item = command_add (fixture, &open, "same");
    item->gather = refuse_all;
    run (fixture);
    assert_true (item->from_store);
    assert_int_equal (item->reply.size, reply.size);
    assert_memory_equal (item->reply.data, reply.data, reply.size);
}

static void
a_gather_that_fails_on_one_message_refuses_only_that_one (void **state)
{
    struct fixture *fixture = *state;
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Toy__Deposit deposit = TOY__DEPOSIT__INIT;
    Toy__Withdraw withdraw = TOY__WITHDRAW__INIT;
    open.balance = 10;
    deposit.amount = withdraw.amount = 5;
    command_add (fixture, &open, NULL);
    struct item *poison = command_add (fixture, &withdraw, NULL), *good = command_add (fixture, &deposit, NULL);
    poison->gather = good->gather = fail_on_withdrawals;
    run (fixture);
    assert_int_equal (poison->rc, RC_CORRUPT);
    assert_int_equal (good->rc, RC_OK);
    assert_int_equal (account (fixture)->balance, 15);
}

/* Found as every command of a batch told to come back, because one needed a procedure while intake was away. */
static void
a_service_that_is_away_holds_up_only_those_who_need_it (void **state)
{
    struct fixture *fixture = *state;
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Toy__Deposit deposit = TOY__DEPOSIT__INIT;
    Toy__Withdraw withdraw = TOY__WITHDRAW__INIT;
    struct item *items[5];
    open.balance = 10;
    deposit.amount = withdraw.amount = 5;
    command_add (fixture, &open, NULL);
    for (int i = 0; i < 5; i++) {
        items[i] = i == 2 ? command_add (fixture, &withdraw, NULL) : command_add (fixture, &deposit, NULL);
        items[i]->gather = wait_on_withdrawals;
    }
    away_code = "bus.busy";
    run (fixture);
    for (int i = 0; i < 5; i++)
        assert_int_equal (items[i]->rc, i == 2 ? RC_RETRY : RC_OK);
    assert_string_equal (items[2]->err.code, "common.busy");
    assert_int_equal (account (fixture)->balance, 30);
}

static void
without_the_database_the_whole_batch_waits (void **state)
{
    struct fixture *fixture = *state;
    static const char *const codes[] = { "", "db.57P03" };
    struct ledger ledger = session_ledger (fixture->session);
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Toy__Withdraw withdraw = TOY__WITHDRAW__INIT;
    struct err err;
    command_add (fixture, &open, NULL);
    command_add (fixture, &withdraw, NULL)->gather = wait_on_withdrawals;
    for (int i = 0; i < 2; i++) {
        away_code = codes[i];
        assert_int_equal (batch_run (&fixture->batch, &ledger, NULL, &err), RC_RETRY);
    }
    away_code = "bus.busy";
    fixture->batch.log = "intake"; /* its entries stay in order */
    assert_int_equal (batch_run (&fixture->batch, &ledger, NULL, &err), RC_RETRY);
    fixture->batch.log = NULL;
    assert_null (account (fixture));
}

static void
a_timer_set_and_cancelled_in_one_batch_is_gone (void **state)
{
    struct fixture *fixture = *state;
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Toy__CloseAccount close = TOY__CLOSE_ACCOUNT__INIT;
    command_add (fixture, &open, NULL);
    struct item *closed = command_add (fixture, &close, NULL);
    run (fixture);
    assert_int_equal (closed->rc, RC_OK);
    assert_int_equal (ledger_sim_due_count (fixture->storage), 0);
}

static enum rc
cancel_and_refuse (struct unit *unit, const struct message *message, struct err *err)
{
    unit_due_cancel (unit, "statement", message->tenant, message->subject);
    return err_set (err, RC_CONFLICT, "after all not");
}

static void
a_refused_cancellation_keeps_the_timer (void **state)
{
    struct fixture *fixture = *state;
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    Toy__CloseAccount close = TOY__CLOSE_ACCOUNT__INIT;
    command_add (fixture, &open, NULL);
    command_add (fixture, &close, NULL)->decide = cancel_and_refuse;
    run (fixture);
    assert_int_equal (ledger_sim_due_count (fixture->storage), 1);
}

/* A registry that is away for days: the work waits for it, not for a person. */
static void
work_that_asks_for_later_never_runs_out_of_attempts (void **state)
{
    struct fixture *fixture = *state;
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    struct claimed_due claimed;
    command_add (fixture, &open, NULL);
    run (fixture);
    for (int i = 0; i < 3; i++) {
        ledger_sim_advance (fixture->storage, 3600 * (int64_t)CLOCK_SECOND);
        assert_int_equal (ledger_sim_claim_due (fixture->storage, "statement", 1, 1, &claimed), 1);
        assert_int_equal (claimed.attempts, 0);
        struct item *item = &fixture->batch.items[fixture->batch.n_items++];
        *item = (struct item){ .kind = ITEM_DUE,
                               .decide = on_statement,
                               .due = { claimed.row.id, claimed.token },
                               .attempts = claimed.attempts,
                               .attempts_allowed = 1 };
        item->message = (struct message){ .type = "later", .tenant = TENANT, .subject = fixture->account };
        item->refused = err_set (&item->err, RC_RETRY, "the registry does not answer");
        run (fixture);
    }
}

/* Its followers would have stopped for ever, because no answer holds it. */
static void
an_event_that_no_follower_could_read_is_refused (void **state)
{
    struct fixture *fixture = *state;
    Toy__OpenAccount open = TOY__OPEN_ACCOUNT__INIT;
    char *holder = arena_alloc (fixture->arena, EVENT_MAX + 1);
    memset (holder, 'x', EVENT_MAX);
    open.holder = holder;
    struct item *item = command_add (fixture, &open, NULL);
    run (fixture);
    assert_int_equal (item->rc, RC_UNPROCESSABLE);
    assert_string_equal (item->err.code, "common.too_many");
    assert_null (account (fixture));
    assert_int_equal (ledger_sim_log_count (fixture->storage), 0);
    holder[EVENT_MAX - 1000] = '\0';
    item = command_add (fixture, &open, NULL);
    run (fixture);
    assert_int_equal (item->rc, RC_OK);
    assert_int_equal (ledger_sim_log_count (fixture->storage), 1);
}

static enum rc decided; /* by the next decision */

static enum rc
decide_so (struct unit *unit, const struct message *message, struct err *err)
{
    return decided == RC_OK ? RC_OK : err_set (err, decided, "as the test wants");
}

/* How a parked entry is parked after one more try that ends so. */
static struct parked_row
park_again (struct fixture *fixture, int32_t attempts, enum rc rc)
{
    struct item item = { .kind = ITEM_PARKED, .decide = decide_so, .attempts = attempts };
    struct attempt try = { .batch = &fixture->batch, .items = &item, .n = 1, .arena = fixture->arena };
    bool won = true;
    decided = rc;
    item.message = (struct message){ .log = "till", .tenant = TENANT, .subject = fixture->account };
    try.view.parked_won = &won;
    try.parked = arena_array (fixture->arena, 1, sizeof *try.parked);
    try.unit.arena = fixture->arena;
    attempt_fold (&try);
    assert_int_equal (try.n_parked, 1);
    return try.parked[0];
}

/* Found as applications that waited for a person after intake had been away for a quarter of an hour. */
static void
an_entry_that_asks_for_later_never_waits_for_a_person (void **state)
{
    struct fixture *fixture = *state;
    int32_t attempts = 1;
    for (int i = 0; i < 3 * PARKED_ATTEMPTS; i++) {
        struct parked_row parked = park_again (fixture, attempts, RC_RETRY);
        assert_int_not_equal (parked.retry_at, 0);
        attempts = parked.attempts;
    }
    assert_int_equal (attempts, PARKED_LATER); /* the pauses grow, but not for ever */
    assert_int_equal (park_again (fixture, PARKED_ATTEMPTS - 1, RC_RETRY).attempts, PARKED_ATTEMPTS - 1);
    assert_int_equal (park_again (fixture, PARKED_ATTEMPTS - 1, RC_CONFLICT).retry_at, 0);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown (messages_of_one_batch_see_each_other, setup, teardown),
        cmocka_unit_test_setup_teardown (a_refused_transfer_leaves_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown (a_repeat_gets_its_stored_reply_though_gather_refuses_it_now, setup, teardown),
        cmocka_unit_test_setup_teardown (a_gather_that_fails_on_one_message_refuses_only_that_one, setup, teardown),
        cmocka_unit_test_setup_teardown (a_service_that_is_away_holds_up_only_those_who_need_it, setup, teardown),
        cmocka_unit_test_setup_teardown (without_the_database_the_whole_batch_waits, setup, teardown),
        cmocka_unit_test_setup_teardown (a_timer_set_and_cancelled_in_one_batch_is_gone, setup, teardown),
        cmocka_unit_test_setup_teardown (a_refused_cancellation_keeps_the_timer, setup, teardown),
        cmocka_unit_test_setup_teardown (work_that_asks_for_later_never_runs_out_of_attempts, setup, teardown),
        cmocka_unit_test_setup_teardown (an_entry_that_asks_for_later_never_waits_for_a_person, setup, teardown),
        cmocka_unit_test_setup_teardown (an_event_that_no_follower_could_read_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests_name ("engine/fold", tests, NULL, NULL);
}
