/* When a history is signed, and what a signature covers. */
#include <sodium.h>

#include "services/journal/checkpoint.h"
#include "tests/unit/services/journal/history.h"

static void
history_grow (struct harness *harness, char subject)
{
    Padan__Intake__V1__ApplicationEntered event = PADAN__INTAKE__V1__APPLICATION_ENTERED__INIT;
    struct uuid id = harness_id (subject);
    assert_rc (history_say (harness, "intake", uuid_of (&subject, 1), id, 1, &event), RC_OK);
}

static enum rc
sign (struct harness *harness, int64_t number)
{
    Padan__Journal__V1__Checkpoint made = PADAN__JOURNAL__V1__CHECKPOINT__INIT;
    uint8_t chain[CHAIN_SIZE] = { (uint8_t)number };
    made.tenant = HARNESS_TENANT;
    made.number = number;
    made.chain_sha256 = (ProtobufCBinaryData){ sizeof chain, chain };
    made.at = HARNESS_NOW;
    harness_due (harness, head_id (HARNESS_TENANT), 0, &made);
    return harness_run (harness, on_checkpoint, on_checkpoint_keys);
}

static const struct head *
head (struct harness *harness)
{
    return harness_find (harness, &head_table, head_id (HARNESS_TENANT));
}

static void
the_first_event_has_it_signed_later (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    history_grow (harness, 'a');
    assert_int_equal (harness_dues (harness), 1);
    assert_true (harness_due_of (harness, "checkpoint")->due_at > HARNESS_NOW);
    history_grow (harness, 'b'); /* that one signs both */
    assert_int_equal (harness_dues (harness), 0);
}

static void
what_came_meanwhile_is_signed_next (void **state)
{
    HARNESS_AUTO struct harness *harness = harness_new (&journal_service);
    history_grow (harness, 'a');
    history_grow (harness, 'b');
    history_grow (harness, 'c');
    assert_rc (sign (harness, 2), RC_OK);
    assert_int_equal (head (harness)->n_checkpoints_added, 1);
    assert_int_equal (head (harness)->checkpoints_added[0].number, 2);
    assert_int_equal (head (harness)->signed_number, 2);
    assert_int_equal (harness_due_of (harness, "checkpoint")->input_version, 2);
    assert_rc (sign (harness, 2), RC_OK); /* by another instance */
    assert_int_equal (head (harness)->n_checkpoints_added, 1);
    assert_rc (sign (harness, 3), RC_OK);
    assert_int_equal (harness_dues (harness), 0); /* nothing is left to sign */
    history_grow (harness, 'd');
    assert_int_equal (harness_due_of (harness, "checkpoint")->input_version, 3);
}

static void
a_signature_covers_all_of_it (void **state)
{
    ARENA_AUTO struct arena *arena = arena_new (1 << 16);
    struct sign_secret secret;
    struct sign_public keys = { .count = 2 };
    uint8_t chain[CHAIN_SIZE] = { 7 }, other[CHAIN_SIZE] = { 8 };
    crypto_sign_keypair (keys.keys[1], secret.key); /* the second of two valid ones */
    Padan__Journal__V1__Checkpoint made = PADAN__JOURNAL__V1__CHECKPOINT__INIT;
    made.tenant = HARNESS_TENANT;
    made.number = 9;
    made.chain_sha256 = (ProtobufCBinaryData){ sizeof chain, chain };
    made.at = HARNESS_NOW;
    assert_false (checkpoint_holds (&keys, &made, arena));
    checkpoint_sign (&secret, &made, arena);
    assert_true (checkpoint_holds (&keys, &made, arena));
    Padan__Journal__V1__Checkpoint changed[] = { made, made, made, made, made };
    changed[0].tenant++;
    changed[1].number--;
    changed[2].chain_sha256.data = other;
    changed[3].at++;
    changed[4].signature.len--;
    for (int i = 0; i < 5; i++)
        assert_false (checkpoint_holds (&keys, &changed[i], arena));
    keys.count = 1;
    assert_false (checkpoint_holds (&keys, &made, arena));
}

int
main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (the_first_event_has_it_signed_later),
        cmocka_unit_test (what_came_meanwhile_is_signed_next),
        cmocka_unit_test (a_signature_covers_all_of_it),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
