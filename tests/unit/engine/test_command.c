/* What of a command the engine decides by the row of its table: who may send it, and what of a refusal is kept. */
#include "tests/support/test.h"

#include "accounts.pb-c.h"
#include "common/bus/principal.h"
#include "common/engine/batch.h"
#include "common/engine/unit.h"

static struct { /* a ledger without a database: what was committed */
    size_t events, replies, commits;
} kept;

static enum rc
ledger_begin (void *self, const struct ledger_read *read, struct ledger_view *ret_view, struct err *err)
{
    static struct stored_reply replies[8];
    (void)self, (void)err;
    assert_in_range (read->n_commands, 0, 8);
    *ret_view = (struct ledger_view){ .now = 1000000, .replies = replies };
    return RC_OK;
}

static enum rc
ledger_commit (void *self, const struct ledger_write *write, struct ledger_receipt *ret_receipt, struct err *err)
{
    (void)self, (void)err, (void)ret_receipt;
    kept.events += write->n_log;
    kept.replies += write->n_replies;
    kept.commits++;
    return RC_OK;
}

static void
ledger_rollback (void *self)
{
    (void)self;
}

static enum rc
no_keys (struct keys *keys, const struct message *message, struct err *err)
{
    (void)keys, (void)message, (void)err;
    return RC_OK;
}

static enum rc
emit_and_refuse (struct unit *unit, const struct message *message, struct err *err)
{
    Padan__Accounts__V1__PersonDisabled event = PADAN__ACCOUNTS__V1__PERSON_DISABLED__INIT;
    struct err refusal;
    (void)err;
    unit_emit (unit, message->tenant, message->subject, 1, &event);
    err_code (&refusal, RC_UNAUTHENTICATED, "test.refused", "", "counted, and refused");
    unit_refuse (unit, &refusal);
    return RC_OK;
}

static enum rc
accept (struct unit *unit, const struct message *message, struct err *err)
{
    (void)unit, (void)message, (void)err;
    return RC_OK;
}

static const struct command commands[] = {
    { &padan__accounts__v1__sign_in__descriptor, NULL, accept, .anyone = true, .keys = no_keys },
    { &padan__accounts__v1__sign_out__descriptor, NULL, accept, .keys = no_keys },
    { &padan__accounts__v1__touch_session__descriptor, NULL, emit_and_refuse, .services = SERVICES ("gateway"),
      .keys = no_keys },
    { &padan__accounts__v1__disable_person__descriptor, NULL, accept, .services = SERVICES ("gateway"),
      .keys = no_keys },
    { 0 },
};
static const struct table *const tables[] = { NULL };
static const struct service service = { .name = "test", .tables = tables, .commands = commands };
static const struct ledger ledger = { .begin = ledger_begin, .commit = ledger_commit, .rollback = ledger_rollback };

static enum rc
admit (struct arena *arena, const ProtobufCMessageDescriptor *type, const Padan__Principal *principal,
       struct batch *batch)
{
    static struct uuid id = { { 1 } };
    Padan__Envelope *envelope = arena_alloc (arena, sizeof *envelope);
    struct err err;
    padan__envelope__init (envelope);
    envelope->id = uuid_field (&id);
    envelope->subject = uuid_field (&id);
    envelope->type = (char *)type->name;
    envelope->tenant = 1272;
    envelope->key = arena_printf (arena, "key %zu", batch->n_items);
    *batch = (struct batch){ .service = &service, .arena = arena, .items = batch->items, .n_items = batch->n_items };
    enum rc rc = item_command (batch->service, batch->arena, envelope, principal, "gateway",
                               &batch->items[batch->n_items], &err);
    batch->n_items += rc == RC_OK;
    return rc;
}

static void
test_anyone_needs_neither_principal_nor_role (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    struct batch batch = { .items = arena_array (arena, 8, sizeof (struct item)) };
    struct uuid person = { { 7 } };
    Padan__Principal nobody = PADAN__PRINCIPAL__INIT;
    (void)state;
    nobody.person_id = uuid_field (&person);
    assert_int_equal (admit (arena, &padan__accounts__v1__sign_in__descriptor, NULL, &batch), RC_OK);
    assert_int_equal (admit (arena, &padan__accounts__v1__sign_in__descriptor, &nobody, &batch), RC_OK);
    assert_int_equal (admit (arena, &padan__accounts__v1__sign_out__descriptor, NULL, &batch), RC_UNAUTHENTICATED);
    assert_int_equal (admit (arena, &padan__accounts__v1__sign_out__descriptor, &nobody, &batch), RC_FORBIDDEN);
    assert_int_equal (admit (arena, &padan__accounts__v1__disable_person__descriptor, NULL, &batch), RC_OK);
}

static void
test_a_refusal_may_keep_what_it_did (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 20);
    struct batch batch = { .items = arena_array (arena, 8, sizeof (struct item)) };
    struct err err;
    (void)state;
    kept.events = kept.replies = kept.commits = 0;
    assert_int_equal (admit (arena, &padan__accounts__v1__touch_session__descriptor, NULL, &batch), RC_OK);
    assert_int_equal (admit (arena, &padan__accounts__v1__disable_person__descriptor, NULL, &batch), RC_OK);
    assert_int_equal (batch_run (&batch, &ledger, NULL, &err), RC_OK);
    assert_int_equal (batch.items[0].rc, RC_UNAUTHENTICATED);
    assert_string_equal (batch.items[0].err.code, "test.refused");
    Padan__Reply *reply =
        padan__reply__unpack (arena_protobuf (arena), batch.items[0].reply.size, batch.items[0].reply.data);
    assert_non_null (reply);
    assert_int_equal (reply->outcome, PADAN__OUTCOME__OUTCOME_UNAUTHENTICATED);
    assert_int_equal (batch.items[1].rc, RC_OK); /* the next message starts without it */
    assert_int_equal (kept.commits, 1);
    assert_int_equal (kept.events, 1);
    assert_int_equal (kept.replies, 2); /* remembered like any other reply */
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_anyone_needs_neither_principal_nor_role),
        cmocka_unit_test (test_a_refusal_may_keep_what_it_did),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
