/* A batch is compared with BPJS's books by whose act that is, with the same counts and a stored copy, once. */
#include "tests/unit/services/batching/fixture.h"

static uint8_t archive[STORE_DIGEST] = { 3 };

/* Accepted 7, refused 2, for the Kabid to reconcile. */
static struct batch_row *
answered_batch (struct harness *harness)
{
    struct batch_row *batch = harness_row (harness, &batch_table, harness_id ('b'));
    batch->state = "answered";
    batch->version = 5;
    batch->number = "BARU-2026-0001";
    batch->accepted = 7;
    batch->refused = 2;
    batch->reconciler = "kabid";
    batch->due_at = HARNESS_NOW;
    return batch;
}

static enum rc
reconcile (struct harness *harness, Padan__Role role, uint32_t accepted, uint32_t refused, bool stored)
{
    static bool there = true;
    Padan__Batching__V1__Reconcile command = PADAN__BATCHING__V1__RECONCILE__INIT;
    command.accepted = accepted;
    command.refused = refused;
    command.archive_sha256 = (ProtobufCBinaryData){ sizeof archive, archive };
    harness_command (harness, harness_id ('b'), &command)->facts = stored ? &there : NULL;
    harness_grant (harness, role, "");
    return harness_run (harness, on_reconcile, NULL);
}

static void
its_official_reconciles_what_balances (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    const struct batch_row *batch = answered_batch (harness);
    struct uuid person = harness_id ('p');
    assert_refused (reconcile (harness, PADAN__ROLE__ROLE_KABID, 6, 2, true), RC_UNPROCESSABLE, "batching.not_balanced",
                    "/accepted");
    assert_refused (reconcile (harness, PADAN__ROLE__ROLE_KABID, 7, 3, true), RC_UNPROCESSABLE, "batching.not_balanced",
                    "/refused");
    assert_refused (reconcile (harness, PADAN__ROLE__ROLE_KABID, 7, 2, false), RC_UNPROCESSABLE,
                    "batching.archive_missing", "/archive_sha256");
    assert_rc (reconcile (harness, PADAN__ROLE__ROLE_KABID, 7, 2, true), RC_OK);
    assert_string_equal (batch->state, "reconciled");
    assert_int_equal (batch->due_at, 0);
    assert_int_equal (batch->reconciled_at, HARNESS_NOW);
    assert_int_equal (uuid_compare (batch->reconciled_by, person), 0);
    const Padan__Batching__V1__BatchReconciled *event =
        harness_event (harness, 0, &padan__batching__v1__batch_reconciled__descriptor);
    assert_int_equal (event->accepted, 7);
    assert_memory_equal (event->archive_sha256.data, archive, sizeof archive);
    assert_int_equal (harness_event_version (harness, 0), 6);
    assert_refused (reconcile (harness, PADAN__ROLE__ROLE_KABID, 7, 2, true), RC_CONFLICT, "batching.batch_state",
                    NULL);
}

static void
others_do_not (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&batching_service);
    struct batch_row *batch = answered_batch (harness);
    assert_refused (reconcile (harness, PADAN__ROLE__ROLE_OPERATOR, 7, 2, true), RC_FORBIDDEN,
                    "batching.not_reconciler", NULL);
    assert_refused (reconcile (harness, PADAN__ROLE__ROLE_AUDITOR, 7, 2, true), RC_FORBIDDEN, "common.forbidden", NULL);
    batch->reconciler = "kasi"; /* works on paper: nobody signs in as one */
    assert_refused (reconcile (harness, PADAN__ROLE__ROLE_KABID, 7, 2, true), RC_FORBIDDEN, "batching.not_reconciler",
                    NULL);
    batch->reconciler = "";
    assert_refused (reconcile (harness, PADAN__ROLE__ROLE_KABID, 7, 2, true), RC_CONFLICT, "batching.no_reconciliation",
                    NULL);
    batch->state = "sent";
    assert_refused (reconcile (harness, PADAN__ROLE__ROLE_KABID, 7, 2, true), RC_CONFLICT, "batching.batch_state",
                    NULL);
}

int
main (void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test (its_official_reconciles_what_balances),
                                        cmocka_unit_test (others_do_not) };
    return cmocka_run_group_tests_name ("services/batching/on_reconcile", tests, NULL, NULL);
}
