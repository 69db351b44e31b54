/* The harness itself: decisions fold on the same rows, a refusal leaves nothing, what was emitted can be read back. */
#include "tests/support/harness.h"
#include "sample.pb-c.h"
#include "tests/support/test.h"

struct part {
    int64_t tenant;
    struct uuid parent;
    int32_t ordinal;
    int64_t amount;
};
struct thing {
    int64_t tenant;
    struct uuid id;
    int64_t version, total;
    struct part *parts;
    size_t n_parts;
};
static const struct db_column part_columns[] = {
    DB_COLUMN (DB_INT8, part, tenant),
    DB_COLUMN (DB_UUID, part, parent),
    DB_COLUMN (DB_INT4, part, ordinal),
    DB_COLUMN (DB_INT8, part, amount),
};
static const struct child_table parts = {
    .name = "part",
    .row_size = sizeof (struct part),
    .columns = part_columns,
    .n_columns = 4,
    .rows_offset = offsetof (struct thing, parts),
    .count_offset = offsetof (struct thing, n_parts),
};
static const struct db_column thing_columns[] = {
    DB_COLUMN (DB_INT8, thing, tenant),
    DB_COLUMN (DB_UUID, thing, id),
    DB_COLUMN (DB_INT8, thing, version),
    DB_COLUMN (DB_INT8, thing, total),
};
static const struct sql none;
static const struct table thing_table = {
    .name = "thing",
    .row_size = sizeof (struct thing),
    .columns = thing_columns,
    .n_columns = 4,
    .update = &none,
    .children = &parts,
    .n_children = 1,
};
static const struct table *const tables[] = { &thing_table, NULL };
static const struct service service = { .name = "things", .tables = tables };

/* Adds a part; refuses 0 only after it has done everything, so that something must be undone. */
static enum rc
on_leaf (struct unit *unit, const struct message *message, struct err *err)
{
    const Padan__Sample__Leaf *leaf = (const Padan__Sample__Leaf *)message->data;
    struct thing *thing = unit_edit (unit, &thing_table, message->tenant, message->subject);
    struct part *part = unit_child_add (unit, &thing_table, thing, &parts);
    part->amount = leaf->number;
    thing->total += leaf->number;
    thing->version++;
    unit_emit (unit, thing->tenant, thing->id, thing->version, leaf);
    unit_due (unit, &(struct due){ .kind = "look", .tenant = thing->tenant, .subject = thing->id });
    unit_due_cancel (unit, "forget", thing->tenant, thing->id);
    unit_reply (unit, leaf);
    return leaf->number ? RC_OK
                        : err_code (err, RC_UNPROCESSABLE, "things.nothing", "/number", "a leaf has a number above 0");
}

static void
decisions_fold_and_refusals_vanish (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&service);
    struct thing *thing = harness_row (harness, &thing_table, harness_id ('a'));
    struct part *first = harness_child (harness, &thing_table, thing, 0);
    first->amount = thing->total = 5;
    Padan__Sample__Leaf leaf = PADAN__SAMPLE__LEAF__INIT;
    leaf.number = 7;
    leaf.name = (char *)"Sakura";
    harness_command (harness, harness_id ('a'), &leaf);
    assert_rc (harness_run (harness, on_leaf, NULL), RC_OK);
    const struct thing *now = harness_find (harness, &thing_table, harness_id ('a'));
    assert_int_equal (now->total, 12);
    assert_int_equal (now->n_parts, 2);
    assert_int_equal (harness_events (harness), 1);
    const Padan__Sample__Leaf *event = harness_event (harness, 0, &padan__sample__leaf__descriptor);
    assert_string_equal (event->name, "Sakura");
    assert_int_equal (harness_event_version (harness, 0), 1);
    assert_int_equal (((const Padan__Sample__Leaf *)harness_reply (harness, event->base.descriptor))->number, 7);
    assert_int_equal (harness_dues (harness), 1);
    assert_non_null (harness_due_of (harness, "look"));
    assert_null (harness_due_of (harness, "forget"));
    assert_true (harness_cancelled (harness, "forget"));

    leaf.number = 0;
    harness_command (harness, harness_id ('a'), &leaf);
    assert_refused (harness_run (harness, on_leaf, NULL), RC_UNPROCESSABLE, "things.nothing", "/number");
    now = harness_find (harness, &thing_table, harness_id ('a'));
    assert_int_equal (now->total, 12);
    assert_int_equal (now->n_parts, 2);
    assert_int_equal (harness_events (harness) + harness_dues (harness), 0);
    assert_false (harness_cancelled (harness, "forget"));
}

static void
ids_and_time_are_the_same_in_every_run (void **state)
{
    HARNESS_AUTO struct harness *one = harness_new (&service), *two = harness_new (&service);
    struct uuid a = unit_id (&one->unit), b = unit_id (&two->unit), c = unit_id (&two->unit);
    assert_int_equal (uuid_compare (a, b), 0);
    assert_int_not_equal (uuid_compare (b, c), 0);
    harness_pass (one, CLOCK_SECOND);
    assert_int_equal (unit_now (&one->unit), HARNESS_NOW + CLOCK_SECOND);
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (decisions_fold_and_refusals_vanish),
        cmocka_unit_test (ids_and_time_are_the_same_in_every_run),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
